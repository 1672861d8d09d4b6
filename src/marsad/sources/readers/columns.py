"""Names of columns that an engine can hold: none empty, none twice, none called `line`."""

from __future__ import annotations

from collections.abc import Sequence

LINE = "line"
"""The column that a reader adds; a file's own column of that name becomes ``line (2)``."""


def distinct(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names made distinct, and those that had to be changed because they were there before.

    A name that is there already gets `` (2)``, `` (3)``…; letters count as equal in either case,
    as engines see them. An empty name becomes ``c`` and its place, from 1.
    """
    taken = {LINE}
    result, repeated = [], []
    for place, given in enumerate(names, 1):
        name = given or f"c{place}"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{given or f'c{place}'} ({number})"
        if number > 1:
            repeated.append(given or name)
        taken.add(name.casefold())
        result.append(name)
    return tuple(result), tuple(repeated)
