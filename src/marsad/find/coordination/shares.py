"""The shares that coordination is sought in: of each account and object the first."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from marsad.engines import Engine
from marsad.find.coordination.orders import numbered, places

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
        # by account first: what is sorted next leaves those of one object and time as they are
        by_account = places(account_key)
        key, object_, at = account_key[by_account], object_[by_account], at[by_account]
        fresh = np.ones(len(key), bool)
        fresh[1:] = key[1:] != key[:-1]
        account = np.cumsum(fresh) - 1
        code, base, times = _coded(object_, at, len(objects))
        order = places(code)
        # read back in order, which is sooner done than to fetch each from where it stood
        object_, time = np.divmod(code[order], base)
        at = times[time] if times is not None else time + at.min(initial=_LATEST)
        return cls(account[order], object_, at, key[fresh], objects)


_LATEST = np.iinfo(np.int64).max


def _coded(object_: Ints, at: Ints, objects: int) -> tuple[Ints, int, Ints | None]:
    """One number for object and time, ``base`` times the first and the rest for the second: µs
    after the first of all, or, where that would be too large, a place among the times that occur.
    """
    begin = int(at.min(initial=_LATEST))
    base = int(at.max(initial=begin)) - begin + 1
    if objects * base < _LATEST:
        return object_ * base + (at - begin), base, None
    times, time = numbered(at)
    return object_ * len(times) + time, len(times), times


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
