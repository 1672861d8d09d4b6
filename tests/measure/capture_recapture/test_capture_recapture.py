"""`capture_recapture`: what it answers, what it refuses, and what it makes of its input."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import marsad.measure
from marsad.measure.capture_recapture import capture_recapture
from marsad.measure.capture_recapture.histories import patterns
from marsad.measure.capture_recapture.summing import summed
from marsad.measure.capture_recapture.tables import closed_models, closed_models_of_counts
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from tests.conftest import ROOT
from tests.measure.capture_recapture.oracles import rows_of

THREE = [8, 30, 25, 160, 20, 110, 90]  # 111, 110, 101, 100, 011, 010, 001
FOUR = [2, 6, 5, 30, 4, 24, 20, 150, 3, 16, 14, 110, 10, 80, 70]


def units(counts: list[int], k: int) -> np.ndarray[Any, Any]:
    """A row a unit."""
    return np.repeat(patterns(k), counts, axis=0).astype(bool)


def test_it_is_there_by_both_names() -> None:
    assert marsad.measure.capture_recapture(units(THREE, 3)) == capture_recapture(units(THREE, 3))
    with pytest.raises(AttributeError):
        _ = marsad.measure.nothing_of_the_kind


def test_rows_counts_and_order_make_no_difference() -> None:
    rows = units(FOUR, 4)
    whole = capture_recapture(rows)
    assert capture_recapture(patterns(4), counts=FOUR) == whole
    assert capture_recapture(rows[::-1].astype(int)) == whole
    seen_by_none = np.vstack([rows, np.zeros((7, 4), bool)])
    assert capture_recapture(seen_by_none) == whole
    turned = capture_recapture(rows[:, ::-1])
    assert turned.population.value == pytest.approx(whole.population.value, rel=1e-4)
    assert turned.population.high == pytest.approx(whole.population.high, rel=1e-4)


def test_what_is_in_the_answer() -> None:
    result = capture_recapture(units(THREE, 3), ["search", "seeds", "reports"], turnover=0.02)
    assert (result.seen, result.frequencies) == (443, (360, 75, 8))
    assert result.by_route == (223, 168, 143)
    population = result.population
    assert population.low < population.value < population.high
    assert (population.n, population.bound) == (443, None)
    assert result.models[0].weight == max(row.weight for row in result.models)
    assert len(result.models) == 8
    assert len(result.closed) == 10
    assert sum(row.weight for row in result.models) == pytest.approx(1)
    told = result.to_dict()
    assert told["by_route"] == {"search": 223, "seeds": 168, "reports": 143}
    assert told["population"]["value"] == population.value
    bound = result.lower_bound
    assert bound is not None
    assert bound.bound == "lower"
    assert bound.low <= bound.value == bound.high


def test_the_average_lies_among_its_models() -> None:
    result = capture_recapture(units(FOUR, 4))
    used = [row for row in result.models if row.weight > 0]
    numbers = [row.multinomial for row in used if row.multinomial is not None]
    assert min(numbers) <= result.population.value <= max(numbers)
    best = used[0]
    assert best.low is not None
    assert best.high is not None
    width = result.population.high - result.population.low
    assert width > best.high - best.low


def test_unknown_routes_do_not_enter() -> None:
    rows = units(FOUR, 4)
    result = capture_recapture(rows, ["a", "b", "c", "unknown"])
    without = capture_recapture(rows[:, :3], ["a", "b", "c"])
    assert result.population == without.population
    assert result.unknown == 70
    assert capture_recapture(rows, ["a", None, "c", "d"]).routes == ("a", "c", "d")


def test_routes_seeded_from_one_another_are_one_list() -> None:
    rows = units(FOUR, 4)
    result = capture_recapture(rows, ["a", "b", "c", "d"], seeded=[("b", "a")])
    together = np.column_stack([rows[:, 0] | rows[:, 1], rows[:, 2:]])
    assert result.routes == ("a+b", "c", "d")
    assert result.population == capture_recapture(together).population
    with pytest.raises(Refused) as raised:
        capture_recapture(rows, seeded=[(1, 2), (2, 3)])
    assert raised.value.message.id == "measure.capture.lists"
    assert raised.value.missing == ("routes",)


def test_strata_are_summed() -> None:
    few, many = units(THREE, 3), units([4 * count for count in THREE], 3)
    rows = np.vstack([few, many])
    labels = ["quiet"] * len(few) + ["busy"] * len(many)
    result = capture_recapture(rows, strata=labels)
    apart = [capture_recapture(few), capture_recapture(many)]
    assert result.population.value == pytest.approx(sum(one.population.value for one in apart))
    assert set(result.strata) == {"quiet", "busy"}
    assert result.strata["quiet"].population.value == apart[0].population.value
    widest = max(one.population.high - one.population.low for one in apart)
    assert result.population.high - result.population.low > widest
    assert result.lower_bound is not None
    assert result.seen == len(rows)
    assert result.population.method == "loglinear-averaged-strata"


def test_a_sum_without_a_high_end_is_a_lower_bound() -> None:
    assert summed([(10.0, 7.0, 14.0), (20.0, 16.0, 23.0)]) == (30.0, 25.0, 35.0)
    assert summed([(10.0, 7.0, None), (20.0, 16.0, 23.0)])[2] is None


def test_seen_by_all() -> None:
    """n is the answer; that one more was missed by three lists of fifty is next to impossible."""
    result = capture_recapture(np.ones((50, 3)))
    assert (result.population.value, result.population.low) == (50, 50)
    assert 50 < result.population.high < 51
    assert result.lower_bound is None
    assert "seen-by-all" in result.population.warnings
    one = capture_recapture(np.ones((1, 3)))
    assert one.population.high > one.population.value == 1


def test_nobody_seen_once() -> None:
    """All were seen twice or more: few can be missing."""
    population = capture_recapture(patterns(3), counts=[30, 20, 15, 0, 12, 0, 0]).population
    assert population.low == 77
    assert population.high < 90


REFUSED: list[tuple[str, Any, dict[str, Any], str, str]] = [
    ("no rows", np.zeros((0, 3)), {}, "nothing", "hits"),
    ("no hits", np.zeros((5, 3)), {}, "nothing", "hits"),
    ("two lists", np.ones((5, 2)), {}, "lists", "routes"),
    ("no lists", np.ones((5, 0)), {}, "lists", "routes"),
    ("two known", units(THREE, 3), {"routes": ["a", "b", ""]}, "lists", "routes"),
    ("no unit twice", patterns(3)[[3, 5, 6, 3]], {}, "no-overlap", "overlap"),
    ("a route apart", patterns(4)[[3, 3, 7, 11, 13, 14, 14]], {}, "apart", "overlap"),
    ("a fifth comes and goes", units(THREE, 3), {"turnover": 0.2}, "open", "closed-window"),
    ("hits remove", units(THREE, 3), {"removal": True}, "removal", "hits-before-removal"),
    (
        "a stratum without overlap", np.vstack([units(THREE, 3), np.eye(3, dtype=bool)]),
        {"strata": ["a"] * 443 + ["b"] * 3}, "stratum", "overlap",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("about", "hits", "named", "message", "missing"), REFUSED)
def test_what_cannot_be_told_is_refused(
    about: str, hits: Any, named: dict[str, Any], message: str, missing: str
) -> None:
    with pytest.raises(Refused) as raised:
        capture_recapture(hits, **named)
    assert raised.value.message.id == f"measure.capture.{message}"
    assert raised.value.missing == (missing,)
    assert raised.value.exit_code == 2
    told = raised.value.to_dict()
    assert told["next"].startswith("marsad ")
    assert told["next"] in told["refused"]


def test_a_tenth_may_come_and_go() -> None:
    asked = capture_recapture(units(THREE, 3), turnover=0.1)
    assert "turnover-unknown" not in asked.population.warnings
    assert "turnover-unknown" in capture_recapture(units(THREE, 3)).population.warnings


@pytest.mark.parametrize(
    ("hits", "named", "message"),
    [
        ([1, 0, 1], {}, "matrix"),
        ([[1, 2, 0]], {}, "hits"),
        ([[1, float("nan"), 0]], {}, "hits"),
        ([["x", "y", "z"]], {}, "hits"),
        (patterns(3), {"counts": [1, 2]}, "lengths"),
        (patterns(3), {"counts": [*THREE[:6], -1]}, "counts"),
        (patterns(3), {"counts": [*THREE[:6], 1.5]}, "counts"),
        (patterns(3), {"counts": [*THREE[:6], float("nan")]}, "counts"),
        (patterns(3), {"counts": [*THREE[:6], "many"]}, "counts"),
        (patterns(3), {"counts": THREE, "strata": ["a"]}, "lengths"),
        (patterns(3), {"counts": THREE, "routes": ["a", "b"]}, "routes"),
        (patterns(3), {"counts": THREE, "routes": ["a", "b", "b"]}, "routes"),
        (patterns(3), {"counts": THREE, "seeded": [("1", "9")]}, "seeded"),
        (patterns(3), {"counts": THREE, "turnover": -0.1}, "turnover"),
        (patterns(3), {"counts": THREE, "turnover": float("nan")}, "turnover"),
        (np.ones((4, 10)), {}, "many-lists"),
    ],
)
def test_input_that_cannot_be(hits: Any, named: Any, message: str) -> None:
    with pytest.raises(InputError) as raised:
        capture_recapture(hits, **named)
    assert raised.value.message.id == f"measure.capture.{message}"
    assert not isinstance(raised.value, Refused)


@pytest.mark.parametrize("level", [0, 1.0, 95, float("nan"), "0.95", True, None])
def test_a_level_lies_between_0_and_1(level: Any) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        capture_recapture(patterns(3), counts=THREE, level=level)


@pytest.mark.parametrize(
    ("frequencies", "occasions"),
    [([5, 2], 4), ([5, 2, 1], 2), ([5, -1, 1], 4), ([0, 0, 0], 4), ([5, 1.5, 1], 4)],
)
def test_frequencies_that_cannot_be(frequencies: list[float], occasions: float) -> None:
    with pytest.raises(InputError):
        closed_models_of_counts(frequencies, occasions)


def test_reversed_order_changes_models_of_behaviour_alone() -> None:
    rows = units(FOUR, 4)
    forth, back = (closed_models(one, ordered=True) for one in (rows, rows[:, ::-1]))
    same = [a.abundance == pytest.approx(b.abundance) for a, b in zip(forth, back, strict=True)]
    assert same == [True] * 10 + [False] * 2


def test_doubling_the_counts_narrows_the_interval() -> None:
    once, twice = (capture_recapture(patterns(4), counts=np.array(FOUR) * m) for m in (1, 4))
    relative = [(p.high - p.low) / p.value for p in (once.population, twice.population)]
    assert relative[1] < 0.75 * relative[0]


def test_the_page_says_what_its_example_prints(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "measures" / "capture-recapture.md").read_text("utf-8")
    code, printed = re.findall(r"^```(?:python|text)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    exec(compile(code, "capture-recapture.md", "exec"), {})
    assert capsys.readouterr().out == printed


def test_the_page_has_the_published_data(shared_data: Path) -> None:
    _, rows = rows_of(shared_data, "capture_HIV.csv")
    page = (ROOT / "docs" / "measures" / "capture-recapture.md").read_text("utf-8")
    assert f"people = {rows[:, -1].tolist()}" in page
    assert np.array_equal(rows[:, :-1], patterns(4))


@given(st.lists(st.integers(0, 40), min_size=7, max_size=7))
def test_any_table_gets_a_finite_interval_or_a_refusal(counts: list[int]) -> None:
    try:
        result = capture_recapture(patterns(3), counts=counts)
    except Refused:
        return
    population = result.population
    assert sum(counts) <= population.low <= population.value <= population.high
    assert math.isfinite(population.high)
    if result.lower_bound is not None:
        assert result.lower_bound.low >= sum(counts)
