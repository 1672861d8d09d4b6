"""Rows of quality that entries of the log mean; the same code writes them and rebuilds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from marsad.decide import facets, sharing
from marsad.store import case_keys
from marsad.store import facets as counters
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.facets import Facet
from marsad.store.log import Event
from marsad.store.projections import Projected

OPENING = frozenset({"opened", "found", "reopened"})
KEYED = OPENING | {"item-opened"}
"""Entries that give a case something to share."""

VERDICTS = frozenset({"decided", "overturned"})


def rows_of(event: Event, case: Case, known: Collection[int]) -> list[Projected]:
    """The rows that an entry adds about a case; ``known`` are the keys that the case had before."""
    data = event.data
    base: dict[str, Any] = {"seq": event.seq, "case_id": event.case}
    said: dict[str, Any]
    match event.kind:
        case "golden-set":
            said = {"accepted": ",".join(data["accepted"]), "marked_by": event.actor}
            return [Projected("golden_marks", base | said | {"marked_at": event.at})]
        case "threat-raised":
            said = {"raised_by": event.actor, "raised_at": event.at}
            return [Projected("threats", base | said)]
        case "threat-told":
            said = {"contact": data["contact"], "told_by": event.actor, "told_at": data["told_at"]}
            return [Projected("told", base | said)]
    if case.copy_of is not None:
        return []
    rows = _keys(event, case, known, base) + _signals(event, base)
    if event.kind in VERDICTS:
        said = {"step": event.kind, "person": event.person, "reviewer": event.actor, "at": event.at}
        why = {name: data.get(name) for name in ("outcome", "exemption", "policy")}
        rows.append(Projected("verdicts", base | said | why))
    return rows


def rows_of_none(event: Event) -> list[Projected]:
    """The rows of an entry that is about no single case."""
    data = event.data
    base: dict[str, Any] = {"seq": event.seq}
    if event.kind == "crisis-opened":
        said = {name: data[name] for name in ("name", "owner", "wanted")}
        by = {"opened_by": event.actor, "opened_at": event.at}
        return [Projected("crises", base | said | by)]
    if event.kind == "crisis-closed":
        by = {"crisis": data["crisis"], "closed_by": event.actor, "closed_at": event.at}
        return [Projected("crisis_closings", base | by)]
    return []


def _keys(
    event: Event, case: Case, known: Collection[int], base: Mapping[str, Any]
) -> list[Projected]:
    if event.kind not in KEYED or event.private is None:
        return []
    found = sharing.of_findings(event.private.get("findings") or ())
    found += sharing.of_item(event.private.get("item") or {})
    subject = event.private.get("subject", case.subject)
    found += sharing.of_exhibits(event.private.get("exhibits") or {}, subject)
    if event.kind == "opened":
        found += sharing.of_subject(case.kind, subject)
    numbers = {one.number: one.kind for one in reversed(found) if one.number not in known}
    return [
        Projected("case_keys", {**base, "key": number, "kind": numbers[number]})
        for number in sorted(numbers)
    ]


def _signals(event: Event, base: Mapping[str, Any]) -> list[Projected]:
    return [
        Projected("case_signals", {**base, "signal": signal})
        for signal in (event.data.get("opening", ()) if event.kind in OPENING else ())
    ]


def known_before(transaction: Transaction, event: Event) -> Collection[int]:
    """The keys that a case had before an entry; asked only where the entry could add some."""
    if event.kind not in KEYED or event.kind == "opened" or event.case is None:
        return ()
    return case_keys.before(transaction, event.case, event.seq)


def changes(
    old: Case | None, new: Case, event: Event, had: Collection[str], has: Collection[str]
) -> Counter[Facet]:
    """How an entry moves the counters, with the signals that had opened the case before and have
    after it."""
    moved = facets.of(new, has)
    moved.subtract(facets.of(old, had))
    moved.update(facets.of_step(old, event.kind, new))
    return moved


def follow(transaction: Transaction, old: Case | None, new: Case, event: Event) -> None:
    """Counters and states that go with a change of a case; before its new rows are written."""
    if new.copy_of is not None:
        return
    had: set[str] = set()
    if "decided" in (new.state, old.state if old else None):
        had = case_keys.signals_of(transaction, new.id)
    has = had | set(event.data.get("opening", ()) if event.kind in OPENING else ())
    counters.move(transaction, changes(old, new, event, had, has))


def settle(transaction: Transaction, old: Case | None, new: Case, event: Event) -> None:
    """Lets the keys of a case follow its state; after its new rows were written."""
    decided = new.state == "decided"
    turned = old is not None and (old.state == "decided") != decided
    if new.copy_of is None and (turned or (decided and event.kind in KEYED)):
        case_keys.settle(transaction, new.id, decided)
