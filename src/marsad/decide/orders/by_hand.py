"""What a person records about an order: each step with the grounds that it can have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.decide.orders import alarms, carrying, checks, hour
from marsad.decide.orders.annexes import REASONS
from marsad.decide.orders.clocks import FOR_ASKING
from marsad.decide.orders.duty import Duty
from marsad.decide.orders.receiving import add_addresses, addresses, give_back_clock, join
from marsad.decide.orders.recording import DESK, step
from marsad.decide.orders.states import RUNNING, after
from marsad.decide.places import KINDS, Place, Places
from marsad.decide.recording import existing, record
from marsad.records.errors import InputError
from marsad.records.times import DAY, MINUTE, to_datetime
from marsad.store import log, orders
from marsad.store.database import Transaction
from marsad.store.orders import Item, Order

LONGEST, SHORTEST = 10_000, 10
YEAR = 365 * DAY
EXPOSED = 2
"""Final orders within twelve months that may mean a decision under Article 5."""


@dataclass(frozen=True)
class Form:
    """What a step asks for: one of ``grounds`` where there are any, and words where it must be
    explained."""

    grounds: Sequence[str] = ()
    words: bool = False


STEPS: Mapping[str, Form] = {
    "order-taken": Form(),
    "order-stopped": Form(REASONS, True),
    "order-refused": Form(("not-ours", "not-authentic", "not-competent", "no-order"), True),
    "order-reopened": Form((), True),
    "order-scrutiny": Form(("provider", "uploader")),
    "order-infringing": Form(("asked", "own-motion"), True),
    "order-upheld": Form(("decided", "lapsed")),
    "order-withdrawn": Form(("authority", "court"), True),
    "order-closed": Form(),
    "order-called-back": Form(("genuine", "false", "not-reached")),
    "order-told": Form(("annex-2", "annex-3", "refusal", "uploader", "copy", "threat", "other")),
    "order-noted": Form((), True),
}  # fmt: skip
"""Kind → its form; in the order in which a page offers them."""

_ENDS = ("order-stopped", "order-refused", "order-infringing", "order-withdrawn")
_LIFTS = ("order-refused", "order-infringing", "order-withdrawn")


@dataclass(frozen=True)
class Said:
    """What a person says: ``at`` (µs UTC) is when it was so, None for now."""

    kind: str
    ground: str = ""
    text: str = ""
    at: int | None = None


def take(
    transaction: Transaction, order: Order, said: Said, now: int, actor: str, duty: Duty
) -> Order:  # fmt: skip
    """Records a step and what follows from it."""
    form = STEPS.get(said.kind)
    if form is None:
        raise InputError("order.step", given=said.kind[:100], valid=sorted(STEPS))
    _check(order, form, said, now)
    after(order.state, said.kind)
    _check_more(transaction, order, said, now)
    data: dict[str, Any] = {"ground": said.ground or None, "said_at": said.at}
    text = said.text.strip()
    order = step(transaction, order, said.kind, at=now, actor=actor, data=data,
                 private={"text": text} if text else None)  # fmt: skip
    if said.kind in _LIFTS:
        carrying.lift(transaction, order, at=now, actor=actor)
    if said.kind in _ENDS:
        carrying.end_clocks(transaction, order, now)
    if said.kind == "order-reopened":
        carrying.start_clocks(transaction, order, now)
    if said.kind == "order-closed":
        order = _exposed(transaction, order, now, duty)
    return order


def clear(
    transaction: Transaction, order: Order, text: str, urls: Sequence[str], places: Places,
    now: int, at: int | None, actor: str,
) -> Order:  # fmt: skip
    """Starts the hour anew, in full: from when it was cleared up, which is not later than now."""
    _check(order, Form((), True), Said("order-cleared", "", text, at), now)
    since = min(now if at is None else at, now)
    data = {"ground": None, "due_at": since + hour.LENGTH, "said_at": at}
    order = add_addresses(
        transaction, order, "order-cleared", urls, places, at=now, actor=actor, data=data,
        private={"text": text.strip()},
    )  # fmt: skip
    orders.begin_watch(transaction, order.id, now)
    carrying.start_clocks(transaction, order, now)
    return order


def end_of_confidence(order: Order, until: int | None, now: int) -> int:
    """When a non-disclosure ends. Raises `InputError` where nobody says so, for an end that is over
    or sooner than the one that stands, for which a reason is asked (`Orders.disclose`), and for one
    later than twice the six weeks of Article 11(3)†. What stands beyond them can be set right."""
    if until is None:
        raise InputError("order.no-end", order=order.id)
    latest, stands = checks.latest_end(order.received_at), order.confidential_until or 0
    if until < now or (until < stands <= latest):
        raise InputError("order.confidential-sooner", given=to_datetime(until).isoformat())
    if until > latest:
        raise InputError("order.confidential", given=to_datetime(until).isoformat(),
                         high=to_datetime(latest).date().isoformat())  # fmt: skip
    return until


def place(kind: str, subject: str, account: str, places: Places) -> Place:
    """A subject that somebody names. Raises `InputError` for what is no subject id, or is on no
    platform of ours."""
    if kind not in KINDS or kind == "community":
        raise InputError("order.subject", given=kind[:100], valid=["account", "media", "post"])
    for one in (subject, account) if account else (subject,):
        platform, mark, native = one.partition(":")
        if not (platform and mark and native) or len(one) > 600 or not one.isprintable():
            raise InputError("order.subject", given=one[:100], valid=["platform:id"])
        if places.platforms and platform not in places.platforms:
            raise InputError("order.platform", given=platform[:100], valid=sorted(places.platforms))
    platform = subject.partition(":")[0]
    return Place(platform, kind, subject, subject if kind == "account" else account or None)


def locate(
    transaction: Transaction, order: Order, number: int, place: Place, now: int, actor: str
) -> None:
    """Joins an address that is nobody's to the case of a subject. Raises `InputError` for any other
    address, and where nothing can come of it."""
    if order.state not in (*RUNNING, "impossible"):
        raise InputError("order.not-running", order=order.id, state=order.state)
    urls = addresses(transaction, order)
    there = {one.number for one in orders.items(transaction, order.id)}
    if number not in urls or number in there:
        raise InputError("order.no-address", number=number)
    join(transaction, order, number, urls[number], place, now, actor)


def part(transaction: Transaction, order: Order, joined: int, now: int, actor: str) -> None:
    """Parts an address from the case that somebody has joined it to with an entry; what the order
    asked for in it and asks for no more is taken back. Raises `InputError` for any other entry, and
    once the subject was erased."""
    there = orders.items(transaction, order.id)
    item = next((one for one in there if one.seq == joined), None)
    if item is None or not is_by_hand(transaction, item):
        raise InputError("order.not-by-hand", entry=joined)
    case = existing(transaction, item.case_id)
    record(transaction, case, "order-parted", at=now, actor=actor, person=case.person,
           data={"order": order.id, "number": item.number})  # fmt: skip
    act = orders.acts(transaction, order.id).get(case.id)
    if not any(one.case_id == case.id for one in there if one is not item):
        if act is not None:
            carrying.let_go(transaction, act, at=now, actor=actor)
        give_back_clock(transaction, case.id, joined, now)


def is_by_hand(transaction: Transaction, item: Item) -> bool:
    """Whether a person has said what an address is about, whose subject was not erased."""
    return item.subject is not None and log.event(transaction, item.seq).actor != DESK


def check_words(text: str) -> None:
    """Raises `InputError` for words that explain nothing."""
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise InputError("order.text", length=len(text.strip()), low=SHORTEST, high=LONGEST)


def _check(order: Order, form: Form, said: Said, now: int) -> None:
    if form.grounds and said.ground not in form.grounds:
        raise InputError("order.ground", given=said.ground[:100], valid=list(form.grounds))
    length = len(said.text.strip())
    if length > LONGEST or (form.words and length < SHORTEST):
        raise InputError("order.text", length=length, low=SHORTEST, high=LONGEST)
    if said.at is not None and said.at > now:
        raise InputError("order.later", given=to_datetime(said.at).isoformat())
    if said.at is not None and said.at < order.received_at - order.received_at % MINUTE:
        raise InputError("order.earlier", given=to_datetime(said.at).isoformat(),
                         received=to_datetime(order.received_at).isoformat())  # fmt: skip


def _check_more(transaction: Transaction, order: Order, said: Said, now: int) -> None:
    """Scrutiny is for orders across borders alone, and a provider asks within 48 hours; what was
    refused, or could not be carried out, is closed once the authority was told."""
    if said.kind in ("order-scrutiny", "order-infringing") and not order.cross_border:
        raise InputError("order.not-cross-border", order=order.id)
    late = (now if said.at is None else said.at) > order.received_at + FOR_ASKING
    if late and (said.kind, said.ground) == ("order-scrutiny", "provider"):
        raise InputError("order.scrutiny-late", order=order.id)
    if said.kind == "order-closed" and order.state in ("refused", "impossible"):
        kinds = [one.step for one in orders.steps(transaction, order.id)]
        left = max(at for at, one in enumerate(kinds) if one in ("order-refused", "order-stopped"))
        if "order-told" not in kinds[left:]:
            raise InputError("order.not-told", order=order.id)


def _exposed(transaction: Transaction, order: Order, now: int, duty: Duty) -> Order:
    """The alarm at the second final order within twelve months."""
    final = orders.final_since(transaction, now - YEAR)
    if len(final) < EXPOSED or order.id not in final:
        return order
    order = step(transaction, order, "order-exposed", at=now, actor=DESK, data={"orders": final})
    alarms.tell_exposed(transaction, order, len(final), now, duty)
    return order
