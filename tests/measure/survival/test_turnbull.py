"""The nonparametric maximum: R's results to the printed digits, and a slow reference."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.measure.refusal import Refused
from marsad.measure.survival import kaplan_meier, turnbull
from marsad.measure.survival.data import checked
from marsad.measure.survival.innermost import Innermost, innermost
from marsad.measure.survival.npmle import maximum
from tests.measure.survival.oracles import INFINITY, Floats, agree, column, looked_at, output, rows

Known = dict[str, Any]
GROUPS = ["all", "Rad", "RadChem"]


@pytest.fixture(params=GROUPS)
def bcos(
    request: pytest.FixtureRequest, shared_data: Path
) -> tuple[list[float], list[float], Known]:
    group = request.param
    table = rows(shared_data, "survival_bcos.csv", lambda row: group in ("all", row["treatment"]))
    known = output(shared_data, "survival_turnbull_bcos.json")[group]
    assert len(table) == known["n"]
    return column(table, "left"), column(table, "right"), known


def test_it_is_the_estimate_of_icfit(bcos: tuple[list[float], list[float], Known]) -> None:
    left, right, known = bcos
    found = turnbull(left, right, days=())
    tight = known["icfit_tight_epsilon_1e_10"]
    assert [(x["left"], x["right"]) for x in tight["intervals"]] == list(
        zip(found.left, found.right, strict=True)
    )
    agree(found.mass, [x["mass"] for x in tight["intervals"]], 1e-10)
    agree(found.curve.survival, tight["survival_at_interval_end"], 1e-10)
    # icfit stops at an error of 1e-6 by default, so its digits end before.
    agree(found.mass, [x["mass"] for x in known["icfit_default"]["intervals"]], 1e-5)


def test_it_is_near_survfit(bcos: tuple[list[float], list[float], Known]) -> None:
    """survfit stops its EM early (some 1e-3), and puts each jump inside its interval."""
    left, right, known = bcos
    found, survfit = turnbull(left, right, days=()), known["survfit_interval2"]
    before = np.searchsorted(found.left, np.array(survfit["time"]), side="left")
    alive = np.concatenate([[1.0], found.curve.survival])[before]
    assert survfit["n"] == len(left)
    agree(alive, survfit["surv"], 2e-3)


def test_it_stops_by_the_slopes(bcos: tuple[list[float], list[float], Known]) -> None:
    left, right, _ = bcos
    found = turnbull(left, right, days=())
    assert found.converged
    assert found.gap < 1e-7
    assert 0 <= found.highest_slope < 1e-7


def _slow(of: Innermost, steps: int = 20_000) -> Floats:
    """Expectation and maximisation, account by account, on the hazards."""
    x = np.full(len(of.known), 0.1)
    for _ in range(steps):
        ends, risk = np.zeros(len(x)), of.known.copy()
        stay = np.exp(-x)
        for low, high, weight in zip(of.low, of.high, of.weight, strict=True):
            reach = np.concatenate([[1.0], np.cumprod(stay[low:high])])
            chance = reach[:-1] - reach[1:]
            ends[low:high] += weight * chance / chance.sum()
            risk[low:high] += weight * np.cumsum(chance[::-1])[::-1] / chance.sum()
        moved = -np.log(np.maximum(1 - ends / np.maximum(risk, 1e-12), 1e-12))
        if np.abs(moved - x).max() < 1e-13:
            break
        x = moved
    return x


def _value(of: Innermost, x: Floats) -> float:
    upto = np.concatenate([[0.0], np.cumsum(x)])
    told = of.weight @ np.log(-np.expm1(-(upto[of.high] - upto[of.low])))
    on = of.known > 0
    return float(told - of.known[on] @ x[on])


@given(seed=st.integers(0, 10_000), n=st.integers(4, 40), late=st.booleans(), grid=st.booleans())
def test_no_slow_search_finds_more(seed: int, n: int, late: bool, grid: bool) -> None:
    rng = np.random.default_rng(seed)
    entry = rng.uniform(0, 5, n) * late
    life = entry + rng.exponential(8, n)
    left, right = looked_at(rng, life, entry, until=15)
    if grid:
        left, right, entry = np.floor(left), np.ceil(right), np.floor(entry)
    of = innermost(checked(left, right, entry), np.zeros(0))
    found = maximum(of)
    assert found.converged
    if len(of.known):
        slow = _slow(of, 300)
        assert found.log_likelihood >= _value(of, slow) - 1e-7 * n


def test_the_slow_search_ends_there_too() -> None:
    rng = np.random.default_rng(5)
    left, right = looked_at(rng, rng.exponential(8, 30), until=15)
    of = innermost(checked(left, right), np.zeros(0))
    assert maximum(of).log_likelihood == pytest.approx(_value(of, _slow(of)), abs=1e-6)


def test_where_ends_are_timed_it_is_kaplan_meier() -> None:
    rng = np.random.default_rng(2)
    life, watched, entry = rng.exponential(10, 300), rng.uniform(5, 30, 300), rng.uniform(0, 4, 300)
    kept = np.minimum(life, watched) > entry
    until, ended, since = np.minimum(life, watched)[kept], (life <= watched)[kept], entry[kept]
    known = kaplan_meier(until, ended, since, start=1.0)
    found = turnbull(until, np.where(ended, until, INFINITY), since, days=(), start=1.0)
    for day in (2.0, 7.5, 12.0):
        place = np.searchsorted(known.days, day, side="right") - 1
        assert found.curve.at(day) == pytest.approx(known.survival[place], abs=1e-9)


def test_a_weight_is_as_many_rows() -> None:
    left, right = [0, 2, 3, 5, 4], [2, 4, INFINITY, 7, 5]
    once = turnbull(np.repeat(left, 3), np.repeat(right, 3), days=(4,))
    weighed = turnbull(left, right, weights=[3] * 5, days=(4,))
    (one,), (other,) = once.estimates, weighed.estimates
    assert (other.value, other.low, other.high) == pytest.approx((one.value, one.low, one.high))
    assert other.n == one.n == 15


def test_a_common_grid_has_the_interval_of_a_proportion() -> None:
    """All looked at on day 5: the likelihood ratio of a binomial, by hand."""
    left, right = [0] * 30 + [5] * 70, [5] * 30 + [INFINITY] * 70
    (found,) = turnbull(left, right, days=(5,)).estimates
    assert found.value == pytest.approx(0.7)
    for end in (found.low, found.high):
        ratio = 2 * (70 * np.log(0.7 / end) + 30 * np.log(0.3 / (1 - end)))
        assert ratio == pytest.approx(3.8415, abs=0.01)
    assert "looks-without-grid" not in found.warnings


def test_an_early_collapse_does_not_reach_what_is_said() -> None:
    """The only two accounts watched early both end: survival is 0 there, and nothing after."""
    rng = np.random.default_rng(3)
    entry = np.concatenate([[0, 0], np.full(200, 5.0)])
    life = np.concatenate([[2, 3], 5 + rng.exponential(10, 200)])
    left, right = looked_at(rng, life, entry, (0.5, 2))
    (found,) = turnbull(left, right, entry, days=(15,)).estimates
    assert found.value == pytest.approx((life[2:] > 15).mean(), abs=0.03)
    assert found.low < found.value < found.high
    assert "starts-late" in found.warnings


def test_nobody_ended_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        turnbull([4, 5], [INFINITY, INFINITY])
    assert refused.value.missing == ("ends",)


@pytest.mark.parametrize(
    ("left", "right", "day", "low", "high"),
    [
        ([5] * 8, [5] * 8, 1, math.exp(-1.9207 / 8), 1),  # all eight known to live until then
        ([5] * 8, [5] * 8, 5, 0, 1 - math.exp(-1.9207 / 8)),
        ([5] * 40, [5] * 20 + [INFINITY] * 20, 1, math.exp(-1.9207 / 40), 1),
        ([5] * 20 + [4] * 3, [5] * 20 + [6] * 3, 4.5, math.exp(-1.9207 / 20), 1),
    ],
)
def test_no_interval_is_without_width(
    left: list[float], right: list[float], day: float, low: float, high: float
) -> None:
    """Of n of whom nobody ended, a fraction x may have, at (1 − x)^n above e^(−1.92)."""
    found = turnbull(left, right, days=[day]).estimates[0]
    assert (found.low, found.high) == (pytest.approx(low, abs=2e-3), pytest.approx(high, abs=2e-3))


def test_nobody_was_watched_so_early() -> None:
    """Where nobody was known to live at some time before the day, nothing holds it up."""
    found = turnbull([5] * 30, [6] * 30, [0] * 10 + [2] * 20, days=[3])
    assert found["survival-day-3"].low == pytest.approx(math.exp(-1.9207 / 10), abs=2e-3)
