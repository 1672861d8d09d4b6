"""Taking an order in: it is written down as it came, each address is joined to its subject's case,
and the hour runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from marsad.decide import priority, rebuilding
from marsad.decide.operator import Operator
from marsad.decide.orders import checks, hour
from marsad.decide.orders.authorities import Authorities, Listed, unlisted
from marsad.decide.orders.checks import Facts
from marsad.decide.orders.hour import Hours
from marsad.decide.orders.reading import Given
from marsad.decide.orders.recording import DESK, begin, step
from marsad.decide.orders.states import DONE, RUNNING, TAKEN_BACK
from marsad.decide.places import Place, Places
from marsad.decide.recording import record
from marsad.decide.states import WAITING
from marsad.store import cases, log, orders, persons
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.orders import Order

ROUTE = "order"


@dataclass(frozen=True)
class Ground:
    """What an order is held against: the desk's places and operator, the kept list, and what time
    it is for those that came before."""

    places: Places
    operator: Operator
    authorities: Authorities
    hours: Hours


@dataclass(frozen=True)
class Received:
    """What became of an order that came: its number, whether it was there before, the checks that
    have something to say, and how many addresses are ``new``."""

    order: Order
    again: bool
    checks: Sequence[str]
    new: int


def receive(
    transaction: Transaction, given: Given, ground: Ground, *, at: int, actor: str, way: str,
    signature: tuple[bytes, bytes] | None = None,
) -> Received:  # fmt: skip
    """Takes an order in; ``way`` is how it came (form, file), ``signature`` the bytes that came and
    the signature over them. One with the authority and reference of another joins that: neither is
    there a second hour, nor is the first lost."""
    facts = _facts(transaction, given, ground, at, signature)
    given = facts.given
    authority = given.form.authority.id
    known = orders.same(transaction, authority, given.form.reference)
    if known is not None and given.form.reference:
        over = ground.hours.now(transaction, known, at) >= known.due_at
        joined = _joined(transaction, known, facts, over, at=at, actor=actor, way=way)
        if joined is not None:
            return Received(joined, True, checks.of(facts), joined.size - known.size)
    received_at = min(at if given.received_at is None else given.received_at, at)
    found = checks.of(facts)
    data = {
        "authority": authority, "issuer_state": given.form.authority.state,
        "reference": given.form.reference, "received_at": received_at,
        "emergency": given.form.emergency, "cross_border": checks.is_cross_border(facts),
        "due_at": received_at + hour.LENGTH, "size": len(given.form.urls), "way": way,
        "issued_at": given.form.issued_at, "lang": given.form.lang,
        "grounds": list(given.form.grounds), "checks": found, "first": facts.first,
        "confidential_until": given.form.confidential_until,
    }  # fmt: skip
    private = _private(facts, found)
    order = begin(transaction, at=at, actor=actor, data=data, private=private)
    orders.begin_watch(transaction, order.id, at)
    join_all(transaction, order, given.form.urls, facts.places, at, 1)
    return Received(order, False, found, order.size)


def _joined(
    transaction: Transaction, known: Order, facts: Facts, over: bool, *, at: int, actor: str,
    way: str,
) -> Order | None:  # fmt: skip
    """The order that was there before, with what came again: addresses that are new are carried out
    within the hour that runs, and a non-disclosure that came with it counts. None where no hour
    runs, or it is ``over``: what comes then is an order of its own, with an hour of its own, unless
    it says nothing new of an order that was carried out."""
    urls = facts.given.form.urls
    there = set(addresses(transaction, known).values())
    new = [(url, place) for url, place in zip(urls, facts.places, strict=True) if url not in there]
    if known.state not in RUNNING and (new or not _stands(transaction, known)):
        return None
    if new and over:
        return None
    more, places = [url for url, _ in new], [place for _, place in new]
    found = checks.of(facts)
    private = _private(facts, found) | {"urls": _kept(more, places, known.size)}
    first, size = known.size + 1, known.size + len(new)
    joined = step(transaction, known, "order-joined", at=at, actor=actor,
                  data={"way": way, "new": len(new), "size": size, "checks": found},
                  private=private)  # fmt: skip
    join_all(transaction, joined, more, places, at, first)
    until = facts.given.form.confidential_until
    if until is not None and _is_longer(transaction, joined, until):
        joined = step(transaction, joined, "order-confidential", at=at, actor=actor,
                      data={"until": until})  # fmt: skip
    return joined


def _stands(transaction: Transaction, order: Order) -> bool:
    """Whether an order was carried out, and nothing that was done for it was taken back."""
    back = any(one.state in TAKEN_BACK for one in orders.steps(transaction, order.id))
    there = {one.number for one in orders.items(transaction, order.id)}
    gone = {one.number for one in orders.parted(transaction, order.id)} - there
    return order.state in DONE and order.ended_at is not None and not back and not gone


def _is_longer(transaction: Transaction, order: Order, until: int) -> bool:
    """Whether an end of a non-disclosure is later than every one before it: what was ended for a
    reason does not begin again because the same words come again, nor a typing error that was set
    right."""
    ends = _ends(transaction, order)
    likely = [one for one in ends if one <= checks.latest_end(order.received_at)]
    return until not in ends and until > max(likely, default=0)


def _ends(transaction: Transaction, order: Order) -> list[int]:
    """The ends that the non-disclosure of an order has had."""
    said = ("order-received", "order-confidential")
    found = [log.event(transaction, one.seq).data for one in orders.steps(transaction, order.id)
             if one.step in said]  # fmt: skip
    return [one.get("until") or one.get("confidential_until") or 0 for one in found]


def _private(facts: Facts, found: Sequence[str]) -> dict[str, Any]:
    """What came, but for addresses that are about somebody of ours; ``found`` are its checks."""
    rest = dict(facts.given.rest)
    if "other-domain" in found:  # in the form stands what the list knows
        rest["authority.email"] = facts.email
    return {"form": _without_ours(facts.given, facts.places), "rest": rest}


def addresses(transaction: Transaction, order: Order) -> dict[int, str]:
    """The addresses of an order by number, as far as they were not erased: those that are nobody's
    we know stand with the order, the others with the people whom they are about."""
    found: dict[int, str] = {}
    for one in orders.steps(transaction, order.id):
        if one.step in ("order-received", "order-joined", "order-cleared"):
            private = log.event(transaction, one.seq).private or {}
            if one.step == "order-received":
                said = dict(enumerate(private.get("form", {}).get("urls", ()), 1))
            else:
                said = {int(number): url for number, url in private.get("urls", {}).items()}
            found |= {number: url for number, url in said.items() if url}
    for item in orders.items(transaction, order.id):
        private = log.event(transaction, item.seq).private or {}
        if private.get("url"):
            found[item.number] = private["url"]
    return dict(sorted(found.items()))


def add_addresses(
    transaction: Transaction, order: Order, kind: str, urls: Sequence[str], places: Places, *,
    at: int, actor: str, data: dict[str, Any], private: dict[str, Any],
) -> Order:  # fmt: skip
    """Appends an entry (``kind``) that brings further addresses to an order, and joins them."""
    there = set(addresses(transaction, order).values())
    new = [one for one in urls if one not in there]
    found = places_of(new, places)
    first = order.size + 1
    changed = step(
        transaction, order, kind, at=at, actor=actor, data=data | {"size": order.size + len(new)},
        private=private | {"urls": _kept(new, found, order.size)},
    )  # fmt: skip
    join_all(transaction, changed, new, found, at, first)
    return changed


def _kept(urls: Sequence[str], places: Sequence[Place | None], before: int) -> dict[str, str]:
    """Addresses that are nobody's we know, by number: these stand with the order."""
    numbered = enumerate(zip(urls, places, strict=True), before + 1)
    return {str(number): url for number, (url, place) in numbered if place is None}


