"""Which files of tests begin first, where several processes share them.

One process runs a file from its first test to its last, so a long file that begins late keeps one
process busy while the others have nothing left to do.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Protocol, TypeVar


class Test(Protocol):
    """What of a collected test the order depends on."""

    @property
    def path(self) -> Path: ...

    def get_closest_marker(self, name: str) -> object | None: ...


T = TypeVar("T", bound=Test)


def long_files_first(tests: list[T]) -> list[T]:
    """The same tests, file by file: files with a test marked `long`, then those with most tests.

    Within a file the tests stay in the order they have.
    """
    size = Counter(test.path for test in tests)
    long = {test.path for test in tests if test.get_closest_marker("long")}
    place = {path: number for number, path in enumerate(size)}

    def key(test: T) -> tuple[bool, int, int]:
        return test.path not in long, -size[test.path], place[test.path]

    return sorted(tests, key=key)
