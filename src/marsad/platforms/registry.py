"""Who can carry out actions: built in or plugged in, through the entry points `marsad.platforms`.

The built-in ones are installed as entry points like any other, and named here too, so that they are
there in a tree that was never installed.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from marsad.platforms.base import Platform, Setting
from marsad.records.errors import InputError
from marsad.records.message import Message

GROUP = "marsad.platforms"

BUILT_IN = {
    "simulated": "marsad.platforms.simulated:Simulated",
    "webhook": "marsad.platforms.webhook:Webhook",
    "manual": "marsad.platforms.manual:Manual",
}


def platforms() -> Mapping[str, type[Platform]]:
    """All that can be used, by name."""
    return _loaded()[0]


def broken() -> Mapping[str, Message]:
    """Those that packages offer and that cannot be used, by name, and why."""
    return _loaded()[1]


def platform_class(name: Any, section: str = "") -> type[Platform]:
    """The one of a name. Raises `InputError` where there is none, or it is broken."""
    if isinstance(name, str) and name in platforms():
        return platforms()[name]
    if isinstance(name, str) and name in broken():
        problem = broken()[name]
        raise InputError(problem.id, **problem.values)
    raise InputError(
        "platform.unknown", section=section, given=str(name)[:100], valid=sorted(platforms())
    )


def check(found: Any, name: str) -> None:
    """Raises `TypeError` with the first rule that a class breaks."""
    if not inspect.isclass(found) or not issubclass(found, Platform):
        raise TypeError(f"{found!r} is no Platform")
    if inspect.isabstract(found):
        missing = ", ".join(sorted(found.__abstractmethods__))
        raise TypeError(f"{found.__name__} lacks {missing}")
    if getattr(found, "name", None) != name:
        raise TypeError(f"{found.__name__}.name is not {name!r}, as its entry point is")
    for setting in found.settings:
        if not isinstance(setting, Setting) or not setting.help.strip():
            raise TypeError(f"{found.__name__} has a setting without a help text: {setting!r}")


@cache
def _loaded() -> tuple[dict[str, type[Platform]], dict[str, Message]]:
    taken: dict[str, type[Platform]] = {}
    refused: dict[str, Message] = {}
    own = [EntryPoint(name, place, GROUP) for name, place in BUILT_IN.items()]
    plugged = [point for point in entry_points(group=GROUP) if point.name not in BUILT_IN]
    for point in (*own, *plugged):
        try:
            found = point.load()
            check(found, point.name)
            taken[point.name] = found
        except Exception as error:  # whatever a plug-in's module raises, the others must go on
            values = {
                "name": point.name,
                "package": point.dist.name if point.dist else point.module,
                "error": f"{type(error).__name__}: {error}",
            }
            refused[point.name] = Message("platform.broken", values)
    return taken, refused