def places_of(urls: Sequence[str], places: Places) -> list[Place | None]:
    """What each address is about; None for one that is not ours, or not known by its form."""
    return [places.find(one) for one in urls]


def join_all(
    transaction: Transaction, order: Order, urls: Sequence[str], places: Sequence[Place | None],
    at: int, first: int,
) -> None:  # fmt: skip
    """Joins addresses, numbered from ``first`` on, to the cases of their subjects."""
    for number, (url, place) in enumerate(zip(urls, places, strict=True), first):
        if place is not None:
            join(transaction, order, number, url, place, at)


def join(
    transaction: Transaction, order: Order, number: int, url: str, place: Place, at: int,
    actor: str = DESK,
) -> Case:  # fmt: skip
    """Joins one address to the case of its subject; opens one where there is none. The address is
    kept with the person whom it is about, and goes when they are erased."""
    case = cases.of_subject(transaction, place.kind, place.subject)
    runs = order.state in RUNNING
    case = case or _open(transaction, place, order.due_at if runs else None, at)
    data = {"order": order.id, "number": number}
    case, _ = record(transaction, case, "order-item", at=at, actor=actor, person=case.person,
                     data=data, private={"url": url})  # fmt: skip
    return start_clock(transaction, case, order.due_at, at) if runs else case


