"""`marsad status`: posts are posts, however many versions of each there are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from marsad import locale
from marsad.records.tables import TABLES
from marsad.workspace import Workspace
from tests.cli.conftest import Command
from tests.workspace.conftest import ndjson, posts, take


@pytest.fixture
def revised(tmp_path: Path) -> Workspace:
    """Three posts: one with three versions in one file, one with a second in another."""
    workspace = Workspace.create(tmp_path / "ws")
    first = posts(
        {"id": "1"}, {"id": "1", "text": "low"}, {"id": "1", "text": "lower"}, {"id": "2"}
    )
    take(workspace, ndjson(tmp_path / "a.ndjson", first))
    take(workspace, ndjson(tmp_path / "b.ndjson", posts({"id": "2", "text": "high"}, {"id": "3"})))
    return workspace


def shown(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines())


def test_versions_are_not_counted_as_posts(revised: Workspace, marsad: Command) -> None:
    said = marsad("status", "--json", "-w", revised.folder)
    status = json.loads(said.out)
    assert (said.code, status["posts"], status["versions of posts"]) == (0, 3, 6)
    lines = shown(marsad("status", "-w", revised.folder).out)
    assert (lines["posts"], lines["versions of posts"]) == ("3", "6")


def test_where_nothing_was_revised_there_is_one_number(ws: Path, marsad: Command) -> None:
    lines = shown(marsad("status", "-w", ws).out)
    assert lines["posts"] == "20"
    assert "versions of posts" not in lines


def test_posts_are_not_read_where_nothing_was_revised(
    ws: Path, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marsad.workspace.folder.open_engine", None)
    assert marsad("status", "-w", ws).code == 0


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_every_line_has_a_name_in_the_users_language(
    lang: str, revised: Workspace, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARSAD_LANG", lang)
    lines = shown(marsad("status", "-w", revised.folder).out)
    assert len(lines) >= len(TABLES) + 7
    assert not [name for name in lines if name.startswith("status.")]
    posts_line = {"en": ("posts", "3"), "ar": ("المنشورات", "٣")}[lang]
    assert posts_line in lines.items()
