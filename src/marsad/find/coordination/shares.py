"""The shares that coordination is sought in: of each account and object the first."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from marsad.engines import Engine

Ints = npt.NDArray[np.int64]

MOST_SHARES = 40_000_000
"""Shares of one kind that are held in memory; more are refused."""


@dataclass(frozen=True)
class Shares:
    """Shares of one kind, in order of object, time and account; objects have two accounts or more.

    ``account`` and ``object`` count from 0: places in ``accounts`` (their int64 keys, ascending)
    and in ``objects`` (their names, ascending); ``at`` is µs UTC. Whatever order an engine gives
    them in, sums over them are the same to the last digit. One share an account and object, so
    nobody is paired with themselves.
    """

    account: Ints
    object: Ints
    at: Ints
    accounts: Ints
    objects: pa.Array

    @property
    def sizes(self) -> Ints:
        """Accounts that shared each object."""
        return np.bincount(self.object, minlength=len(self.objects))

    @property
    def starts(self) -> Ints:
        """Where the shares of each object begin, and where the last ones end."""
        return np.concatenate([[0], np.cumsum(self.sizes)])

    @classmethod
    def of(cls, account_key: Ints, object_: Ints, at: Ints, objects: pa.Array) -> Shares:
        """From first shares in any order."""
        accounts, account = _numbered(account_key)
        order = _ordered(account, object_, at)
        return cls(account[order], object_[order], at[order], accounts, objects)


def _ordered(account: Ints, object_: Ints, at: Ints) -> Ints:
    """Places by object, time and account: by one number for the first two, which is twice as fast
    as by one after the other; the third is looked at only where these are the same."""
    code = object_ * max(len(at), 1) + _numbered(at)[1]
    order = np.argsort(code)
    tie = np.zeros(len(at) + 1, bool)
    tie[1:-1] = code[order][1:] == code[order][:-1]
    alike = tie[1:] | tie[:-1]
    some = order[alike]
    order[alike] = some[np.lexsort((account[some], code[some]))]
    return order


def first_shares(shares: ir.Table, kind: str) -> ir.Table:
    """The first time each account shared each object of a kind: object, account_key, at."""
    of_kind = shares.filter(shares.object_kind == kind)
    return of_kind.group_by("object", "account_key").agg(at=of_kind.shared_at.min())


def collected(engine: Engine, shares: ir.Table, kind: str) -> Shares:
    """The first shares of a kind in memory: 24 bytes each, and each object's name once."""
    first = engine.collect(first_shares(shares, kind), limit=MOST_SHARES)
    coded = first["object"].combine_chunks().dictionary_encode()
    objects = coded.indices.to_numpy().astype(np.int64)
    # an object of one account pairs nobody
    several = np.bincount(objects, minlength=len(coded.dictionary)) > 1
    kept = several[objects]
    names = coded.dictionary.filter(pa.array(several))
    by_name = pc.sort_indices(names).to_numpy().astype(np.int64)
    place = np.empty(len(names), np.int64)
    place[by_name] = np.arange(len(names))
    return Shares.of(
        first["account_key"].to_numpy()[kept],
        place[(np.cumsum(several) - 1)[objects[kept]]],
        first["at"].to_numpy()[kept],
        names.take(pa.array(by_name)),
    )


def _numbered(values: Ints) -> tuple[Ints, Ints]:
    """The values that occur, ascending, and the place of each among them: `np.unique` takes ten
    times as long, and a search for each five times."""
    order = np.argsort(values)
    ordered = values[order]
    fresh = np.ones(len(values), bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    place = np.empty(len(values), np.int64)
    place[order] = np.cumsum(fresh) - 1
    return ordered[fresh], place
