"""A section of marsad.toml: a table whose names are known, and what is said where one is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from marsad.records.errors import InputError


def section(settings: Mapping[str, Any], name: str, known: Collection[str]) -> Mapping[str, Any]:
    """A section, empty where there is none. Raises `InputError` where it is no table, or has a name
    that is not among those ``known``."""
    given = settings.get(name, {})
    if not isinstance(given, Mapping):
        raise wrong(name, given, f"[{name}]")
    for one in given:
        if one not in known:
            raise InputError("settings.unknown", table=name, given=one[:100], valid=list(known))
    return given


def wrong(name: str, given: Any, *valid: str) -> InputError:
    """The error of a value; ``name`` is that of the setting with its section's before it."""
    return InputError("settings.value", name=name, given=str(given)[:200], valid=list(valid))
