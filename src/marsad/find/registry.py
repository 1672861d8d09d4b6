"""The signals there are: built in or plugged in, all found through the same entry points.

A package offers a signal under the entry-point group ``marsad.signals``; the entry point has the
signal's name. Each class is checked when it is loaded. One that cannot be loaded, or that breaks
a rule, is reported with its package and leaves the others as they are.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from marsad.banks import KINDS
from marsad.find.signal import ItemSignal, NetworkSignal, Parameter, Records, Signal
from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.records.tables import POSTS

GROUP = "marsad.signals"
TABLES = tuple(name for name in Records.__dataclass_fields__ if name != "banks")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*\Z")


@dataclass(frozen=True)
class Broken:
    """A signal that is not available: its name, the package that offers it, and what is wrong."""

    name: str
    package: str
    problem: Message


@dataclass(frozen=True)
class Registered:
    """What the entry points gave: signals by name, and those that could not be taken."""

    signals: Mapping[str, type[Signal]]
    broken: tuple[Broken, ...]


class NotASignal(TypeError):  # noqa: N818 - it says what the class is, as in `NotTaken`
    """A class that breaks a rule for signals; ``message`` says which."""

    def __init__(self, rule: str, **values: Any) -> None:
        self.message = Message(f"signal.rule.{rule}", values)
        super().__init__(f"{rule}: {values}")


def signals() -> dict[str, type[Signal]]:
    """All available signals by name, in alphabetical order."""
    return dict(registered().signals)


def broken() -> tuple[Broken, ...]:
    """The signals that packages offer and that are not available, for people to see."""
    return registered().broken


def signal(name: str) -> type[Signal]:
    """The signal of a name. Raises where there is none, saying why if one is broken."""
    every = registered()
    if name in every.signals:
        return every.signals[name]
    for item in every.broken:
        if item.name == name:
            raise InputError(
                "signal.broken", name=name, package=item.package, problem=item.problem.render()
            )
    raise InputError("signal.unknown", given=name[:100], valid=list(every.signals))


def reading_banks(kind: str) -> dict[str, type[ItemSignal]]:
    """The signals that match single posts against banks of a kind."""
    return {
        name: found
        for name, found in signals().items()
        if issubclass(found, ItemSignal) and kind in found.bank_kinds
    }


@cache
def registered() -> Registered:
    """Loads and checks every entry point, once a process."""
    taken: dict[str, type[Signal]] = {}
    refused: list[Broken] = []
    points = sorted(entry_points(group=GROUP), key=lambda point: (point.name, _package(point)))
    for point in points:
        try:
            found = _loaded(point)
            if point.name in taken:
                raise NotASignal("taken", name=point.name)
            taken[point.name] = found
        except NotASignal as refusal:
            refused.append(Broken(point.name, _package(point), refusal.message))
    return Registered(taken, tuple(refused))


def _loaded(point: EntryPoint) -> type[Signal]:
    try:
        found = point.load()
    except Exception as error:  # whatever a plugin's module raises, the others must go on
        raise NotASignal(
            "import", target=point.value, error=f"{type(error).__name__}: {error}"
        ) from error
    check(found)
    if found.name != point.name:
        raise NotASignal("entry-point", name=found.name, given=point.name)
    return found  # type: ignore[no-any-return]


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.value.partition(":")[0]


def check(found: Any) -> None:
    """Raises `NotASignal` with the first rule that a class breaks.

    What a signal finds is not looked at here; see `marsad.find.contract`.
    """
    if not inspect.isclass(found) or not issubclass(found, Signal):
        raise NotASignal("class", given=repr(found)[:200])
    if not issubclass(found, (ItemSignal, NetworkSignal)):
        raise NotASignal("kind", given=found.__name__)
    if inspect.isabstract(found):
        raise NotASignal(
            "abstract", given=found.__name__, missing=sorted(found.__abstractmethods__)
        )
    name = getattr(found, "name", None)
    if not isinstance(name, str) or not _NAME.match(name) or len(name) > 40:
        raise NotASignal("name", given=str(name)[:100])
    for problem in (*_reading(found), *_kinds(found), *_parameters(found)):
        raise problem


def _reading(found: type[Signal]) -> Iterator[NotASignal]:
    reads = getattr(found, "reads", ())
    if not isinstance(reads, tuple) or not reads:
        yield NotASignal("reads-nothing", name=found.name)
        return
    valid = POSTS.names if issubclass(found, ItemSignal) else TABLES
    unknown = [column for column in reads if column not in valid]
    if unknown:
        yield NotASignal("reads", name=found.name, unknown=unknown, valid=list(valid))


def _kinds(found: type[Signal]) -> Iterator[NotASignal]:
    unknown = [kind for kind in found.bank_kinds if kind not in KINDS]
    if unknown:
        yield NotASignal("bank-kinds", name=found.name, unknown=unknown, valid=list(KINDS))


def _parameters(found: type[Signal]) -> Iterator[NotASignal]:
    names = set()
    for parameter in found.parameters:
        if not isinstance(parameter, Parameter) or parameter.name in names:
            yield NotASignal("parameter", name=found.name, given=str(parameter)[:200])
            return
        names.add(parameter.name)
        if not parameter.name.isidentifier() or not parameter.help.strip():
            yield NotASignal("parameter-help", name=found.name, parameter=parameter.name)
        if not isinstance(parameter.unit, str) or not _is_plain(parameter.default):
            yield NotASignal("parameter-default", name=found.name, parameter=parameter.name)


def _is_plain(value: Any) -> bool:
    """Whether a default can be stored with the parameters of a run."""
    try:
        return bool(json.loads(json.dumps(value)) == value)
    except (TypeError, ValueError):
        return False
