"""``[platforms.NAME]`` in marsad.toml: who carries out what is decided about a platform's subjects.

NAME is the platform that subject ids begin with. ``by`` names the one that carries out, built in or
plugged in; ``an_hour`` is how many requests may leave in an hour. All else is that one's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marsad.platforms.base import REQUIRED, Place, Platform, Setting
from marsad.platforms.registry import platform_class
from marsad.records.errors import InputError

AN_HOUR = 120
"""Requests an hour where nothing else is set."""

_COMMON = ("by", "an_hour")
_SECRET = re.compile(r"(?:^|_)(?:secret|password|passwd|token|key|credential)s?(?:_|$)")


@dataclass(frozen=True)
class Configured:
    """A platform as a workspace uses it: the name that subjects have, and its limit an hour."""

    name: str
    platform: Platform
    an_hour: int = AN_HOUR


def configured(name: str, given: Any, place: Place, file: Path) -> Configured:
    """The platform of one section. Raises `InputError` that names the setting and what is valid."""
    where = f"[platforms.{name}]"
    check_section(given, where, file)
    kind = platform_class(given.get("by", ""), section=where)
    an_hour = given.get("an_hour", AN_HOUR)
    if type(an_hour) is not int or an_hour < 1:
        raise _bad(where, "an_hour", an_hour, "int > 0", file)
    own = {key: value for key, value in given.items() if key not in _COMMON}
    settings = read(own, kind.settings, where, file, _COMMON)
    return Configured(name, kind.open(settings, place), an_hour)


def check_section(given: Any, where: str, file: Path) -> None:
    """Raises `InputError` for a section that is no table, or that has a secret in it."""
    if not isinstance(given, Mapping):
        raise InputError("platform.section", file=str(file), section=where)
    for key in given:
        if _SECRET.search(key):
            raise InputError("platform.secret", file=str(file), section=where, setting=key)


def read(
    given: Mapping[str, Any], known: tuple[Setting, ...], where: str, file: Path,
    beside: tuple[str, ...] = (),
) -> dict[str, Any]:  # fmt: skip
    """The settings of a section, each of its type, with the defaults of those that are left out.
    Raises `InputError` that names the setting; ``beside`` are others that are valid there."""
    valid = [setting.name for setting in known]
    for key in given:
        if key not in valid:
            raise InputError("platform.setting-unknown", file=str(file), section=where, given=key,
                             valid=[*beside, *valid])  # fmt: skip
    taken = {}
    for setting in known:
        value = given.get(setting.name, setting.default)
        if value is REQUIRED:
            raise InputError("platform.setting-missing", file=str(file), section=where,
                             setting=setting.name, help=setting.help)  # fmt: skip
        if setting.type is float and type(value) is int:
            value = float(value)
        if type(value) is not setting.type:
            raise _bad(where, setting.name, value, setting.type.__name__, file)
        taken[setting.name] = value
    return taken


def _bad(where: str, setting: str, given: Any, valid: str, file: Path) -> InputError:
    return InputError("platform.setting-type", file=str(file), section=where, setting=setting,
                      given=str(given)[:100], valid=valid)  # fmt: skip
