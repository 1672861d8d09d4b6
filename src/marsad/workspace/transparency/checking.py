"""Counting a report's figures again, from the exported log, by SQL that shares nothing with what
counted them first; and comparing the two."""

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
from marsad.workspace.transparency.suppressing import ALWAYS, is_of_orders

SQL = "from_log.sql"
LARGEST_LINE = 10_000_000
MOST_FIGURES = 1_000_000
NUMBERS = ("count", "n", "median", "p95")
Key = tuple[str, str]
Numbers = Mapping[str, int | None]


@dataclass(frozen=True)
class Difference:
    """A figure that the two do not agree about; None where one has none."""

    figure: str
    of: str
    told: Numbers | None
    counted: Numbers | None


@dataclass(frozen=True)
class Checked:
    """How many figures were compared and agree, how many were not told because they are small, and
    those that differ."""

    same: int
    hidden: int
    different: tuple[Difference, ...]
    entries: int


def check(report: Path, exported: Path) -> Checked:
    """Compares a report's JSON with an exported log. Raises `InputError` where either is not what
    it should be, or the log is another than the one that the report names."""
    said = _read(report)
    with closing(sqlite3.connect(":memory:")) as database:
        entries, last = _load(database, exported)
        _same_log(said, entries, last, exported)
        counted = _counted(database, said["from"], said["until"])
    return _compared(said["figures"], counted, entries, int(said["threshold"]))


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


def _counted(database: sqlite3.Connection, first: int, until: int) -> dict[Key, Numbers]:
    database.execute("create table span(first integer, until integer)")
    database.execute("insert into span values (?, ?)", (first, until))
    rows = database.execute(query())
    return {(figure, of): dict(zip(NUMBERS, rest, strict=True)) for figure, of, *rest in rows}


def _compared(
    told: list[dict[str, Any]], counted: dict[Key, Numbers], entries: int, threshold: int
) -> Checked:
    same, hidden, different = 0, 0, []
    left = dict(counted)
    for one in told:
        key = (one["figure"], one["of"])
        found = left.pop(key, None)
        if one.get("hidden"):
            hidden += 1
            if not threshold or (found is None and key not in ALWAYS):
                different.append(Difference(*key, None, found))
            continue
        numbers = {name: one.get(name) for name in NUMBERS}
        if numbers == found:
            same += 1
        else:
            different.append(Difference(*key, numbers, found))
    for key, found in sorted(left.items()):
        if is_of_orders(key[0]) and threshold:  # left out, as none would be
            hidden += 1
        else:
            different.append(Difference(*key, None, found))
    return Checked(same, hidden, tuple(different), entries)
