"""Rows of one key together: how a stream sorted by a key becomes whole groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from marsad.engines.base import GroupFunction


class EachGroup:
    """Splits a batch of whole groups and applies a function to each; runs in a worker."""

    def __init__(self, fn: GroupFunction, key: str, schema: pa.Schema) -> None:
        self.fn, self.key, self.schema = fn, key, schema

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        table = pa.Table.from_batches([batch])
        results = [self.fn(group) for group in _split(table, self.key)]
        if not results:
            return pa.RecordBatch.from_pylist([], schema=self.schema)
        joined = pa.concat_tables(results).cast(self.schema).combine_chunks()
        return pa.RecordBatch.from_arrays(
            [column.combine_chunks() for column in joined.columns], schema=self.schema
        )


def _split(table: pa.Table, key: str) -> Iterator[pa.Table]:
    """The runs of equal keys in a table sorted by key."""
    if table.num_rows == 0:
        return
    runs = pc.run_end_encode(table[key].combine_chunks())
    ends = runs.run_ends.to_pylist()
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        yield table.slice(start, end - start)


def whole_groups(
    batches: Iterable[pa.RecordBatch], key: str, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Re-cuts batches sorted by key so that no group is spread over two."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if batch.num_rows == 0:
            continue
        cut = _last_group_start(batch, key)
        if held and (cut > 0 or held[-1][key][-1].as_py() != batch[key][0].as_py()):
            whole = [*held, batch.slice(0, cut)] if cut else held
            held = [batch.slice(cut)] if cut else [batch]
            yield _joined(whole, schema)
        elif cut:
            yield batch.slice(0, cut)
            held = [batch.slice(cut)]
        else:
            held.append(batch)
    if held:
        yield _joined(held, schema)


def _last_group_start(batch: pa.RecordBatch, key: str) -> int:
    """The first row of the last group in a batch sorted by key."""
    ends = pc.run_end_encode(batch[key]).run_ends.to_pylist()
    return int(ends[-2]) if len(ends) > 1 else 0


def _joined(batches: Sequence[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    table = pa.Table.from_batches(batches).cast(schema)
    columns = [column.combine_chunks() for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
