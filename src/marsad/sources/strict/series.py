"""Series: daily totals by group, for data that comes as such."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from marsad.records import ids
from marsad.sources.strict.context import Context
from marsad.sources.strict.reasons import first_reason, time_reasons
from marsad.sources.strict.values import blank_to_null, each_of, joined, number


def series(loose: ir.Table, context: Context) -> ir.Table:
    """Staged totals, one for each outcome of a row; the series is called as its file is."""
    rows = loose.mutate(
        at=context.time(loose.day),
        group=blank_to_null(loose.group).coalesce("all"),
        name=ibis.literal(context.series),
        each=each_of(loose.outcomes, "outcome", "value"),
    )
    rows = rows.mutate(outcome=rows.each.outcome, value=number(rows.each.value))
    rows = rows.mutate(
        reason=first_reason(
            rows.reason,
            *time_reasons(rows.at, rows.day, context),
            (rows.outcome.isnull() | rows.value.isnull(), "no-number"),
        )
    )
    parts = [rows.name, rows.group, rows.outcome, rows.at.cast("string")]
    return rows.select(
        "line", "name", "group", "outcome", "value", "raw", "reason",
        day=rows.at,
        key=ids.key_column(joined(*parts)),
        version=ids.key_column(joined(rows.value.cast("string"))),
    )  # fmt: skip
