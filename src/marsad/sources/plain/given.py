"""What ``--map`` says: fields and columns that the user named, found or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from marsad.records.errors import InputError
from marsad.sources.choices import unknown_column, unknown_field
from marsad.sources.plain import looks
from marsad.sources.plain.columns import Column
from marsad.sources.plain.names import NAMES
from marsad.sources.plain.needs import ORDER

_ALIASES: Mapping[str, Mapping[str, str]] = {
    "edges": {
        "source_id": "source", "source_handle": "source",
        "target_id": "target", "target_handle": "target",
    },
    "labels": {"subject_id": "subject", "subject_handle": "subject"},
}  # fmt: skip
"""Fields of the loose tables that go by another name among the columns."""


def fields_of(kind: str) -> list[str]:
    """The fields of a kind that a column can be mapped to."""
    return sorted({*NAMES[kind], *_ALIASES.get(kind, {}), *_account_alias(kind)})


def _account_alias(kind: str) -> tuple[str, ...]:
    return ("account",) if "handle" in NAMES[kind] else ()


def kinds_with(fields: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds that have all of some fields, in the order they are tried."""
    kinds = tuple(kind for kind in ORDER if set(fields) <= set(fields_of(kind)))
    if kinds:
        return kinds
    valid = sorted({name for kind in ORDER for name in fields_of(kind)})
    unknown = [name for name in fields if name not in valid]
    if not unknown:
        raise InputError("sources.map-mixed", fields=list(fields))
    raise unknown_field(unknown[0], valid)


def given_columns(
    kind: str, columns: Sequence[Column], mapping: Mapping[str, str]
) -> dict[str, Column]:
    """The columns that ``--map`` names for fields of ``kind``."""
    given = {}
    for name, label in mapping.items():
        if name not in fields_of(kind):
            raise unknown_field(name, fields_of(kind))
        column = _column_named(columns, label)
        given[_real_field(kind, name, column)] = column
    return given


def _real_field(kind: str, name: str, column: Column) -> str:
    if name == "account":
        return "account_id" if column.mostly(looks.is_id) else "handle"
    return _ALIASES.get(kind, {}).get(name, name)


def _column_named(columns: Sequence[Column], label: str) -> Column:
    for same in (str.__eq__, lambda one, other: one.casefold() == other.casefold()):
        for column in columns:
            if same(column.label, label):
                return column
    raise unknown_column(label, [column.label for column in columns])
