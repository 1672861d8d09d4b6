"""The validated network: pairs of accounts that no chance explains, over all kinds of object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.choice import Choices
from marsad.find.coordination.shares import Shares
from marsad.find.coordination.testing import Tested
from marsad.find.discoveries import q_values

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Edges:
    """Discoveries, one row a pair of accounts and kind of object.

    ``u`` < ``v`` are int64 keys; ``place`` is the pair's place among the candidates of its kind.
    ``count`` of ``common`` objects were shared close together, where λ = ``expected`` would have
    been by chance; ``p`` and ``q`` are of the reading that spoke, ``timing`` where it is T1.
    """

    kind: npt.NDArray[np.object_]
    place: Ints
    u: Ints
    v: Ints
    count: Ints
    common: Ints
    expected: Floats
    p: Floats
    q: Floats
    timing: Bools

    def __len__(self) -> int:
        return len(self.u)

    def other(self, place: int, account: int) -> int:
        """The account at the other end of an edge."""
        u, v = int(self.u[place]), int(self.v[place])
        return v if account == u else u

    def only(self, kept: Bools) -> Edges:
        """Some of the edges."""
        return self.only_at(np.flatnonzero(kept))

    def only_at(self, places: Ints) -> Edges:
        """The edges at these places."""
        return Edges(*(getattr(self, name)[places] for name in self.__dataclass_fields__))


def validated(
    tested: Mapping[str, Tested],
    level: float,
    chosen: Mapping[str, Choices] | None = None,
    without: Edges | None = None,
) -> tuple[Edges, Edges]:
    """The pairs that are discoveries at a false discovery rate of ``level``, of accounts that are;
    and those of choice alone. Pairs in ``without`` count among the tests and not as discoveries.

    One rate over all pairs, kinds and readings that could have been tested. That of pairs does not
    bound that of accounts, as false pairs may each bring new ones: an account counts only if the
    smallest of its p-values, times all those it could have had, is a discovery among all accounts.
    """
    every, picked = _candidates(tested), _picked(tested, chosen or {})
    if without is not None and len(without):
        every = every.only(~_among(every, without))
    tests = sum(one.tests for one in tested.values())
    tests += sum(one.tests for one in (chosen or {}).values())
    q = q_values(np.concatenate([every.p, picked.p]), tests)
    every, picked = replace(every, q=q[: len(every)]), replace(picked, q=q[len(every) :])
    pairs = every.only(every.q <= level)
    accounts = _accounts(every, tested, level)
    found = pairs.only(np.isin(pairs.u, accounts) & np.isin(pairs.v, accounts))
    return found, picked.only(picked.q <= level)


def _among(every: Edges, some: Edges) -> Bools:
    """Which of all edges are some of them."""
    found = np.zeros(len(every), bool)
    for kind in set(some.kind):
        places = some.place[some.kind == kind]
        found |= (every.kind == kind) & np.isin(every.place, places)
    return found


def _picked(tested: Mapping[str, Tested], chosen: Mapping[str, Choices]) -> Edges:
    """All pairs of choice as edges; all that they have in common counts."""
    parts = [_candidates(tested).only_at(np.zeros(0, np.int64))]
    for kind, one in chosen.items():
        accounts, size = tested[kind].close.shares.accounts, len(one.u)
        parts.append(
            Edges(
                kind=np.full(size, kind, dtype=object),
                place=np.arange(size),
                u=accounts[one.u],
                v=accounts[one.v],
                count=one.count,
                common=one.count,
                expected=one.expected,
                p=one.p,
                q=np.ones(size),
                timing=np.zeros(size, bool),
            )
        )
    return _joined(parts)


def _candidates(tested: Mapping[str, Tested]) -> Edges:
    return _joined([_of_kind(kind, one) for kind, one in tested.items()])


def _joined(parts: Sequence[Edges]) -> Edges:
    columns = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in Edges.__dataclass_fields__
    )
    return Edges(*columns)


def _of_kind(kind: str, one: Tested) -> Edges:
    pairs, accounts = one.pairs, one.close.shares.accounts
    size = len(pairs)
    return Edges(
        kind=np.full(size, kind, dtype=object),
        place=np.arange(size),
        u=accounts[pairs.u],
        v=accounts[pairs.v],
        count=pairs.count,
        common=np.diff(pairs.starts),
        expected=one.expected,
        p=np.minimum(one.timing, one.audience),
        q=np.ones(size),
        timing=one.timing <= one.audience,
    )


def _accounts(every: Edges, tested: Mapping[str, Tested], level: float) -> Ints:
    """The keys of accounts that are discoveries among all accounts."""
    keys, possible = _possible_tests([one.close.shares for one in tested.values()])
    least = np.ones(len(keys))
    for end in (every.u, every.v):
        np.minimum.at(least, np.searchsorted(keys, end), every.p)
    corrected = np.minimum(least * possible, 1.0)
    return keys[q_values(corrected, len(keys)) <= level]


def _possible_tests(kinds: list[Shares]) -> tuple[Ints, Floats]:
    """All accounts, and how many tests each could have had: two with each account it met."""
    keys = np.unique(np.concatenate([shares.accounts for shares in kinds]))
    possible = np.zeros(len(keys))
    for shares in kinds:
        met = np.bincount(
            shares.account, weights=shares.sizes[shares.object] - 1, minlength=len(shares.accounts)
        )
        most = np.minimum(met, len(shares.accounts) - 1)
        possible[np.searchsorted(keys, shares.accounts)] += 2 * most
    return keys, possible
