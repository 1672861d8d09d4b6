"""Days that are given on the command line."""

from __future__ import annotations


def micros_of(text: str) -> int:
    """The beginning of a day (2024-03-01, or with a time) in UTC, as µs."""
    from datetime import UTC, datetime

    from marsad.records.errors import InputError
    from marsad.records.times import SECOND

    try:
        given = datetime.fromisoformat(text.strip())
        return round(given.replace(tzinfo=given.tzinfo or UTC).timestamp()) * SECOND
    except (ValueError, OverflowError) as error:
        raise InputError("cli.day", given=text[:100]) from error
