"""Who runs the desk: ``[operator]`` in marsad.toml. Documents and public pages say it.

```toml
[operator]
name = "Forum Example"
legal_name = "Forum Example GmbH"
address = "Example Street 1, 10115 Berlin"
country = "DE"                       # where it is established, ISO 3166 alpha-2
email = "contact@forum.example"      # the contact point
phone = "+49 30 0000000"
languages = ["en", "de", "ar"]       # of the contact point
represents = ""                      # a legal representative in the Union, if established outside
size = "small"                       # micro, small, medium or large
service = "platform"                 # hosting, or platform: what users store is shown to the public
```
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from marsad.decide.section import section, wrong

SIZES = ("micro", "small", "medium", "large")
SERVICES = ("hosting", "platform")
LONGEST, MOST_LANGUAGES = 500, 24
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")


@dataclass(frozen=True)
class Operator:
    """Who answers for the service; what is not set is empty. ``set_up`` says whether the least was
    set that a document or a public page needs."""

    name: str = ""
    legal_name: str = ""
    address: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ()
    represents: str = ""
    size: str = ""
    service: str = ""

    @property
    def set_up(self) -> bool:
        """Whether there is a name and a way to reach them."""
        return bool(self.name and self.email)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Operator:
        """Out of marsad.toml. Raises `InputError` that names what is wrong."""
        given = section(settings, "operator", [one.name for one in fields(cls)])
        for name, value in given.items():
            _check(name, value)
        languages = tuple(given.get("languages", ()))
        return cls(**{**given, "languages": languages})


def _check(name: str, value: Any) -> None:
    if name == "languages":
        fits = isinstance(value, list) and len(value) <= MOST_LANGUAGES
        if not fits or not all(isinstance(one, str) and _LANGUAGE.match(one) for one in value):
            raise wrong("operator.languages", value, '["en", "ar"]')
        return
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise wrong(f"operator.{name}", value, "…")
    if name == "country" and value and not _COUNTRY.match(value):
        raise wrong("operator.country", value, "DE")
    for one, valid in (("size", SIZES), ("service", SERVICES)):
        if name == one and value not in ("", *valid):
            raise wrong(f"operator.{one}", value, *valid)
    if name == "email" and value and not 0 < value.find("@") < len(value) - 1:
        raise wrong("operator.email", value, "contact@forum.example")
