"""Small results of an engine as plain rows."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from marsad.engines import Engine

Row = dict[str, Any]


def collected(engine: Engine, expr: ir.Table) -> list[Row]:
    """All rows of a small result, as dicts by column."""
    rows: list[Row] = engine.collect(expr).to_pylist()
    return rows
