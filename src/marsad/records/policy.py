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
ORDER = "order"
TO_FILL_IN = "to be filled in"
_VALID_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

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

    @property
    def unfilled(self) -> list[str]:
        """What a template leaves to its user and nobody has filled in."""
        items = [item for listed in self.grounds.values() for item in listed]
        return [
            name for item in items for name, value in item.items()
            if str(value).startswith(TO_FILL_IN)
        ]  # fmt: skip


@dataclass(frozen=True)
class PolicyStore:
    """The policies of a workspace: ``policies/<name>@<version>.toml``, never overwritten, and in
    ``policies/order`` a line for each time that one was added."""

    folder: Path

    def all(self) -> list[Policy]:
        """The version of each policy that was added last, in the order they were added."""
        last = {_name(reference): reference for reference in self._added()}
        order = sorted(last.values(), key=self._added()[::-1].index, reverse=True)
        return [read_policy(self.folder / f"{reference}.toml") for reference in order]

    def add(self, given: str) -> Policy:
        """Adds a shipped policy by name, or a policy file, which is then in force.

        The same content is stored once; adding it again puts it in force again.
        """
        text = _shipped_text(given) if given in SHIPPED else _file_text(Path(given))
        draft = parse_policy(text, given, version=1)
        versions = [path for path in self._files() if _stem(path) == draft.name]
        for path in versions:
            if path.read_bytes() == text.encode():
                return self._in_force(read_policy(path))
        named = [*(path.stem for path in versions), *self._added()]
        numbers = [_number(reference) for reference in named if _name(reference) == draft.name]
        version = max(numbers, default=0) + 1
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{draft.name}@{version}.toml").write_text(text, "utf-8")
        return self._in_force(parse_policy(text, given, version))

    def text(self, given: str) -> str:
        """A stored policy by ``name`` or ``name@version``, or a shipped one, as TOML."""
        for policy in reversed(self.all()):
            if given in (policy.name, policy.reference):
                return (self.folder / f"{policy.reference}.toml").read_text("utf-8")
        if given in SHIPPED:
            return _shipped_text(given)
        known = [policy.reference for policy in self.all()]
        raise InputError("policy.none", given=given, valid=[*known, *SHIPPED])

    def _in_force(self, policy: Policy) -> Policy:
        with (self.folder / ORDER).open("a", encoding="utf-8") as order:
            order.write(f"{policy.reference}\n")
        return policy

    def _added(self) -> list[str]:
        """The references of all policies, one for each time that it was added."""
        path = self.folder / ORDER
        listed = path.read_text("utf-8").split() if path.is_file() else []
        return [*(file.stem for file in self._files() if file.stem not in listed), *listed]

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*@*.toml"))


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
    if not isinstance(name, str) or not _VALID_NAME.fullmatch(name):
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
    return _name(path.stem)


def _name(reference: str) -> str:
    return reference.rpartition("@")[0]


def _number(reference: str) -> int:
    """The version in a reference; 0 where somebody wrote something else."""
    version = reference.rpartition("@")[2]
    return int(version) if version.isdecimal() else 0
