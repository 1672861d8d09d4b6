"""What an expression makes of a column before any row is read.

A file has few fields of the many that a record may have. What is known to be the same in every row
when the query is built spares the engine work that it cannot see to be idle.
"""

from __future__ import annotations

from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir

_ALWAYS_THERE = frozenset(("line", "reason", "raw", "file"))


def constant(rows: ir.Table, column: str) -> ops.Literal | None:
    """The literal that ``column`` is in every row; None where rows differ, or may."""
    table: Any = rows.op()
    while isinstance(table, (ops.Project, ops.DropColumns)):
        value = table.values[column]
        while isinstance(value, (ops.Cast, ops.Alias)):
            value = value.arg
        if isinstance(value, ops.Literal):
            return value
        if not isinstance(value, ops.Field):
            return None
        table, column = value.rel, value.name
    return None


def is_null(rows: ir.Table, column: str) -> bool:
    """Whether ``column`` is NULL in every row."""
    found = constant(rows, column)
    return found is not None and found.value is None


def never_said(rows: ir.Table, column: str) -> bool:
    """Whether ``column`` is NULL or false in every row: the file has no such thing."""
    found = constant(rows, column)
    return found is not None and not found.value


def unfilled(staged: ir.Table) -> list[str]:
    """The columns that are NULL in every row: what is not written costs nothing."""
    return [name for name in staged.columns if name not in _ALWAYS_THERE and is_null(staged, name)]
