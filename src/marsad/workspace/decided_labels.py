"""Decisions as labels, each with how its case came to be seen."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from marsad.decide import blind
from marsad.decide.outcomes import ACTING, UNSURE
from marsad.records.times import to_datetime
from marsad.sources.source import Options
from marsad.store import judgements, log
from marsad.store.database import Database, Transaction
from marsad.store.judgements import Judgement
from marsad.workspace.folder import Workspace
from marsad.workspace.importing import Imported, import_files
from marsad.workspace.reviewing import existing_database

KINDS = ("account", "post")
TARGETED = "targeted"
COLUMNS = ("subject_kind", "platform", "subject", "label", "labeller", "labelled_at", "draw",
           "probability", "note")  # fmt: skip

FILE = "decisions.csv"


def label_decisions(workspace: Workspace) -> Imported:
    """Takes what was decided at the desk as labels; again takes what is new alone.

    Whoever decided is the labeller. Of a case that was drawn blind, ``draw`` and ``probability``
    are those of its draw; all others are ``targeted``, and the note says by what: a signal, a
    notice, a golden case, a second reading. An overturned decision is unsure from then on.
    """
    store = existing_database(workspace)
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / FILE
            _write(store, path)
            return import_files(workspace, [path], Options(kind="labels"))
    finally:
        store.close()


def _write(store: Database, path: Path) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        with store.reading() as transaction:
            draws: dict[int, Mapping[str, Any]] = {}
            for one in judgements.judgements(transaction, KINDS):
                writer.writerows(_rows(one, _drawn(transaction, one, draws)))


def _drawn(
    transaction: Transaction, one: Judgement, draws: dict[int, Mapping[str, Any]]
) -> Mapping[str, Any]:
    if one.route != blind.RANDOM:
        return {}
    if one.case_id not in draws:
        draws[one.case_id] = log.event(transaction, one.case_id).data
    return draws[one.case_id]


def _rows(one: Judgement, drawn: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    exempt = f" ({one.exemption})" if one.exemption else ""
    row = {
        "subject_kind": one.kind, "platform": one.subject.partition(":")[0],
        "subject": one.subject, "label": label_of(one.outcome), "labeller": one.reviewer,
        "labelled_at": to_datetime(one.at).isoformat(), "draw": drawn.get("draw", TARGETED),
        "probability": drawn.get("probability", ""), "note": f"{one.route}: {one.outcome}{exempt}",
    }  # fmt: skip
    yield row
    if one.overturned is not None:
        at = to_datetime(max(one.overturned, one.at + 1)).isoformat()
        note = f"{one.route}: {one.outcome} (overturned)"
        yield {**row, "label": UNSURE, "labelled_at": at, "note": note}


def label_of(outcome: str) -> str:
    """An outcome as a label that measures read."""
    if outcome in ACTING:
        return "violating"
    return UNSURE if outcome == UNSURE else "no violation"
