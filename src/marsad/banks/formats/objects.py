"""NDJSON: a JSON object or string a line. Marsad's own bank files are of this format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, TextIO

from marsad.banks.bank import KINDS, Bank
from marsad.banks.formats.format import About, Item, Lines, ListFormat, Row, bad
from marsad.banks.formats.table import VALUES

EXAMPLE = '{"value": "…"}'
_FIELDS = ("note", "source", "added", "withdrawn")


class Objects(ListFormat):
    """A JSON object a line with ``value`` (or ``url``, ``domain``, ``phrase`` …), or a JSON string.

    A first line with ``bank`` and ``kind`` says what the list is, as in the files of a workspace.
    Fields that are not known are kept as options.
    """

    name: ClassVar[str] = "ndjson"
    suffixes: ClassVar[tuple[str, ...]] = (".ndjson", ".jsonl", ".json")

    @classmethod
    def recognise(cls, head: Sequence[str]) -> bool:
        first = head[0].lstrip() if head else ""
        if not first.startswith(("{", '"')):
            return False
        return isinstance(_loaded(first), (dict, str)) or first.startswith('{"')

    @classmethod
    def read(cls, lines: Lines, kind: str | None) -> Iterator[Item]:
        first = True
        for number, line in lines:
            if line.strip():
                value = _loaded(line)
                header = _about(value) if first else None
                yield header or _row(number, line, value, kind)
                first = False

    @classmethod
    def write(cls, bank: Bank, out: TextIO) -> int:
        header = {"bank": bank.name, "kind": bank.kind, "negative": bank.negative,
                  "policy": bank.policy}  # fmt: skip
        out.write(json.dumps(header, ensure_ascii=False) + "\n")
        for entry in bank.entries:
            fields = {name: getattr(entry, name) for name in ("value", *_FIELDS)}
            fields = {name: value for name, value in fields.items() if value}
            if entry.options:
                fields["options"] = dict(entry.options)
            out.write(json.dumps(fields, ensure_ascii=False) + "\n")
        return 0


def _loaded(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _about(value: Any) -> About | None:
    """What the first line says of the list, if that is what it is."""
    if not isinstance(value, dict) or "value" in value or value.get("kind") not in KINDS:
        return None
    negative, policy = value.get("negative"), value.get("policy")
    return About(
        value["kind"],
        negative if isinstance(negative, bool) else None,
        policy if isinstance(policy, str) else None,
    )


def _row(number: int, line: str, value: Any, kind: str | None) -> Item:
    if isinstance(value, str):
        return Row(number, value)
    if not isinstance(value, dict):
        return bad(number, "json", line, valid=EXAMPLE)
    name = _value_name(value, kind)
    if name is None:
        return bad(number, "no-value", line, valid=list(VALUES))
    fields = {key: str(value[key]) for key in _FIELDS if value.get(key)}
    options = value.get("options")
    known = {name, "options", *_FIELDS}
    rest = {key: item for key, item in value.items() if key not in known and item is not None}
    if isinstance(options, dict):
        rest |= options
    return Row(number, str(value[name]), VALUES[name], options=rest, **fields)


def _value_name(value: Mapping[str, Any], kind: str | None) -> str | None:
    """The field that holds the entry: one named for the kind asked for, else the first known."""
    known = [name for name in VALUES if isinstance(value.get(name), str)]
    return next((name for name in known if kind and VALUES[name] == kind), next(iter(known), None))
