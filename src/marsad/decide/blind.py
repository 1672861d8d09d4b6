"""Copies of cases that somebody is shown without knowing: golden cases, second readings, samples.

A copy is a case like others, with the same findings sealed into it again, its own items, notes and
decisions. Whatever is decided in it changes nothing in the world: no action, no bank, no counter,
not the case that it shows. Whoever reads the log can tell; whoever works on the case cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from marsad.decide import dossier, priority
from marsad.decide.exhibits import Exhibits
from marsad.decide.outcomes import NETWORK_SIGNALS, UNSURE, VALID
from marsad.decide.recording import existing, record
from marsad.decide.roles import Reviewer
from marsad.decide.states import WAITING
from marsad.records.errors import InputError
from marsad.records.times import MINUTE
from marsad.store import cases, golden, log, persons, sealed, verdicts
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.verdicts import Verdict

SIGNAL, NOTICE, RANDOM, GOLDEN, SECOND = "signal", "notice", "random", "golden", "second-reading"
ORDER = "order"
ROUTES = (SIGNAL, NOTICE, ORDER, RANDOM, GOLDEN, SECOND)
"""How a case can come to be seen."""

DESK = "marsad"


def unaware(reviewer: Reviewer) -> bool:
    """Whether somebody works on copies and does not answer for decided cases: they are not shown
    what was decided while a copy of it waits for them."""
    return reviewer.may("take") and not reviewer.may("mark-golden")


def unaware_as(reviewer: Reviewer) -> str | None:
    """By which name somebody is `unaware`; None for who is not."""
    return reviewer.id if unaware(reviewer) else None


def visible(transaction: Transaction, case: Case, reviewer: Reviewer) -> bool:
    """Whether a reviewer may see a case: a copy only for whom it is meant; auditors see all."""
    if reviewer.may("verify"):
        return True
    if case.copy_of is None and (case.state in WAITING or not unaware(reviewer)):
        return True
    return cases.visible(transaction, case.id, reviewer.id, unaware(reviewer))


def hidden(transaction: Transaction, case_id: int, reviewer: Reviewer) -> bool:
    """Whether a decided case is not shown to somebody, for a copy of it waits for them."""
    return again(transaction, case_id, reviewer) is not None


def again(transaction: Transaction, case_id: int, reviewer: Reviewer) -> Case | None:
    """The copy of a decided case that waits for somebody who is not to know."""
    return cases.again(transaction, case_id, reviewer.id) if unaware(reviewer) else None


def told(
    transaction: Transaction, found: Iterable[Verdict], reviewer: Reviewer | None
) -> list[Verdict]:
    """What was decided, but for cases that are not shown to somebody; all of it to nobody named."""
    if reviewer is None or not unaware(reviewer):
        return list(found)
    return [one for one in found if not hidden(transaction, one.case_id, reviewer)]


def as_seen(transaction: Transaction, case: Case, reviewer: Reviewer) -> Case:
    """A real case, or the copy of it that waits for somebody who is not to know of it."""
    if case.state in WAITING:
        return case
    return again(transaction, case.id, reviewer) or case


def seen_by(transaction: Transaction, reviewer: Reviewer, case_id: int, lock: bool = True) -> Case:
    """A case that a reviewer may see. Raises `InputError` as if there were none, where they may
    not. Without ``lock`` to look at alone."""
    case = cases.read(transaction, case_id, lock)
    if case is None or not visible(transaction, case, reviewer):
        raise InputError("decide.no-case", case=case_id)
    return case


def open_copy(
    transaction: Transaction, case: Case, at: int, route: str, *, crisis: int = 0,
    bare: bool = False, rank: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> Case:  # fmt: skip
    """A copy of a case, as if it had been opened now; ``bare``: without its findings. The findings
    are those that were known when the case was decided, as old as they were then."""
    below = verdicts.first_of_case(transaction, case.id)
    known = [] if bare else sealed.of_case(transaction, case.id, below=below)
    findings = [_aged(one, at - case.opened_at) for one in known]
    signals = {one["signal"] for one in findings}
    level = priority.of_signals(one["signal"] for one in findings if one["opens_case"])
    data = {
        "kind": case.kind, "platform": case.platform, "priority": level, "clock": None,
        "due_at": None, "rank": priority.rank(at, level, None) if rank is None else rank,
        "network_only": bool(signals) and signals <= NETWORK_SIGNALS, "signals": sorted(signals),
        "opening": [], "route": route, "copy_of": case.id, "crisis": crisis,
    }  # fmt: skip
    shown = dossier.exhibits_of(log.events_of(transaction, case.id, below))
    shown = shown.bare(case.subject) if bare else shown
    private = {"subject": case.subject, "findings": findings, "exhibits": shown.to_dict()}
    opened, _ = record(
        transaction, None, "opened", at=at, actor=DESK, person=case.person,
        data=data | dict(more or {}), private=private,
    )  # fmt: skip
    return replace(opened, subject=case.subject)


def _aged(finding: Mapping[str, Any], by: int) -> dict[str, Any]:
    found_at = finding.get("found_at") or 0
    return {**finding, "found_at": found_at + by if found_at else found_at}


def check_marking(transaction: Transaction, case: Case, accepted: Sequence[str]) -> None:
    """Raises `InputError` where a case cannot be golden with these answers."""
    valid = [outcome for outcome in VALID.get(case.kind, ()) if outcome != UNSURE]
    wrong = [outcome for outcome in accepted if outcome not in valid]
    if wrong:
        given = wrong[0][:200]
        raise InputError("decide.outcome", given=given, valid=sorted(valid), kind=case.kind)
    if not accepted:
        return
    if case.copy_of is not None or case.state != "decided" or case.outcome not in accepted:
        raise InputError("golden.not-decided", case=case.id, outcome=case.outcome or case.state)
    if case.clock == "threat":
        raise InputError("golden.threat", case=case.id)
    if not sealed.of_case(transaction, case.id, most=1):
        raise InputError("golden.no-findings", case=case.id)


def mix_in(
    transaction: Transaction, like: Case, at: int, fraction: float, chance: Callable[[], float]
) -> Case | None:
    """With a chance of ``fraction``, opens a copy of a golden case of the same kind and platform
    beside a case that was just opened: same age, next number, its own turn in the queue. Nobody is
    given a golden case twice, or one that they had to do with."""
    if not fraction or like.copy_of is not None or chance() >= fraction:
        return None
    fit = golden.to_mix(transaction, like.kind, like.platform)
    if not fit:
        return None
    chosen = existing(transaction, fit[min(int(chance() * len(fit)), len(fit) - 1)])
    return open_copy(transaction, chosen, at, GOLDEN, crisis=like.crisis)


def read_again(transaction: Transaction, case: Case, at: int) -> Case | None:
    """Opens a decided case for a second reading by anybody who had no part in it. None for a copy,
    and for a case whose threat to life somebody sees to."""
    if case.copy_of is not None or case.clock == "threat":
        return None
    return open_copy(transaction, case, at, SECOND, bare=case.route == RANDOM)


def draw(
    transaction: Transaction, kind: str, subject: str, shown: Exhibits, at: int,
    rank: int, drawn: Mapping[str, Any],
) -> Case | None:  # fmt: skip
    """Opens a case without findings about a drawn subject, ``shown`` as the records have it: a copy
    where it has a case already. None where it stands drawn in the queue."""
    case = cases.of_subject(transaction, kind, subject)
    if case is not None:
        if case.route == RANDOM and case.state in WAITING:
            return None
        return open_copy(transaction, case, at, RANDOM, bare=True, rank=rank, more=drawn)
    data = {
        "kind": kind, "platform": subject.partition(":")[0], "priority": priority.NORMAL,
        "clock": None, "due_at": None, "rank": rank, "network_only": False, "signals": [],
        "opening": [], "route": RANDOM, **drawn,
    }  # fmt: skip
    post = shown.post(subject)
    person = persons.number_of(transaction, post.account if post else subject)
    private = {"subject": subject, "findings": [], "exhibits": shown.to_dict()}
    return record(transaction, None, "opened", at=at, actor=DESK, person=person, data=data,
                  private=private)[0]  # fmt: skip


def spread(at: int, count: int, over: int) -> Iterable[int]:
    """The ranks of ``count`` drawn cases, so that they come one by one among the others over a time
    (µs), not all at once."""
    first = priority.rank(at, priority.NORMAL, None)
    return (first + number * max(over, MINUTE) // max(count, 1) for number in range(count))
