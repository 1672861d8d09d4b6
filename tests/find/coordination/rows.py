"""Shares as arrays, and what is found in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.find.coordination.joined import joined
from marsad.find.coordination.network import Edges, validated
from marsad.find.coordination.shares import Shares
from marsad.find.coordination.testing import put_to_test

Ints = npt.NDArray[np.int64]
WEEK = 7 * 86_400
SECOND = 1_000_000
WINDOW = 60 * SECOND


@dataclass(frozen=True)
class Rows:
    """Shares in any order, an account and object perhaps more than once; ``at`` in seconds."""

    account: Ints
    object: Ints
    at: npt.NDArray[np.float64]

    def and_(self, other: Rows) -> Rows:
        """These and others."""
        return Rows(
            np.concatenate([self.account, other.account]),
            np.concatenate([self.object, other.object]),
            np.concatenate([self.at, other.at]),
        )

    def shares(self) -> Shares:
        """The first share of each account and object, of objects with two accounts."""
        order = np.argsort(self.at, kind="stable")
        account, object_ = self.account[order], self.object[order]
        _, first = np.unique(object_ * (account.max() + 1) + account, return_index=True)
        account, object_, at = account[first], object_[first], self.at[order][first]
        several = np.bincount(object_)[object_] > 1
        names = pa.array([f"x:{n}" for n in range(int(object_.max()) + 1)])
        times = (at[several] * SECOND).astype(np.int64)
        return Shares.of(account[several], object_[several], times, names)


def found(rows: Rows, level: float = 0.05) -> Edges:
    """The validated network of one kind of object."""
    tested = {"url": put_to_test(rows.shares(), WINDOW, level)}
    found, _ = validated(tested, level)
    return found.only(joined(found, tested))


def popular(draw: np.random.Generator, count: int, objects: int) -> Ints:
    """Objects drawn by Zipf's law with exponent 1.1."""
    weights = 1 / np.arange(1, objects + 1) ** 1.1
    return draw.choice(objects, size=count, p=weights / weights.sum())
