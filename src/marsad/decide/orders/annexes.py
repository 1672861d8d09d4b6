"""The forms of the annexes to Regulation (EU) 2021/784, as data. Times are µs UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

GROUNDS = ("incites", "solicits-offence", "solicits-group", "instructs", "threatens")
"""The kinds of terrorist content of Article 2(7), points (a) to (e)."""

REASONS = ("force-majeure", "manifest-error", "insufficient-information")
"""Why an order cannot be carried out, as Annex III asks."""


@dataclass(frozen=True)
class Authority:
    """Who issued an order: ``id`` in the kept list, ``state`` as ISO 3166 alpha-2."""

    id: str
    name: str
    state: str
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class AnnexI:
    """A removal order, by the sections of its form.

    A: the authority's state, ``addressee``, ``contact_point``, ``established_in`` (ISO 3166),
    ``issued_at`` (None where the form does not say), ``reference``. B: ``urls``, the exact
    addresses, ``located`` what else helps to find them, ``grounds`` of `GROUNDS` that were ticked,
    and their ``explanation``. C: ``confidential_until``, the end of a non-disclosure under Article
    11(3). D: ``copied_to``, the authority of the State of establishment. E: ``authority`` and who
    has ``signed``. F: ``follow_up``, whom to ask. G: ``redress``. ``lang`` is the language it is
    written in (ISO 639); ``informed_before`` what the form says of the information of Article 3(2).
    """

    authority: Authority
    reference: str
    issued_at: int | None
    urls: Sequence[str]
    addressee: str = ""
    contact_point: str = ""
    established_in: str = ""
    located: str = ""
    grounds: Sequence[str] = ()
    explanation: str = ""
    emergency: bool = False
    informed_before: bool = False
    confidential_until: int | None = None
    copied_to: str = ""
    follow_up: str = ""
    redress: str = ""
    lang: str = ""
    signed: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As it is stored in the log's private content."""
        return asdict(self) | {"urls": list(self.urls), "grounds": list(self.grounds)}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> AnnexI:
        """As `to_dict` wrote it."""
        known = {one.name for one in fields(cls)}
        given = {name: value for name, value in said.items() if name in known}
        authority = Authority(**given.pop("authority"))
        return cls(authority, **given)


@dataclass(frozen=True)
class Executed:
    """One address of an order: ``removed`` (else access was disabled), and when."""

    url: str
    removed: bool
    at: int


@dataclass(frozen=True)
class AnnexII:
    """What was done under an order."""

    authority: Authority
    reference: str
    provider: str
    received_at: int
    executed: Sequence[Executed]


@dataclass(frozen=True)
class AnnexIII:
    """Why an order cannot be carried out: ``reason`` is ``force-majeure``, ``manifest-error`` or
    ``insufficient-information``."""

    authority: Authority
    reference: str
    provider: str
    received_at: int
    urls: Sequence[str]
    reason: str
    explanation: str
    at: int
