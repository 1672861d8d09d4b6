"""Plain arrays of numbers, as the measures take them: what is none is named, with its place."""

from __future__ import annotations

import numbers as python
from collections.abc import Callable
from typing import TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.records.errors import InputError

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

VALID: dict[str, Callable[[Floats], Mask]] = {
    "number": lambda x: np.ones(x.shape, bool),
    "finite": np.isfinite,
    "day": lambda x: np.isfinite(x) & (x >= 0),
    "day-or-never": lambda x: x >= 0,
    "code": lambda x: np.isnan(x) | np.isin(x, (0, 1)),
    "truth": lambda x: np.isin(x, (0, 1)),
    "probability": lambda x: np.isnan(x) | ((x > 0) & (x <= 1)),
    "index": lambda x: np.isfinite(x) & (x >= 0) & (x == np.floor(x)),
}
"""Which numbers may stand in a column. `measure.valid.KEY` says it in words."""

TRUTHS = ("code", "truth")
"""Those that truth values may stand for."""


def numbers(column: str, given: ArrayLike, valid: str = "number") -> Floats:
    """``given`` as an array of floats, NaN where None stands.

    Texts, dates and (but for `TRUTHS`) truth values are no numbers. Raises `InputError` that names
    ``column``, the first row (counted from 0) with something else than ``valid``, a key of `VALID`,
    and what stands there.
    """
    values = _cells(given)
    wrong = _are_none(values, truth=valid in TRUTHS)
    if not wrong.any():
        found: Floats = values.astype(float)
        wrong = ~VALID[valid](found)
        if not wrong.any():
            return found
    row = int(np.argmax(wrong.ravel()))
    raise InputError(
        "measure.number", column=column, row=row, given=shown(values.ravel().tolist()[row]),
        valid={"words": [f"measure.valid.{valid}"]},
    )  # fmt: skip


def checked_level(level: float) -> float:
    """The level of an interval, which lies between 0 and 1."""
    if not is_number(level) or not 0 < level < 1:
        raise InputError("measure.level", given=shown(level))
    return float(level)


def _cells(given: ArrayLike) -> NDArray[np.generic]:
    """The values one by one: left alone, numpy makes texts of all numbers beside one text."""
    try:
        values: NDArray[np.generic] = np.asarray(given)
    except ValueError:  # rows of several lengths
        return np.asarray(given, dtype=object)
    is_text = values.dtype.kind in "US" and not isinstance(given, np.ndarray)
    return np.asarray(given, dtype=object) if is_text else values


def _are_none(values: NDArray[np.generic], *, truth: bool) -> Mask:
    """Which of the values are no numbers; ``truth`` values may be some."""
    if values.dtype.kind in "iufb":
        return np.full(values.shape, values.dtype.kind == "b" and not truth)
    if values.dtype.kind != "O":
        return np.ones(values.shape, bool)
    are = [one is None or is_number(one, truth) for one in values.ravel().tolist()]
    return ~np.array(are, dtype=bool).reshape(values.shape)


def is_number(one: object, truth: bool = False) -> TypeGuard[float]:
    """Whether it is a real number; a ``truth`` value only where that is asked for."""
    if isinstance(one, (bool, np.bool_)):
        return truth
    return isinstance(one, python.Number) and not isinstance(one, (complex, np.complexfloating))


def shown(one: object) -> object:
    """What was given as a sentence may have it: a number as it is, all else as Python writes it."""
    return float(one) if isinstance(one, python.Real) and is_number(one) else repr(one)[:100]
