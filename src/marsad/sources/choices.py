"""Errors about a choice: what was given, what comes near it, and what is valid."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from marsad.records.errors import InputError


def near(given: str, valid: Sequence[str], most: int = 3) -> list[str]:
    """The valid names that look most like ``given``, without regard to case."""
    by_folded = {name.casefold(): name for name in valid}
    found = get_close_matches(given.casefold(), list(by_folded), n=most, cutoff=0.5)
    return [by_folded[name] for name in found]


def unknown_field(given: str, valid: Sequence[str]) -> InputError:
    """``--map`` names a field that the records do not have."""
    return InputError("sources.map-field", given=given, near=near(given, valid), valid=list(valid))


def unknown_column(given: str, valid: Sequence[str]) -> InputError:
    """``--map`` names a column or path that the file does not have."""
    return InputError("sources.map-column", given=given, near=near(given, valid), valid=list(valid))
