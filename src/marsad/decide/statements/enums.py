"""What the fields of a statement may say, as the transparency database publishes it.

`enums.json` is its list as of ``as_of`` (year and month); a newer one is put in its place.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

FIELDS = {
    "decision_visibility": "DECISION_VISIBILITIES",
    "decision_monetary": "DECISION_MONETARIES",
    "decision_provision": "DECISION_PROVISIONS",
    "decision_account": "DECISION_ACCOUNTS",
    "account_type": "ACCOUNT_TYPES",
    "decision_ground": "DECISION_GROUNDS",
    "incompatible_content_illegal": "INCOMPATIBLE_CONTENT_ILLEGALS",
    "content_type": "CONTENT_TYPES",
    "category": "STATEMENT_CATEGORIES",
    "category_specification": "KEYWORDS",
    "source_type": "SOURCE_TYPES",
    "automated_detection": "AUTOMATED_DETECTIONS",
    "automated_decision": "AUTOMATED_DECISIONS",
}
"""Field → the list that has its values."""


@cache
def _all() -> dict[str, Any]:
    file = resources.files("marsad.decide.statements") / "enums.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def as_of() -> str:
    """The month of the list, ``2025-07``."""
    return str(_all()["as_of"])


@cache
def values(field: str) -> frozenset[str]:
    """What a field may say."""
    return frozenset(_all()[FIELDS[field]])


def meaning(value: str) -> str:
    """What a value means, in the database's own (English) words."""
    for listed in _all().values():
        if isinstance(listed, dict) and value in listed:
            return str(listed[value]).replace("\\'", "'")
    return value
