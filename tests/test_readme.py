"""Every command block of the README runs, in order, in one shell, as a reader would run them.

`make run` and its like would set up another environment inside the test: .ci/run runs those itself,
and this test holds it to that.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
LEFT_TO_CI = {
    line.split("#")[0].strip()
    for block in BLOCKS
    for line in block.splitlines()
    if line.startswith("make ")
}


def script() -> str:
    """All blocks as one script that says which one it is in; lines that .ci/run runs left out."""
    parts = ["set -euo pipefail"]
    for number, block in enumerate(BLOCKS, start=1):
        lines = [line for line in block.splitlines() if not line.startswith("make ")]
        parts += [f"echo '== block {number}'", *lines]
    return "\n".join(parts)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder that looks like the reader's clone: the examples, and .venv with marsad in it."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    if not (tmp_path / ".venv" / "bin" / "marsad").exists():
        pytest.fail("marsad is not installed in this Python's environment; run: make install")
    return tmp_path


@pytest.mark.long
def test_the_blocks_run(clone: Path) -> None:
    environment = {**os.environ, "CI": "true"}
    done = subprocess.run(
        ["bash", "-c", script()], cwd=clone, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert "   5  quartz lantern" in done.stdout  # from examples/script.py
    for report, language in (("report.html", "en"), ("report-ar.html", "ar")):
        assert f'lang="{language}"' in (clone / report).read_text(encoding="utf-8")


def test_ci_runs_what_is_left_to_it() -> None:
    steps = re.findall(r"^step \S+ (make .*)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert set(steps) >= LEFT_TO_CI
    assert {"make run", "make test"} <= LEFT_TO_CI


def test_there_are_blocks_and_few_lines() -> None:
    assert len(BLOCKS) >= 4
    assert len(README.splitlines()) <= 100
    assert not re.search(r"^```(bash|shell|console|)\n(marsad|make|pip) ", README, re.MULTILINE)
