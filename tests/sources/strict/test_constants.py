"""What is known of a column before any row is read."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pytest

from marsad.sources.strict.constants import is_null, never_said, unfilled

ROWS = ibis.table({"text": "string", "number": "int64"}, name="rows")


@pytest.mark.parametrize(
    ("value", "null", "never"),
    [
        (ibis.null("string"), True, True),
        (ibis.null("string").cast("int64"), True, True),
        (ibis.literal(False), False, True),
        (ibis.literal(0), False, True),
        (ibis.literal("plum"), False, False),
        (ROWS.text, False, False),
        (ROWS.text.coalesce("plum"), False, False),
    ],
)
def test_a_literal_is_traced_to_where_it_was_written(
    value: ir.Value, null: bool, never: bool
) -> None:
    rows = ROWS.select(one=value)
    for table in (rows, rows.mutate(two=rows.one), rows.mutate(two=1).drop("two")):
        assert (is_null(table, "one"), never_said(table, "one")) == (null, never)


def test_what_is_not_filled_is_not_written() -> None:
    staged = ROWS.select(
        "text", line=ibis.null("int64"), reason=ibis.null("string"), bio=ibis.null("string"),
        version=ibis.literal(0),
    )  # fmt: skip
    assert unfilled(staged.mutate(name=staged.bio)) == ["bio", "name"]
