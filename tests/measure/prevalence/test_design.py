"""Whom to label: strata by score, how many of each, and with what chance."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.measure.prevalence import Draw, draw
from marsad.measure.prevalence.design import allocation, strata_of
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError

RNG = np.random.default_rng(5)
SCORES = np.r_[np.zeros(9_000), RNG.random(800) * 0.6, 0.6 + RNG.random(200) * 0.4]


def per_stratum(drawn: Draw) -> list[int]:
    counts = np.bincount(drawn.stratum, minlength=int(drawn.strata.max()) + 1)
    return [int(one) for one in counts]


def test_probabilities_are_what_was_drawn_of_what_there_is() -> None:
    drawn = draw(SCORES, 400, seed=3)
    counts, sizes = np.array(per_stratum(drawn)), np.bincount(drawn.strata)
    assert drawn.probability.tolist() == (counts / sizes)[drawn.stratum].tolist()
    assert len(set(drawn.index.tolist())) == 400
    assert (drawn.strata[drawn.index] == drawn.stratum).all()
    assert (1 / drawn.probability).sum() == pytest.approx(len(SCORES))


def test_every_unit_of_a_stratum_is_drawn_as_often() -> None:
    times = np.zeros(60)
    scores = np.r_[np.zeros(40), np.ones(20)]
    for seed in range(800):
        times[draw(scores, 30, seed=seed, strata=2).index] += 1
    chance = draw(scores, 30, strata=2)
    for stratum in (0, 1):
        mine = chance.strata == stratum
        expected = chance.probability[chance.stratum == stratum][0]
        # Five standard deviations of a frequency.
        assert np.abs(times[mine] / 800 - expected).max() < 5 * (0.25 / 800) ** 0.5


def test_most_labels_go_where_most_units_are_and_no_stratum_is_forgotten() -> None:
    counts = per_stratum(draw(SCORES, 400))
    assert counts[0] > 200
    assert min(counts) >= 20


def test_strata_keep_equal_scores_together_and_rise_with_the_score() -> None:
    stratum = strata_of(SCORES, 4)
    assert len(set(stratum[:9_000].tolist())) == 1
    lowest = [SCORES[stratum == h].min() for h in range(stratum.max() + 1)]
    highest = [SCORES[stratum == h].max() for h in range(stratum.max() + 1)]
    assert all(a < b for a, b in zip(highest, lowest[1:], strict=False))
    assert strata_of(np.zeros(50), 4).tolist() == [0] * 50


def test_a_second_draw_adds_to_the_first() -> None:
    first = draw(SCORES, 100, seed=1)
    both = draw(SCORES, 200, seed=2, drawn=first.index)
    assert both.index[:100].tolist() == first.index.tolist()
    assert len(set(both.index.tolist())) == 300
    assert (1 / both.probability).sum() == pytest.approx(len(SCORES))


def test_the_same_seed_draws_the_same() -> None:
    assert draw(SCORES, 100, seed=1).index.tolist() == draw(SCORES, 100, seed=1).index.tolist()
    assert draw(SCORES, 100, seed=1).index.tolist() != draw(SCORES, 100, seed=2).index.tolist()


@pytest.mark.parametrize("n", [30, 57, 500, 990])
def test_allocation_gives_out_every_label_and_no_more_than_there_are(n: int) -> None:
    score = np.r_[np.full(900, 0.01), np.full(60, 0.5), np.full(40, 0.95)]
    stratum = strata_of(score, 3)
    given = allocation(score, stratum, n, np.zeros(stratum.max() + 1, dtype=np.int64))
    assert given.sum() == n
    assert (given <= np.bincount(stratum)).all()


def test_what_cannot_be_drawn() -> None:
    with pytest.raises(Refused) as refused:
        draw(SCORES, 10)
    assert (refused.value.missing, "label next" in refused.value.next) == (("labels",), True)
    for scores, n, drawn in ([SCORES + 1, 50, None], [SCORES[:40], 50, None], [SCORES, 50, [1, 1]]):
        with pytest.raises(InputError):
            draw(scores, n, drawn=drawn)
