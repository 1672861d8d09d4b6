"""The text of a cell, whatever type the file gives it, as an Ibis expression."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from marsad.sources.paths import read
from marsad.sources.plain.columns import Column
from marsad.sources.plain.looks import MISSING

_EXACT = 2**53
"""Doubles hold every whole number below this; above it the digits of an id are lost already."""

_LONGEST_MISSING = max(map(len, MISSING))


@ibis.udf.scalar.builtin(name="epoch_us")
def _micros(time: ibis.dtype("timestamp")) -> int:  # type: ignore[valid-type]
    """Microseconds since 1970 of a time with or without zone (DuckDB)."""


@ibis.udf.scalar.builtin(name="make_timestamp")
def _timestamp(micros: int) -> ibis.dtype("timestamp"):  # type: ignore[valid-type]
    """A time in UTC without zone (DuckDB)."""


def text_of(value: ir.Value) -> ir.StringValue:
    """The value as text: whole numbers without a point, times in UTC as ISO 8601."""
    kind = value.type()
    if kind.is_string():
        return value
    if kind.is_array():
        return text_of(value[0])
    if kind.is_floating():
        return _text_of_float(value)
    if kind.is_timestamp():
        zone = "Z" if kind.timezone else ""
        return _timestamp(_micros(value)).cast("string") + zone
    return value.cast("string")


def _text_of_float(value: ir.FloatingValue) -> ir.StringValue:
    whole = (value.abs() < _EXACT) & (value == value.floor())
    return ibis.cases(
        (value.isnan(), ibis.null("string")),
        (whole, ibis.ifelse(whole, value, 0.0).cast("int64").cast("string")),
        else_=value.cast("string"),
    )


@dataclass(frozen=True)
class Row:
    """The rows of a table or of parsed JSON, read by column.

    ``marked``: cells may say in words that they have no value, as those of a CSV file do; JSON has
    ``null`` for that.
    """

    value: ir.Value
    marked: bool

    def cell(self, column: Column) -> ir.Value:
        """The value of a column, of whatever type."""
        return read(self.value, column.path.steps)

    def text(self, column: Column) -> ir.StringValue:
        """The value of a column as text."""
        return text_of(self.cell(column))

    def known(self, column: Column) -> ir.StringValue:
        """The value of a column as text, NULL where the cell says that it has none."""
        value = self.cell(column)
        marked = self.marked and value.type().is_string()
        return without_missing(text_of(value)) if marked else text_of(value)


def without_missing(text: ir.StringValue) -> ir.StringValue:
    """NULL where a text says that there is no value."""
    says_so = (text.length() <= _LONGEST_MISSING) & text.isin(MISSING)
    return ibis.cases((says_so, ibis.null("string")), else_=text.nullif(""))
