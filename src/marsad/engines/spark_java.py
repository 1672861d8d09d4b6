"""The Java process that Spark runs in, and what it prints to its standard error."""

from __future__ import annotations

import os
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark import SparkConf

END_SECONDS = 5.0
"""How long the last words of a process that has ended are waited for."""


class JavaEndedError(Exception):
    """Java ended while it started; the text is what it printed."""


def launched(conf: SparkConf) -> Any:
    """A new Java process for Spark, as `pyspark.SparkContext` takes it.

    What it prints is held back while it starts: if it ends at once, that is in the error raised;
    if not, it is passed on to our standard error, as is all it prints later.
    """
    from pyspark.java_gateway import launch_gateway

    reading, writing = os.pipe()
    printed = _Printed(reading)
    failure = None
    try:
        gateway = launch_gateway(conf, {"stderr": writing})
    except Exception as error:
        failure = error
    finally:
        os.close(writing)
    if failure is not None:
        raise JavaEndedError(printed.whole() or str(failure)) from failure
    printed.pass_on()
    return gateway


class _Printed:
    """What comes through a pipe, read by a thread of its own so that nobody who writes waits."""

    def __init__(self, pipe: int) -> None:
        self._pipe, self._held, self._lock = pipe, bytearray(), Lock()
        self._passing = False
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def whole(self) -> str:
        """All that was printed, once those who write have ended."""
        self._thread.join(END_SECONDS)
        with self._lock:
            return self._held.decode("utf-8", "replace").strip()

    def pass_on(self) -> None:
        """Writes what was held to our standard error, and from now on all that comes."""
        with self._lock:
            self._passing = True
            _print(bytes(self._held))
            self._held.clear()

    def _read(self) -> None:
        with open(self._pipe, "rb", buffering=0) as pipe:
            while part := pipe.read(65_536):
                with self._lock:
                    if self._passing:
                        _print(part)
                    else:
                        self._held += part


def _print(text: bytes) -> None:
    while text:
        text = text[os.write(2, text) :]
