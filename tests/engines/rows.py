"""Rows to try engines with, and when two sets of rows are the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from marsad.records.tables import MEDIA_ITEM

Row = Mapping[str, Any]

STRINGS = pa.list_(pa.string())

MIXED = pa.schema(
    [
        pa.field("number", pa.int64(), nullable=False),
        pa.field("whole", pa.int64()),
        pa.field("part", pa.float64()),
        pa.field("flag", pa.bool_()),
        pa.field("text", pa.string()),
        pa.field("group", pa.string()),
        pa.field("tags", STRINGS),
        pa.field("media", pa.list_(MEDIA_ITEM)),
    ]
)
"""Every kind of column that a record has."""

_PHOTO = {"id": "1", "kind": "photo", "url": "https://a.example/1", "hash": None, "alt": "مرسى"}

MIXED_ROWS: Sequence[Row] = [
    dict(zip(MIXED.names, row, strict=True))
    for row in (
        (0, 5, 2.5, True, "#وسم عربي", "a", ["x", "y"], [_PHOTO]),
        (1, -5, -0.1, False, "a\\b'c\"d\ne\tf", "a", [], []),
        (2, 0, 1e300, None, "nul\x00 inside", "b", None, None),
        (3, None, None, True, "", "b", ["x", None], [_PHOTO, {**_PHOTO, "alt": None}]),
        (4, 2**63 - 1, 1 / 3, True, None, None, ["y", "y"], [dict.fromkeys(_PHOTO)]),
        (5, -(2**63), -1e-300, False, "👩‍👩‍👧 𐤀 é", None, ["z"], [_PHOTO]),
    )
]


def mixed() -> pa.Table:
    return pa.Table.from_pylist([dict(row) for row in MIXED_ROWS], schema=MIXED)


def many(count: int, keys: int = 1_000) -> pa.Table:
    """``count`` rows with a key, a value and a text."""
    numbers = range(count)
    return pa.table(
        {
            "number": pa.array(numbers, pa.int64()),
            "key": pa.array([number * 7919 % keys for number in numbers], pa.int64()),
            "text": pa.array([f"word {n % 97} and {n % 13}" for n in numbers], pa.string()),
        }
    )


def assert_same(found: Iterable[Row], expected: Iterable[Row]) -> None:
    """The same rows in any order; floats to nine places of their value."""
    left, right = sorted(found, key=_order), sorted(expected, key=_order)
    assert len(left) == len(right)
    for one, other in zip(left, right, strict=True):
        assert _alike(one, other), f"{one} is not {other}"


def _order(row: Row) -> str:
    return repr([(name, _coarse(row[name])) for name in sorted(row)])


def _coarse(value: Any) -> Any:
    """Floats with six digits, so that the order does not hang on their last ones."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return {name: _coarse(part) for name, part in value.items()}
    return [_coarse(part) for part in value] if isinstance(value, list) else value


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other and type(one) is type(other))
