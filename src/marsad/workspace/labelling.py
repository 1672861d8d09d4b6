"""Labels read back: of each draw how much is labelled, and what it was labelled as."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from marsad.engines import open_engine
from marsad.workspace.folder import Workspace


@dataclass(frozen=True)
class Progress:
    """How far the labelling of a draw is: ``labelled`` of ``drawn`` subjects, by ``labellers``
    people; ``other`` subjects carry labels of the draw and were not in it."""

    draw: str
    kind: str
    drawn: int
    labelled: int
    labellers: int
    other: int


def progress(workspace: Workspace) -> list[Progress]:
    """The draws that have labels, the newest first."""
    with open_engine() as engine:
        snapshot = workspace.log.snapshot()
        draws = workspace.table(engine, snapshot, "draws")
        labels = workspace.current(engine, snapshot, "labels")
        rows = engine.collect(_progress(draws, labels)).to_pylist()
    return [Progress(**row) for row in rows]


def _progress(draws: ir.Table, labels: ir.Table) -> ir.Table:
    drawn = draws.filter(draws.subject.notnull())
    known = drawn.select("draw", "subject").mutate(was_drawn=1)
    found = labels.left_join(known, ["draw", "subject"]).drop("draw_right", "subject_right")
    counted = found.group_by("draw").aggregate(
        labelled=found.subject.nunique(where=found.was_drawn.notnull()),
        labellers=found.labeller.nunique(where=found.was_drawn.notnull()),
        other=found.subject.nunique(where=found.was_drawn.isnull()),
    )
    sizes = drawn.group_by("draw", kind=drawn.subject_kind).aggregate(
        drawn=drawn.subject.count(), drawn_at=drawn.drawn_at.max()
    )
    joined = sizes.join(counted, "draw").order_by([sizes.drawn_at.desc(), sizes.draw])
    return joined.select("draw", "kind", "drawn", "labelled", "labellers", "other")
