"""What ``marsad findings`` prints: nothing that a terminal or a spreadsheet would obey."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from marsad.cli.findings import COLUMNS, _write_csv, _write_table
from marsad.outputs.passage import one_line

TITLE = "\x1b]0;owned\x07"


def found(**columns: Any) -> dict[str, Any]:
    plain = {
        **dict.fromkeys(COLUMNS, ""), "subject_id": "x:1", "signal": "phrases", "score": 0.5,
        "sentence": "a sentence", "evidence": [], "opens_case": True,
    }  # fmt: skip
    return {**plain, **columns}


@pytest.mark.parametrize("field", ["subject_id", "signal", "sentence"])
@pytest.mark.parametrize(
    "text",
    [f"x:{TITLE}1", "x:1\n0.99  phrases      x:2", "x:\x9b31m", "x:1\r0", "a\u202eb", "a\u2028b"],
)  # fmt: skip
def test_a_table_holds_no_controls(
    capsys: pytest.CaptureFixture[str], field: str, text: str
) -> None:
    _write_table(iter([found(**{field: text})]), 1, "en")
    lines = capsys.readouterr().out.split("\n")
    assert len(lines) == 3
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\nb", "a␊b"), ("a\tb", "a␉b"), (TITLE, "\ufffd]0;owned\ufffd"), ("سلام", "سلام")],
)
def test_controls_are_seen(text: str, shown: str) -> None:
    assert one_line(text) == shown


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-1", f"{TITLE}=1", "\x9b=1"])
def test_no_cell_is_a_formula(capsys: pytest.CaptureFixture[str], text: str) -> None:
    _write_csv(iter([found(sentence=text, evidence=[{"kind": text}])]), 1, "en")
    out = capsys.readouterr().out
    (row,) = csv.DictReader(io.StringIO(out))
    assert not row["sentence"].startswith(("=", "@", "-"))
    assert not {"\x1b", "\x07", "\x9b"} & set(out)
    assert (row["score"], row["opens_case"]) == ("0.5", "True")
