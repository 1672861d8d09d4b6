"""One decision for several cases: against somebody only for copies of one opened item."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from marsad.decide import blind, dossier
from marsad.decide.exhibits import Post
from marsad.decide.items import Item, opened
from marsad.decide.outcomes import ACTING
from marsad.decide.roles import Reviewer, require
from marsad.decide.rules import Decision
from marsad.decide.sharing import Key
from marsad.decide.states import FINAL
from marsad.records.errors import ConflictError, InputError
from marsad.store import case_keys, cases, leases
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.leases import Lease

MOST_COPIES = 100
"""Cases that are looked at for copies of one item."""


@dataclass(frozen=True)
class Alike:
    """What is decided for all. ``lead_case`` and ``lead_item`` name the item that was opened."""

    outcome: str
    policy: str
    reason: str
    exemption: str | None = None
    lead_case: int | None = None
    lead_item: str | None = None


@dataclass(frozen=True)
class Target:
    """A case, the version that the reviewer saw, and the subject's own copy of the item."""

    case: int
    version: int
    item: Item | None = None


@dataclass(frozen=True)
class Copy:
    """A case that waits whose subject has a copy of an opened item: its own."""

    case: Case
    post: Post


def copies(transaction: Transaction, reviewer: Reviewer, case: Case, lead: Item) -> list[Copy]:
    """Cases that wait and have a copy of an opened item, of subjects other than a case's; of those
    that wait, and of the decided that are shown again, `MOST_COPIES` are looked at."""
    if not lead.content:
        return []
    number = Key("text", lead.content).number
    others = [
        other for decided in (False, True)
        for other in case_keys.with_key(transaction, number, MOST_COPIES, decided)
        if other not in (case.id, case.copy_of)
    ]  # fmt: skip
    return [one for other in others for one in _own_copy(transaction, reviewer, other, lead)]


def _own_copy(transaction: Transaction, reviewer: Reviewer, number: int, lead: Item) -> list[Copy]:
    case = cases.read(transaction, number, lock=False)
    if case is not None and case.state in FINAL:
        case = cases.again(transaction, number, reviewer.id)
    if case is None or case.state != "open" or not blind.visible(transaction, case, reviewer):
        return []
    shown = dossier.of(transaction, case)
    own = (post for post in shown.own_posts if post.item().content == lead.content)
    return [Copy(case, post) for post in islice(own, 1)]


def lead_item(transaction: Transaction, reviewer: Reviewer, alike: Alike) -> Item | None:
    """The opened item that the others must be copies of; None where nobody is acted against."""
    if alike.outcome not in ACTING:
        return None
    if alike.lead_case is None or alike.lead_item is None:
        raise InputError("decide.no-item")
    item = opened(transaction, alike.lead_case, reviewer.id, alike.lead_item)
    if item is None:
        raise InputError("decide.item-not-opened", item=alike.lead_item)
    return item


def copy(lead: Item, target: Target) -> Item:
    """A target's own copy of the opened item. Raises `InputError` where it is none."""
    own = target.item
    if own is None or not own.content or own.content != lead.content:
        raise InputError("decide.no-copy", case=target.case, item=lead.id)
    return own


def take(transaction: Transaction, reviewer: Reviewer, case: Case, now: int, length: int) -> None:
    """Takes a case for the moment of deciding. Raises `ConflictError` where another holds it."""
    require(reviewer, "take")
    held = leases.read(transaction, case.id)
    if held is not None and held.holds(now) and held.holder != reviewer.id:
        raise ConflictError("decide.held", case=case.id)
    leases.take(transaction, case.id, reviewer.id, now, length)


def decision(alike: Alike, target: Target, lease: Lease | None) -> Decision:
    """The decision for one of the cases, on its own copy."""
    return Decision(
        target.case, target.version, lease.token if lease else 0, alike.outcome, alike.policy,
        alike.reason, target.item.id if target.item else None, alike.exemption,
    )  # fmt: skip