def start_clock(transaction: Transaction, case: Case, due_at: int, at: int) -> Case:
    """Lets a case show an order's hour, where no other clock of it ends sooner."""
    if case.state not in WAITING or (case.due_at is not None and case.due_at <= due_at):
        return case
    return _clock(transaction, case, "clock-set", ROUTE, due_at, priority.URGENT, at)


def end_clock(transaction: Transaction, case_id: int, at: int) -> None:
    """Takes an order's hour off a case, or shows that of another order which runs."""
    case = cases.read(transaction, case_id)
    if case is None or case.state not in WAITING or case.clock != ROUTE:
        return
    others = orders.running_in(transaction, case_id, RUNNING)
    if others:
        _clock(transaction, case, "clock-set", ROUTE, others[0].due_at, case.priority, at)
    else:
        _clock(transaction, case, "clock-ended", None, None, priority.LOW, at)


def give_back_clock(transaction: Transaction, case_id: int, since: int, at: int) -> None:
    """Takes an order's hour off a case that it named by mistake, with the entry ``since``: what
    waited there waits as before."""
    case = cases.read(transaction, case_id)
    then, _ = rebuilding.before(transaction, case_id, since)
    if case is None or case.state not in WAITING or case.clock not in (ROUTE, None):
        return
    if then is None or then.clock == ROUTE or orders.running_in(transaction, case_id, RUNNING):
        end_clock(transaction, case_id, at)
        return
    data = {name: getattr(then, name) for name in ("clock", "due_at", "priority", "rank")}
    if any(getattr(case, name) != value for name, value in data.items()):
        kind = "clock-set" if then.clock else "clock-ended"
        record(transaction, case, kind, at=at, actor=DESK, person=case.person, data=data)


def _clock(
    transaction: Transaction, case: Case, kind: str, clock: str | None, due_at: int | None,
    level: int, at: int,
) -> Case:  # fmt: skip
    level = min(level, case.priority) if clock else max(level, case.priority)
    data = {"clock": clock, "due_at": due_at, "priority": level,
            "rank": priority.rank(case.opened_at, level, due_at)}  # fmt: skip
    return record(transaction, case, kind, at=at, actor=DESK, person=case.person, data=data)[0]


def _open(transaction: Transaction, place: Place, due_at: int | None, at: int) -> Case:
    data: dict[str, Any] = {
        "kind": place.kind, "platform": place.platform, "priority": priority.URGENT,
        "clock": ROUTE if due_at else None, "due_at": due_at,
        "rank": priority.rank(at, priority.URGENT, due_at), "network_only": False,
        "signals": [], "opening": [], "route": ROUTE,
    }  # fmt: skip
    person = persons.number_of(transaction, place.account or place.subject)
    private = {"subject": place.subject, "findings": [], "exhibits": {}}
    return record(transaction, None, "opened", at=at, actor=DESK, person=person, data=data,
                  private=private)[0]  # fmt: skip


def _facts(
    transaction: Transaction, given: Given, ground: Ground, at: int,
    signature: tuple[bytes, bytes] | None,
) -> Facts:  # fmt: skip
    listed = _listed(given, ground.authorities)
    named = given.form.authority
    authority = listed.authority if listed else unlisted(named)
    given = replace(given, form=replace(given.form, authority=authority))
    signed = None
    if signature is not None:
        signed = listed is not None and listed.has_signed(*signature)
    return Facts(
        given, listed, named.email, places_of(given.form.urls, ground.places), ground.places,
        ground.operator, signed, not orders.is_known(transaction, authority.id),
        orders.informed_at(transaction, authority.id), at,
    )  # fmt: skip


def _listed(given: Given, known: Authorities) -> Listed | None:
    named = given.form.authority
    return known.find(named.id or named.name)


def _without_ours(given: Given, places: Sequence[Place | None]) -> dict[str, Any]:
    """The form without the addresses that are kept with the people whom they are about; each has
    its place and its number."""
    urls = [url if place is None else "" for url, place in
            zip(given.form.urls, places, strict=True)]  # fmt: skip
    return given.form.to_dict() | {"urls": urls}
