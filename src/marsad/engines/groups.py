"""Rows of one key together: how a stream sorted by a key becomes whole groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from marsad.engines.functions import called, checked, one_batch


@dataclass(frozen=True)
class OverGroups:
    """A function of a group as a function of a batch of whole groups, one after the other."""

    fn: Callable[[pa.Table], pa.Table]
    key: str
    schema: pa.Schema

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        results = [
            checked(self.fn, called(self.fn, group), self.schema)
            for group in groups(batch, self.key)
        ]
        return one_batch(results, self.schema)


def check_key(schema: pa.Schema, key: str) -> None:
    """Refuses a key by which rows cannot be told apart: only strings, integers and booleans can.

    A float has values that are not equal to themselves, a list none that Arrow compares.
    """
    kind = schema.field(key).type
    if not (pa.types.is_string(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
        raise TypeError(f"rows cannot be grouped by {key}: it is {kind}, not a string or integer")


def groups(batch: pa.RecordBatch, key: str) -> Iterator[pa.Table]:
    """The runs of equal keys in a batch sorted by key. Null is a key like any other."""
    table = pa.Table.from_batches([batch])
    start = 0
    for end in _run_ends(batch[key]):
        yield table.slice(start, end - start)
        start = end


def whole_groups(
    batches: Iterable[pa.RecordBatch], key: str, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Re-cuts batches sorted by key so that no group is spread over two.

    Memory: one batch and the largest group.
    """
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if batch.num_rows == 0:
            continue
        if held and held[-1][key][-1].as_py() != batch[key][0].as_py():
            yield one_batch(held, schema)
            held = []
        cut = _last_group_start(batch, key)
        if cut:
            yield one_batch([*held, batch.slice(0, cut)], schema)
            held = []
        held.append(batch.slice(cut))
    if held:
        yield one_batch(held, schema)


def _last_group_start(batch: pa.RecordBatch, key: str) -> int:
    """The first row of the last group in a batch sorted by key."""
    ends = _run_ends(batch[key])
    return ends[-2] if len(ends) > 1 else 0


def _run_ends(keys: pa.Array) -> list[int]:
    """The rows after the last of each run. Nulls are equal here, as they are not to Arrow."""
    if len(keys) == 0:
        return []
    one, next_one = keys.slice(0, len(keys) - 1), keys.slice(1)
    both_null = pc.and_(pc.is_null(one), pc.is_null(next_one))
    differ = pc.and_not(pc.fill_null(pc.not_equal(one, next_one), True), both_null)
    return [*(end + 1 for end in pc.indices_nonzero(differ).to_pylist()), len(keys)]
