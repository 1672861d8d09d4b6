"""Orders as pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.decide.orders import carrying, items
from marsad.decide.orders.annexes import (
    AnnexI,
    AnnexII,
    AnnexIII,
    Authority,
    Executed,
)
from marsad.decide.orders.authorities import Authorities
from marsad.decide.orders.authorities import Listed as Known
from marsad.decide.orders.by_hand import is_by_hand
from marsad.decide.orders.checks import CHECKS
from marsad.decide.orders.clocks import FOR_ASKING, FOR_DECIDING
from marsad.decide.orders.hour import Hours
from marsad.decide.orders.receiving import addresses
from marsad.decide.orders.recording import beginning
from marsad.decide.orders.states import RUNNING, STATES, TRANSITIONS
from marsad.store import log, orders
from marsad.store.database import Transaction
from marsad.store.orders import Alarm, Order, Parted, Step

WAITING = ("impossible", "scrutiny", "infringing", "withdrawn", "refused", "confirmed")
"""States in which no hour runs and something is yet to be done."""


@dataclass(frozen=True)
class Running:
    """An order whose hour runs: ``left`` is what is left of it, µs, below 0 when it is over."""

    order: Order
    left: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Listed:
    """The list of orders, and the ``names`` of the authorities by order."""

    running: Sequence[Running]
    waiting: Sequence[Order]
    done: Sequence[Order]
    names: Mapping[int, str]


@dataclass(frozen=True)
class Line:
    """An entry of an order's history, with what was written (None where nothing was, or it was
    erased)."""

    step: Step
    text: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True)
class File:
    """All of an order. ``form`` is None once it was erased; ``urls`` are its addresses by number,
    ``found`` those of a subject of ours, ``by_hand`` the numbers of those that somebody has joined,
    ``parted`` what was joined so by mistake, ``lost`` the numbers of the others, ``unsettled``
    those of them that nobody has left out by now; ``checks`` are those of every copy that came.
    ``may`` are the steps that can follow. ``clock`` is what the clock says: what is confidential
    until a time is so until that. ``left`` is what is left of the hour (µs), None where none runs;
    ``ask_until`` and ``decide_until`` the ends of Article 4, where it applies."""

    order: Order
    form: AnnexI | None
    known: Known | None
    urls: Mapping[int, str]
    found: Sequence[items.Standing]
    lost: Sequence[int]
    unsettled: Sequence[int]
    by_hand: frozenset[int]
    parted: Sequence[Parted]
    checks: Sequence[str]
    lines: Sequence[Line]
    alarms: Sequence[Alarm]
    may: frozenset[str]
    clock: int
    left: int | None
    rest: Mapping[str, Any]

    @property
    def due_at(self) -> int:
        """When the hour ends by the clock as it goes now."""
        return self.order.due_at if self.left is None else self.clock + self.left

    @property
    def counts(self) -> Mapping[str, int]:
        """How many items are in each state."""
        return items.counts(self.found)

    @property
    def called_back(self) -> str | None:
        """What the last call to the authority came to."""
        said = [one.step.ground for one in self.lines if one.step.step == "order-called-back"]
        return said[-1] if said else None

    @property
    def told(self) -> frozenset[str]:
        """What was told to whom, of `by_hand.STEPS` order-told."""
        said = (one.step for one in self.lines if one.step.step == "order-told")
        return frozenset(one.ground or "" for one in said)

    @property
    def uploaders(self) -> Mapping[int, int]:
        """Whose items were seen done: the number of each person, and of their first item."""
        done = [one.item for one in reversed(self.found) if one.done_at and one.item.subject]
        return {one.person: one.number for one in done}

    @property
    def documents(self) -> Sequence[str]:
        """What there is to send to the authority by now."""
        stopped = any(one.step.step == "order-stopped" for one in self.lines)
        done = bool(self.order.ended_at is not None and executed(self))
        return [name for name, there in (("annex-2", done), ("annex-3", stopped)) if there]

    @property
    def ask_until(self) -> int | None:
        """Until when the provider may ask for scrutiny."""
        return self.order.received_at + FOR_ASKING if self.order.cross_border else None

    @property
    def decide_until(self) -> int | None:
        """Until when the authority of establishment decides what was asked for last."""
        asked = [one for one in self.lines if one.step.step == "order-scrutiny"]
        if not asked:
            return None
        return (asked[-1].data.get("said_at") or asked[-1].step.at) + FOR_DECIDING


def running(transaction: Transaction, hours: Hours, clock: int) -> list[Running]:
    """The orders whose hour runs and is not met, the one with the least time first."""
    found = []
    for one in orders.in_states(transaction, RUNNING):
        standing = items.of(transaction, one)
        if one.state in ("in-force", "acted") and carrying.is_met(transaction, one, standing):
            continue  # met; its entry is about to say so
        left = one.due_at - hours.now(transaction, one, clock)
        found.append(Running(one, left, items.counts(standing)))
    return sorted(found, key=lambda one: one.left)


def listed(
    transaction: Transaction, known: Authorities, hours: Hours, clock: int, limit: int
) -> Listed:
    """All orders, as `Orders.listed` says."""
    over = [one for one in STATES if one not in (*RUNNING, *WAITING)]
    pressing = running(transaction, hours, clock)
    waiting, done = (orders.newest(transaction, of, limit) for of in (WAITING, over))
    every = [*(one.order for one in pressing), *waiting, *done]
    names = {one.id: _named(transaction, one, known.find(one.authority)).name for one in every}
    return Listed(pressing, waiting, done, names)


def _named(transaction: Transaction, order: Order, known: Known | None) -> Authority:
    if known is not None:
        return known.authority
    return _given(order, form_of(beginning(transaction, order.id).private or {}))


def file(
    transaction: Transaction, order: Order, known: Authorities, hours: Hours, clock: int
) -> File:
    """All there is to see of an order."""
    begun = beginning(transaction, order.id)
    private = begun.private or {}
    found = items.of(transaction, order)
    there = {one.item.number for one in found}
    lines = [_line(transaction, one) for one in orders.steps(transaction, order.id)]
    said = {one for line in lines for one in line.data.get("checks", ())}
    left = order.due_at - hours.now(transaction, order, clock)
    return File(
        order, form_of(private), known.find(order.authority), addresses(transaction, order), found,
        [one for one in range(1, order.size + 1) if one not in there],
        carrying.unsettled(transaction, order, found),
        frozenset(one.item.number for one in found if is_by_hand(transaction, one.item)),
        orders.parted(transaction, order.id),
        [one for one in CHECKS if one in said], lines, orders.alarms(transaction, order.id),
        frozenset(kind for state, kind in TRANSITIONS if state == order.state), clock,
        left if order.state in RUNNING else None, private.get("rest", {}),
    )  # fmt: skip


def form_of(private: Mapping[str, Any]) -> AnnexI | None:
    """The form as it came; None once it was erased."""
    return AnnexI.from_dict(private["form"]) if private.get("form") else None


def _line(transaction: Transaction, one: Step) -> Line:
    event = log.event(transaction, one.seq)
    text = (event.private or {}).get("text")
    return Line(one, text, event.data)


def annex_ii(found: File, provider: str) -> AnnexII | None:
    """What the authority is told once it was done; None where it was not, or was taken back."""
    order, done = found.order, executed(found)
    if order.ended_at is None or not done:
        return None
    return AnnexII(_authority(found), order.reference, provider, order.received_at, done)


def executed(found: File, person: int | None = None) -> list[Executed]:
    """What was seen done, of one person where it is named; what was erased has no address."""
    return [
        Executed(found.urls.get(one.item.number, ""), one.act.act == items.REMOVE, one.done_at)
        for one in found.found
        if one.act is not None and one.done_at is not None and person in (None, one.item.person)
    ]


def annex_iii(found: File, provider: str) -> AnnexIII | None:
    """Why it could not be carried out; None where nobody has said so."""
    said = [one for one in found.lines if one.step.step == "order-stopped"]
    if not said:
        return None
    last = said[-1]
    return AnnexIII(
        _authority(found), found.order.reference, provider, found.order.received_at,
        list(found.urls.values()), last.step.ground or "", last.text or "", last.step.at,
    )  # fmt: skip


def _authority(found: File) -> Authority:
    if found.known is not None:
        return found.known.authority
    return _given(found.order, found.form)


def _given(order: Order, form: AnnexI | None) -> Authority:
    """As its form names it; once that was erased, by its id alone."""
    if form is not None:
        return form.authority
    return Authority(order.authority, order.authority, order.issuer_state)
