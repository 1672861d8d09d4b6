"""The command line as a process ends it: exit code and what it said, without a process."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from marsad.banks import Entry
from marsad.cli import main
from marsad.workspace import Workspace
from marsad.workspace.finding import find
from tests.workspace.conftest import ndjson, posts, take


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def marsad(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`marsad("status", "-w", folder)`: all that `main` does, errors and exit code included."""
    monkeypatch.setenv("MARSAD_LANG", "en")
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["marsad", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        code = end.value.code
        assert code is None or isinstance(code, int)
        return Ended(code or 0, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with something of everything; not to be changed."""
    folder = tmp_path_factory.mktemp("built")
    workspace = Workspace.create(folder / "ws")
    workspace.policies.add("research")
    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    rows = posts(*({"id": str(n), "text": f"amber lantern {n}"} for n in range(20)))
    take(workspace, ndjson(folder / "a.ndjson", rows))
    find(workspace, ["phrases"])
    assert workspace.pseudonyms  # makes their key
    return workspace.folder


@pytest.fixture
def ws(built: Path, tmp_path: Path) -> Path:
    """A copy of `built` that a test may damage."""
    return Path(shutil.copytree(built, tmp_path / "ws"))
