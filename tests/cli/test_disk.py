"""A disk that is full, and places where nothing may be written."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from marsad.cli.failures import explained
from tests.cli.conftest import Command
from tests.cli.test_damage import content
from tests.conftest import ROOT
from tests.workspace.conftest import ndjson, posts


def limited(size: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command that can write no file beyond a size, as on a disk that is nearly full."""
    return subprocess.run(
        [sys.executable, "-m", "marsad", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "MARSAD_LANG": "en",
             "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("size", "arguments"),
    [
        (0, ("import", "-q", "{tmp}/new.ndjson")),
        (6_000, ("import", "-q", "{tmp}/new.ndjson")),
        (0, ("find", "-q", "phrases")),
        (100, ("bank", "add", "markers", "blue heron")),
        (100, ("bank", "add", "others", "blue heron", "--kind", "phrases")),
        (100, ("policy", "add", "demo")),
    ],
)
def test_a_full_disk_leaves_the_workspace_as_it_was(
    size: int, arguments: tuple[str, ...], ws: Path, tmp_path: Path, marsad: Command
) -> None:
    ndjson(tmp_path / "new.ndjson", posts(*({"id": f"n{n}"} for n in range(2_000))))
    before = content(ws)
    command = [part.format(tmp=tmp_path) for part in arguments]
    ended = limited(size, *command, "-w", ws)
    assert ended.returncode == 3, ended
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert ended.stderr.startswith("marsad: There is no room left to write (")
    assert content(ws) == before
    assert marsad(*command, "-w", ws).code == 0


def test_a_commit_that_fails_leaves_no_file(
    ws: Path, tmp_path: Path, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last step, when the data are in place and the run's own file cannot be written."""
    before = content(ws)
    path = ndjson(tmp_path / "new.ndjson", posts({"id": "new"}))

    def full(self: Path, *_: object) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        ended = marsad("import", "-q", path, "-w", ws)
    assert (ended.code, "No space left on device" in ended.err) == (3, True), ended
    assert content(ws) == before


@pytest.mark.parametrize("command", [("init",), ("demo", "--no-serve", "-q", "-w"), ("simulate",)])
@pytest.mark.parametrize("place", ["/proc/nothing", "{tmp}/file", "{tmp}/file/below"])
def test_where_nothing_can_be_made(
    command: tuple[str, ...], place: str, tmp_path: Path, marsad: Command
) -> None:
    (tmp_path / "file").write_text("something of the user's")
    folder = place.format(tmp=tmp_path)
    ended = marsad(*command, folder)
    assert ended.code == (2 if place.endswith("file") else 3), ended
    assert len(ended.err.splitlines()) == 1
    assert folder in ended.err
    assert (tmp_path / "file").read_text() == "something of the user's"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_workspace_that_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, marsad: Command
) -> None:
    ended = limited(0, "init", tmp_path / "ws")
    assert ended.returncode == 3
    assert ended.stderr.startswith(f"marsad: No workspace can be made in {tmp_path / 'ws'}: ")
    assert not (tmp_path / "ws").exists()
    assert marsad("init", tmp_path / "ws").code == 0


def test_a_demonstration_does_not_touch_what_is_none(ws: Path, marsad: Command) -> None:
    before = content(ws)
    ended = marsad("demo", "--no-serve", "-q", "-w", ws)
    assert (ended.code, ended.err) == (
        2, f"marsad: {ws} is no demonstration, so it stays as it is. Name another folder: "
        "marsad demo -w DIR\n",
    )  # fmt: skip
    assert content(ws) == before


@pytest.mark.parametrize(
    ("error", "message", "what"),
    [
        (OSError(28, "No space left", "/a"), "disk.full", "/a: No space left"),
        (OSError("Detail: [errno 28] No space left on device"), "disk.full", "Detail: [errno"),
        (PermissionError(13, "Permission denied", "/a"), "disk.refused", "/a: Permission denied"),
        (OSError(30, "Read-only file system", "/a"), "disk.refused", "/a: Read-only file system"),
        (IsADirectoryError(21, "Is a directory", "/a"), "disk.failed", "/a: Is a directory"),
        (OSError(), "disk.failed", "OSError"),
    ],
)  # fmt: skip
def test_what_the_system_refuses(error: OSError, message: str, what: str) -> None:
    shown = explained(error)
    assert (shown.message.id, shown.exit_code) == (message, 3)
    assert shown.message.values["what"].startswith(what)


def test_a_fault_of_our_own_is_called_one(
    ws: Path, marsad: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise KeyError("heron")

    monkeypatch.setattr("marsad.workspace.folder.Workspace.count_posts", fault)
    ended = marsad("status", "-w", ws)
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert "a fault of Marsad itself (KeyError: 'heron')" in ended.err
    monkeypatch.setenv("MARSAD_DEBUG", "1")
    assert "Traceback" in marsad("status", "-w", ws).err


def test_status_is_the_same_after_a_full_disk(ws: Path, tmp_path: Path, marsad: Command) -> None:
    """What was left of earlier processes goes with the next run."""
    (ws / "runs" / ".x.json.aside").write_text("half of a ru")
    path = ndjson(tmp_path / "new.ndjson", posts({"id": "new"}))
    assert marsad("import", "-q", path, "-w", ws).code == 0
    assert not (ws / "runs" / ".x.json.aside").exists()
    assert json.loads(marsad("status", "--json", "-w", ws).out)["posts"] == 21
