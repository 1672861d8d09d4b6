"""Loose tables put together: every column of a kind's schema, in its order and with its type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import ibis
import ibis.expr.schema as sch
import ibis.expr.types as ir

from marsad.records.functions import byte_length
from marsad.sources.loose import LOOSE
from marsad.sources.paths import UNREADABLE
from marsad.sources.source import RAW_LIMIT


@cache
def loose_schema(kind: str) -> sch.Schema:
    """The Ibis schema of a kind of loose rows."""
    return sch.Schema.from_pyarrow(LOOSE[kind])


def loose_table(kind: str, rows: ir.Table, values: Mapping[str, ir.Value]) -> ir.Table:
    """``rows`` as loose rows of ``kind``: its column ``line``, and the ``values`` of other fields.

    Fields without a value are NULL.
    """
    fields = loose_schema(kind)
    unknown = set(values) - set(fields)
    if unknown:
        raise KeyError(f"{kind} have no field {sorted(unknown)}")
    columns: dict[str, ir.Value] = {"line": rows["line"].cast("int64")}
    for name, kind_of_value in fields.items():
        if name != "line":
            value = values.get(name)
            missing = ibis.null(kind_of_value)
            columns[name] = (
                missing if value is None else value.cast(kind_of_value.copy(nullable=True))
            )
    return rows.select(**columns)


def raw_text(docs: ir.Table) -> ir.Value:
    """What stood there, for rows with a reason: the text of those that could not be read, cut.

    A row that was read but is not kept, or is not public, leaves no copy of what it says: its
    text is empty, and not NULL, which would have the import look it up.
    """
    unreadable = docs["reason"].isin(UNREADABLE)
    return ibis.cases((unreadable, cut(docs["json"])), (docs["reason"].notnull(), ""))


def cut(text: ir.StringValue) -> ir.StringValue:
    """A text of at most `RAW_LIMIT` bytes; where it is longer, its first quarter in characters.

    A character takes at most four bytes, so no character is cut in two.
    """
    short = byte_length(text) <= RAW_LIMIT
    return ibis.ifelse(short, text, text.left(RAW_LIMIT // 4))
