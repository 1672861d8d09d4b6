"""Cells as values: texts, numbers, words of a list, languages, and what is hashed of them."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from marsad.records import times
from marsad.records.language import language_code

UNIT = "\x1f"
"""Separates the parts of what is hashed; it stands in no id and in hardly any text."""


def joined(*parts: ir.StringValue) -> ir.StringValue:
    """The parts of what is hashed, told apart; a missing part is an empty one."""
    return ibis.literal(UNIT).join([part.coalesce("") for part in parts])


def blank_to_null(text: ir.StringValue) -> ir.StringValue:
    """A name, an id or a number without white space around it; NULL where nothing is left.

    Trimming costs five times a look for white space, and hardly any value needs it.
    """
    return (has_white(text) | (text == "")).ifelse(text.strip().nullif(""), text)


def has_white(text: ir.StringValue) -> ir.BooleanValue:
    """Whether there is white space in a text, anywhere."""
    return ibis.or_(*(text.contains(space) for space in _WHITE))


_WHITE = (" ", "\t", "\n", "\r", "\v", "\f")


def written(text: ir.StringValue) -> ir.StringValue:
    """A text as it stands, white space and all; NULL where there is nothing else."""
    # a text that sorts after "!" begins with a letter or a sign, as nearly all do
    blank = (text < "!") & ~text.re_search(r"\S")
    return blank.ifelse(ibis.null("string"), text)


def whole_number(text: ir.StringValue) -> ir.IntegerValue:
    """A whole number, with Arabic digits and digit groups taken; NULL where it is none."""
    whole = text.try_cast("int64")
    return whole.notnull().ifelse(whole, number(text).try_cast("int64"))


def number(text: ir.StringValue) -> ir.FloatingValue:
    """A number, with Arabic digits and digit groups taken; NULL where it is none, or not finite."""
    direct = text.try_cast("float64")
    folded = times.ascii_digits(text).replace("٬", "").replace("٫", ".")
    grouped = folded.re_search(r"^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$")
    number = direct.coalesce(
        folded.try_cast("float64"), grouped.ifelse(folded.replace(",", ""), "").try_cast("float64")
    )
    return (number.isinf() | number.isnan()).ifelse(ibis.null("float64"), number)


def one_of(text: ir.StringValue, valid: Sequence[str], otherwise: str) -> ir.StringValue:
    """A text that is one of ``valid``, or ``otherwise``."""
    return text.isin(valid).ifelse(text, otherwise)


def is_empty(items: ir.ArrayValue) -> ir.BooleanValue:
    """Whether a list has no items, or there is none."""
    return items.isnull() | (items.length() == 0)


@ibis.udf.scalar.pyarrow(signature=(("string",), "string"))  # type: ignore[untyped-decorator]
def code_of_language(names: pa.ChunkedArray) -> pa.ChunkedArray:
    """`language_code` of each, "" where there is none: the engine takes no NULL from a function.

    A column has few languages, and each is looked up once.
    """
    few = pc.unique(names)
    codes = [language_code(name) or "" for name in few.to_pylist()]
    return pa.array(codes, pa.string()).take(pc.index_in(names, few))


def each_of(items: ir.ArrayValue, *fields: str) -> ir.StructValue:
    """A row for each item of a list of structs with these ``fields``; an empty list gives one row
    in which they are NULL, so that it can be rejected."""
    nothing = ibis.array([ibis.struct({name: ibis.null("string") for name in fields})])
    return is_empty(items).ifelse(nothing, items).unnest()
