"""What was decided before: about the same person, about others of the same lineage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from marsad.decide import blind
from marsad.decide.account_bank import BANK
from marsad.decide.roles import Reviewer
from marsad.decide.sharing import Key, lineage_name
from marsad.store import case_keys, persons, sealed, verdicts
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.verdicts import Verdict

MOST = 50
"""Verdicts of a person, and accounts of a lineage, that are looked at."""


@dataclass(frozen=True)
class Relative:
    """Another account of the lineage: its case, what was decided last if anything was, and from
    which account a finding of `returns` says that it came back (None for the first one)."""

    case: int
    subject: str
    parent: str | None
    verdict: Verdict | None


@dataclass(frozen=True)
class History:
    """``verdicts`` about the person, the newest first, ``overturned`` the numbers of those that
    were taken back; ``lineage`` the other accounts of the actor, as far as no overturned decision
    was what connected them. ``more``: there is more than is shown."""

    verdicts: tuple[Verdict, ...] = ()
    overturned: frozenset[int] = frozenset()
    lineage: tuple[Relative, ...] = ()
    more: bool = False


NOTHING = History()


def of_case(transaction: Transaction, case: Case, reviewer: Reviewer | None = None) -> History:
    """The history of a case's subject. A case that was drawn blind shows none until it is decided,
    and a copy what was known before the case that it shows was decided. Nobody is told what was
    decided in a case of which a copy waits for them."""
    if case.route == "random" and case.state != "decided":
        return NOTHING
    below = known_until(transaction, case)
    found = verdicts.of_person(transaction, case.person, MOST + 1, below)
    found = blind.told(transaction, found, reviewer)
    stands = {one.seq for one in verdicts.standing(found)}
    gone = {one.seq for one in found if one.step == "decided"} - stands
    lineage = _lineage(transaction, case, below)
    lineage = [_as_seen(transaction, one, reviewer) for one in lineage[: MOST + 1]]
    more = len(found) > MOST or len(lineage) > MOST
    return History(tuple(found[:MOST]), frozenset(gone), tuple(lineage[:MOST]), more)


def _as_seen(
    transaction: Transaction, one: Relative, reviewer: Reviewer | None
) -> Relative:  # fmt: skip
    """A relative with the copy of its case, where somebody is shown that instead."""
    again = blind.again(transaction, one.case, reviewer) if reviewer is not None else None
    return one if again is None else replace(one, case=again.id, verdict=None)


def known_until(transaction: Transaction, case: Case) -> int | None:
    """The entry of the log after which nothing may be told on a case; None where all may be."""
    if case.copy_of is None:
        return None
    return verdicts.first_of_case(transaction, case.copy_of) or case.copy_of


def _lineage(transaction: Transaction, case: Case, below: int | None) -> list[Relative]:
    own = verdicts.account_case(transaction, case.person)
    name = persons.name_of(transaction, case.person)
    if name is None:
        return []
    keys = {Key("lineage", lineage_name(name)).number}
    if own is not None:
        kept = case_keys.of_case(transaction, own)
        keys |= {number for number, kind in kept.items() if kind == "lineage"}
    numbers: set[int] = set()
    for number in sorted(keys):
        numbers.update(case_keys.with_key(transaction, number, MOST + 1, below=below))
    numbers.discard(own or 0)
    relatives = _relatives(transaction, sorted(numbers)[: MOST + 1])
    mine = _parents(transaction, own) if own is not None else []
    last = {one.subject: one.verdict for one, _ in relatives}
    if own is not None:
        last[name] = verdicts.last_of_cases(transaction, [own]).get(own)
    links = [*mine, *(link for _, found in relatives for link in found)]
    stands = [link for link in links if link.vouched or _stands(last.get(link.parent))]
    return _connected(name, relatives, stands)


@dataclass(frozen=True)
class _Link:
    """A finding of `returns`: ``child`` came back from ``parent``. ``vouched``: somebody other than
    the desk says that the parent is gone."""

    child: str
    parent: str
    vouched: bool


def _relatives(
    transaction: Transaction, numbers: Sequence[int]
) -> list[tuple[Relative, list[_Link]]]:
    last = verdicts.last_of_cases(transaction, numbers)
    found = []
    for number, subject in sealed.subjects(transaction, numbers).items():
        links = _parents(transaction, number, subject)
        parent = links[-1].parent if links else None
        found.append((Relative(number, subject, parent, last.get(number)), links))
    return found


def _parents(transaction: Transaction, number: int, subject: str = "") -> list[_Link]:
    links = []
    for finding in sealed.of_case(transaction, number, "returns", MOST):
        for shown in finding.get("evidence") or ():
            if isinstance(shown, Mapping) and isinstance(shown.get("parent"), str):
                child = subject or str(finding["subject_id"])
                links.append(_Link(child, shown["parent"], shown.get("bank") != BANK))
    return links


def _stands(verdict: Verdict | None) -> bool:
    """Whether what was decided about the parent still holds."""
    return verdict is None or verdict.step != "overturned"


def _connected(
    name: str, relatives: Sequence[tuple[Relative, list[_Link]]], links: Sequence[_Link]
) -> list[Relative]:
    """The relatives that standing links lead to, over any number of steps."""
    beside: dict[str, set[str]] = {}
    for link in links:
        beside.setdefault(link.child, set()).add(link.parent)
        beside.setdefault(link.parent, set()).add(link.child)
    reached, ahead = {name}, [name]
    while ahead:
        for other in beside.get(ahead.pop(), set()) - reached:
            reached.add(other)
            ahead.append(other)
    return [one for one, _ in relatives if one.subject in reached]
