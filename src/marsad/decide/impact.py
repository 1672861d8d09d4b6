"""The assessment of what the desk means for people's data: what is known from how it is set up, and
what its operator has to say: ``[impact]`` in marsad.toml (GDPR Article 35(7)).

```toml
[impact]
purposes = "finding accounts that break the rules on terrorist content, and deciding about them"
legal_basis = "GDPR 6(1)(c) with Regulation (EU) 2021/784; 6(1)(f) for the rest"
necessity = "what is looked at is public; no list of users is kept"
officer = "privacy@forum.example"
consulted = "the works council, 2026-03-01"
risks = ["somebody is wrongly acted against: appeals, overturned decisions counted"]
reviewed = "2026-03-01"
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from marsad.decide.section import section, wrong

LONGEST, MOST_RISKS = 5_000, 50


@dataclass(frozen=True)
class Impact:
    """What an operator says; what is not said is empty."""

    purposes: str = ""
    legal_basis: str = ""
    necessity: str = ""
    officer: str = ""
    consulted: str = ""
    risks: tuple[str, ...] = ()
    reviewed: str = ""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Impact:
        """Out of marsad.toml. Raises `InputError` that names what is wrong."""
        given = section(settings, "impact", [one.name for one in fields(cls)])
        for name, value in given.items():
            _check(name, value)
        return cls(**{**given, "risks": tuple(given.get("risks", ()))})

    @property
    def missing(self) -> list[str]:
        """What has not been said."""
        return [one.name for one in fields(self) if not getattr(self, one.name)]


def _check(name: str, value: Any) -> None:
    if name == "risks":
        if not isinstance(value, list) or len(value) > MOST_RISKS:
            raise wrong("impact.risks", value, '["…"]')
        for one in value:
            _check("risk", one)
    elif not isinstance(value, str) or len(value) > LONGEST:
        raise wrong(f"impact.{name}", value, '"…"')
