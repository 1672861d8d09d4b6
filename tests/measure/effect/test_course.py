"""The course had there been no event, with its interval day by day."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.measure.effect import Series, segmented
from tests.measure.effect.daily import DAYS, EVENT, FIRST, made
from tests.proofs.daily import WEEK

AFTER = np.arange(DAYS) >= EVENT.day - FIRST


@pytest.mark.parametrize("ratio", [1.0, 0.5])
def test_it_goes_on_as_before_whatever_the_event_did(ratio: float) -> None:
    found = segmented(made(1, ratio), [EVENT])
    low, high = found.without_ends
    assert (low < found.without).all()
    assert (found.without < high).all()
    truth = 200 * np.exp(WEEK[np.arange(DAYS) % 7])
    assert ((low < truth) & (truth < high)).mean() > 0.9
    width = high - low
    assert width[-7:].mean() > 1.2 * width[AFTER][:7].mean()  # it knows less the farther it goes


def test_means_are_on_their_own_scale() -> None:
    values = np.random.default_rng(2).normal(-3, 0.1, DAYS)
    series = Series.of("mean", FIRST + np.arange(DAYS), values, kind="mean")
    low, high = segmented(series, [EVENT]).without_ends
    assert (low < high).all()
    assert (high < -2).all()


def test_a_higher_level_is_wider() -> None:
    narrow, wide = (segmented(made(1), [EVENT], level=level).without_ends for level in (0.5, 0.95))
    assert (wide[0] < narrow[0]).all()
    assert (narrow[1] < wide[1]).all()
