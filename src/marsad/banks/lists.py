"""Lists in files: read into entries, and banks written out. Nothing here changes a bank."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

from marsad.banks.bank import KINDS, Bank, Entry
from marsad.banks.formats import FORMATS, About, Bad, ListFormat, Row
from marsad.banks.formats.format import HEAD_LINES, bad
from marsad.banks.kinds import NotTaken, closed_at, make_entry
from marsad.banks.store import MAX_ENTRIES, check_kind
from marsad.records.errors import InputError, OutsideError

MAX_LINE = 1_048_576
"""Longest line that is read, in bytes."""

MAX_BAD = 100_000
"""Most lines that are reported as bad; a file with more is not of the format it was taken for."""

_MAX_NOTE = 2_000
_NOT_WITHDRAWN = frozenset(("", "no", "n", "false", "0", "none", "null", "nan", "na", "-", "لا"))
_WITHDRAWN = frozenset(("yes", "y", "true", "1", "نعم"))


@dataclass(frozen=True)
class Listed:
    """What a file holds: entries of one kind in the order they stand in, and what was not taken.

    ``negative`` and ``policy`` where the file says so.
    """

    format: str
    kind: str
    entries: tuple[Entry, ...]
    bad: tuple[Bad, ...]
    negative: bool | None = None
    policy: str | None = None


def read_list(path: Path, kind: str | None = None, format: str | None = None) -> Listed:
    """The entries in a file, whose format is recognised by its content.

    ``kind`` is what they shall be; without it the file must say (by a header, a column's name or a
    type). Lines that cannot be taken are reported and cost only themselves. Raises where the file
    cannot be opened, and where the kind remains open.
    """
    if kind is not None:
        check_kind(kind)
    try:
        with path.open("rb") as file:
            head = [text[:4096] for _, text in islice(_lines(file, []), HEAD_LINES) if text.strip()]
            file.seek(0)
            chosen = _by_name(format) if format else _recognised(head)
            return _read(path, file, chosen, kind)
    except OSError as error:
        raise InputError("bank.file", file=str(path), error=error.strerror or str(error)) from error


def write_list(bank: Bank, out: TextIO, format: str = "ndjson") -> int:
    """Write a bank as a list; returns how many entries the format cannot carry.

    Raises where the format does not hold lists of the bank's kind.
    """
    chosen = _by_name(format)
    if bank.kind not in chosen.kinds:
        valid = [other.name for other in FORMATS if bank.kind in other.kinds]
        raise InputError("bank.format-kind", format=format, kind=bank.kind, valid=valid)
    return chosen.write(bank, out)


def export_list(bank: Bank, path: Path, format: str) -> int:
    """Write a bank to a file, aside first, so that no half of a list is ever there."""
    if not path.parent.is_dir():
        raise InputError("export.no-folder", path=str(path), folder=str(path.parent))
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with aside.open("w", encoding="utf-8", newline="") as out:
            left = write_list(bank, out, format)
        aside.replace(path)
    except OSError as error:
        raise OutsideError(
            "export.cannot-write", path=str(path), error=error.strerror or str(error)
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return left


def format_of(path: Path) -> str:
    """The format a file's name asks for when a bank is written; ``ndjson`` if it says nothing."""
    for chosen in FORMATS:
        if path.suffix.lower() in chosen.suffixes:
            return chosen.name
    return "ndjson"


def _by_name(name: str) -> type[ListFormat]:
    for chosen in FORMATS:
        if chosen.name == name:
            return chosen
    raise InputError("bank.format", given=name[:100], valid=[chosen.name for chosen in FORMATS])


def _recognised(head: list[str]) -> type[ListFormat]:
    return next(chosen for chosen in FORMATS if chosen.recognise(head))


def _read(path: Path, file: BinaryIO, chosen: type[ListFormat], kind: str | None) -> Listed:
    unread: list[Bad] = []
    about, entries, refused = About(kind), list[Entry](), list[Bad]()
    for item in chosen.read(_lines(file, unread), kind):
        if isinstance(item, About):
            about = replace(item, kind=kind or item.kind)
        elif isinstance(item, Bad):
            refused.append(item)
        else:
            if about.kind is None:
                about = replace(about, kind=_kind_of(path, item, chosen))
            taken = _taken(item, str(about.kind))
            if isinstance(taken, Entry):
                entries.append(taken)
            else:
                refused.append(taken)
        if len(entries) > MAX_ENTRIES:
            raise InputError("bank.too-many", name=str(path), limit=MAX_ENTRIES)
        if len(refused) > MAX_BAD:
            first = refused[0]
            raise InputError(
                "bank.too-many-bad", file=str(path), limit=MAX_BAD, format=chosen.name,
                line=first.line, problem=first.message.render(),
            )  # fmt: skip
    if about.kind is None:
        raise InputError("bank.kind-missing", name=path.name, valid=list(KINDS))
    every = sorted([*unread, *refused], key=lambda item: item.line)
    return Listed(
        chosen.name, about.kind, tuple(entries), tuple(every), about.negative, about.policy
    )


def _kind_of(path: Path, row: Row, chosen: type[ListFormat]) -> str:
    if row.kind is None:
        raise InputError("bank.kind-missing", name=path.name, valid=list(chosen.kinds))
    return row.kind


def _taken(row: Row, kind: str) -> Entry | Bad:
    if row.kind not in (None, kind):
        return bad(row.line, "other-kind", row.value, kind=row.kind, expected=kind)
    try:
        return make_entry(
            kind, row.value, note=row.note[:_MAX_NOTE], source=row.source[:_MAX_NOTE],
            added=row.added[:32], withdrawn=_withdrawn(row.withdrawn), options=row.options,
        )  # fmt: skip
    except NotTaken as refusal:
        return Bad(row.line, refusal.message, bad(row.line, "", row.value).raw)


def _withdrawn(said: str) -> str:
    """When an entry was withdrawn, or nothing; today, where a list only says that it was."""
    text = said.strip()
    if text.lower() in _NOT_WITHDRAWN:
        return ""
    if text.lower() in _WITHDRAWN:
        return datetime.now(UTC).date().isoformat()
    if closed_at(text) is None:
        raise NotTaken("not-a-time", given=text[:100])
    return text[:32]


def _lines(file: BinaryIO, refused: list[Bad]) -> Iterator[tuple[int, str]]:
    """Lines as text with their numbers; those too long or not UTF-8 go to ``refused``."""
    encoding = _encoding(file)
    if encoding != "utf-8":
        yield from _decoded_lines(file, encoding)
        return
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            refused.append(bad(number, "line-too-long", "", limit=MAX_LINE))
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE)
            continue
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            refused.append(bad(number, "encoding", line.decode("utf-8", "replace")))
            continue
        yield number, text


def _decoded_lines(file: BinaryIO, encoding: str) -> Iterator[tuple[int, str]]:
    """Lines of a file that is not UTF-8; what cannot be decoded shows as U+FFFD."""
    reader = io.TextIOWrapper(file, encoding, errors="replace")
    number = 0
    while line := reader.readline(MAX_LINE):
        number += 1
        yield number, line.rstrip("\n")
    reader.detach()


def _encoding(file: BinaryIO) -> str:
    start = file.read(2)
    file.seek(0)
    return "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"
