"""How close together a group shared, over windows of all lengths: a description, not a test."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.groups import Group
from marsad.find.coordination.shares import Shares
from marsad.records.times import SECOND

Ints = npt.NDArray[np.int64]

WINDOWS = (1, 5, 15, 60, 300, 900, 3_600, 86_400)
"""Seconds."""

MOST_SHARES = 2_000_000
"""Shares of a group's objects that are looked at; the objects with most of them are left out."""


def swept(group: Group) -> dict[str, Any]:
    """Of what the group's pairs and all other pairs have in common, how much is how close.

    For each of the ``windows`` the fraction ``together`` of objects that pairs with an edge have in
    common, and the fraction ``others`` of what all pairs that are not both of the group have in
    common among these objects; None where only the group shared them.
    """
    apart, outside, possible = [], np.zeros(len(WINDOWS)), 0.0
    for kind, tested in group.exhibits.tested.items():
        places = group.exhibits.edges.place[_of_kind(group, kind)]
        pairs, shares = tested.pairs, tested.close.shares
        common = _ranges(pairs.starts[places], pairs.starts[places + 1])
        apart.append(np.abs(shares.at[pairs.share_u[common]] - shares.at[pairs.share_v[common]]))
        members = np.isin(shares.accounts, group.accounts)
        near, of = _others(shares, np.unique(pairs.object[common]), members)
        outside, possible = outside + near, possible + of
    together = np.concatenate(apart)
    return {
        "kind": "sweep",
        "windows": list(WINDOWS),
        "together": [round(float((together <= one * SECOND).mean()), 4) for one in WINDOWS],
        "others": (outside / possible).round(4).tolist() if possible else None,
    }


def _of_kind(group: Group, kind: str) -> Ints:
    of_kind = group.exhibits.edges.kind[group.edges] == kind
    return group.edges[np.flatnonzero(of_kind)]


def _ranges(begins: Ints, ends: Ints) -> Ints:
    """The numbers from each begin to its end, one range after the other."""
    lengths = ends - begins
    shift = np.repeat(begins - np.cumsum(lengths) + lengths, lengths)
    return np.asarray(np.arange(len(shift)) + shift, np.int64)


def _others(
    shares: Shares, objects: Ints, members: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], float]:
    """Close pairs by window that are not both members, over some objects, and how many pairs."""
    sizes, starts = shares.sizes[objects], shares.starts
    small = np.argsort(sizes, kind="stable")
    kept = objects[small][np.cumsum(sizes[small]) <= MOST_SHARES]
    near, possible = np.zeros(len(WINDOWS)), 0.0
    for one in kept:
        at = shares.at[starts[one] : starts[one + 1]]
        ours = at[members[shares.account[starts[one] : starts[one + 1]]]]
        near += _near(at) - _near(ours)
        possible += (len(at) * (len(at) - 1) - len(ours) * (len(ours) - 1)) / 2
    return near, possible


def _near(at: Ints) -> npt.NDArray[np.float64]:
    """Pairs of times at most as far apart as each window."""
    places = np.arange(len(at)) + 1
    return np.array(
        [(np.searchsorted(at, at + one * SECOND, side="right") - places).sum() for one in WINDOWS],
        float,
    )
