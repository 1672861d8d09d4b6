"""Daily totals by group: which columns are the day, the groups and the outcomes.

Wide: a day, any number of text columns that name the group, and one column of numbers for each
outcome. Long: a day, groups, one column that names the outcome and one with its value. A group that
several columns name is their values joined by ``/``: the column called ``group`` (or the like)
first, the others in the order of the file. In columns of groups «none» and the like are names.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from marsad.sources.plain.choose import Chosen
from marsad.sources.plain.columns import Column
from marsad.sources.plain.names import GENERIC_ACCOUNT, NAMES, PLACES

_INDEX = frozenset(
    (
        "c1", "index", "unnamed0", "rownames", "row", "rowid", "x", "year", "month", "week",
        "weekday", "dayofweek", "jahr", "monat", "mois", "annee",
    )
)  # fmt: skip
"""Numbers that count rows or name a part of the date: no outcomes."""

_LONGEST_GROUP = 80


def complete_series(chosen: Chosen, columns: Sequence[Column]) -> None:
    """Adds the groups and outcomes; takes the value back where the table is not of daily totals."""
    fields = chosen.fields
    if "day" not in fields:
        fields.pop("value", None)
        return
    rest = [column for column in columns if column.label not in chosen.used]
    long = "outcome" in fields and "value" in fields and not fields["outcome"][0].is_numeric
    if not long and "value" not in chosen.given:
        given = [*fields.pop("outcome", ()), *fields.pop("value", ())]
        rest = [column for column in columns if column in rest or column in given]
        values = tuple(column for column in rest if _is_outcome(column))
        if values:
            fields["value"] = values
    groups = _groups(chosen, [column for column in rest if column.label not in chosen.used])
    if groups:
        fields["group"] = groups
    if _is_free_text(columns, chosen):
        fields.pop("value", None)
    elif not _one_row_a_day(chosen):
        chosen.lacks = ("group",)


def is_long(chosen: Chosen) -> bool:
    """Whether one column names the outcome of each row."""
    return "outcome" in chosen


def _is_outcome(column: Column) -> bool:
    name = "".join(column.steps)
    is_id = name.endswith("id") and name not in ("paid", "valid")
    return column.is_numeric and name not in _INDEX and not is_id and not column.many


def _groups(chosen: Chosen, rest: Sequence[Column]) -> tuple[Column, ...]:
    named = chosen.fields.get("group", ())
    others = tuple(column for column in rest if column not in named and _is_group(column))
    return tuple(column for column in (*named, *others) if not column.empty or column.absent)


def _is_group(column: Column) -> bool:
    few = column.distinct <= max(50, len(column.values) // 2)
    text = not column.is_numeric and not column.is_time and not column.many
    return text and few and column.length <= _LONGEST_GROUP and not PLACES & set(column.steps)


def _is_free_text(columns: Sequence[Column], chosen: Chosen) -> bool:
    """Prose or an account among the columns: rows are then somebody's, not totals."""
    text = any(column.length > _LONGEST_GROUP for column in columns if not column.is_numeric)
    accounts = {*GENERIC_ACCOUNT, *NAMES["posts"]["account_id"], *NAMES["posts"]["handle"]}
    account = any("".join(column.steps) in accounts for column in columns)
    return text or (account and "group" not in chosen)


def _one_row_a_day(chosen: Chosen) -> bool:
    """Whether each day and group has no more than one row (and outcome), as far as can be told."""
    day = chosen.fields["day"][0]
    keys = [*chosen.fields.get("group", ()), *chosen.fields.get("outcome", ())]
    return len(day.values) <= 1.05 * day.distinct * prod(_names(key) for key in keys)


def _names(key: Column) -> int:
    """How many groups or outcomes a column tells apart, those called «none» and the like too."""
    return max(key.distinct + len(key.absent), 1)
