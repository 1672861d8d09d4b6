"""Arrow columns from numbers: what is taken from where, and put back in order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from marsad.simulate.draws import Ints


def indices(numbers: Ints) -> pa.Array:
    """Numbers as Arrow indices; those below 0 take nothing (null)."""
    numbers = np.asarray(numbers, dtype=np.int64)
    return pa.array(numbers, mask=numbers < 0)


def in_order(parts: Sequence[pa.Array], places: Sequence[Ints]) -> pa.Array:
    """Texts written in parts as one column: the parts' rows at their places, which are all rows."""
    if not parts:
        return pa.array([], pa.string())
    order = np.argsort(np.concatenate(list(places)), kind="stable")
    return pa.concat_arrays(list(parts)).take(pa.array(order))


def chosen(values: list[str], which: Ints) -> pa.Array:
    """Values by number as a dictionary column; numbers below 0 are null."""
    unique = list(dict.fromkeys(values))
    place = {value: at for at, value in enumerate(unique)}
    codes = np.array([place[value] for value in values], np.int32)
    mask = which < 0
    taken = pa.array(codes[np.maximum(which, 0)], mask=mask)
    return pa.DictionaryArray.from_arrays(taken, pa.array(unique))


def named(values: list[str], which: Ints) -> pa.Array:
    """Names of enumerations as they are written: lower case with hyphens."""
    names = pa.array([value.lower().replace("_", "-") for value in values])
    return pa.DictionaryArray.from_arrays(indices(which).cast(pa.int32()), names)
