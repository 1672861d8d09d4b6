"""Policies: what finding and deciding rest on, as versioned data.

A policy is a TOML file that names at least one designation (a list, its date and its legal
basis), one published platform rule, or one study protocol. Without one nothing is found.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from marsad.records.errors import InputError

SHIPPED = ("demo", "research")
MAX_BYTES = 1_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

NEEDED: Mapping[str, tuple[str, ...]] = {
    "designations": ("list", "date", "legal_basis"),
    "rules": ("id", "title", "published", "date"),
    "protocols": ("id", "title", "approved_by", "date"),
}
"""What each ground of a policy must say."""


@dataclass(frozen=True)
class Policy:
    """A policy and its version. ``retention_days`` is how long records of bystanders are kept."""

    name: str
    title: str
    version: int
    retention_days: int
    grounds: Mapping[str, Sequence[Mapping[str, Any]]]

    @property
    def reference(self) -> str:
        """How a finding names the policy it rests on: ``name@version``."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True)
class PolicyStore:
    """The policies of a workspace: ``policies/<name>@<version>.toml``, never overwritten."""

    folder: Path

    def all(self) -> list[Policy]:
        """The newest version of each policy, in the order they were last added."""
        found = [read_policy(path) for path in self._files()]
        newest = {policy.name: policy for policy in sorted(found, key=lambda p: p.version)}
        added = {policy.reference: self._added(policy) for policy in newest.values()}
        return sorted(newest.values(), key=lambda policy: added[policy.reference])

    def add(self, given: str) -> Policy:
        """Adds a shipped policy by name, or a policy file; the same content is added once."""
        text = _shipped_text(given) if given in SHIPPED else _file_text(Path(given))
        draft = parse_policy(text, given, version=1)
        versions = [path for path in self._files() if _stem(path) == draft.name]
        for path in versions:
            if path.read_text("utf-8") == text:
                return read_policy(path)
        version = len(versions) + 1
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{draft.name}@{version}.toml").write_text(text, "utf-8")
        return parse_policy(text, given, version)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*@*.toml"))

    def _added(self, policy: Policy) -> tuple[int, str]:
        path = self.folder / f"{policy.reference}.toml"
        return (path.stat().st_mtime_ns, policy.name)


def check_given(given: str) -> None:
    """Raises what `PolicyStore.add` would, before anything is made."""
    text = _shipped_text(given) if given in SHIPPED else _file_text(Path(given))
    parse_policy(text, given, version=1)


def read_policy(path: Path) -> Policy:
    """A stored policy; its version stands in the file's name."""
    return parse_policy(path.read_text("utf-8"), path.name, int(path.stem.rpartition("@")[2]))


def parse_policy(text: str, where: str, version: int) -> Policy:
    """A policy from TOML. Raises `InputError` that says what is missing."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("policy.not-toml", file=where, error=str(error)) from error
    name = content.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InputError("policy.name", file=where, given=str(name))
    grounds = {kind: content.get(kind, []) for kind in NEEDED}
    if not any(grounds.values()):
        raise InputError("policy.no-ground", file=where, needed=list(NEEDED))
    for kind, items in grounds.items():
        _check_grounds(kind, items, where)
    days = content.get("retention_days", 90)
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        raise InputError("policy.retention", file=where, given=str(days))
    return Policy(name, str(content.get("title", name)), version, days, grounds)


def _check_grounds(kind: str, items: Any, where: str) -> None:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InputError("policy.ground-form", file=where, kind=kind)
    for item in items:
        missing = [name for name in NEEDED[kind] if not item.get(name)]
        if missing:
            raise InputError("policy.ground-missing", file=where, kind=kind, missing=missing)
        if not isinstance(item["date"], datetime.date):
            raise InputError("policy.ground-date", file=where, kind=kind, given=str(item["date"]))


def _shipped_text(name: str) -> str:
    return (resources.files("marsad.records") / "policies" / f"{name}.toml").read_text("utf-8")


def _file_text(path: Path) -> str:
    if not path.is_file():
        raise InputError("policy.unknown", given=str(path), shipped=list(SHIPPED))
    if path.stat().st_size > MAX_BYTES:
        raise InputError("policy.too-large", file=str(path), limit=MAX_BYTES)
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("policy.not-toml", file=str(path), error=str(error)) from error


def _stem(path: Path) -> str:
    return path.stem.rpartition("@")[0]
