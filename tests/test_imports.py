"""Which way imports point, and that what is imported is what is declared.

`make check` holds the rule which way imports point; here: that it would catch a breach.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent

BREACHES = [
    # a file of the package, what it says, and what import-linter says of it
    ("records/planted.py", "import marsad.cli", "marsad.records.planted -> marsad.cli"),
    ("sources/planted.py", "from marsad import find", "marsad.sources.planted -> marsad.find"),
    ("outputs/planted.py", "import duckdb", "marsad.outputs.planted -> duckdb"),
    ("find/planted.py", "def f(): import pyspark.sql", "marsad.find.planted -> pyspark"),
    ("cli/planted.py", "import sqlalchemy.orm", "marsad.cli.planted -> sqlalchemy"),
    ("decide/planted.py", "import marsad.find", "marsad.decide.planted -> marsad.find"),
    ("decide/planted2.py", "import sqlalchemy", "marsad.decide.planted2 -> sqlalchemy"),
    ("store/planted.py", "import marsad.decide", "marsad.store.planted -> marsad.decide"),
    ("planted.py", "", "not listed as layers:\n\n- marsad.planted"),
]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and of the rules."""
    folder = tmp_path_factory.mktemp("imports")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "marsad", folder / "marsad", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def said_of_breaches(package: Path) -> str:
    """What import-linter says of the package with all breaches in it."""
    for file, line, _ in BREACHES:
        (package / "marsad" / file).write_text(line + "\n")
    said = lint(package)
    for file, _, _ in BREACHES:
        (package / "marsad" / file).unlink()
    return said


def lint(folder: Path) -> str:
    # The command puts the current folder first on the path: the copy is what it reads.
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", code, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


@pytest.mark.parametrize("said", [breach[2] for breach in BREACHES])
def test_a_breach_is_caught(said_of_breaches: str, said: str) -> None:
    assert said in said_of_breaches


def test_the_package_keeps_the_rules(package: Path) -> None:
    said = lint(package)
    assert "0 broken." in said, said


# Declared and never imported: Ibis imports the first two, and breaks with versions outside our
# bounds; FastAPI reads forms with the third.
IMPORTED_BY_OTHERS = {"duckdb", "sqlglot", "python-multipart"}


def imported() -> set[str]:
    """The top-level modules from outside that the package imports, lazily or at once."""
    found = set()
    for path in (ROOT / "src" / "marsad").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"marsad"}


def declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    return {canonicalize_name(Requirement(line).name) for line in wanted}


def test_what_is_imported_is_declared() -> None:
    packages = metadata.packages_distributions()
    asked = {canonicalize_name(packages.get(name, [name])[0]) for name in imported()}
    assert asked - declared("spark", "oidc", "documents") == set()


def test_what_is_declared_is_imported() -> None:
    packages = metadata.packages_distributions()
    asked = {canonicalize_name(packages.get(name, [name])[0]) for name in imported()}
    assert declared() - asked - IMPORTED_BY_OTHERS == set()
