"""Other processes that apply one function to a stream of Arrow batches.

They are plain Pythons fed through a socket, not a pool of `multiprocessing`: that one runs the
user's script again in every process unless the script guards against it, leaves its processes
behind when this one is killed, and says nothing of use when one of them dies.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock, Thread

import pyarrow as pa

from marsad.engines.functions import Applied, function_name, packed, pieces, sent, unpacked
from marsad.records.errors import MarsadError

INLINE_ROWS = 40_000
"""So many rows are done sooner here than in processes that have yet to start."""

_START = (
    "import pickle, sys; from multiprocessing.connection import Connection; "
    "feed = Connection(int(sys.argv[1])); sys.path[:] = pickle.loads(feed.recv_bytes()); "
    "from marsad.engines.workers import serve; serve(feed)"
)
_DONE, _FAILED = b"\0", b"\1"


class Workers:
    """Applies ``fn`` to batches: here while they are few, then in up to ``count`` processes.

    The function is sent to each process once. At most two batches a process wait, so memory stays
    bounded however long the stream is. Results come in the order of the batches. A function of the
    running script itself (``__main__``) stays in this process: no other can import it.
    """

    def __init__(self, fn: Applied, count: int) -> None:
        self._fn, self._sent = fn, sent(fn)
        can_leave = b"__main__" not in self._sent and bool(sys.executable)
        self._count = count if can_leave else 1

    def map(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        stream = (piece for batch in batches for piece in pieces(batch))
        if self._count < 2:
            yield from map(self._fn, stream)
            return
        first, rows = [], 0
        for batch in stream:
            first.append(batch)
            rows += batch.num_rows
            if rows > INLINE_ROWS:
                break
        if rows <= INLINE_ROWS:
            yield from map(self._fn, first)
            return
        yield from self._spread(_chained(first, stream))

    def _spread(self, stream: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        staff = _Staff(self._sent, function_name(self._fn.fn))
        threads = ThreadPoolExecutor(self._count)
        waiting: deque[Future[pa.RecordBatch]] = deque()
        try:
            for batch in stream:
                waiting.append(threads.submit(staff.apply, batch))
                if len(waiting) >= 2 * self._count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            staff.dismiss()
            threads.shutdown(cancel_futures=True)


def _chained(
    first: list[pa.RecordBatch], rest: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    while first:
        yield first.pop(0)
    yield from rest


class _Staff:
    """The processes of one call, each made when all others are busy."""

    def __init__(self, function: bytes, name: str) -> None:
        self._function, self._name = function, name
        self._all: list[_Process] = []
        self._free: list[_Process] = []
        self._dismissed, self._lock = False, Lock()

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The function's result; blocks the calling thread while another process works."""
        process = self._take()
        try:
            result = process.apply(batch)
        except (EOFError, OSError) as error:
            raise MarsadError(
                "engine.workers", function=self._name, ending=process.ending()
            ) from error
        self._free.append(process)
        return result

    def dismiss(self) -> None:
        """Ends all processes, also those at work."""
        with self._lock:
            self._dismissed = True
            for process in self._all:
                process.end()

    def _take(self) -> _Process:
        with self._lock:
            if self._free:
                return self._free.pop()
            if self._dismissed:
                raise MarsadError("engine.workers", function=self._name, ending="dismissed")
            process = _Process(self._function)
            self._all.append(process)
            return process


class _Process:
    """Another Python with the function in it. It ends when this process does, however that ends."""

    def __init__(self, function: bytes) -> None:
        self._feed, theirs = Pipe()
        with theirs:
            # what functions print must not mingle with results on our standard output; the pipe to
            # its standard input says nothing, but breaks when this process ends
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, str(theirs.fileno())],
                stdin=subprocess.PIPE, stdout=2, pass_fds=[theirs.fileno()],
            )  # fmt: skip
        self._hello = [pickle.dumps(sys.path), function]

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        while self._hello:
            self._feed.send_bytes(self._hello.pop(0))
        self._feed.send_bytes(_encoded(batch))
        kind, content = self._feed.recv_bytes(1), self._feed.recv_bytes()
        if kind == _FAILED:
            raise unpacked(content.decode("ascii"))
        return _decoded(content)

    def ending(self) -> str:
        """How the process ended: the name of a signal, or its exit code."""
        code = self._process.wait()
        return signal.Signals(-code).name if code < 0 else str(code)

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._feed.close()


def serve(feed: Connection) -> None:
    """What the other process does: applies the function to all batches it is sent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; one answers
    Thread(target=_end_with_parent, args=(os.dup(0),), daemon=True).start()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    with suppress(EOFError, OSError):
        fn = _loaded(feed.recv_bytes())
        while True:
            answer = _answer(fn, feed.recv_bytes())
            sys.stdout.flush()  # what a function prints; this process may be ended at any time
            for part in answer:
                feed.send_bytes(part)
    # without the cleaning up of libraries that would only cost time
    sys.stderr.flush()
    os._exit(0)


def _end_with_parent(pipe: int) -> None:
    os.read(pipe, 1)
    os._exit(1)


def _loaded(function: bytes) -> Applied | MarsadError:
    try:
        loaded: Applied = pickle.loads(function)
    except Exception as error:  # what importing the function's module raises
        return MarsadError("engine.function-loaded", error=f"{type(error).__name__}: {error}")
    return loaded


def _answer(fn: Applied | MarsadError, content: bytes) -> tuple[bytes, bytes]:
    try:
        if isinstance(fn, MarsadError):
            raise fn
        return _DONE, _encoded(fn(_decoded(content)))
    except MarsadError as error:
        return _FAILED, packed(error).encode("ascii")


def _encoded(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _decoded(content: bytes) -> pa.RecordBatch:
    with pa.ipc.open_stream(content) as reader:
        return reader.read_next_batch()
