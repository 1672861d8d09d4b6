"""One post is one act, however many objects it names.

Two posts with the same three hashtags are one coincidence and not three. Of the objects that two
accounts have in common in the same posts, told by their times, one stands for all.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from marsad.find.coordination.candidates import Candidates
from marsad.find.coordination.shares import Shares

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def one_an_act(pairs: Candidates, shares: Shares, window: int) -> Candidates:
    """The pairs with one object for each act in common, that came close on two acts at least.

    Common objects belong to one act if they stand in the same post of either account, or are
    joined by a chain of such objects. The one that most accounts shared stands for it: whichever
    that is does not depend on how close together anything was shared.
    """
    if not len(pairs):
        return pairs
    pair = pairs.pair
    act = _acts(pair, shares.at[pairs.share_u], shares.at[pairs.share_v])
    order = np.lexsort((pairs.object, -shares.sizes[pairs.object], act))
    first = order[np.flatnonzero(np.diff(act[order], prepend=-1))]
    kept = np.zeros(len(pair), bool)
    kept[first] = True
    near = np.abs(shares.at[pairs.share_u] - shares.at[pairs.share_v]) <= window
    count = np.bincount(pair[kept & near], minlength=len(pairs)).astype(np.int64)
    return replace(pairs, count=count).only(count > 1, kept)


def acts_of_accounts(shares: Shares, among: Bools) -> Ints:
    """Of each account the posts, told by their times, with one of some shares or more."""
    account, at = shares.account[among], shares.at[among]
    order = np.lexsort((at, account))
    account, at = account[order], at[order]
    fresh = np.ones(len(at), bool)
    fresh[1:] = (account[1:] != account[:-1]) | (at[1:] != at[:-1])
    return np.bincount(account[fresh], minlength=len(shares.accounts)).astype(np.int64)


def _acts(pair: Ints, at_u: Ints, at_v: Ints) -> Ints:
    """A number for each row, the same for rows of one act."""
    mine, theirs = _numbered(pair, at_u), _numbered(pair, at_v)
    size = int(mine.max()) + 1
    graph = coo_array(
        (np.ones(len(pair), np.int8), (mine, size + theirs)),
        shape=(size + int(theirs.max()) + 1,) * 2,
    )
    _, label = connected_components(graph, directed=False)
    return np.asarray(label[mine], np.int64)


def _numbered(pair: Ints, at: Ints) -> Ints:
    """A number for each pair and time."""
    _, time = np.unique(at, return_inverse=True)
    _, number = np.unique(pair * (int(time.max()) + 1) + time, return_inverse=True)
    return np.asarray(number, np.int64)
