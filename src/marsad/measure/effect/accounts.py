"""Accounts looked at on days: what the comparison at equal age is made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.effect.noise import Floats
from marsad.records.errors import InputError

AGES = (0, 1, 2, 3, 4, 6, 9, 13, 19, 28, 42, 63, 94, 141, 211, 316, 474, 711, 1067, 1600)
"""Where bands of age begin, in days."""

Side = NDArray[np.bool_]
"""Observations (n,) of one side of the event."""


@dataclass(frozen=True, eq=False)
class Accounts:
    """Observations of accounts: entry i says that ``account[i]`` (a number), created on
    ``created[i]``, had ``value[i]`` ≥ 0 of what ``name`` says on ``day[i]`` (epoch days). All
    (n,)."""

    account: NDArray[np.int64]
    created: NDArray[np.int64]
    day: NDArray[np.int64]
    value: Floats
    name: str = "value"

    def __post_init__(self) -> None:
        if len({one.shape for one in (self.account, self.created, self.day, self.value)}) > 1:
            raise InputError("measure.effect.accounts.lengths")
        if not np.isfinite(self.value).all() or (self.value < 0).any():
            raise InputError("measure.effect.accounts.values")
        if (self.day < self.created).any():
            raise InputError("measure.effect.accounts.before-created")

    @classmethod
    def of(
        cls,
        account: ArrayLike,
        created: ArrayLike,
        day: ArrayLike,
        value: ArrayLike,
        name: str = "value",
    ) -> Accounts:
        """From sequences; accounts may have any names."""
        _, numbers = np.unique(np.asarray(account), return_inverse=True)
        return cls(
            numbers.astype(np.int64), np.asarray(created, dtype=np.int64),
            np.asarray(day, dtype=np.int64), np.asarray(value, dtype=float), name,
        )  # fmt: skip
