"""The table that people fill in with labels: what to judge, and nothing that would sway them."""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

import ibis
import pyarrow as pa

from marsad.engines import open_engine
from marsad.outputs.tables import harmless
from marsad.records.ids import SEPARATOR
from marsad.workspace.drawing import ToLabel
from marsad.workspace.folder import Workspace

COLUMNS = ("draw", "subject_kind", "platform", "subject", "shows", "label", "labeller", "note")
SHOWN_POSTS, LONGEST = 5, 500


def write_sheet(
    workspace: Workspace, wanted: ToLabel, output: Path | None, labeller: str = ""
) -> None:
    """Writes a row a subject, as CSV, to a file or standard output.

    ``shows`` has the text of a post, or the last five of an account's; ``label`` and ``note`` are
    to be filled in, ``labeller`` too where nobody is named.
    """
    texts = _texts(workspace, wanted)
    if output is None:
        _write(sys.stdout, wanted, texts, labeller)
    else:
        # spreadsheets take a file for UTF-8 by its byte order mark
        with output.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
            _write(file, wanted, texts, labeller)


def _write(
    file: TextIO, wanted: ToLabel, texts: Mapping[str, Sequence[str]], labeller: str
) -> None:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for subject in wanted.subjects:
        shown = harmless("\n\n".join(text[:LONGEST] for text in texts.get(subject, ())))
        platform = subject.partition(SEPARATOR)[0]
        writer.writerow([wanted.draw, wanted.kind, platform, subject, shown, "", labeller, ""])


def _texts(workspace: Workspace, wanted: ToLabel) -> dict[str, list[str]]:
    """The last texts of each subject, the newest first."""
    with open_engine() as engine:
        posts = workspace.current(engine, workspace.log.snapshot(), "posts")
        subject = posts.id if wanted.kind == "post" else posts.account
        asked = engine.table(pa.table({"wanted": pa.array(wanted.subjects, pa.string())}), "asked")
        chosen = posts.filter(posts.text != "").semi_join(asked, subject == asked.wanted)
        subject = chosen.id if wanted.kind == "post" else chosen.account
        place = ibis.row_number().over(
            group_by=subject, order_by=[chosen.created_at.desc(), chosen.id]
        )
        placed = chosen.select("text", subject=subject, place=place)
        last = placed.filter(placed.place < SHOWN_POSTS).order_by("subject", "place")
        found = defaultdict(list)
        for row in engine.collect(last.select("subject", "text")).to_pylist():
            found[row["subject"]].append(row["text"])
    return found
