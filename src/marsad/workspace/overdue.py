"""What is over by the clock, and was so a day ago: no clock is believed at once.

What a look finds over is marked in a file of the workspace, and counts as over when a look a day
later or more finds it so again. What a look in between does not find loses its mark: a clock that
runs ahead for a while deletes nothing, and one that is set back starts the day anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from marsad.records.times import DAY
from marsad.workspace import durable

FOLDER = "overdue"
BETWEEN = DAY
"""Between the look that marks and the one that counts, at least (µs)."""


def confirmed(root: Path, what: str, over: Collection[int], at: int, mark: bool = True) -> set[int]:
    """Of the numbers that are ``over`` at a time (µs UTC), those that a look a day ago found over,
    too. ``what`` they number names the file of marks; who calls it holds the lock for that."""
    path = root / FOLDER / f"{what}.json"
    before = _read(path)
    seen = {number: min(before.get(number, at), at) for number in over}
    if mark and seen != before:
        durable.write(path, json.dumps(seen).encode("ascii"))
    return {number for number, first in seen.items() if at - first >= BETWEEN}


def _read(path: Path) -> dict[int, int]:
    """The marks; what cannot be read has none, and is marked anew."""
    try:
        return {int(number): int(at) for number, at in json.loads(path.read_text("ascii")).items()}
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return {}
