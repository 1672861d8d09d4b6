"""The fitter, names of models and the profile likelihood, each against something else."""

from __future__ import annotations

import math

import numpy as np
import pytest

from marsad.measure.capture_recapture.averaging import averaged, profiles_of, weights_of
from marsad.measure.capture_recapture.family import fitted_family
from marsad.measure.capture_recapture.hierarchical import (
    all_models,
    columns_for,
    design_of,
    mask_of,
    name_of,
)
from marsad.measure.capture_recapture.histories import Histories, patterns
from marsad.measure.capture_recapture.poisson import fit, log_likelihood
from marsad.measure.capture_recapture.roots import crossing, rising_root

TABLE = Histories(("a", "b", "c"), np.array([8.0, 30, 25, 160, 20, 110, 90]))
ALL = fitted_family(TABLE, all_models(3))


def test_closed_forms_of_three_lists() -> None:
    """With every pair: n111 n100 n010 n001 / (n110 n101 n011); with two: n011 free of n000."""
    n111, n110, n101, n100, n011, n010, n001 = TABLE.counts
    unseen = dict(zip([row.name for row in ALL.rows], ALL.unseen, strict=True))
    assert unseen["[12,13,23]"] == pytest.approx(n111 * n100 * n010 * n001 / (n110 * n101 * n011))
    assert unseen["[12,13]"] == pytest.approx(n010 * n001 / n011)
    apart = (n100 + n010 + n110) * n001 / (n101 + n011 + n111)
    assert unseen["[12,3]"] == pytest.approx(apart)


def test_scores_are_zero_and_many_fits_are_those_of_one() -> None:
    columns = columns_for(4, 3)
    design = design_of(columns, 4)
    counts = np.array([2.0, 6, 5, 30, 4, 24, 20, 150, 3, 16, 14, 110, 10, 80, 70])
    masks = mask_of(all_models(4), columns)
    together = fit(counts, design, masks)
    assert together.converged.all()
    scores = (counts - together.fitted) @ design * masks
    assert np.abs(scores).max() < 1e-6
    for at in (0, 40, 112):
        alone = fit(counts, design[:, masks[at]])
        assert alone.deviance[0] == pytest.approx(together.deviance[at], abs=1e-9)
        assert alone.covariance[0, 0, 0] == pytest.approx(together.covariance[at, 0, 0], rel=1e-6)


@pytest.mark.parametrize("begin", [-6.0, 0.0, 12.0])
def test_a_bad_start_is_survived(begin: float) -> None:
    """Newton's first step would overshoot by far: it is halved."""
    design = design_of(columns_for(3, 1), 3)
    plain = fit(TABLE.counts, design)
    far = fit(TABLE.counts, design, start=np.array([[begin, 0.0, 0.0, 0.0]]))
    assert far.fitted == pytest.approx(plain.fitted, rel=1e-6)


def test_the_log_likelihood_has_its_constants() -> None:
    counts, means = np.array([3.0, 0.0]), np.array([2.5, 0.5])
    deviance = np.array(2 * (3 * math.log(3 / 2.5) - 3 + 2.5 + 0.5))
    by_hand = -2.5 + 3 * math.log(2.5) - math.log(6) - 0.5
    assert means.sum() == 3
    assert log_likelihood(counts, deviance) == pytest.approx(by_hand)


@pytest.mark.parametrize(("k", "models"), [(3, 8), (4, 113), (5, 1024)])
def test_how_many_models(k: int, models: int) -> None:
    names = {name_of(model, k) for model in all_models(k)}
    assert len(names) == len(all_models(k)) == models
    assert "[1,2,3]" in {name_of(model, 3) for model in all_models(3)}


def test_an_interaction_brings_those_within_it() -> None:
    triple = next(model for model in all_models(4) if name_of(model, 4) == "[123,4]")
    assert triple == {(0, 1, 2), (0, 1), (0, 2), (1, 2)}


def test_patterns_and_frequencies() -> None:
    assert patterns(2).tolist() == [[1, 1], [1, 0], [0, 1]]
    assert TABLE.frequencies() == (360, 75, 8)
    assert TABLE.by_route() == (223, 168, 143)
    assert TABLE.first_seen() == (223, 130, 90)
    assert TABLE.last_seen() == (160, 140, 143)
    assert TABLE.overlaps().tolist() == [[0, 38, 33], [38, 0, 28], [33, 28, 0]]


def test_the_derivative_of_the_profile_is_its_slope() -> None:
    profiles = profiles_of(ALL, np.arange(8))
    at = profiles.peak * 0.8 + 3
    step = 1e-3 * at
    rise = (profiles.at(at + step)[0] - profiles.at(at - step)[0]) / (2 * step)
    assert profiles.at(at)[1] == pytest.approx(rise, rel=1e-3)
    assert np.abs(profiles.at(profiles.peak)[1]).max() < 1e-8


def test_profile_limits_are_where_twice_the_fall_is_the_quantile() -> None:
    profiles = profiles_of(ALL, np.arange(8))
    low, high = profiles.limits(1.96)
    for end in (low, high):
        assert 2 * (profiles.top - profiles.at(end)[0]) == pytest.approx(1.96**2, rel=1e-6)


def test_one_model_alone_has_its_own_profile_interval() -> None:
    profiles = profiles_of(ALL, np.array([0]))
    low, high = profiles.limits(1.959964)
    found = averaged(profiles, np.ones(1), 0.95)
    assert found == pytest.approx((profiles.peak[0], low[0], high[0]), rel=1e-5)


def test_weights_follow_the_criterion() -> None:
    weights = weights_of(ALL)
    judged = [0.6 * row.aic + 0.4 * row.bic for row in ALL.rows]
    ratio = math.exp(-(judged[1] - judged[0]) / 2)
    assert weights.sum() == pytest.approx(1)
    assert weights[1] / weights[0] == pytest.approx(ratio)


def test_roots() -> None:
    goal = np.array([2.0, 9.0, 0.5])
    found = rising_root(lambda x: x**3 - goal, np.zeros(3), np.full(3, 10.0))
    assert found == pytest.approx(np.cbrt(goal), abs=1e-7)
    assert crossing(lambda x: x**2, 49.0, 1.0, 1.0, 1e3) == pytest.approx(7)
    assert crossing(lambda x: x + 5, 3.0, 1.0, 1.0, 1e3) == 0.0
    assert crossing(lambda x: -1 / (1 + x), 0.5, 1.0, 1.0, 1e3) is None
