"""What the positives are like: worked by hand, against the plain formula, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from marsad.measure.prevalence import Positives, draw
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError

SIZE = 3_000
RNG = np.random.default_rng(7)
TRUTH = (RNG.random(SIZE) < 0.25).astype(float)
SCORE = np.clip(0.3 + 0.4 * TRUTH + RNG.normal(0, 0.15, SIZE), 0, 1)
VALUE = RNG.normal(4 * SCORE, 1)
DRAWN = draw(SCORE, 500, seed=2)


def positives(labels: Any = None, level: float = 0.95) -> Positives:
    given = TRUTH[DRAWN.index] if labels is None else labels
    return Positives.of(SCORE, given, DRAWN.index, DRAWN.probability, DRAWN.strata, level=level)


def two_strata() -> tuple[Positives, np.ndarray]:
    """600 units of which 60 were drawn and half are positive, 400 of which 200 and all are; in the
    first 6 of the 30 labelled positives are inside, in the other 100 of 200."""
    labels = np.r_[np.repeat([1, 0], 30), np.ones(200)]
    inside = np.r_[np.repeat([True, False], [6, 54]), np.repeat([True, False], 100)]
    index = np.r_[np.arange(60), 600 + np.arange(200)]
    strata, chance = np.repeat([0, 1], [600, 400]), np.repeat([0.1, 0.5], [60, 200])
    return Positives.of(np.zeros(1000), labels, index, chance, strata), inside


def test_each_stratum_weighs_what_it_holds() -> None:
    found, inside = two_strata()
    share = found.share(inside)
    assert share.value == pytest.approx((300 * 0.2 + 400 * 0.5) / 700)
    assert share.low < share.value < share.high
    assert share.n == 230
    assert found.weights.sum() == pytest.approx(700)
    assert set(np.round(found.weights, 6)) == {0, 10, 2}


def test_the_width_is_that_of_the_stratified_ratio() -> None:
    found, inside = two_strata()
    share = found.share(inside)
    y = np.r_[np.repeat([1, 0], 30), np.ones(200)]
    residual = y * (inside - share.value)
    variance = sum(
        size * (size - n) / n * residual[part].var(ddof=1)
        for size, n, part in ((600, 60, slice(0, 60)), (400, 200, slice(60, 260)))
    )
    assert share.high - share.low == pytest.approx(3.92 * variance**0.5 / 700, rel=0.1)


def test_in_one_stratum_of_positives_alone_it_is_the_exact_interval() -> None:
    """The end towards the rarer kind is Clopper and Pearson's, the other a little shorter."""
    frame = 1_000_000
    found = Positives.of(np.zeros(frame), np.ones(50), np.arange(50), np.full(50, 50 / frame))
    share = found.share(np.arange(50) < 5)
    assert share.value == pytest.approx(0.1)
    assert share.low == pytest.approx(stats.beta.ppf(0.025, 5, 46), abs=0.003)
    assert share.high == pytest.approx(stats.beta.ppf(0.975, 6, 45), abs=0.02)


def test_all_shares_make_one() -> None:
    groups = np.floor(VALUE[DRAWN.index])
    found = positives()
    shares = [found.share(groups == group) for group in np.unique(groups)]
    assert sum(one.value for one in shares) == pytest.approx(1)


def test_a_frame_that_is_labelled_whole_has_no_uncertainty() -> None:
    every = Positives.of(SCORE, TRUTH, np.arange(SIZE), np.ones(SIZE))
    share, median = every.share(VALUE < 2), every.median(VALUE)
    truth = float((VALUE[TRUTH == 1] < 2).mean())
    assert (share.low, share.value, share.high) == pytest.approx((truth, truth, truth))
    ordered = np.sort(VALUE[TRUTH == 1])
    middle = float(ordered[int(np.ceil(len(ordered) / 2)) - 1])
    assert (median.low, median.value, median.high) == pytest.approx((middle, middle, middle))


def test_it_holds_the_truth_where_the_plain_share_does_not() -> None:
    """Labels were drawn mostly where scores are middling, and the value goes with the score."""
    cut = 1.5
    truth = float((VALUE[TRUTH == 1] < cut).mean())
    share = positives().share(VALUE[DRAWN.index] < cut)
    assert share.low < truth < share.high
    median = positives().median(VALUE[DRAWN.index])
    assert median.low < np.median(VALUE[TRUTH == 1]) < median.high


def test_a_stratum_without_a_labelled_positive_may_be_like_anything() -> None:
    strata, chance = np.repeat([0, 1], [1000, 1000]), np.full(100, 0.05)
    index = np.r_[np.arange(50), 1000 + np.arange(50)]
    labels = np.repeat([1.0, 0.0], 50)
    known = Positives.of(np.zeros(2000), labels, index, chance, strata)
    inside = np.arange(100) < 50
    share = known.share(inside)
    assert share.value == 1
    assert share.low < 0.97  # the unseen of the second stratum may all be outside
    assert known.share(~inside).high > 0.03


def test_unknown_values_are_left_out_of_the_median_and_said() -> None:
    values = VALUE[DRAWN.index].copy()
    values[::4] = np.nan
    median = positives().median(values)
    assert "values-unknown" in median.warnings
    assert "values-unknown" not in positives().median(VALUE[DRAWN.index]).warnings
    assert median.n < positives().median(VALUE[DRAWN.index]).n


def test_a_wider_level_is_wider() -> None:
    inside = VALUE[DRAWN.index] < 1.5
    narrow, wide = positives(level=0.8).share(inside), positives().share(inside)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_ties_are_one_step_of_the_median() -> None:
    found, _ = two_strata()
    median = found.median(np.repeat([3.0, 8.0], [200, 60]))
    assert (median.low, median.value, median.high) == (3, 3, 3)


def test_what_is_refused() -> None:
    few = np.zeros(len(DRAWN.index))
    few[:4] = 1
    with pytest.raises(Refused, match="4 labelled units are positive"):
        positives(few)
    unknown = np.full(len(DRAWN.index), np.nan)
    with pytest.raises(Refused, match="a value is known"):
        positives().median(unknown)
    with pytest.raises(InputError):
        positives().share(np.ones(3, bool))


def test_a_median_whose_interval_has_no_end_is_refused() -> None:
    """Most of the frame lies where no positive was labelled, and may hold most of them."""
    strata = np.repeat([0, 1], [50, 100_000])
    index, chance = np.r_[np.arange(20), 50 + np.arange(40)], np.repeat([0.4, 0.0004], [20, 40])
    labels = np.repeat([1.0, 0.0], [20, 40])
    found = Positives.of(np.zeros(100_050), labels, index, chance, strata)
    with pytest.raises(Refused, match="no end"):
        found.median(np.arange(60.0))
