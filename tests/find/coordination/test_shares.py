"""Shares in memory: one order, whatever order they come in."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from marsad.find.coordination.shares import Shares

ROWS = st.lists(
    st.tuples(st.integers(-5, 5), st.integers(0, 3), st.integers(0, 4)),
    unique_by=lambda row: row[:2], max_size=40,
)  # fmt: skip


@given(ROWS, st.randoms(use_true_random=False))
def test_shares_are_in_order_of_object_time_and_account(
    rows: list[tuple[int, int, int]], draw: object
) -> None:
    mixed = sorted(rows, key=lambda _: draw.random())  # type: ignore[attr-defined]
    account, object_, at = np.array(mixed, np.int64).reshape(-1, 3).T
    shares = Shares.of(account, object_, at, pa.array(["a", "b", "c", "d"]))
    accounts = sorted({row[0] for row in rows})
    wanted = sorted((o, t, accounts.index(a)) for a, o, t in rows)
    assert list(zip(shares.object, shares.at, shares.account, strict=True)) == wanted


@given(ROWS, st.sampled_from([1, 86_400_000_000, 2**60]))
def test_times_may_be_as_far_apart_as_they_like(
    rows: list[tuple[int, int, int]], apart: int
) -> None:
    account, object_, at = np.array(rows, np.int64).reshape(-1, 3).T
    shares = Shares.of(account, object_, (at - 2) * apart, pa.array(["a", "b", "c", "d"]))
    order = np.lexsort((account, at, object_))
    keys = shares.accounts[shares.account] if len(rows) else shares.account
    assert shares.at.tolist() == ((at - 2) * apart)[order].tolist()
    assert shares.object.tolist() == object_[order].tolist()
    assert keys.tolist() == account[order].tolist()
