"""A record for the transparency database, and whether it is one that the database takes.

A record is a mapping of field → text, or list of texts. The rules are those of the database's
documentation; a record that breaks one is never sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from marsad.decide.statements import enums

Record = Mapping[str, Any]

ILLEGAL, INCOMPATIBLE = "DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"
DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
"""A record has one of these at least."""

REQUIRED = (
    "decision_ground", "content_type", "category", "content_date", "application_date",
    "decision_facts", "source_type", "automated_detection", "automated_decision", "puid",
)  # fmt: skip

PAIRS = {
    ILLEGAL: ("illegal_content_legal_ground", "illegal_content_explanation"),
    INCOMPATIBLE: ("incompatible_content_ground", "incompatible_content_explanation"),
}
"""Ground → what must be said with it."""

LONGEST = {
    "illegal_content_legal_ground": 500, "illegal_content_explanation": 2_000,
    "incompatible_content_ground": 500, "incompatible_content_explanation": 2_000,
    "decision_facts": 5_000, "puid": 500, "decision_ground_reference_url": 500,
    "decision_visibility_other": 500, "content_type_other": 500,
    "category_specification_other": 500,
}  # fmt: skip
"""Characters."""

LISTS = (
    "decision_visibility", "content_type", "category_specification", "territorial_scope",
)  # fmt: skip
OTHERS = {
    "decision_visibility": ("DECISION_VISIBILITY_OTHER", "decision_visibility_other"),
    "content_type": ("CONTENT_TYPE_OTHER", "content_type_other"),
    "category_specification": ("KEYWORD_OTHER", "category_specification_other"),
}
"""List → the value that asks for words of its own, and the field that has them."""

DATES = ("content_date", "application_date")
TERRITORY = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
"""The Union and the European Economic Area."""

FREE = tuple(name for name in LONGEST if name not in ("puid", "decision_ground_reference_url"))
"""Fields that hold words."""

KNOWN = (
    *DECISIONS, *REQUIRED, *(name for pair in PAIRS.values() for name in pair), *LONGEST,
    "incompatible_content_illegal", "category_specification", "territorial_scope",
    "content_language", "account_type",
)  # fmt: skip

_PUID = re.compile(r"[a-zA-Z0-9_-]+\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_LANGUAGE = re.compile(r"[A-Z]{2}\Z")


class Fault(NamedTuple):
    """What is wrong with a field: missing, unknown, form, long, value, both, or a kind of personal
    data (`marsad.decide.statements.personal`)."""

    field: str
    kind: str


def faults(record: Record) -> list[Fault]:
    """All that the database would refuse it for; empty for one that it takes."""
    return sorted({one for rule in _RULES for one in rule(record)})


def _required(record: Record) -> Iterator[Fault]:
    for name in REQUIRED:
        if not record.get(name):
            yield Fault(name, "missing")
    if not any(record.get(name) for name in DECISIONS):
        yield Fault("decision_visibility", "missing")


def _known(record: Record) -> Iterator[Fault]:
    for name in record:
        if name not in KNOWN:
            yield Fault(name, "unknown")


def _forms(record: Record) -> Iterator[Fault]:
    for name, value in record.items():
        if name in LISTS:
            right = isinstance(value, list) and all(isinstance(one, str) for one in value)
            right = right and len(set(value)) == len(value)
        else:
            right = isinstance(value, str)
        if not right:
            yield Fault(name, "form")


def _values(record: Record) -> Iterator[Fault]:
    for name in (*enums.FIELDS, "territorial_scope"):
        valid = TERRITORY if name == "territorial_scope" else enums.values(name)
        if any(one not in valid for one in _several(record.get(name))):
            yield Fault(name, "value")


def _ground(record: Record) -> Iterator[Fault]:
    for ground, pair in PAIRS.items():
        for name in pair:
            wanted = record.get("decision_ground") == ground
            if wanted and not str(record.get(name) or "").strip():
                yield Fault(name, "missing")
            if not wanted and name in record:
                yield Fault(name, "both")


def _others(record: Record) -> Iterator[Fault]:
    for name, (value, words) in OTHERS.items():
        asked = value in _several(record.get(name))
        if asked and not record.get(words):
            yield Fault(words, "missing")
        if not asked and words in record:
            yield Fault(words, "unknown")


def _lengths(record: Record) -> Iterator[Fault]:
    for name, most in LONGEST.items():
        value = record.get(name)
        if isinstance(value, str) and len(value) > most:
            yield Fault(name, "long")


def _dates(record: Record) -> Iterator[Fault]:
    days = {name: _day(record[name]) for name in DATES if name in record}
    for name, day in days.items():
        if day is None or not 2000 <= day.year < 2038:
            yield Fault(name, "form")
    content, applied = (days.get(name) for name in DATES)
    if content and applied and content > applied:
        yield Fault("content_date", "value")


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if _DATE.match(value) else None
    except (ValueError, TypeError):
        return None


def _names(record: Record) -> Iterator[Fault]:
    if not _PUID.match(str(record.get("puid", ""))):
        yield Fault("puid", "form")
    language = record.get("content_language")
    if language is not None and not _LANGUAGE.match(str(language)):
        yield Fault("content_language", "form")
    url = record.get("decision_ground_reference_url")
    if url is not None and not str(url).startswith(("https://", "http://")):
        yield Fault("decision_ground_reference_url", "form")


def _several(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


_RULES: Sequence[Callable[[Record], Iterator[Fault]]] = (
    _required, _known, _forms, _values, _ground, _others, _lengths, _dates, _names,
)  # fmt: skip
