"""`marsad --help` and `--version` answer at once: they import nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

import marsad

HEAVY = {
    "ibis", "pyarrow", "numpy", "scipy", "statsmodels", "fastapi", "sqlalchemy", "pydantic", "rich",
    "alembic", "cryptography",
}  # fmt: skip

RUN = """
import sys
sys.argv = ["marsad", {option!r}]
try:
    from marsad.cli import main
    main()
except SystemExit as end:
    assert not end.code, end.code
print("modules:", *sys.modules)
"""


def run(code: str) -> tuple[str, set[str]]:
    """What the code printed, and every module that a fresh Python has loaded after it."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    printed, _, modules = done.stdout.rpartition("modules:")
    return printed, set(modules.split())


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_imports_nothing_heavy(option: str) -> None:
    _, modules = run(RUN.format(option=option))
    assert "marsad.cli" in modules
    assert modules & HEAVY == set()


def test_a_heavy_import_would_show() -> None:
    _, modules = run("import sys, rich; print('modules:', *sys.modules)")
    assert modules & HEAVY == {"rich"}


def test_help_names_every_verb_of_the_first_path() -> None:
    printed, _ = run(RUN.format(option="--help"))
    for verb in ("demo", "init", "import", "bank", "find", "findings", "report", "export"):
        assert f"\n  {verb} " in printed


def test_version() -> None:
    printed, _ = run(RUN.format(option="--version"))
    assert marsad.__version__ in printed
