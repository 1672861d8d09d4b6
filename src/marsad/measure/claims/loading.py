"""Claims from TOML files: every fault is named with its file, field and what would be valid."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from marsad.measure.claims.claim import Claim, Window
from marsad.records.errors import InputError

VERSION = 1
UNITS = ("count", "ratio", "fraction")
TEXTS = (
    "id", "unit", "outcome", "population", "source", "place", "published", "test_en", "test_ar",
    "command",
)  # fmt: skip
OPTIONAL = ("value", "low", "high", "window", "frame", "tolerance")


def load_claim(path: Path) -> Claim:
    """The claim of a file. Raises `InputError` that says which field of which file is wrong."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("measure.claim.file", file=path.name) from error
    return read_claim(text, path.name)


def known_claims() -> dict[str, Claim]:
    """The published figures that come with Marsad, by id."""
    folder = files("marsad.measure.claims") / "known"
    found = [
        read_claim(one.read_text("utf-8"), one.name)
        for one in sorted(folder.iterdir(), key=lambda one: one.name)
        if one.name.endswith(".toml")
    ]
    return {claim.id: claim for claim in found}


def read_claim(text: str, file: str) -> Claim:
    """The claim that ``text`` is; ``file`` is its name in errors."""
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("measure.claim.toml", file=file, reason=str(error)) from error
    _check_fields(fields, file)
    low, high = _range(fields, file)
    return Claim(
        version=VERSION, low=low, high=high, window=_window(fields, file),
        frame=fields.get("frame"), tolerance=_number(fields, "tolerance", file, 0.5),
        **{name: fields[name] for name in TEXTS},
    )  # fmt: skip


def _check_fields(fields: Mapping[str, Any], file: str) -> None:
    if fields.get("version") != VERSION:
        raise InputError(
            "measure.claim.version", file=file, given=str(fields.get("version")), valid=VERSION
        )
    unknown = sorted(set(fields) - {*TEXTS, *OPTIONAL, "version"})
    if unknown:
        raise InputError(
            "measure.claim.unknown-field", file=file, field=unknown[0], valid=[*TEXTS, *OPTIONAL]
        )
    for name in TEXTS:
        if not isinstance(fields.get(name), str) or not fields[name].strip():
            raise InputError("measure.claim.missing", file=file, field=name)
    if fields["unit"] not in UNITS:
        raise InputError("measure.claim.unit", file=file, given=fields["unit"], valid=list(UNITS))


def _range(fields: Mapping[str, Any], file: str) -> tuple[float, float]:
    if "value" in fields:
        if "low" in fields or "high" in fields:
            raise InputError("measure.claim.value-and-range", file=file)
        value = _number(fields, "value", file)
        return value, value
    return _number(fields, "low", file), _number(fields, "high", file)


def _number(fields: Mapping[str, Any], name: str, file: str, default: float | None = None) -> float:
    given = fields.get(name, default)
    if given is None:
        raise InputError("measure.claim.missing", file=file, field=name)
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise InputError("measure.claim.number", file=file, field=name, given=str(given))
    return float(given)


def _window(fields: Mapping[str, Any], file: str) -> Window | None:
    """``window = [2014-09-01, 2014-12-31]``; absent where the source does not say when."""
    given = fields.get("window")
    if given is None:
        return None
    if (
        not isinstance(given, list) or len(given) != 2
        or not all(type(one) is date for one in given) or given[0] > given[1]
    ):  # fmt: skip
        raise InputError("measure.claim.window", file=file, given=str(given))
    return given[0], given[1]
