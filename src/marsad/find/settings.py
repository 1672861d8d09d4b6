"""Settings of signals as they are written on the command line: ``window=30``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from marsad.find.registry import signal, signals
from marsad.find.signal import Parameter
from marsad.records.errors import InputError

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def settings(given: Iterable[str], names: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """``NAME=VALUE`` or ``SIGNAL.NAME=VALUE`` as settings by signal.

    A name alone is set for each of the signals ``names`` (all, if there are none) that has it.
    Raises `InputError` for what no signal has, for a value of another type than its default, and
    for a setting that is given twice.
    """
    found: dict[str, dict[str, Any]] = {}
    chosen = names or list(signals())
    for text in given:
        name, mark, value = text.partition("=")
        of, dot, short = name.strip().rpartition(".")
        having = {one: _parameter(one, short) for one in ([of] if dot else chosen)}
        taking = {one: parameter for one, parameter in having.items() if parameter}
        if not mark or not taking:
            valid = [f"{one}.{each.name}" for one in chosen for each in signal(one).parameters]
            raise InputError("find.set", given=text, valid=valid)
        for one, parameter in taking.items():
            if short in found.setdefault(one, {}):
                raise InputError("find.set-twice", given=text, name=f"{one}.{short}")
            found[one][short] = _read(text, value.strip(), parameter)
    return found


def _parameter(name: str, short: str) -> Parameter | None:
    return next((one for one in signal(name).parameters if one.name == short), None)


def _read(text: str, value: str, parameter: Parameter) -> Any:
    """The value in the type of the parameter's default."""
    kind = type(parameter.default)
    try:
        if kind is bool:
            return _TRUTH[value.lower()]
        return kind(value) if kind in (int, float, str) else value
    except (ValueError, KeyError):
        if kind is int and _is_number(value):
            return float(value)
        wanted = "yes, no" if kind is bool else parameter.default
        raise InputError("find.set-value", given=text, default=wanted) from None


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
