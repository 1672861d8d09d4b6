"""MinHash bands: which texts are compared, and how surely."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.find.copies.banding import MISS, MOST_BANDS, Banding, banding, buckets
from marsad.find.copies.shingles import Codes, Shingles, shingles

SEVEN = Banding(29, 5)


@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.99, 1.0])
def test_a_pair_at_the_threshold_is_compared(threshold: float) -> None:
    cut = banding(threshold)
    assert cut.probability(threshold) >= 1 - MISS
    assert cut.bands <= MOST_BANDS


def test_the_banding_of_the_default_threshold() -> None:
    assert banding(0.7) == SEVEN
    assert SEVEN.probability(0.7) == pytest.approx(0.99519, abs=1e-5)
    assert SEVEN.probability(0.02) < 1e-6  # unrelated posts


def test_a_threshold_that_cannot_be_met() -> None:
    with pytest.raises(ValueError, match="cannot be met"):
        banding(0.05)


def random_sets(common: int, own: int, count: int, seed: int) -> tuple[Shingles, Shingles]:
    """Pairs of random sets with ``common`` shared shingles and ``own`` more in each."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 2**63, (count, common + 2 * own), dtype=np.uint64)
    second = np.concatenate([codes[:, :common], codes[:, common + own :]], axis=1)
    return _flat(codes[:, : common + own]), _flat(second)


def _flat(codes: Codes) -> Shingles:
    starts = np.arange(0, codes.size + 1, codes.shape[1], dtype=np.int64)
    return Shingles(np.ascontiguousarray(codes).ravel(), starts)


@pytest.mark.parametrize(
    ("common", "own"), [(28, 6), (70, 15), (210, 45), (60, 30), (14, 3), (50, 25)]
)
def test_pairs_meet_as_often_as_the_formula_says(common: int, own: int) -> None:
    """Also for small sets, where the sketch fills many of its values from few shingles."""
    count = 4_000
    first, second = random_sets(common, own, count, seed=common)
    met = (buckets(first, SEVEN) == buckets(second, SEVEN)).any(axis=1).mean()
    expected = SEVEN.probability(common / (common + 2 * own))
    spread = (expected * (1 - expected) / count) ** 0.5
    assert met == pytest.approx(expected, abs=5 * spread + 0.002)


def test_buckets_are_the_same_on_every_machine() -> None:
    """A change here means that a new version of rensa hashes in another way."""
    found = buckets(shingles(["the heron carries blue pebbles"]), Banding(2, 3))
    assert found.tolist() == [[5415605351296603515, 3477128683395298904]]


def test_order_and_repeats_of_shingles_do_not_count() -> None:
    codes = np.arange(100, 160, dtype=np.uint64)
    backwards = np.concatenate([codes[::-1], codes[:20]])
    first = Shingles(codes, np.array([0, 60]))
    second = Shingles(backwards, np.array([0, 80]))
    assert (buckets(first, SEVEN) == buckets(second, SEVEN)).all()


def test_bands_have_buckets_of_their_own() -> None:
    found = buckets(shingles(["the heron carries blue pebbles"] * 3), SEVEN)
    assert (found == found[0]).all()
    assert len(set(found[0].tolist())) == SEVEN.bands
    assert found.min() >= 0


def test_no_texts_have_no_buckets() -> None:
    assert buckets(shingles([]), SEVEN).shape == (0, SEVEN.bands)
