"""Counting a report's figures again, from the exported log, by SQL that shares nothing with what
counted them first; and comparing the two. What is withheld, and the intervals, follow from what was
counted again, so they are compared, too."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from marsad.records.errors import InputError, OutsideError
from marsad.workspace.transparency.figures import (
    Account,
    Figure,
    fraction,
    lengths,
    sorted_figures,
)
from marsad.workspace.transparency.span import Span
from marsad.workspace.transparency.suppressing import THRESHOLD, suppressed

SQL = "from_log.sql"
LARGEST_LINE = 10_000_000
MOST_FIGURES = 1_000_000
Key = tuple[str, str]
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """A figure that the two do not agree about, with what the report says of it and what it would
    say; None where one has none."""

    figure: str
    of: str
    told: Said | None
    counted: Said | None


@dataclass(frozen=True)
class Checked:
    """How many figures were compared and agree, how many are rightly not told, and those that
    differ."""

    same: int
    hidden: int
    different: tuple[Difference, ...]
    entries: int


def check(report: Path, exported: Path) -> Checked:
    """Compares a report's JSON with an exported log. Raises `InputError` where either is not what
    it should be, or the log is another than the one that the report names."""
    said = _read(report)
    if said["threshold"] not in (0, THRESHOLD):
        raise InputError("transparency.threshold", given=said["threshold"], valid=THRESHOLD)
    with closing(sqlite3.connect(":memory:")) as database:
        entries, last = _load(database, exported)
        _same_log(said, entries, last, exported)
        span = Span(said["from"], said["until"])
        counted = Account(span, entries, last, 0, _counted(database, span))
    may = suppressed(counted) if said["threshold"] else counted
    return _compared(said["figures"], may, len(counted.figures))


def query() -> str:
    """The SQL."""
    return files(__package__).joinpath(SQL).read_text("utf-8")


def _read(report: Path) -> dict[str, Any]:
    try:
        said = json.loads(report.read_text("utf-8"))
        known = said["marsad_transparency"] == 1 and isinstance(said["figures"], list)
        fits = known and len(said["figures"]) <= MOST_FIGURES
        for name in ("from", "until", "threshold"):
            fits = fits and type(said[name]) is int
        for one in said["figures"]:
            fits = fits and isinstance(one["figure"], str) and isinstance(one["of"], str)
    except OSError as error:
        raise OutsideError("transparency.no-file", file=str(report)) from error
    except (ValueError, KeyError, TypeError, RecursionError):
        fits, said = False, {}
    if not fits:
        raise InputError("transparency.no-report", file=str(report))
    return dict(said)


def _load(database: sqlite3.Connection, exported: Path) -> tuple[int, str]:
    """Puts the lines into a table; the number of the last entry and its hash."""
    database.execute("create table lines(line text)")
    last: dict[str, Any] = {}

    def lines() -> Iterator[tuple[str]]:
        nonlocal last
        with exported.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                said = _line(line, exported, number)
                last = said if "seq" in said else last
                yield (line,)

    try:
        database.executemany("insert into lines values (?)", lines())
    except (OSError, UnicodeDecodeError) as error:
        raise OutsideError("transparency.no-file", file=str(exported)) from error
    if not last:
        raise InputError("transparency.no-log", file=str(exported))
    return int(last["seq"]), str(last["hash"])


def _line(line: str, exported: Path, number: int) -> dict[str, Any]:
    try:
        if len(line) > LARGEST_LINE:
            raise ValueError
        said: dict[str, Any] = json.loads(line)
        json.loads(said["body"]) if "seq" in said else said["checkpoint"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("transparency.line", file=str(exported), line=number) from error
    return said


def _same_log(said: Mapping[str, Any], entries: int, last: str, exported: Path) -> None:
    named = said.get("log") or {}
    if (named.get("entries"), named.get("hash")) != (entries, last):
        raise InputError("transparency.other-log", file=str(exported), entries=entries,
                         named=str(named.get("entries"))[:20])  # fmt: skip


def _counted(database: sqlite3.Connection, span: Span) -> list[Figure]:
    database.execute("create table span(first integer, until integer)")
    database.execute("insert into span values (?, ?)", (span.first, span.until))
    return sorted_figures(_figure(*row) for row in database.execute(query()))


def _figure(
    figure: str, of: str, count: int | None, n: int | None, median: int, p95: int,
    times: str | None,
) -> Figure:  # fmt: skip
    if times is not None:
        return lengths(figure, of, sorted(json.loads(times)), median, p95)
    if n is not None and count is not None:
        return fraction(figure, of, count, n)
    return Figure(figure, of, count)


def _compared(told: list[dict[str, Any]], may: Account, counted: int) -> Checked:
    """Compares what a report tells with what it may tell, of so many figures in all."""
    left: dict[Key, Said] = {(one.figure, one.of): one.said() for one in may.figures}
    shown = sum(not one.hidden for one in may.figures)
    different = []
    for one in told:
        key = (one["figure"], one["of"])
        found = left.pop(key, None)
        if found is None or json.dumps(found, sort_keys=True) != json.dumps(one, sort_keys=True):
            different.append(Difference(*key, one, found))
    different += [Difference(*key, None, found) for key, found in sorted(left.items())]
    wrong = sum(one.counted is not None and "hidden" not in one.counted for one in different)
    return Checked(shown - wrong, max(counted - shown, 0), tuple(different), may.entries)
