"""Who somebody is at a provider, and the form in which the desk knows them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from marsad.records.errors import InputError

LONGEST_SUBJECT = 255
"""Characters of ASCII (OpenID Connect Core 1.0, section 2)."""


@dataclass(frozen=True)
class Identity:
    """A provider's subject. ``strong``: the provider has asked for a second factor, and the desk's
    settings say that it counts here."""

    issuer: str
    subject: str
    strong: bool = False

    @property
    def digest(self) -> bytes:
        """What is stored: with it nobody is found who is not known already."""
        return sha256(json.dumps([self.issuer, self.subject]).encode("ascii")).digest()


def is_subject(given: object) -> bool:
    """Whether something can be a subject."""
    return (
        isinstance(given, str)
        and 0 < len(given) <= LONGEST_SUBJECT
        and given.isascii()
        and given.isprintable()
    )


def identity(issuer: str, subject: str) -> Identity:
    """A subject as somebody has typed it. Raises `InputError` for what can be none."""
    given = subject.strip()
    if not is_subject(given):
        raise InputError("user.subject", given=ascii(given[:100]), high=LONGEST_SUBJECT)
    return Identity(issuer, given)
