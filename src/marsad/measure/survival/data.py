"""Lifetimes as looks show them: alive at one look, gone by another, watched since a third.

An account's lifetime T is told by three days on one clock (days since it was made, say): it was
first watched at ``entry``, last seen alive at ``left`` and first found gone at ``right``, so that
T > entry is given and left < T ≤ right is observed. ``right`` is infinite for an account that was
alive at the last look; ``left`` equals ``right`` where the very time is known.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.numbers import numbers
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LOOKS = "marsad import FILE --as observations"


@dataclass(frozen=True)
class Lifetimes:
    """Checked lifetimes of n accounts; made by `checked`.

    ``left``, ``right``, ``entry`` and ``weights`` are arrays of n days and counts; ``cause`` gives
    the number of the reason of the end in ``reasons``, −1 for an account that was alive.
    """

    left: Floats
    right: Floats
    entry: Floats
    weights: Floats
    cause: Ints
    reasons: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.left)

    @property
    def ended(self) -> NDArray[np.bool_]:
        return np.isfinite(self.right)

    @property
    def exact(self) -> NDArray[np.bool_]:
        return np.asarray(self.left == self.right)

    @property
    def accounts(self) -> int:
        """The sum of the weights, as a whole number."""
        return round(float(self.weights.sum()))

    def where(self, chosen: NDArray[np.bool_]) -> Lifetimes:
        """Only the accounts that ``chosen`` marks."""
        parts = (self.left, self.right, self.entry, self.weights)
        left, right, entry, weights = (part[chosen] for part in parts)
        return Lifetimes(left, right, entry, weights, self.cause[chosen], self.reasons)


def checked(
    left: ArrayLike,
    right: ArrayLike,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    reason: Sequence[str | None] | None = None,
    reasons: Sequence[str] | None = None,
) -> Lifetimes:
    """Lifetimes from plain arrays, one entry an account; days as numbers, none negative.

    ``weights`` are how many accounts a row stands for. ``reason`` says why an account ended, None
    for one that was alive; with ``reasons`` no others are taken. Raises `InputError` that names
    the first row (counted from 0) and the value that cannot be, `Refused` where there is nobody.
    """
    first, last = _days("left", left), _days("right", right, "day-or-never")
    since = np.zeros(len(first)) if entry is None else _days("entry", entry)
    counts = np.ones(len(first)) if weights is None else _days("weights", weights)
    if {last.shape, since.shape, counts.shape} != {first.shape}:
        raise InputError("measure.survival.lengths")
    if not len(first):
        raise Refused("measure.survival.nobody", ["accounts"], LOOKS)
    _check_order(first, last, since, counts)
    cause, named = _causes(last, reason, reasons)
    return Lifetimes(first, last, since, counts, cause, named)


def _days(column: str, given: ArrayLike, valid: str = "day") -> Floats:
    values = numbers(column, given, valid)
    if values.ndim != 1:
        raise InputError("measure.survival.lengths")
    return values


def _check_order(left: Floats, right: Floats, entry: Floats, weights: Floats) -> None:
    for name, wrong in (
        ("measure.survival.gone-before-seen", left > right),
        ("measure.survival.seen-before-watched", entry > left),
        ("measure.survival.no-time", np.isfinite(right) & (right <= entry)),
        ("measure.survival.weight", weights <= 0),
    ):
        if wrong.any():
            row = int(np.argmax(wrong))
            raise InputError(
                name, row=row, left=float(left[row]), right=float(right[row]),
                entry=float(entry[row]), weight=float(weights[row]),
            )  # fmt: skip


def _causes(
    right: Floats, reason: Sequence[str | None] | None, reasons: Sequence[str] | None
) -> tuple[Ints, tuple[str, ...]]:
    """The number of each account's reason, −1 where it was alive, and the reasons by number."""
    if reason is None:
        return np.where(np.isfinite(right), 0, -1).astype(np.int64), ()
    if len(reason) != len(right):
        raise InputError("measure.survival.lengths")
    given = [one if isinstance(one, str) and one else None for one in reason]
    known = tuple(reasons or sorted({one for one in given if one is not None}))
    numbers = {name: number for number, name in enumerate(known)}
    for row, (one, alive) in enumerate(zip(given, ~np.isfinite(right), strict=True)):
        if alive and one is not None:
            raise InputError("measure.survival.reason-of-living", row=row, given=one)
        if not alive and one not in numbers:
            raise InputError(
                "measure.survival.reason", row=row, given=str(reason[row]), valid=", ".join(known)
            )
    cause = [-1 if one is None else numbers[one] for one in given]
    return np.array(cause, dtype=np.int64), known


def grouped(values: Sequence[Hashable], length: int) -> dict[str, NDArray[np.bool_]]:
    """Which accounts are in which group, by the group's name, in the order of names."""
    names = [str(value) for value in values]
    if len(names) != length:
        raise InputError("measure.survival.lengths")
    every = np.array(names)
    return {name: every == name for name in sorted(set(names))}
