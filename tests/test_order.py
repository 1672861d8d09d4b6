"""Long files begin first, and no test is lost, doubled or moved within its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.order import long_files_first


@dataclass(frozen=True)
class Collected:
    path: Path
    name: str
    long: bool = False

    def get_closest_marker(self, name: str) -> object | None:
        return self if self.long and name == "long" else None


@pytest.mark.parametrize(
    ("given", "ordered"),
    [
        ("a1 b1 b2", "b1 b2 a1"),  # most tests first
        ("b1 a1", "b1 a1"),  # as many: as they were
        ("a1 a2 b1!", "b1! a1 a2"),  # long before many
        ("a1 b1! b2 c1! a2 a3", "b1! b2 c1! a1 a2 a3"),  # one long test makes a file long
        ("a2 b1 a1 b2", "a2 a1 b1 b2"),  # a file stays together, and in its order
        ("", ""),
    ],
)
def test_which_file_begins_first(given: str, ordered: str) -> None:
    tests = [Collected(Path(word[0]), word, word.endswith("!")) for word in given.split()]
    assert [test.name for test in long_files_first(tests)] == ordered.split()
