"""Who is known in a case, so that nothing of theirs gets into a public record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marsad.decide import dossier
from marsad.decide.dossier import Dossier
from marsad.decide.statements.personal import Known
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.log import Event

DESK = "marsad"

_IDS = frozenset({"id", "account", "subject", "subject_id", "partner", "partner_account", "parent"})
_NAMES = frozenset({"name", "reporter", "author", "issuer", "contact", "legal_name"})
_HANDLES = frozenset({"handle"})
_OUTSIDERS = ("notice-", "order-", "appeal-", "reporter-")
"""Entries in which people from outside say who they are."""


def known(transaction: Transaction, case: Case) -> Known:
    """All that the log of a case says of people."""
    return of_dossier(dossier.of(transaction, case))


def of_dossier(shown: Dossier) -> Known:
    """All that a dossier says of people."""
    case, exhibits = shown.case, shown.exhibits
    ids = {
        case.subject,
        *(one.id for one in exhibits.posts),
        *(one.account for one in exhibits.posts),
        *(one.account for one in exhibits.profiles),
        *(one.subject_id for one in shown.findings),
        *(one.account for one in shown.findings),
    }
    found = Known(
        frozenset(one for one in ids if one),
        frozenset(one.handle for one in exhibits.profiles if one.handle),
        frozenset(one.name for one in exhibits.profiles if one.name),
        frozenset(one.actor for one in shown.events if one.actor != DESK),
    )  # fmt: skip
    for event in shown.events:
        found |= _said(event)
    return found


def _said(event: Event) -> Known:
    """What an entry quotes from findings, and from outsiders who say who they are."""
    ids, names, handles = set(), set(), set()
    for key, value in _walk(event.private or {}):
        if key in _IDS:
            ids.add(value)
        elif key in _HANDLES:
            handles.add(value)
        elif key in _NAMES and event.kind.startswith(_OUTSIDERS):
            names.add(value)
    return Known(frozenset(ids), frozenset(handles), frozenset(names))


def _walk(said: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, Mapping):
        for name, value in said.items():
            yield from _walk(value, str(name))
    elif isinstance(said, list | tuple):
        for value in said:
            yield from _walk(value, key)
    elif isinstance(said, str) and said:
        yield key, said
