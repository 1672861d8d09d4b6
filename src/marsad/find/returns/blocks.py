"""Which accounts to compare with whom: whatever two accounts of one person tend to share.

A pair has one block, the first that proposes it; the feature behind that block then counts only
beyond what the block asks for (see `marsad.find.returns.weights`). Every block is bounded: an
account that is gone gets at most so many candidates from each, those that have most in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from marsad.find.returns.accounts import Accounts
from marsad.find.returns.naming import Naming
from marsad.find.returns.ties import Ties

Ints = npt.NDArray[np.int64]

BLOCKS = ("announcement", "avatar", "handle", "name", "follow", "follower", "url", "hashtag",
          "repost", "mention", "all")  # fmt: skip
"""Most telling first; ``all`` compares everybody where that is few enough."""

MOST_SHARING = {"handle": 400, "name": 50, "avatar": 20, "follow": 200, "follower": 200, "url": 60,
                "hashtag": 100, "repost": 100, "mention": 100, "announcement": 30}  # fmt: skip
"""What more accounts than this have proposes nobody."""

ALL_PAIRS = 60_000
"""Up to this many pairs, everybody is compared with everybody."""

PARENTS_AT_ONCE = 2_000
LEAST_ALIKE = 0.35
"""Least cosine of two handles' runs of three letters."""


@dataclass(frozen=True)
class Pairs:
    """Pairs to compare: places of the parent and of the child, and the number of the block."""

    parent: Ints
    child: Ints
    block: Ints

    def __len__(self) -> int:
        return len(self.parent)

    def where(self, mask: npt.NDArray[Any]) -> Pairs:
        return Pairs(self.parent[mask], self.child[mask], self.block[mask])


def pairs(
    accounts: Accounts, ties: Mapping[str, Ties], named: Naming, parents: Ints, most: int
) -> Pairs:
    """The pairs that any block proposes, each once; ``most`` candidates a parent and block.

    ``parents`` are places in ``accounts``. Nobody is paired with themselves.
    """
    found = []
    for number, name in enumerate(BLOCKS[:-1]):
        proposed = (
            _announced(named, parents) if name == "announcement"
            else _proposed(name, accounts, ties, parents, most)
        )  # fmt: skip
        for parent, child in proposed:
            found.append((parent, child, np.full(len(parent), number)))
    if len(parents) * len(accounts) <= ALL_PAIRS:
        parent, child = np.meshgrid(parents, np.arange(len(accounts)), indexing="ij")
        found.append((parent.ravel(), child.ravel(), np.full(parent.size, len(BLOCKS) - 1)))
    parent, child, block = (
        np.concatenate([np.empty(0, np.int64), *(part[n] for part in found)]) for n in range(3)
    )
    return _once(parent, child, block, len(accounts))


def _once(parent: Ints, child: Ints, block: Ints, count: int) -> Pairs:
    both = parent * count + child
    order = np.lexsort((block, both))
    fresh = np.ones(len(order), bool)
    fresh[1:] = both[order][1:] != both[order][:-1]
    kept = order[fresh & (parent[order] != child[order])]
    return Pairs(parent[kept], child[kept], block[kept])


def _proposed(
    block: str, accounts: Accounts, ties: Mapping[str, Ties], parents: Ints, most: int
) -> Iterator[tuple[Ints, Ints]]:
    if block in ties:
        rows = _rare(ties[block], MOST_SHARING[block])
        yield from _nearest(rows, parents, most, 0.0)
        return
    if block == "handle":
        yield from _nearest(_letter_runs(accounts.skeletons), parents, most, LEAST_ALIKE)
    elif block in ("name", "avatar"):
        texts = accounts.names if block == "name" else accounts.avatar
        yield from _nearest(_equal(texts, MOST_SHARING[block]), parents, most, 0.0)


def _announced(named: Naming, parents: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Who names a parent, and whom a parent names, where few do."""
    rare = named.often <= MOST_SHARING["announcement"]
    who, whom = named.who[rare], named.whom[rare]
    for parent, child in ((whom, who), (who, whom)):
        gone = np.isin(parent, parents)
        yield parent[gone], child[gone]


def _rare(ties: Ties, most: int) -> csr_matrix:
    """Rows over the objects that few have, weighted by rarity."""
    keep = (ties.degree <= most).astype(np.float32)
    rarity = np.log((1 + ties.bare.shape[0]) / (1 + ties.degree)).astype(np.float32)
    rows: Any = (ties.bare @ diags(keep * rarity)).tocsr()
    rows.eliminate_zeros()
    return rows


def _letter_runs(texts: Sequence[str]) -> csr_matrix:
    """Runs of three letters of each text, the ends marked; rare ones weigh more; length 1."""
    flat = "".join(f"^{text}$\n" if text else "\n" for text in texts)
    codes = np.frombuffer(flat.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    ends = codes == 10
    of = np.cumsum(ends) - ends
    inside = ~ends[:-2] & ~ends[1:-1] & ~ends[2:]
    runs = ((codes[:-2] << 42) | (codes[1:-1] << 21) | codes[2:])[inside]
    known, columns = np.unique(runs, return_inverse=True)
    shape = (len(texts), max(len(known), 1))
    ones = np.ones(len(runs), np.float32)
    found: Any = csr_matrix((ones, (of[:-2][inside], columns)), shape=shape)
    degree = np.bincount(found.indices, minlength=shape[1])
    found = found @ diags(np.log((1 + shape[0]) / (1 + degree)).astype(np.float32))
    lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    found = (diags(1 / np.maximum(lengths, 1e-9)) @ found).tocsr()
    return _without_common(found, degree)


def _without_common(rows: Any, degree: Ints) -> csr_matrix:
    """Runs that one account in twenty has (and at least 400) propose nobody."""
    common = degree > max(MOST_SHARING["handle"], rows.shape[0] // 200)
    rows = (rows @ diags((~common).astype(np.float32))).tocsr()
    rows.eliminate_zeros()
    return rows


def _equal(texts: Sequence[str], most: int) -> csr_matrix:
    """A column for each text that several, and not too many, have."""
    codes: dict[str, int] = {}
    code = np.array([codes.setdefault(text, len(codes)) for text in texts], np.int64)
    size = np.bincount(code, minlength=len(codes))
    kept = (size[code] > 1) & (size[code] <= most) & np.array([bool(text) for text in texts])
    rows = np.flatnonzero(kept)
    ones = np.ones(len(rows), np.float32)
    return csr_matrix((ones, (rows, code[rows])), shape=(len(texts), len(codes)))


def _nearest(
    rows: csr_matrix, parents: Ints, most: int, least: float
) -> Iterator[tuple[Ints, Ints]]:
    """Of each parent the ``most`` others whose product with it is largest and above ``least``."""
    across = rows.T.tocsr()
    for at in range(0, len(parents), PARENTS_AT_ONCE):
        some = parents[at : at + PARENTS_AT_ONCE]
        product = (rows[some] @ across).tocoo()
        keep = (product.data > least) & (product.col != some[product.row])
        row, child, value = product.row[keep], product.col[keep], product.data[keep]
        order = np.lexsort((child, -value, row))
        row, child = row[order].astype(np.int64), child[order].astype(np.int64)
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        yield some[row[rank < most]], child[rank < most]
