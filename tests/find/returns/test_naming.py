"""Who names whom."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from marsad.find.returns.accounts import Accounts
from marsad.find.returns.naming import Naming, collected

NONE = np.zeros(4, np.int64)


def accounts(bios: list[str]) -> Accounts:
    ids = pa.array(["x:1", "x:2", "x:@lan", "y:5"])
    return Accounts(ids, ["Ann", "", "lan", "ann"], [""] * 4, bios, [""] * 4, NONE, NONE, NONE)


def told(named: Naming) -> list[tuple[int, int, int]]:
    return list(zip(named.who.tolist(), named.whom.tolist(), named.often.tolist(), strict=True))


def test_by_handle_by_id_and_in_a_description() -> None:
    mentions = pa.table({
        "account": ["x:2", "x:2", "x:2", "x:1", "y:5", "x:9"],
        "object": ["x:@ann", "x:1", "x:@nobody", "x:@lan", "y:@ann", "x:1"],
    })  # fmt: skip
    named = collected(mentions, accounts(["", "", "was @Ann, once @else", "as @ann_2"]))
    assert told(named) == [(0, 2, 1), (1, 0, 2), (2, 0, 2)]


def test_nobody() -> None:
    mentions = pa.table({"account": pa.array([], pa.string()), "object": pa.array([], pa.string())})
    named = collected(mentions, accounts([""] * 4))
    assert told(named) == []
    assert named.among(np.array([0, 1]), np.array([1, 2])).tolist() == [False, False]


def test_among() -> None:
    named = Naming.of(np.array([0, 3]), np.array([1, 2]), 4)
    assert named.among(np.array([0, 1, 2, 0]), np.array([1, 0, 3, 2])).tolist() == [
        True, True, True, False
    ]  # fmt: skip
