"""Labels of links: a table that says of drawn pairs whether they are returns."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from marsad.measure.returns.measure import Label
from marsad.records.errors import InputError

COLUMNS = ("child", "parent", "is_return", "probability")
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def read_labels(path: Path) -> list[Label]:
    """Labelled links of a CSV file with the columns `COLUMNS`.

    ``child`` and ``parent`` are subject ids, ``is_return`` is true or false, ``probability`` in
    (0, 1] is the one the pair was drawn with. Raises `InputError` that names the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise InputError("measure.returns.label-columns", file=str(path), missing=missing)
            return [_label(path, rows.line_num, row) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise InputError("measure.returns.label-file", file=str(path), error=said) from error


def _label(path: Path, line: int, row: Mapping[str, str | None]) -> Label:
    truth = _TRUTH.get((row["is_return"] or "").strip().lower())
    try:
        drawn = float(row["probability"] or "")
    except ValueError:
        drawn = 0.0
    if truth is None or not 0 < drawn <= 1 or not row["child"] or not row["parent"]:
        given = ", ".join(str(row[name]) for name in COLUMNS)
        raise InputError("measure.returns.label", file=str(path), line=line, given=given[:200])
    return row["child"].strip(), row["parent"].strip(), truth, drawn
