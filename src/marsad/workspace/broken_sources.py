"""The sources that packages offer and that cannot be used, with the package that offers each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points

from marsad.records.errors import InputError
from marsad.sources import registry


def broken_sources() -> Mapping[str, InputError]:
    """By name, the error that a user who asks for the source should see."""
    return {
        name: InputError(
            "sources.broken-plug-in",
            name=name, package=_package(name), error=problem.values["error"],
        )
        for name, problem in registry.broken().items()
    }  # fmt: skip


def check_format(name: str | None) -> None:
    """Raises where ``--format`` names a source that is there and cannot be used."""
    if name and name not in registry.BUILT_IN and name in (broken := broken_sources()):
        raise broken[name]


def _package(name: str) -> str:
    """The package of an entry point; where that is not known, the module it names."""
    points = [point for point in entry_points(group=registry.GROUP) if point.name == name]
    named = (point.dist.name if point.dist else point.module for point in points)
    return next(named, name)
