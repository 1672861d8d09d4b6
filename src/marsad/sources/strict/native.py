"""Native ids as files write them: what is exact is taken, what a program rounded is lost."""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from marsad.records import times
from marsad.sources.strict.values import has_white

EXACT = 2**53
"""Doubles hold every whole number up to this one; above it the digits of an id are lost."""

_FORMULA = re.compile(r'=\s*"([^"]*)"')
_DECIMAL = re.compile(r"([0-9]+)(?:\.0+)?")
_ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_SCIENTIFIC = r"[0-9](?:[.,][0-9]+)?[eE](?:\+[0-9]+|[1-3][0-9])(?:\.0+)?"
_ROUNDED = rf"^(?:{_SCIENTIFIC}|[0-9]{{16,}}\.0+)$"
_NO_ID = r"(?s)^(?:[^:]*:)?(?:true|false|@?\[.*|@?\{\s*(?:[\"}].*)?)$"


def native_id(text: ir.StringValue) -> ir.StringValue:
    """An id without what a spreadsheet or a data frame put around it; NULL where nothing is left.

    ``="123"``, ``'123`` and ``123.0`` are 123, Arabic and Persian digits are ASCII ones: nothing is
    lost by any of these. Hardly any id needs it, so each is first only looked at.
    """
    odd = (text < "(") | text.startswith("=") | (text >= "٠") | _ends_in_noughts(text)
    return (odd | has_white(text)).ifelse(_whole_number(_unwrapped(text.strip())), text)


def _ends_in_noughts(text: ir.StringValue) -> ir.BooleanValue:
    """Whether it may be a whole number that a program wrote with decimals."""
    return text.endswith("0") & text.contains(".")


def _unwrapped(text: ir.StringValue) -> ir.StringValue:
    """The text that a spreadsheet was told to leave as it is."""
    return ibis.cases(
        (text.startswith("="), text.re_extract(f"^{_FORMULA.pattern}$", 1).strip().nullif("")),
        (text.startswith("'"), text.substr(1).strip().nullif("")),
        else_=text.nullif(""),
    ).coalesce(text.nullif(""))


def _whole_number(text: ir.StringValue) -> ir.StringValue:
    digits = (text >= "٠").ifelse(times.ascii_digits(text), text)
    whole = digits.re_extract(f"^{_DECIMAL.pattern}$", 1)
    exact = (whole != "") & (~digits.contains(".") | (whole.try_cast("int64") <= EXACT))
    return exact.fill_null(False).ifelse(whole, text)


def exact(text: str) -> str:
    """`native_id` of one text; what is no id stays as it is."""
    bare = text.strip()
    if found := _FORMULA.fullmatch(bare):
        bare = found[1].strip() or bare
    elif bare.startswith("'"):
        bare = bare[1:].strip() or bare
    digits = bare.translate(_ASCII_DIGITS) if bare >= "٠" else bare
    whole = _DECIMAL.fullmatch(digits)
    taken = whole and ("." not in digits or (len(whole[1]) < 20 and int(whole[1]) <= EXACT))
    return whole[1] if whole and taken else bare


def is_rounded(native: ir.StringValue) -> ir.BooleanValue:
    """An id such as 1.23457E+17: a program made a number of it, so which post or account it was is
    lost."""
    suspect = native.contains("e") | native.contains("E") | _ends_in_noughts(native)
    suspect &= native < ":"
    return suspect.fill_null(False).ifelse(native.re_search(_ROUNDED), False)


def is_no_id(native: ir.StringValue) -> ir.BooleanValue:
    """``true``, a list or an object of JSON where an id should be, also behind its platform."""
    suspect = native.endswith("e") | native.endswith("]") | native.endswith("}")
    return suspect.fill_null(False).ifelse(native.re_search(_NO_ID), False)
