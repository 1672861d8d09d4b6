"""Difference in differences, synthetic control, placebo dates and ranks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from marsad.measure.effect import (
    Event,
    Series,
    differences,
    placebo_dates,
    placebo_rank,
    synthetic_control,
)
from marsad.measure.effect.weights import simplex_weights
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from tests.measure.effect.daily import DAYS, EVENT, FIRST, carried, counts, made

RIVAL = 0.7


def together(seed: int, ratio: float, controls: int, drift: float = 0.0) -> list[Series]:
    """The treated first; all share a course, and a cause that hits everybody at the event."""
    rng = np.random.default_rng(seed)
    after = np.arange(DAYS) >= 170
    shared = carried(rng, DAYS, 0.8, 0.4) + np.where(after, np.log(RIVAL), 0)
    own = np.where(after, np.log(ratio), 0) + drift * np.arange(DAYS)
    rows = [counts(rng, "treated", 200, shared + own + carried(rng, DAYS, 0.4, 0.1))]
    return rows + [
        counts(rng, f"control {k}", 150, shared + carried(rng, DAYS, 0.4, 0.1))
        for k in range(controls)
    ]


@pytest.mark.parametrize("ratio", [1.0, 0.6])
def test_what_hits_everybody_is_no_effect(ratio: float) -> None:
    held = []
    for seed in range(10):
        treated, *controls = together(seed, ratio, 4)
        found = differences(treated, controls, EVENT)
        held.append(found.effect.low < ratio < found.effect.high)
        assert found.effect.high - found.effect.low < 0.2
        assert not found.effect.low < ratio * RIVAL < found.effect.high
    assert sum(held) >= 8


def test_means_are_compared_by_a_difference() -> None:
    rows = [replace(one, values=np.log(one.values), kind="mean") for one in together(2, 0.5, 3)]
    found = differences(rows[0], rows[1:], EVENT)
    assert found.effect.low < np.log(0.5) < found.effect.high < -0.5


def test_a_relation_that_drifted_is_refused_and_can_be_let_go_on() -> None:
    treated, *controls = together(3, 1.0, 4, drift=-0.01)
    with pytest.raises(Refused) as refused:
        differences(treated, controls, EVENT)
    assert refused.value.missing == ("parallel-trends",)
    found = differences(treated, controls, EVENT, trend=True)
    assert found.effect.low < 1 < found.effect.high
    assert "trends-differ-steadily" in found.effect.assumptions


def test_controls_are_needed_and_of_one_kind() -> None:
    treated, control = together(4, 1.0, 1)
    with pytest.raises(Refused):
        differences(treated, [], EVENT)
    with pytest.raises(InputError):
        differences(treated, [replace(control, kind="mean")], EVENT)


def test_weights_are_a_mix_and_found_where_they_are_known() -> None:
    rng = np.random.default_rng(5)
    donors = rng.standard_normal((200, 4))
    truth = np.array([0.5, 0.3, 0.2, 0.0])
    weights = simplex_weights(donors @ truth, donors)
    np.testing.assert_allclose(weights, truth, atol=1e-6)
    outside = simplex_weights(donors @ np.array([2.0, -1, 0, 0]), donors)
    assert outside.min() >= 0
    assert outside.sum() == pytest.approx(1)


def test_the_synthetic_control_finds_the_effect_and_its_donors() -> None:
    rng = np.random.default_rng(6)
    one, other = carried(rng, DAYS, 0.9, 0.6), carried(rng, DAYS, 0.9, 0.6)
    effect = np.where(np.arange(DAYS) >= 170, np.log(0.6), 0)
    treated = counts(rng, "treated", 300, one + effect)
    controls = [counts(rng, f"like {k}", 300, one) for k in range(2)]
    controls += [counts(rng, f"unlike {k}", 300, other) for k in range(4)]
    found = synthetic_control(treated, controls, EVENT)
    assert found.compared.effect.low < 0.6 < found.compared.effect.high < 0.75
    assert sum(found.weights[f"like {k}"] for k in range(2)) > 0.9
    assert found.fit > 0.8


def test_few_controls_and_a_bad_fit_are_refused() -> None:
    treated, *controls = together(7, 1.0, 3)
    with pytest.raises(Refused) as refused:
        synthetic_control(treated, controls[:2], EVENT)
    assert refused.value.missing == ("controls",)
    rng = np.random.default_rng(8)
    strangers = [
        Series.of(f"s{k}", treated.days, rng.permutation(treated.values) * (1 + k))
        for k in range(3)
    ]
    with pytest.raises(Refused) as refused:
        synthetic_control(treated, strangers, EVENT)
    assert refused.value.message.id == "measure.effect.bad-fit"


def test_the_rank_of_an_effect_and_of_none() -> None:
    treated, *controls = together(9, 0.4, 19)
    found = placebo_rank(treated, controls, EVENT)
    assert found.p == pytest.approx(1 / 20)
    untouched = placebo_rank(controls[0], [treated, *controls[1:]], EVENT)
    assert untouched.p >= 2 / 20
    with pytest.raises(Refused, match="19"):
        placebo_rank(treated, controls[:18], EVENT)


def test_placebo_dates_rank_the_jump() -> None:
    series = made(21, 0.5)
    found = placebo_dates(series.days, series.values, EVENT)
    assert len(found.jumps) == (170 - 28) // 7
    assert found.p == pytest.approx(1 / (1 + len(found.jumps)))
    assert found.jump == pytest.approx(np.log(0.5), abs=0.15)
    assert np.abs(found.jumps).max() < 0.4
    none = made(22)
    assert placebo_dates(none.days, none.values, EVENT).p > 0.05


def test_placebo_windows_are_disjoint_and_before_the_event() -> None:
    series = made(23)
    found = placebo_dates(series.days, series.values, EVENT)
    starts = np.sort(found.days)
    assert (np.diff(starts) >= found.window).all()
    assert starts[-1] + found.window <= EVENT.day
    assert starts[0] - 28 >= FIRST


def test_a_steady_trend_is_no_jump() -> None:
    series = made(24)
    growing = series.values * np.exp(0.01 * np.arange(DAYS))
    assert placebo_dates(series.days, growing, EVENT).p > 0.05


def test_p_values_are_uniform_without_an_effect() -> None:
    few = sum(placebo_dates(one.days, one.values, EVENT).p <= 0.1 for one in map(made, range(200)))
    assert 8 <= few <= 34  # of 200; a tenth is 20


def test_fewer_than_nineteen_placebos_give_no_p() -> None:
    series = made(25).between(FIRST + 20, FIRST + DAYS)
    early = Event(FIRST + 20 + 28 + 18 * 7, "takedown")
    with pytest.raises(Refused) as refused:
        placebo_dates(series.days, series.values, early)
    assert refused.value.missing == ("placebo-dates",)
    assert "161" in str(refused.value)  # 28 + 19 · 7 days are needed
    later = Event(early.day + 7, "takedown")
    assert len(placebo_dates(series.days, series.values, later).jumps) == 19


def test_placebo_dates_against_a_control() -> None:
    treated, *controls = together(26, 0.6, 3)
    control = np.sum([one.values for one in controls], axis=0)
    found = placebo_dates(treated.days, treated.values, EVENT, control=control)
    assert found.p < 0.05
    assert found.jump == pytest.approx(np.log(0.6), abs=0.15)
