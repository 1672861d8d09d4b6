"""Close pairs beside a plain comparison of every share with every other."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.find.coordination import closeness
from marsad.find.coordination.shares import Shares

ROWS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(-50, 400)),
    max_size=60,
    unique_by=lambda row: row[:2],
)


def shares(rows: list[tuple[int, int, int]]) -> Shares:
    account, object_, at = (np.array([row[n] for row in rows], np.int64) for n in range(3))
    return Shares.of(account, object_, at, pa.array([f"x:{n}" for n in range(5)]))


def plainly(rows: list[tuple[int, int, int]], window: int) -> list[tuple[int, int, int]]:
    """Object and the two accounts of every close pair."""
    return sorted(
        (a[1], *sorted((a[0], b[0])))
        for a, b in itertools.combinations(rows, 2)
        if a[1] == b[1] and abs(a[2] - b[2]) <= window
    )


def found(rows: list[tuple[int, int, int]], window: int, most: int) -> list[tuple[int, int, int]]:
    given_shares = shares(rows)
    close = closeness.close(given_shares, window, most)
    keys = given_shares.accounts[given_shares.account]
    return sorted(
        (int(given_shares.object[i]), *sorted((int(keys[i]), int(keys[j]))))
        for block in close.pairs()
        for i, j in zip(*block, strict=True)
    )


@given(ROWS, st.integers(1, 100))
def test_every_close_pair_once(rows: list[tuple[int, int, int]], window: int) -> None:
    assert found(rows, window, 10**9) == plainly(rows, window)


@given(ROWS, st.integers(1, 100), st.integers(1, 30))
def test_dense_objects_are_left_out_whole(
    rows: list[tuple[int, int, int]], window: int, most: int
) -> None:
    kept = found(rows, window, most)
    every = plainly(rows, window)
    assert len(kept) <= most
    assert kept == [pair for pair in every if pair[0] in {one[0] for one in kept}]


def test_many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(n, 0, n) for n in range(200)]
    whole = found(rows, 50, 10**9)
    monkeypatch.setattr(closeness, "_AT_ONCE", 17)
    assert found(rows, 50, 10**9) == whole == plainly(rows, 50)


def test_times_of_years_do_not_overflow() -> None:
    year = 365 * 86_400_000_000
    rows = [(n % 7, n // 7, n * year) for n in range(35)]
    assert found(rows, 86_400_000_000, 10**9) == []
