"""Functions that engines run in other processes: those must be able to import them."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from marsad.records.errors import InputError

LENGTHS = pa.schema(
    [
        pa.field("number", pa.int64(), nullable=False),
        pa.field("length", pa.int64()),
    ]
)
PLACES = pa.schema(
    [
        pa.field("process", pa.int64(), nullable=False),
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("numbers", pa.list_(pa.int64()), nullable=False),
    ]
)
SIZES = pa.schema(
    [
        pa.field("key", pa.int64()),
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("numbers", pa.list_(pa.int64()), nullable=False),
    ]
)
NAMED_SIZES = SIZES.set(0, pa.field("key", pa.string()))


def same(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch


def lengths(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rows of `LENGTHS`: one for each row of the batch."""
    length = pc.utf8_length(batch["text"]).cast(pa.int64())
    return pa.RecordBatch.from_arrays([batch["number"], length], schema=LENGTHS)


def places(batch: pa.RecordBatch) -> pa.RecordBatch:
    """One row of `PLACES`: where the batch was worked on."""
    row = {"process": os.getpid(), "rows": batch.num_rows, "numbers": batch["number"].to_pylist()}
    return pa.RecordBatch.from_pylist([row], schema=PLACES)


def nothing(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch.slice(0, 0)


def sizes(group: pa.Table) -> pa.Table:
    """One row of `SIZES`, whatever the type of the key."""
    keys = group["key"].unique().to_pylist()
    assert len(keys) == 1, f"a group of {keys}"
    row = {"key": keys[0], "rows": group.num_rows, "numbers": sorted(group["number"].to_pylist())}
    return pa.Table.from_pylist([row], schema=SIZES.set(0, group.schema.field("key")))


@dataclass(frozen=True)
class Holds:
    """Rows whose text holds a word, with something heavy that each process makes once."""

    word: str

    @cached_property
    def heavy(self) -> str:
        return self.word.upper()

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        assert self.heavy == self.word.upper()
        return batch.filter(pc.match_substring(batch["text"], self.word))


def printing(batch: pa.RecordBatch) -> pa.RecordBatch:
    print("a function that prints")
    return batch


def failing(batch: Any) -> Any:
    raise ValueError("no\nsuch “thing” as\x00 this")


def cut_off(batch: Any) -> Any:
    raise ConnectionResetError("SocketException: Connection reset")


@dataclass(frozen=True)
class FailsAt:
    """Fails where a number is reached; ``name`` is what errors call it."""

    number: int
    name: str = "the signal test"

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        if self.number in batch["number"].to_pylist():
            raise LookupError(self.number)
        return batch


def refusing(batch: Any) -> Any:
    raise InputError("engine.unknown", given="x", valid=["a", "b"])


def without_text(batch: Any) -> Any:
    return batch.select(["number"])


def other_type(batch: Any) -> Any:
    return pa.RecordBatch.from_pydict({"number": batch["text"], "length": batch["number"]})


def with_null(batch: Any) -> Any:
    nulls = pa.nulls(batch.num_rows, pa.int64())
    return pa.RecordBatch.from_arrays([nulls, nulls], names=["number", "length"])


def no_rows_at_all(batch: Any) -> Any:
    return None


def dying(batch: pa.RecordBatch) -> pa.RecordBatch:
    os._exit(7)


def killed(batch: pa.RecordBatch) -> pa.RecordBatch:
    os.kill(os.getpid(), 9)
    return batch


def slow(batch: pa.RecordBatch) -> pa.RecordBatch:
    time.sleep(600)
    return batch


def leaving(batch: pa.RecordBatch) -> pa.RecordBatch:
    sys.exit("a function must not end the process")
