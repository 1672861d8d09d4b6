"""The lock files, the licences of what they bring, and what the package registers."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\]+?))? \\$", re.M)


def pins(lock: Path) -> dict[tuple[str, str], str]:
    """Version by name and marker."""
    found = PIN.finditer(lock.read_text())
    return {(m["name"], m["marker"] or ""): m["version"] for m in found}


def applying(lock: Path) -> dict[str, str]:
    """Version by name, for this Python on this system."""
    return {
        name: version
        for (name, marker), version in pins(lock).items()
        if not marker or Requirement(f"{name}; {marker}").marker.evaluate()
    }


def test_there_is_a_lock_for_the_build_the_core_and_every_extra() -> None:
    names = {"requirements.lock", "requirements-build.lock"}
    assert {lock.name for lock in LOCKS} == names | {f"requirements-{x}.lock" for x in EXTRAS}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_hashes_and_names_no_registry(lock: Path) -> None:
    text = lock.read_text()
    assert pins(lock)
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)
    entries = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert [entry.split(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_no_two_locks_disagree() -> None:
    seen: dict[tuple[str, str], str] = {}
    for lock in LOCKS:
        for key, version in pins(lock).items():
            assert seen.setdefault(key, version) == version, (lock.name, key)


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements-build.lock", PROJECT["build-system"]["requires"]),
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        *((f"requirements-{name}.lock", wanted) for name, wanted in EXTRAS.items()),
    ],
)
def test_a_lock_fits_what_the_project_asks_for(lock: str, wanted: list[str]) -> None:
    have = applying(ROOT / "requirements.lock") | applying(ROOT / lock)
    for requirement in map(Requirement, wanted):
        if requirement.marker is None or requirement.marker.evaluate():
            version = have[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), f"{requirement}: run make lock"


def licence_of(name: str) -> str:
    about = metadata.metadata(name)
    classifiers = [c for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    stated = about.get("License-Expression") or about.get("License") or ""
    # Some put the whole text into the field: its first line is its name.
    return " ".join([stated.strip().split("\n")[0], *classifiers])


SHIPPED = [
    ("requirements.lock", r"GPL|General Public"),
    # LGPL is allowed in an extra.
    *(
        pytest.param(
            f"requirements-{extra}.lock",
            r"\bA?GPL|(?<!Lesser )General Public",
            marks=pytest.mark.extras,
        )
        for extra in ("spark", "docs", "oidc", "documents")
    ),
]


@pytest.mark.parametrize(("lock", "refused"), SHIPPED)
def test_nothing_that_ships_is_under_the_gpl(lock: str, refused: str) -> None:
    licences = {name: licence_of(name) for name in applying(ROOT / lock)}
    assert {name: text for name, text in licences.items() if re.search(refused, text)} == {}
    assert [name for name, text in licences.items() if not text.strip()] == []


def test_every_registered_plug_in_can_be_loaded() -> None:
    for group, members in PROJECT["project"]["entry-points"].items():
        for name, target in members.items():
            assert metadata.EntryPoint(name, target, group).load() is not None
