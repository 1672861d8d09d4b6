"""Reads the outputs of R's packages: tables of histories, and rows of models by name."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from marsad.measure.capture_recapture.histories import Histories, tabulate

CLOSED = [
    f"closed_{name}"
    for name in ("hare", "mvole_session1", "mvole_session3", "mvole_session5", "duck", "HIV")
]


def oracle(folder: Path, name: str) -> dict[str, Any]:
    """What R was given and what it answered."""
    text = (folder / "oracles" / f"capture_{name}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def rows_of(folder: Path, name: str) -> tuple[list[str], np.ndarray[Any, np.dtype[np.int64]]]:
    """The header of a CSV, and its whole numbers."""
    with (folder / "oracles" / name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, np.array(rows, dtype=np.int64)


def histories(folder: Path, name: str) -> Histories:
    """The table of a CSV of histories, with a last column of counts or a row a unit."""
    header, rows = rows_of(folder, name)
    if header[-1] not in ("freq", "n", "count"):
        header, rows = [*header, "freq"], np.column_stack([rows, np.ones(len(rows), int)])
    return tabulate(rows[:, :-1].astype(bool), rows[:, -1].astype(float), tuple(header[:-1]))


def by_model(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["model"]: row for row in rows}
