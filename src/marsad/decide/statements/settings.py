"""``[statements]`` in marsad.toml: where statements go, in which language, for which countries.

```toml
[statements]
address = "https://transparency.example/api/v1/statements"   # without it none is sent
language = "en"              # of the person's text where theirs is not known
territory = ["AT", "DE"]     # else the whole Union and European Economic Area
a_minute = 20                # requests
ca = ""                      # certificates to trust in place of the usual ones
allow_loopback = false       # the database may be on this machine, by http too
```

Its token is in the environment (``MARSAD_STATEMENTS_TOKEN``) or in ``keys/statements.token``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from marsad.decide.section import section, wrong
from marsad.decide.statements.record import TERRITORY
from marsad.locale import LANGUAGES

MOST_A_MINUTE = 600


@dataclass(frozen=True)
class StatementSettings:
    """What is set; see the module."""

    address: str = ""
    language: str = "en"
    territory: tuple[str, ...] = TERRITORY
    a_minute: int = 20
    ca: str = ""
    allow_loopback: bool = False

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> StatementSettings:
        """Out of marsad.toml. Raises `InputError` that names what is wrong."""
        given = section(settings, "statements", [one.name for one in fields(cls)])
        for name, value in given.items():
            _check(name, value)
        territory = tuple(sorted(given.get("territory", TERRITORY)))
        return cls(**{**given, "territory": territory})


def _check(name: str, value: Any) -> None:
    if name in ("address", "ca") and not isinstance(value, str):
        raise wrong(f"statements.{name}", value, "…")
    if name == "language" and value not in LANGUAGES:
        raise wrong("statements.language", value, *LANGUAGES)
    if name == "allow_loopback" and not isinstance(value, bool):
        raise wrong("statements.allow_loopback", value, "true", "false")
    if name == "a_minute" and not (type(value) is int and 1 <= value <= MOST_A_MINUTE):
        raise wrong("statements.a_minute", value, f"1 … {MOST_A_MINUTE}")
    if name == "territory":
        right = isinstance(value, list) and value and all(one in TERRITORY for one in value)
        if not right or len(set(value)) < len(value):
            raise wrong("statements.territory", value, *TERRITORY)
