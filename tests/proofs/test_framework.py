"""The framework of the long proofs: seeds, storage, verdicts and the draw."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from marsad.records.estimate import Estimate
from tests.proofs import Cell, Interval, interval_proof, table
from tests.proofs.intervals import faults, summarise
from tests.proofs.proof import Parameters, alike, all_proofs, run_once, seed_of
from tests.proofs.running import draw


def once(parameters: Parameters, seed: int) -> Interval:
    """An interval around 0 that holds the truth with the probability asked for."""
    holds = random.Random(seed).random() < float(parameters["holds"])
    middle = 0.0 if holds else 2.0
    return Interval(middle, middle - 1, middle + 1, 0.0, float(parameters["oracle"]))


def toy(holds: float, oracle: float = 2.0, gated: bool = True, runs: int = 1000):
    cell = Cell("a cell", {"holds": holds, "oracle": oracle}, gated)
    return interval_proof("toy", "A toy", [cell], once, runs)


def rows_of(proof):
    return [run_once(proof, proof.cells[0], run) for run in range(proof.runs)]


CASES = [
    # an interval that …            oracle's width, runs, what is found
    ("holds 95 of 100", toy(0.95), ""),
    ("holds 90 of 100", toy(0.90), "coverage"),
    ("always holds, and is wide", toy(1.0, oracle=1.0), "2.00 times as wide"),
    ("always holds, as narrow as the oracle's", toy(1.0, oracle=2.0), ""),
    ("holds 93.3 of 100, in 4,000 runs", toy(0.933, runs=4000), "coverage"),
]


@pytest.mark.parametrize(("about", "proof", "found"), CASES, ids=[case[0] for case in CASES])
def test_verdicts(about: str, proof, found: str) -> None:
    said = "; ".join(faults(rows_of(proof)))
    assert found in said
    assert bool(said) == bool(found)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((0.12233, None), (0.12232, None), True),
        ((0.12233,), (0.12236,), False),
        ((0.0,), (0.0,), True),
        ((0.0,), (0.00001,), False),
        ((1.0,), (None,), False),
        ((1.0,), (1.0, 2.0), False),
        ((-1.0,), (1.0,), False),
    ],
)
def test_rows_are_alike_to_one_part_in_ten_thousand(one, other, same: bool) -> None:
    assert alike(one, other) is same


def test_refusals_are_misses_and_have_a_limit() -> None:
    kept = [tuple(Interval(0.0, -1.0, 1.0, 0.0, 2.0))] * 93
    refused = [tuple(Interval.refusal(0.0, 2.0))] * 7
    assert summarise([*kept, *refused])["coverage"] == 0.93
    assert faults([*kept, *refused]) == ["7.0% refused"]


@pytest.mark.parametrize(
    ("bound", "low", "high", "misses"),
    [("lower", 1.0, 9.0, True), ("lower", -5.0, -1.0, False), ("upper", -5.0, -1.0, True)],
)
def test_a_bound_is_judged_on_its_own_side(bound, low: float, high: float, misses: bool) -> None:
    middle = (low + high) / 2
    estimate = Estimate("x", middle, low, high, 0.95, "m", "f", 10, bound=bound)
    row = tuple(Interval.of(estimate, truth=0.0, oracle_width=1.0))
    assert summarise([row])["coverage"] == (0.0 if misses else 1.0)


def test_an_infinite_interval_is_a_fault() -> None:
    assert "an interval is not finite" in faults([(0.0, -1.0, float("inf"), 0.0, 2.0)])


def test_seeds_differ_by_proof_cell_and_run_and_stay_as_they_are() -> None:
    names = [("a", "b", 0), ("a", "b", 1), ("a", "c", 0), ("b", "b", 0)]
    assert len({seed_of(*name) for name in names}) == 4
    assert seed_of("a", "b", 0) == 5720794860804606997


def test_stored_rows_come_back_equal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "FOLDER", tmp_path)
    proof = toy(0.9, runs=100)
    rows = [*rows_of(proof)[:-1], tuple(Interval.refusal(0.0, 2.0))]
    table.save(proof, {"a cell": rows})
    assert table.load("toy").cells == {"a cell": rows}
    assert table.load("toy").columns == proof.columns


def test_a_failing_cell_shows_in_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "FOLDER", tmp_path)
    for gated, word in ((True, "**fails**: coverage"), (False, "not judged")):
        proof = toy(0.5, gated=gated)
        table.save(proof, {"a cell": rows_of(proof)})
        assert word in table.page({"toy": proof})


def test_the_draw_is_a_hundredth_of_each_and_repeats_with_its_seed() -> None:
    stored = {"big": {"x": [(0.0,)] * 900, "y": [(0.0,)] * 350}, "small": {"z": [(0.0,)] * 3}}
    drawn = draw(stored, 0.01, seed=5)
    assert drawn == draw(stored, 0.01, seed=5) != draw(stored, 0.01, seed=6)
    assert sum(name == "big" for name, _, _ in drawn) == 13
    assert sum(name == "small" for name, _, _ in drawn) == 1
    assert len(set(drawn)) == len(drawn)
    assert sum(name == "big" for name, _, _ in draw(stored, 0.01, seed=5, most=7)) == 7


PROOFS = {name: one for name, one in all_proofs().items() if name != "crashes"}
"""``crashes`` runs for half a minute, and test_crashes kills in the same way."""


@pytest.mark.parametrize("name", PROOFS)
def test_a_run_gives_the_numbers_that_are_stored(name: str) -> None:
    """Those of another process, on another day, after other runs: a number hangs on its seed."""
    cell = PROOFS[name].cells[0]
    assert alike(run_once(PROOFS[name], cell, 7), table.load(name).cells[cell.name][7])
