"""Who is compared with whom: all that have something in common, and never too many."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.sparse import csr_matrix

from marsad.find.returns.accounts import Accounts
from marsad.find.returns.blocks import BLOCKS, MOST_SHARING, pairs
from marsad.find.returns.naming import Naming
from marsad.find.returns.ties import Ties, _weighted


def accounts(count: int, handles: dict[int, str], **shown: list[str]) -> Accounts:
    nothing = np.zeros(count, np.int64)
    empty = [""] * count
    return Accounts(
        pa.array([f"x:{n:06}" for n in range(count)]),
        [handles.get(n, "") for n in range(count)],
        shown.get("name", empty), shown.get("bio", empty), shown.get("avatar", empty),
        nothing, nothing, nothing,
    )  # fmt: skip


def ties(count: int, having: dict[str, list[int]]) -> Ties:
    """Who has which object."""
    rows = [who for one in having.values() for who in one]
    columns = [n for n, one in enumerate(having.values()) for _ in one]
    bare = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(count, len(having)))
    return _weighted(bare, np.bincount(columns, minlength=len(having)), pa.array(list(having)))


NOBODY = np.empty(0, np.int64)


def found(
    who: Accounts, tied: dict[str, Ties], most: int = 20, named: Naming | None = None
) -> dict[tuple[int, int], str]:
    nobody = Naming.of(NOBODY, NOBODY, len(who))
    got = pairs(who, tied, named or nobody, np.array([0, 1]), most)
    names = [BLOCKS[n] for n in got.block]
    return dict(zip(zip(got.parent.tolist(), got.child.tolist(), strict=True), names, strict=True))


BIG = 40_000
"""So many that not everybody is compared with everybody."""


@pytest.mark.parametrize(
    ("who", "tied", "block"),
    [
        (accounts(BIG, {0: "quartz_lantern", 7: "quartzlantern9"}), {}, "handle"),
        (accounts(BIG, {}, name=["A B"] + [""] * 6 + ["a b"] + [""] * (BIG - 8)), {}, "name"),
        (accounts(BIG, {}), {"follow": ties(BIG, {"x:9": [0, 7]})}, "follow"),
        (accounts(BIG, {}), {"url": ties(BIG, {"https://a.example": [0, 7]})}, "url"),
    ],
    ids=["handle", "name", "follow", "url"],
)  # fmt: skip
def test_each_block_proposes(who: Accounts, tied: dict[str, Ties], block: str) -> None:
    assert found(who, tied)[0, 7] == block


@pytest.mark.parametrize("pair", [([7], [0]), ([0], [7]), ([7, 7, 9], [0, 7, 0])])
def test_who_names_the_other_is_proposed(pair: tuple[list[int], list[int]]) -> None:
    named = Naming.of(np.array(pair[0]), np.array(pair[1]), BIG)
    assert found(accounts(BIG, {}), {}, named=named)[0, 7] == "announcement"


def test_whom_very_many_name_proposes_nobody() -> None:
    many = np.arange(2, 3 + MOST_SHARING["announcement"])
    named = Naming.of(many, np.zeros(len(many), np.int64), BIG)
    assert found(accounts(BIG, {}), {}, named=named) == {}


def test_nobody_is_compared_with_themselves() -> None:
    everybody = found(accounts(30, dict.fromkeys(range(30), "lantern")), {})
    assert len(everybody) == 2 * 29
    assert all(parent != child for parent, child in everybody)


def test_the_first_block_has_the_pair() -> None:
    who = accounts(BIG, {0: "quartz_lantern", 7: "quartzlantern9"})
    assert found(who, {"follow": ties(BIG, {"x:9": [0, 7]})})[0, 7] == "handle"


def test_blocks_are_bounded() -> None:
    who = accounts(BIG, {n: f"lantern{n}" for n in range(300)})
    assert len(found(who, {}, most=5)) == 2 * 5


def test_what_everybody_has_proposes_nobody() -> None:
    hot = {"x:9": list(range(MOST_SHARING["follow"] + 1))}
    assert found(accounts(BIG, {}), {"follow": ties(BIG, hot)}) == {}
