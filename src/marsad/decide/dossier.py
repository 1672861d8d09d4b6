"""All that a reviewer is shown of a case, read out of what was sealed with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from marsad.decide.exhibits import NOTHING, Exhibits, Post, Profile
from marsad.decide.findings import SealedFinding
from marsad.store import leases, log
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.leases import Lease
from marsad.store.log import Event

OPENING = ("opened", "found", "reopened")


@dataclass(frozen=True)
class Dossier:
    """A case with its findings (highest score first), what can be looked at, and what happened.

    What was erased is missing from it. ``opened`` are (reviewer, item) of all who opened one;
    notices are told apart, for there may be thousands.
    """

    case: Case
    findings: Sequence[SealedFinding]
    exhibits: Exhibits
    events: Sequence[Event]
    lease: Lease | None

    @property
    def profile(self) -> Profile | None:
        """The account that the case is about, or whose post it is about."""
        wanted = self.case.subject if self.case.kind == "account" else self.account
        return next((one for one in self.exhibits.profiles if one.account == wanted), None)

    @property
    def account(self) -> str | None:
        """The account behind the subject."""
        if self.case.kind == "account":
            return self.case.subject
        return next((one.account for one in self.findings if one.account), None)

    @property
    def own_posts(self) -> Sequence[Post]:
        """The posts that a decision can rest on: the subject, or what it wrote."""
        return [post for post in self.exhibits.posts if self.is_own(post)]

    @property
    def other_posts(self) -> Sequence[Post]:
        """Posts of others that findings cite."""
        return [post for post in self.exhibits.posts if not self.is_own(post)]

    def is_own(self, post: Post) -> bool:
        """Whether a post is the subject or the subject's."""
        return self.case.subject in (post.id, post.account)

    def opened_by(self, reviewer: str) -> frozenset[str]:
        """The items that a reviewer has opened in this case."""
        return frozenset(
            event.private["item"]["id"]
            for event in self.events
            if event.kind == "item-opened" and event.actor == reviewer and event.private
        )

    def of_kind(self, *kinds: str) -> Iterator[Event]:
        """What happened, of some kinds."""
        return (event for event in self.events if event.kind in kinds)


def of(transaction: Transaction, case: Case) -> Dossier:
    """The dossier of a case."""
    events = log.events_of(transaction, case.id, notices=False)
    sealed = [event.private for event in events if event.kind in OPENING and event.private]
    findings = [SealedFinding(**one) for part in sealed for one in part["findings"]]
    ordered = sorted(findings, key=lambda one: (not one.opens_case, -one.score, one.finding_id))
    held = leases.read(transaction, case.id)
    return Dossier(case, ordered, exhibits_of(events), events, held)


def exhibits_of(events: Sequence[Event]) -> Exhibits:
    """What was sealed to be looked at, of a post or an account the newest."""
    sealed = (event.private for event in events if event.kind in OPENING and event.private)
    return reduce(
        Exhibits.__add__, (Exhibits.from_dict(part.get("exhibits", {})) for part in sealed), NOTHING
    )
