"""With whom new accounts are compared, and what counts as a test."""

from __future__ import annotations

import pyarrow as pa
import pytest

from marsad.find.bursts.testing import put_to_test

Cell = tuple[int, int, int, int]
"""New or not, stratum of silence, times inside, accounts."""

NEW: list[Cell] = [(1, 0, 1, 15), (1, 0, 0, 5)]
BUSY: list[Cell] = [(0, 0, 1, 2), (0, 0, 0, 300)]
SILENT: list[Cell] = [(0, 5, 1, 25), (0, 5, 0, 15)]


def tally(*cells: Cell, burst: int = 0) -> pa.Table:
    names = ("new", "stratum", "inside", "accounts")
    rows = [{"burst": burst, **dict(zip(names, cell, strict=True))} for cell in cells]
    return pa.Table.from_pylist(rows).select(["burst", *names])


def test_new_accounts_are_compared_with_the_silent_who_turned_up_as_often() -> None:
    assert len(put_to_test(tally(*NEW, *BUSY), 1, 3, 2, 5).discoveries(0.05)) == 1
    found = put_to_test(tally(*NEW, *BUSY, *SILENT), 1, 3, 2, 5)
    assert found.discoveries(0.05) == []
    assert (found.every[0].table.known_inside, found.every[0].table.known_outside) == (25, 15)


def test_too_few_silent_ones_are_no_comparison() -> None:
    few: list[Cell] = [(0, 5, 1, 15), (0, 5, 0, 9)]
    (found,) = put_to_test(tally(*NEW, *BUSY, *few), 1, 3, 2, 5).every
    assert found.table.known_inside == 2 + 15


def test_a_burst_with_too_few_known_accounts_is_not_tested_but_counted() -> None:
    found = put_to_test(tally(*NEW, (0, 0, 0, 29)), 1, 3, 2, 5)
    assert (list(found.every), found.untested) == ([], 1)


def test_fewer_than_asked_are_never_a_discovery() -> None:
    four: list[Cell] = [(1, 0, 3, 4), (1, 0, 0, 1)]
    assert put_to_test(tally(*four, *BUSY), 1, 3, 2, 5).every == []


@pytest.mark.parametrize("bursts", [1, 1000])
def test_every_burst_and_strictness_counts_as_a_test(bursts: int) -> None:
    (found,) = put_to_test(tally(*NEW, *BUSY), bursts, 3, 2, 5).every
    assert found.q == pytest.approx(min(found.p * bursts * 3, 1.0))
