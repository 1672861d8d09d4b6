"""Labels of a workspace, as measures take them."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.engines import Engine
from marsad.measure.judgements import Judged, Label, judged
from marsad.workspace.folder import Workspace
from marsad.workspace.runs import Snapshot


def labels_of(
    workspace: Workspace,
    engine: Engine,
    snapshot: Snapshot,
    kind: str,
    positive: Sequence[str] = (),
    draw: str = "",
) -> Judged:
    """The labels of subjects of a kind; of one draw alone where it is named. Of one person the
    label given last counts."""
    rows = workspace.current(engine, snapshot, "labels")
    rows = rows.filter(rows.subject_kind == kind)
    rows = rows.filter(rows.draw == draw) if draw else rows
    ordered = rows.order_by([rows.labelled_at.asc(nulls_first=True), rows.run, rows.line])
    said = engine.collect(ordered.select("subject", "label", "labeller"), limit=10_000_000)
    return judged((Label(**row) for row in said.to_pylist()), positive)
