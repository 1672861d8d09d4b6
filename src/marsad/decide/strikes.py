"""The strike ladder: what earlier violations suggest. A suggestion with its sentence, never an act.

A strike is a final decision that did something to somebody and still stands: overturned ones do not
count, nor does giving an account back to its owner. Several decisions about one item, on the post
and on its account, say, are one strike. It is worth its policy's weight, and expires.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.decide import blind
from marsad.decide.history import known_until
from marsad.decide.outcomes import ACTING
from marsad.decide.roles import Reviewer
from marsad.decide.settings import Step, Strikes
from marsad.records.message import Message
from marsad.records.times import DAY
from marsad.store import log, verdicts
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.verdicts import Verdict

MOST = 200
"""Verdicts of a person that are looked at."""


@dataclass(frozen=True)
class Strike:
    """A decision that counts, and what it weighs."""

    verdict: Verdict
    weight: float


@dataclass(frozen=True)
class Standing:
    """The strikes that stand against somebody, the newest first, and what the ladder suggests:
    ``suggests`` an outcome for the account, ``step`` the one that was reached; None for nothing."""

    strikes: tuple[Strike, ...] = ()
    step: Step | None = None
    message: Message | None = None

    @property
    def suggests(self) -> str | None:
        """The outcome that is suggested."""
        return self.step.suggests if self.step else None


def of_case(
    transaction: Transaction, case: Case, ladder: Strikes, now: int, policy: str | None = None,
    reviewer: Reviewer | None = None,
) -> Standing:  # fmt: skip
    """Where the person of a case stands; with ``policy`` as if this case were decided against them
    under it. A case drawn blind tells nothing until it is decided, and to a ``reviewer`` for whom a
    copy of a decided case waits that one does not count."""
    if case.route == "random" and case.state != "decided":
        return Standing()
    found = verdicts.of_person(transaction, case.person, MOST, known_until(transaction, case))
    found = blind.told(transaction, found, reviewer)
    counted = [
        one for one in _distinct(transaction, found) if now - one.at < ladder.expire_days * DAY
    ]
    strikes = tuple(Strike(one, ladder.weight(one.policy)) for one in counted)
    more = ladder.weight(policy) if policy else 0.0
    step = _reached(strikes, ladder.ladder, now, more)
    return Standing(strikes, step, _message(strikes, step, now, more) if step else None)


def _distinct(transaction: Transaction, found: Sequence[Verdict]) -> list[Verdict]:
    """Standing decisions against somebody, the newest first, one an item."""
    items: dict[str, Verdict] = {}
    for one in verdicts.standing(found):
        if one.outcome in ACTING and one.outcome != "return":
            items[_item(transaction, one)] = one
    return sorted(items.values(), reverse=True)


def _item(transaction: Transaction, one: Verdict) -> str:
    said = (log.event(transaction, one.seq).private or {}).get("item") or {}
    return str(said.get("id") or f"entry {one.seq}")


def _reached(
    strikes: Sequence[Strike], ladder: Sequence[Step], now: int, more: float
) -> Step | None:
    reached = [
        step for step in ladder
        if _within(strikes, step, now) + more >= step.strikes - 1e-9
    ]  # fmt: skip
    return max(reached, key=lambda step: (step.strikes, -step.within_days), default=None)


def _within(strikes: Sequence[Strike], step: Step, now: int) -> float:
    since = now - step.within_days * DAY
    return sum(one.weight for one in strikes if one.verdict.at > since)


def _message(strikes: Sequence[Strike], step: Step, now: int, more: float) -> Message:
    points = _within(strikes, step, now) + more
    values = {
        "count": round(points, 2) if points % 1 else int(points), "days": step.within_days,
        "outcome": {"words": [f"desk.outcome.{step.suggests}"]},
    }  # fmt: skip
    return Message("strikes.with-this" if more else "strikes.stand", values)
