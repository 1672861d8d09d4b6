"""Functions over rows, as an engine runs them elsewhere: how they are sent, checked, and fail."""

from __future__ import annotations

import functools
import json
import pickle
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from marsad.records.errors import InputError, MarsadError, OutsideError

BATCH_BYTES = 32 << 20
"""Most bytes of rows a function is given at once, where it may be given fewer."""

_BY_EXIT_CODE = {error.exit_code: error for error in (MarsadError, InputError, OutsideError)}


def function_name(fn: Callable[..., Any]) -> str:
    """What an error calls a function: its ``name``, if it is an object with one, else its place."""
    if isinstance(fn, functools.partial):
        return function_name(fn.func)
    said = getattr(fn, "name", None)
    if isinstance(said, str):
        return said
    named = fn if hasattr(fn, "__qualname__") else type(fn)
    return f"{named.__module__}.{named.__qualname__}"


class Applied(Protocol):
    """A function of the caller in the form in which an engine runs it."""

    @property
    def fn(self) -> Callable[..., Any]:
        """The caller's function."""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch: ...


def sent(applied: Applied) -> bytes:
    """The function as bytes for another process. Raises where it cannot be sent."""
    try:
        return pickle.dumps(applied, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # pickle raises whatever a part of the object raises
        name = function_name(applied.fn)
        raise MarsadError("engine.function-sent", function=name, error=_said(error)) from error


@dataclass(frozen=True)
class OverBatches:
    """A function of a batch: what it raises names it, and what it returns is checked."""

    fn: Callable[[pa.RecordBatch], pa.RecordBatch]
    schema: pa.Schema

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        result = checked(self.fn, called(self.fn, batch), self.schema)
        if isinstance(result, pa.RecordBatch) and result.schema.equals(self.schema):
            return result
        return one_batch([result], self.schema)


def called(fn: Callable[[Any], Any], rows: Any) -> Any:
    """What the function returns. What it raises becomes a `MarsadError` that names it."""
    try:
        return fn(rows)
    except MarsadError:
        raise
    except (Exception, SystemExit) as error:  # whatever it raises, the user learns which it was
        raise MarsadError(
            "engine.function", function=function_name(fn), error=_said(error), where=_where(error)
        ) from error


def checked(fn: Callable[..., Any], result: Any, schema: pa.Schema) -> pa.RecordBatch | pa.Table:
    """The result, if it keeps the schema the function was to keep. Raises where it does not."""
    problem = _problem(result, schema)
    if problem:
        raise MarsadError("engine.function-result", function=function_name(fn), problem=problem)
    return result


def _problem(result: Any, schema: pa.Schema) -> str:
    if not isinstance(result, (pa.RecordBatch, pa.Table)):
        return f"it is a {type(result).__name__}"
    if result.schema.names != schema.names:
        return f"its columns are {result.schema.names}, not {schema.names}"
    for field, column in zip(schema, result.columns, strict=True):
        if column.type != field.type:
            return f"{field.name} is {column.type}, not {field.type}"
        if column.null_count and not field.nullable:
            return f"{field.name} holds nulls"
    return ""


def one_batch(parts: Sequence[pa.RecordBatch | pa.Table], schema: pa.Schema) -> pa.RecordBatch:
    """Rows in several parts as one batch, their columns cast to the schema."""
    tables = [
        part if isinstance(part, pa.Table) else pa.Table.from_batches([part]) for part in parts
    ]
    if not tables:
        return pa.RecordBatch.from_pylist([], schema=schema)
    table = pa.concat_tables([table.cast(schema) for table in tables])
    columns = [
        column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        for column in table.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A batch in pieces of at most `BATCH_BYTES` on average, so that long texts cost no memory."""
    count = max(1, -(-batch.nbytes // BATCH_BYTES))
    rows = max(1, -(-batch.num_rows // count))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def packed(error: MarsadError) -> str:
    """An error as ASCII, to cross from one process to another."""
    content = [error.exit_code, error.message.id, dict(error.message.values)]
    return json.dumps(content, default=str)


def unpacked(text: str) -> MarsadError:
    """The error that `packed` wrote."""
    code, message_id, values = json.loads(text)
    return _BY_EXIT_CODE.get(code, MarsadError)(message_id, **values)


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def _where(error: BaseException) -> str:
    """The innermost line of the trace, which is where a person looks first."""
    frames = traceback.extract_tb(error.__traceback__)
    if len(frames) < 2:
        return ""
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
