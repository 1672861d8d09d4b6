"""How many accounts used each object, and how many were about at all, window after window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine

Ints = npt.NDArray[np.int64]

MOST_COUNTS = 20_000_000
"""Windows of objects with accounts in them that are held in memory; more are refused."""

OBJECT = ("platform", "object_kind", "object")


def shown(kind: str, name: str) -> str:
    """An object as people write it."""
    return f"#{name}" if kind == "hashtag" else name


def bin_of(at: ir.IntegerValue, window: int) -> ir.IntegerValue:
    """The beginning of the window a time falls in, µs since 1970; no division, which differs."""
    return at - ((at % window) + window) % window


def acts(posts: ir.Table, shares: ir.Table, window: int) -> ir.Table:
    """Every moment at which an account posted or shared: platform, account_key, at, bin.

    Shares come from posts and from tables of shares, so both are read, and each moment counts once.
    """
    every = ibis.union(
        posts.select("platform", "account_key", at=posts.created_at),
        shares.select("platform", "account_key", at=shares.shared_at),
        distinct=True,
    )
    return every.mutate(bin=bin_of(every.at, window))


def uses(shares: ir.Table, kinds: Sequence[str], window: int) -> ir.Table:
    """Every moment at which an account used an object of these kinds."""
    of_kinds = shares.filter(shares.object_kind.isin(list(kinds)))
    moments = of_kinds.select(*OBJECT, "account_key", at=of_kinds.shared_at).distinct()
    return moments.mutate(bin=bin_of(moments.at, window))


def counted(used: ir.Table) -> ir.Table:
    """Accounts of each object and window. One that posts a hundred times counts once."""
    return used.group_by(*OBJECT, "bin").agg(accounts=used.account_key.nunique())


@dataclass(frozen=True)
class Span:
    """The windows of one platform: ``first`` is where the first begins (µs), ``window`` their
    width, ``about`` the accounts that did anything in each of them."""

    platform: str
    first: int
    window: int
    about: Ints

    @property
    def stop(self) -> int:
        """Where the last window ends."""
        return self.first + len(self.about) * self.window

    def place(self, bins: Ints) -> Ints:
        """Which window begins at each time."""
        return (bins - self.first) // self.window


def spans(engine: Engine, done: ir.Table, window: int) -> dict[str, Span]:
    """The span of each platform, from its first moment to its last."""
    about = done.group_by("platform", "bin").agg(accounts=done.account_key.nunique())
    table = engine.collect(about)
    platform = np.array(table["platform"].to_pylist(), dtype=object)
    bins, accounts = table["bin"].to_numpy(), table["accounts"].to_numpy()
    found = {}
    for name in sorted(set(platform.tolist())):
        mine = platform == name
        first = int(bins[mine].min())
        filled = np.zeros((int(bins[mine].max()) - first) // window + 1, np.int64)
        filled[(bins[mine] - first) // window] = accounts[mine]
        found[name] = Span(name, first, window, filled)
    return found


@dataclass(frozen=True)
class Counts:
    """The counts of one platform and kind, in order of object and window.

    ``object`` counts from 0, a place in ``objects``; ``bin`` is a window's number in the platform's
    span; ``accounts`` ≥ 1. Only objects are here that some window counts ``least`` accounts for.
    """

    platform: str
    kind: str
    objects: pa.Array
    object: Ints
    bin: Ints
    accounts: Ints


def busy(engine: Engine, counts: ir.Table, spans_: dict[str, Span], least: int) -> list[Counts]:
    """The counts of all objects that reach ``least`` accounts in some window."""
    most = counts.group_by(*OBJECT).agg(most=counts.accounts.max())
    reach = most.filter(most.most >= least).drop("most")
    table = engine.collect(counts.semi_join(reach, list(OBJECT)), limit=MOST_COUNTS)
    table = table.sort_by([(name, "ascending") for name in (*OBJECT, "bin")])
    group = np.array(
        [f"{a}\n{b}" for a, b in zip(*_names(table, "platform", "object_kind"), strict=True)],
        dtype=object,
    )
    found = []
    for name in sorted(set(group.tolist())):
        platform, kind = name.split("\n")
        rows = table.filter(pa.array(group == name))
        coded = rows["object"].combine_chunks().dictionary_encode()
        found.append(
            Counts(
                platform, kind, coded.dictionary, coded.indices.to_numpy().astype(np.int64),
                spans_[platform].place(rows["bin"].to_numpy()), rows["accounts"].to_numpy(),
            )
        )  # fmt: skip
    return found


def _names(table: pa.Table, *columns: str) -> list[list[str]]:
    return [table[column].to_pylist() for column in columns]
