"""`marsad act` as a process ends it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from marsad.decide.items import Item, content_of
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.workspace import Workspace
from marsad.workspace.reviewing import desk, open_cases
from tests.cli.conftest import Command
from tests.cli.test_disk import limited

WHO = Reviewer("a", frozenset({"moderator"}), frozenset({"en"}))


@pytest.fixture
def decided(ws: Path) -> Path:
    """A workspace with three posts to be removed from a simulated network."""
    with (ws / "marsad.toml").open("a") as file:
        file.write('\n[platforms.unknown]\nby = "simulated"\n')
    workspace = Workspace.open(ws)
    open_cases(workspace)
    room = desk(workspace)
    for _ in range(3):
        taken = room.take_next(WHO)
        assert taken is not None
        case, lease = taken
        assert case.subject is not None
        item = Item(case.subject, "unknown:7", "en", content_of("amber lantern"))
        room.open_item(WHO, case.id, item)
        room.decide(WHO, Decision(case.id, case.version, lease.token, "remove", "research@1",
                                  "it carries the marker", item=item.id))  # fmt: skip
    room.database.close()
    return ws


def test_what_it_says(marsad: Command, decided: Path) -> None:
    ended = marsad("act", "--dry-run", "-w", decided)
    assert ended.code == 0
    assert ended.out.count("would be asked") == 3
    assert "3 steps would be taken now. Nothing was asked and nothing changed." in ended.out
    assert not (decided / "simulated-network.db").exists()
    ended = marsad("act", "--limit", "2", "-w", decided)
    assert ended.out.count("removal of unknown:") == 2
    assert "2 steps were taken." in ended.out
    assert "The next step is due at 2" in ended.out
    ended = marsad("act", "--json", "-w", decided)
    said = json.loads(ended.out)
    assert said["counts"] == {"requested": 1}
    assert said["steps"][0]["by"] == "simulated"
    assert set(said) == {"counts", "next_at", "steps"}
    assert "0 steps" in marsad("act", "-w", decided).out
    assert marsad("audit", "verify", "-w", decided).code == 0


def test_in_arabic(marsad: Command, decided: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARSAD_LANG", "ar")
    ended = marsad("act", "-w", decided)
    assert "إزالة على unknown:" in ended.out
    assert "اتُّخذت ٣ خطوات." in ended.out.replace("\u061c", "").replace("\u200f", "")


def test_what_cannot_be_done(marsad: Command, ws: Path) -> None:
    ended = marsad("act", "-w", ws)
    assert ended.code == 2
    assert "Nothing was decided" in ended.err
    assert not (ws / "review.db").exists()
    assert marsad("act", "--limit", "0", "-w", ws).code == 2


def test_settings_that_are_not_right(marsad: Command, decided: Path) -> None:
    path = decided / "marsad.toml"
    path.write_text(path.read_text() + 'secret_token = "hunter2"\n')
    ended = marsad("act", "-w", decided)
    assert ended.code == 2
    assert "secret_token" in ended.err
    assert "hunter2" not in ended.err


def test_a_full_disk(decided: Path, marsad: Command) -> None:
    ended = limited(40_000, "act", "-w", decided)
    assert ended.returncode == 3, ended
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert marsad("audit", "verify", "-w", decided).code == 0
    assert marsad("act", "-w", decided).code == 0
