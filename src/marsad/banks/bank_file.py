"""The file of a bank: what it is on the first line, then an entry a line, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marsad.banks.bank import KINDS, Bank, Entry
from marsad.records.errors import InputError

FORMAT = 1
_FIELDS = ("value", "note", "source", "added", "withdrawn")
_SHAPE = {
    "format": int, "kind": str, "negative": bool, "version": int, "policy": str, "entries": int,
    "withdrawn": int,
}  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """What a bank is, without its entries; ``entries`` counts those that count."""

    name: str
    kind: str
    negative: bool
    version: int
    policy: str
    entries: int
    withdrawn: int


def read_summary(path: Path, name: str) -> Summary:
    """What a bank is, from its first line alone. Raises where that is damaged or newer."""
    with path.open("rb") as file:
        return _summary(path, name, file.readline())


def read_bank(path: Path, name: str) -> Bank:
    """A bank with all its entries. Raises where a line is damaged or missing, saying which."""
    with path.open("rb") as file:
        lines = file.read().splitlines()
    summary = _summary(path, name, lines[0] if lines else b"")
    entries = tuple(_entry(path, number, line) for number, line in enumerate(lines[1:], 2))
    if len(entries) != summary.entries + summary.withdrawn:
        raise _damaged(path, len(lines), "lines are missing")
    return Bank(name, summary.kind, entries, summary.version, summary.negative, summary.policy)


def written(bank: Bank) -> Iterator[str]:
    """The lines of a bank's file."""
    first = {
        "format": FORMAT, "bank": bank.name, "kind": bank.kind, "negative": bank.negative,
        "version": bank.version, "policy": bank.policy, "entries": len(bank.entries),
        "withdrawn": len(bank.entries) - len(bank.active),
    }  # fmt: skip
    yield _line(first)
    for entry in bank.entries:
        fields = {name: getattr(entry, name) for name in _FIELDS if getattr(entry, name)}
        yield _line({**fields, "options": entry.options} if entry.options else fields)


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _summary(path: Path, name: str, line: bytes) -> Summary:
    said = _object(path, 1, line)
    for field, kind in _SHAPE.items():
        if type(said.get(field)) is not kind:
            raise _damaged(path, 1, f"{field} is missing")
    if said["format"] > FORMAT:
        raise InputError("workspace.newer-format", found=said["format"], known=FORMAT)
    if said["kind"] not in KINDS:
        raise _damaged(path, 1, f"kind: {said['kind'][:100]}")
    return Summary(
        name, said["kind"], said["negative"], said["version"], said["policy"],
        said["entries"] - said["withdrawn"], said["withdrawn"],
    )  # fmt: skip


def _entry(path: Path, number: int, line: bytes) -> Entry:
    fields = _object(path, number, line)
    options = fields.pop("options", {})
    known = isinstance(options, dict) and "value" in fields and fields.keys() <= set(_FIELDS)
    if not known or not all(type(value) is str for value in fields.values()):
        raise _damaged(path, number, "no entry")
    return Entry(options=options, **fields)


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise _damaged(path, number, str(error)) from error
    if not isinstance(value, dict):
        raise _damaged(path, number, "no object")
    return value


def _damaged(path: Path, line: int, error: str) -> InputError:
    return InputError("bank.damaged", file=str(path), line=line, error=error)
