"""Ctrl-C: one sentence, exit code 130, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from marsad.workspace import Workspace
from tests.conftest import ROOT
from tests.workspace.conftest import ndjson, posts


@pytest.mark.parametrize("after", [0.6, 1.5, 2.0, 2.5, 3.0])
def test_an_import_that_is_interrupted(tmp_path: Path, after: float) -> None:
    workspace = Workspace.create(tmp_path / "ws")
    path = ndjson(tmp_path / "a.ndjson", posts(*({"id": str(n)} for n in range(200_000))))
    command = [sys.executable, "-m", "marsad", "import", str(path), "-w", str(workspace.folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "MARSAD_LANG": "en"}
    running = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    time.sleep(after)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    done = [run for run in workspace.log.runs() if run.command == "import"]
    if done:  # it was over before
        assert done[0].counts["taken"] == 200_000
        return
    assert running.returncode == 130, said
    assert "Interrupted." in said
    assert "Traceback" not in said
    assert workspace.log.snapshot().files == ()
