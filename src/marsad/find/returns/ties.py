"""What accounts have in common: whom they follow and who follows them, and what they name, link to
and pass on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_matrix, diags

from marsad.engines import Engine
from marsad.find.returns.accounts import Accounts
from marsad.find.signal import Records

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

KINDS = ("follow", "follower", "hashtag", "url", "mention", "repost")
MOST_TIES = 40_000_000
PAIRS_AT_ONCE = 50_000


@dataclass(frozen=True)
class Ties:
    """Accounts by the objects of one kind, 1 where an account has the object.

    ``rows`` are weighted by rarity, ln((1 + n)/(1 + df)), and of length 1; ``bare`` are not.
    ``degree`` is how many accounts have each object; those that only one has are left out.
    """

    bare: csr_matrix
    rows: csr_matrix
    degree: Ints
    objects: pa.Array

    @property
    def having(self) -> npt.NDArray[np.bool_]:
        """Which accounts have any object."""
        return np.asarray(np.diff(self.bare.indptr) > 0)

    def cosines(self, a: Ints, b: Ints) -> Floats:
        """Rarity-weighted overlap of each pair, 0 to 1."""
        parts = [np.empty(0)]
        for at in range(0, len(a), PAIRS_AT_ONCE):
            some = self.rows[a[at : at + PAIRS_AT_ONCE]]
            others = self.rows[b[at : at + PAIRS_AT_ONCE]]
            parts.append(np.asarray(some.multiply(others).sum(axis=1)).ravel())
        return np.concatenate(parts).astype(np.float64)


def rows(records: Records, engine: Engine, cut: ir.Table) -> pa.Table:
    """What each account has of every kind: ``account``, ``kind`` and ``object``, each once.

    Of the accounts in ``cut`` (``who``, ``began``) only what is not known to be from before.
    """
    edges, shares = records.edges, records.shares
    follows = edges.filter(edges.kind == "follow")
    found = ibis.union(
        edges.select(
            account=edges.source, kind=edges.kind, object=edges.target, at=edges["at"]
        ),
        follows.select(
            account=follows.target, kind=ibis.literal("follower"), object=follows.source,
            at=follows["at"],
        ),
        shares.filter(shares.object_kind.isin(["hashtag", "url"])).select(
            account=shares.account, kind=shares.object_kind, object=shares.object,
            at=shares.shared_at,
        ),
    )  # fmt: skip
    found = found.filter(found.kind.isin(KINDS), found.account != found.object)
    found = found.left_join(cut, found.account == cut.who)
    found = found.filter(found.began.isnull() | found["at"].isnull() | (found["at"] >= found.began))
    # grouped: on Spark a distinct after this join left rows twice (Ibis 12)
    found = found.group_by("account", "kind", "object").aggregate(times=found.count())
    found = found.drop("times")
    return engine.collect(found.order_by("kind", "account", "object"), limit=MOST_TIES)


def of_kind(found: pa.Table, kind: str) -> pa.Table:
    """Some of the `rows`."""
    return found.filter(pc.equal(found["kind"], kind))


def collected(found: pa.Table, accounts: Accounts) -> Mapping[str, Ties]:
    """The ties of every kind that occurs among `rows`."""
    ties = {}
    for kind in KINDS:
        part = of_kind(found, kind)
        if part.num_rows:
            ties[kind] = _ties(part, accounts)
    return ties


def _ties(rows: pa.Table, accounts: Accounts) -> Ties:
    coded = rows["object"].cast(pa.string()).combine_chunks().dictionary_encode()
    place = pc.index_in(rows["account"].cast(pa.string()), value_set=accounts.ids)
    row = pc.fill_null(place, -1).to_numpy().astype(np.int64)
    column = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    known = row >= 0
    row, column = row[known], column[known]
    degree = np.bincount(column, minlength=len(coded.dictionary))
    kept = degree > 1
    new = np.cumsum(kept) - 1
    row, column = row[kept[column]], new[column[kept[column]]]
    shape = (len(accounts), int(kept.sum()))
    bare: Any = csr_matrix((np.ones(len(row), np.float32), (row, column)), shape=shape)
    return _weighted(bare, degree[kept], coded.dictionary.filter(pa.array(kept)))


def _weighted(bare: Any, degree: Ints, objects: pa.Array) -> Ties:
    rarity = np.log((1 + bare.shape[0]) / (1 + degree)).astype(np.float32)
    rows = bare @ diags(rarity) if len(degree) else bare
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows = (diags(1 / np.maximum(lengths, 1e-9)) @ rows).tocsr()
    return Ties(bare, rows, degree, objects)
