"""Names of columns that an engine can hold: none empty, none twice, none called `line`."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.records.message import Message

LINE = "line"
"""The column that a reader adds; a file's own column of that name becomes ``line (2)``."""

_OWN_LINE = f"{LINE} (2)"


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names made distinct.

    A name that is there already gets `` (2)``, `` (3)``…; letters count as equal in either case,
    as engines see them. An empty name becomes ``c`` and its place, from 1.
    """
    taken = {LINE}
    result = []
    for place, given in enumerate(names, 1):
        name, number = given or f"c{place}", 1
        while name.casefold() in taken:
            number += 1
            name = f"{given or f'c{place}'} ({number})"
        taken.add(name.casefold())
        result.append(name)
    return tuple(result)


def named(file: str, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """The names made distinct, and what the user of ``file`` should know of those that are not as
    they stand there."""
    columns = distinct(names)
    changed = [
        (given or f"c{place}", column)
        for place, (given, column) in enumerate(zip(names, columns, strict=True), 1)
        if column not in (given, f"c{place}")
    ]
    repeated = dict.fromkeys(given for given, column in changed if column.casefold() != _OWN_LINE)
    warnings = [
        Message("read.line_column", {"file": file, "column": given, "name": column})
        for given, column in changed
        if column.casefold() == _OWN_LINE
    ]
    if repeated:
        values = {"file": file, "columns": list(repeated)}
        warnings.append(Message("read.duplicate_columns", values))
    return columns, tuple(warnings)
