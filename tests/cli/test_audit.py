"""`marsad audit` as a process ends it."""

from __future__ import annotations

import json
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from marsad.workspace import Workspace
from marsad.workspace.reviewing import open_cases
from tests.cli.conftest import Command


@pytest.fixture
def logged(ws: Path) -> Path:
    """A workspace whose findings have become cases."""
    assert open_cases(Workspace.open(ws)).opened == 20
    return ws


def tamper(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(folder / "review.db")
    for statement in ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete", *statements):
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_whole_log(marsad: Command, logged: Path) -> None:
    ended = marsad("audit", "verify", "-w", logged)
    assert ended.code == 0
    assert "The log is whole: 20 entries" in ended.out
    assert "20 entries came after the last checkpoint" in ended.out
    assert marsad("audit", "checkpoint", "-w", logged).code == 0
    ended = marsad("audit", "verify", "-w", logged, "--json")
    assert json.loads(ended.out) == {"entries": 20, "checkpoints": 1, "sealed": 20, "broken": None}


def test_the_first_broken_entry_is_named(marsad: Command, logged: Path) -> None:
    tamper(logged, "UPDATE audit SET body = X'7B7D' WHERE seq = 7")
    ended = marsad("audit", "verify", "-w", logged)
    assert (ended.code, ended.out) == (1, "")
    assert "entry 7 was changed" in ended.err
    ended = marsad("audit", "verify", "-w", logged, "--json")
    assert ended.code == 1
    assert json.loads(ended.out)["broken"] == {"seq": 7, "why": "altered", "what": ""}


def test_a_database_that_was_replaced_shows_against_kept_checkpoints(
    marsad: Command, logged: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.ndjson"
    line = marsad("audit", "checkpoint", "-w", logged, "-o", kept).out
    assert kept.read_text() == line
    for path in logged.glob("review.db*"):
        path.unlink()
    open_cases(Workspace.open(logged))
    assert marsad("audit", "verify", "-w", logged).code == 0
    ended = marsad("audit", "verify", "-w", logged, "--checkpoints", kept)
    assert ended.code == 1
    assert "written anew" in ended.err


def test_an_export_can_be_checked_without_marsad(
    marsad: Command, logged: Path, tmp_path: Path
) -> None:
    marsad("audit", "checkpoint", "-w", logged)
    out = tmp_path / "log.ndjson"
    assert marsad("audit", "export", "-w", logged, "-o", out).code == 0
    assert marsad("audit", "export", "-w", logged).out == out.read_text()
    *entries, last = map(json.loads, out.read_text().splitlines())
    prev = bytes(32)
    for seq, entry in enumerate(entries, start=1):
        digest = sha256(prev + entry["body"].encode("ascii")).digest()
        assert (entry["seq"], entry["prev"], entry["hash"]) == (seq, prev.hex(), digest.hex())
        prev = digest
    assert last["checkpoint"]["hash"] == prev.hex()
    assert "amber" not in out.read_text()
    assert "x:7" not in out.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("verify",), "Nothing was decided"),
        (("export",), "Nothing was decided"),
        (("checkpoint",), "Nothing was decided"),
        (("verify", "--checkpoints", "none.ndjson"), "There is no file none.ndjson"),
    ],
)
def test_what_cannot_be_done(
    marsad: Command, ws: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = marsad("audit", *arguments, "-w", ws)
    assert ended.code == 2
    assert said in ended.err
    assert not (ws / "review.db").exists()


def test_a_lost_key_is_told_and_not_made_anew(marsad: Command, logged: Path) -> None:
    marsad("audit", "checkpoint", "-w", logged)
    (logged / "keys" / "audit.key").unlink()
    ended = marsad("audit", "verify", "-w", logged)
    assert ended.code == 2
    assert "keys/audit.key is missing" in ended.err
    assert not (logged / "keys" / "audit.key").exists()


def test_a_line_that_is_no_checkpoint(marsad: Command, logged: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("hello\n")
    ended = marsad("audit", "verify", "-w", logged, "--checkpoints", kept)
    assert ended.code == 2
    assert "hello" in ended.err
