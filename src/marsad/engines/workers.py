"""A pool of processes that applies one function to a stream of Arrow batches."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pyarrow as pa

from marsad.records.errors import MarsadError

INLINE_ROWS = 40_000

_function: Callable[[pa.RecordBatch], pa.RecordBatch]


class Workers:
    """Applies ``fn`` to batches, in this process while they are few, then in ``count`` others.

    The function is sent to each worker once. At most two batches a worker wait, so memory stays
    bounded however long the stream is. Results come in the order of the batches.
    """

    def __init__(self, fn: Callable[[pa.RecordBatch], pa.RecordBatch], count: int) -> None:
        self._fn, self._count = fn, count

    def map(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        stream = iter(batches)
        first, rows = [], 0
        for batch in stream:
            first.append(batch)
            rows += batch.num_rows
            if rows > INLINE_ROWS:
                break
        if rows <= INLINE_ROWS or self._count < 2:
            yield from map(self._fn, first)
            yield from map(self._fn, stream)
            return
        yield from self._spread(first, stream)

    def _spread(
        self, first: list[pa.RecordBatch], stream: Iterator[pa.RecordBatch]
    ) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._pooled(first, stream)
        except BrokenProcessPool as error:
            raise MarsadError("engine.workers") from error

    def _pooled(
        self, first: list[pa.RecordBatch], stream: Iterator[pa.RecordBatch]
    ) -> Iterator[pa.RecordBatch]:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self._count, context, _install, (self._fn,)) as pool:
            waiting: deque[Future[pa.RecordBatch]] = deque()
            for batch in _chained(first, stream):
                waiting.append(pool.submit(_apply, batch))
                if len(waiting) >= 2 * self._count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


def _chained(
    first: list[pa.RecordBatch], rest: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    yield from first
    yield from rest


def _install(fn: Callable[[pa.RecordBatch], pa.RecordBatch]) -> None:
    global _function
    _function = fn


def _apply(batch: pa.RecordBatch) -> pa.RecordBatch:
    return _function(batch)
