"""Which duties of two European regulations follow from what an operator says it is.

The Digital Services Act (Regulation (EU) 2022/2065) spares micro and small firms Articles 15 and 20
to 28, save 24(3), and nobody Articles 9 to 14 and 16 to 18. The regulation on terrorist content
online (Regulation (EU) 2021/784) spares nobody for its size. This is a list to start from and no
legal advice: whether a service is a hosting service or an online platform, and how large its firm
is, its operator says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from marsad.decide.operator import Operator

UNION = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
"""The member states, ISO 3166 alpha-2."""

Law = Literal["dsa", "tco"]
Follows = Literal["yes", "no", "unsaid"]
"""``unsaid``: it depends on what the operator has not said."""


@dataclass(frozen=True)
class Duty:
    """A duty: of which law and article, whether it follows, and ``asks``, the setting of
    ``[operator]`` that it hangs on and that is not said."""

    id: str
    law: Law
    article: str
    follows: Follows
    asks: str = ""


Rule = Callable[[Operator], tuple[Follows, str]]


def _everybody(_: Operator) -> tuple[Follows, str]:
    return "yes", ""


def _platform(operator: Operator) -> tuple[Follows, str]:
    if not operator.service:
        return "unsaid", "service"
    return ("yes" if operator.service == "platform" else "no"), ""


def _larger(operator: Operator) -> tuple[Follows, str]:
    if not operator.size:
        return "unsaid", "size"
    return ("no" if operator.size in ("micro", "small") else "yes"), ""


def _larger_platform(operator: Operator) -> tuple[Follows, str]:
    """No, if either says so; yes, only if both do."""
    both = (_platform(operator), _larger(operator))
    if any(one[0] == "no" for one in both):
        return "no", ""
    return next((one for one in both if one[0] == "unsaid"), ("yes", ""))


def _outside(operator: Operator) -> tuple[Follows, str]:
    if not operator.country:
        return "unsaid", "country"
    return ("no" if operator.country in UNION else "yes"), ""


_DUTIES: Sequence[tuple[str, Law, str, Rule]] = (
    ("authority-orders", "dsa", "9", _everybody),
    ("information-orders", "dsa", "10", _everybody),
    ("contact-authorities", "dsa", "11", _everybody),
    ("contact-users", "dsa", "12", _everybody),
    ("representative", "dsa", "13", _outside),
    ("terms", "dsa", "14", _everybody),
    ("yearly-report", "dsa", "15", _larger),
    ("notices", "dsa", "16", _everybody),
    ("statements", "dsa", "17", _everybody),
    ("threats", "dsa", "18", _everybody),
    ("complaints", "dsa", "20", _larger_platform),
    ("settlement", "dsa", "21", _larger_platform),
    ("trusted-flaggers", "dsa", "22", _larger_platform),
    ("misuse", "dsa", "23", _larger_platform),
    ("platform-report", "dsa", "24(1)", _larger_platform),
    ("user-numbers", "dsa", "24(3)", _platform),
    ("statement-database", "dsa", "24(5)", _larger_platform),
    ("orders", "tco", "3", _everybody),
    ("scrutiny", "tco", "4", _everybody),
    ("exposed", "tco", "5", _everybody),
    ("preservation", "tco", "6", _everybody),
    ("order-report", "tco", "7", _everybody),
    ("uploader", "tco", "11", _everybody),
    ("imminent-threat", "tco", "14(5)", _everybody),
    ("contact-point", "tco", "15", _everybody),
    ("order-representative", "tco", "17", _outside),
)


def of(operator: Operator) -> list[Duty]:
    """Every duty on the list, in the order of the laws' articles."""
    return [Duty(id_, law, article, *rule(operator)) for id_, law, article, rule in _DUTIES]
