"""What the records have of the subject of a case: its posts, and what was seen of it."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from marsad.engines.duckdb import DuckDBEngine
from marsad.store.cases import Case
from marsad.workspace.folder import Workspace

MOST = 10_000
"""Rows of each table, the newest."""


def of_subject(workspace: Workspace, case: Case) -> dict[str, list[dict[str, Any]]]:
    """Rows by table; none for a subject that is neither a post nor an account, or was erased."""
    if case.subject is None or case.kind not in ("post", "account"):
        return {}
    with DuckDBEngine() as engine:
        snapshot = workspace.log.snapshot()
        posts = workspace.table(engine, snapshot, "posts")
        mine = posts.id if case.kind == "post" else posts.account
        theirs = posts.filter(mine == case.subject).order_by(posts.created_at.desc()).limit(MOST)
        looks = workspace.table(engine, snapshot, "observations")
        seen = looks.filter(looks.subject == case.subject, looks.subject_kind == case.kind)
        seen = seen.order_by(looks.observed_at.desc()).limit(MOST)
        return {"posts": _rows(engine, theirs), "observations": _rows(engine, seen)}


def _rows(engine: DuckDBEngine, table: ir.Table) -> list[dict[str, Any]]:
    return list(engine.collect(table).to_pylist())
