"""The forms of the annexes to Regulation (EU) 2021/784, as data. Times are µs UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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
    """A removal order. ``urls`` are the exact addresses, ``grounds`` the kinds of Article 2(7) that
    were ticked, ``confidential_until`` the end of a non-disclosure under Article 11(3)."""

    authority: Authority
    reference: str
    issued_at: int
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
