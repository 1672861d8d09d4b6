"""Findings of choice alone: accounts that pick the same rare objects. They open no case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.coordination.choice import Choices
from marsad.find.coordination.communities import communities
from marsad.find.coordination.findings import OBJECTS, SHOWN_OBJECTS, SHOWN_PARTNERS, rounded
from marsad.find.coordination.network import Edges
from marsad.find.coordination.shares import Shares
from marsad.find.signal import Found
from marsad.records.ids import key
from marsad.records.message import Message

Ints = npt.NDArray[np.int64]

NAME = "choice"


def choice_findings(
    engine: Engine,
    shares: ir.Table,
    edges: Edges,
    kinds: Mapping[str, tuple[Shares, Choices]],
) -> Iterator[Found]:
    """One finding for each group of such accounts, and one for each account."""
    if not len(edges):
        return
    names = _names(engine, shares, np.unique(np.concatenate([edges.u, edges.v])))
    keys, of = communities(edges)
    for number in range(int(of.max()) + 1):
        members = keys[of == number]
        inside = np.flatnonzero(np.isin(edges.u, members) & np.isin(edges.v, members))
        listed = sorted(names[int(one)] for one in members)
        group = f"community:{key(chr(10).join(listed)):016x}"
        yield _of_group(group, len(members), edges.only_at(inside), listed)
        for account in members:
            yield _of_account(group, int(account), edges.only_at(inside), names, kinds)


def _of_group(group: str, size: int, edges: Edges, listed: list[str]) -> Found:
    evidence = [{"kind": "group", "size": size, "accounts": listed[:SHOWN_OBJECTS]}]
    return Found(
        "community", group, key(group), None, _score(edges),
        Message("coordination.choice.group", {"count": size}), evidence, NAME,
        community=group, opens_case=False,
    )  # fmt: skip


def _of_account(
    group: str,
    account: int,
    edges: Edges,
    names: Mapping[int, str],
    kinds: Mapping[str, tuple[Shares, Choices]],
) -> Found:
    mine = edges.only((edges.u == account) | (edges.v == account))
    order = np.lexsort((np.arange(len(mine)), mine.p, -mine.count))
    best = int(order[0])
    values = {
        "count": len({mine.other(place, account) for place in range(len(mine))}),
        "partner": names[mine.other(best, account)],
        "common": int(mine.count[best]),
        "expected": rounded(float(mine.expected[best])),
    }
    evidence = [_edge(mine, int(at), account, names, kinds) for at in order[:SHOWN_PARTNERS]]
    return Found(
        "account", names[account], account, names[account], _score(mine),
        Message("coordination.choice.account", values), evidence, NAME,
        community=group, opens_case=False,
    )  # fmt: skip


def _edge(
    edges: Edges,
    place: int,
    account: int,
    names: Mapping[int, str],
    kinds: Mapping[str, tuple[Shares, Choices]],
) -> dict[str, Any]:
    kind = str(edges.kind[place])
    partner = edges.other(place, account)
    return {
        "kind": "edge",
        "partner_account": names[partner],
        "object_kind": kind,
        "reading": NAME,
        "common": int(edges.count[place]),
        "expected": float(edges.expected[place]),
        "p": float(edges.p[place]),
        "q": float(edges.q[place]),
        "objects": [
            {OBJECTS.get(kind, kind): one} for one in _shared(kinds[kind], account, partner)
        ],
    }


def _shared(of_kind: tuple[Shares, Choices], u: int, v: int) -> list[str]:
    """The first rare objects that two accounts have in common, by name."""
    shares, found = of_kind
    mine, theirs = (
        shares.object[shares.account == np.searchsorted(shares.accounts, one)] for one in (u, v)
    )
    both = np.intersect1d(mine, theirs)
    return [shares.objects[int(one)].as_py() for one in both[found.rare[both]][:SHOWN_OBJECTS]]


def _names(engine: Engine, shares: ir.Table, keys: Ints) -> dict[int, str]:
    """The ids of accounts by their keys."""
    wanted = engine.table(pa.table({"account_key": keys}), "coordination_choosers")
    named = shares.semi_join(wanted, "account_key").group_by("account_key")
    rows = engine.collect(named.agg(account=shares.account.min())).to_pylist()
    return {row["account_key"]: row["account"] for row in rows}


def _score(edges: Edges) -> float:
    """How much of what is in common chance does not explain; in (0, 1)."""
    return float(np.clip(1 - edges.expected.sum() / edges.count.sum(), 0.0, 1.0))
