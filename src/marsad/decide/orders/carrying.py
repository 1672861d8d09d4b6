"""Carrying an order out: a person says so for its items, and the desk follows what becomes of them.

An order is a legal ground of its own. It needs a person's recorded decision, as anything that is
done to anybody does, but no item that a reader of the language has opened and judged: the judgement
is the authority's. See docs/decisions/0009-executing-orders.md.
"""

from __future__ import annotations

from collections.abc import Collection

from marsad.decide.actions import proposing
from marsad.decide.orders import items
from marsad.decide.orders.projection import POLICY
from marsad.decide.orders.receiving import end_clock, start_clock
from marsad.decide.orders.recording import DESK, step
from marsad.decide.orders.states import PRESSING, RUNNING
from marsad.decide.preservation import records
from marsad.decide.recording import existing, record
from marsad.records.errors import InputError
from marsad.store import log, orders
from marsad.store.database import Transaction
from marsad.store.orders import Act, Order


def execute(
    transaction: Transaction, order: Order, wanted: str, numbers: Collection[int] | None, *,
    at: int, actor: str, left_out: bool = False,
) -> Order:  # fmt: skip
    """A person's decision to carry an order out, for items by number (None: for all that wait).
    ``wanted`` is one of `items.ACTS`. Addresses that belong to no subject of ours can only be left
    out on purpose. Raises `InputError` where nothing can be carried out."""
    if wanted not in items.ACTS:
        raise InputError("order.act", given=wanted[:100], valid=sorted(items.ACTS))
    if order.state not in RUNNING:
        raise InputError("order.not-running", order=order.id, state=order.state)
    found = items.of(transaction, order)
    lost = _lost(order, found)
    if lost and numbers is None and not left_out:
        raise InputError("order.left-out", count=len(lost))
    chosen = [one for one in found if numbers is None or one.item.number in numbers]
    chosen = [one for one in chosen if one.state in ("waiting", "failed")]
    if not chosen and (numbers is not None or not found):
        raise InputError("order.no-items", order=order.id)
    for one in chosen:
        act = items.act_for(one.item.kind, wanted)
        _one(transaction, order, one.item.case_id, act, at, actor)
    data = {"wanted": wanted, "items": len(chosen), "left_out": lost}
    return step(transaction, order, "order-accepted", at=at, actor=actor, data=data)


def _one(
    transaction: Transaction, order: Order, case_id: int, act: str, at: int, actor: str
) -> None:  # fmt: skip
    case = existing(transaction, case_id)
    if case.subject is None:
        return
    records.ask(transaction, DESK, case, records.ORDER, order.id, at)  # Article 6, before it goes
    act = proposing.at_least(transaction, case_id, act)
    data = {"order": order.id, "act": act, "policy": POLICY}
    case, event = record(transaction, case, "order-executed", at=at, actor=actor,
                         person=case.person, data=data)  # fmt: skip
    proposing.carry_out(transaction, case, event)


def lift(transaction: Transaction, order: Order, *, at: int, actor: str) -> int:
    """Takes back what only this order kept done; returns for how many items."""
    standing = orders.acts(transaction, order.id)
    for act in standing.values():
        let_go(transaction, act, at=at, actor=actor)
    return len(standing)


def let_go(transaction: Transaction, act: Act, *, at: int, actor: str) -> None:
    """Takes back what only an order kept done in a case."""
    case = existing(transaction, act.case_id)
    if case.state == "erased":
        return
    data = {"order": act.order_id, "act": act.act}
    case, event = record(transaction, case, "order-lifted", at=at, actor=actor,
                         person=case.person, data=data)  # fmt: skip
    proposing.let_go(transaction, case, event)


def follow(transaction: Transaction, order: Order, at: int, now: int) -> Order:
    """Brings an order to where its items are: all asked for, all seen done, all taken back. Says
    that its hour is over, where it is. ``at`` is what the clock says, ``now`` what time it is for
    the order."""
    found = items.of(transaction, order)
    settled = found and not unsettled(transaction, order, found)
    if order.state in ("in-force", "acted") and settled:
        order = _followed(transaction, order, found, at)
    if order.state in RUNNING and order.late_at is None and now >= order.due_at:
        order = step(transaction, order, "order-late", at=at, actor=DESK)
    if order.state in ("withdrawn", "infringing") and _all_back(found):
        order = step(transaction, order, "order-reinstated", at=at, actor=DESK)
    return order


def may_move(transaction: Transaction, order: Order, now: int) -> bool:
    """Whether `follow` may have something to write: asked often, and it locks nothing."""
    if order.state in RUNNING and order.late_at is None and now >= order.due_at:
        return True
    if order.state not in PRESSING or order.state in ("received", "checking"):
        return False
    found = items.of(transaction, order)
    if order.state in RUNNING:
        asked = order.state == "in-force" and items.asked_for(found)
        return asked or items.done_at(found) is not None
    return _all_back(found)


def _followed(
    transaction: Transaction, order: Order, found: list[items.Standing], at: int
) -> Order:
    done = items.done_at(found)
    if done is not None:
        if done > order.due_at and order.late_at is None:
            order = step(transaction, order, "order-late", at=at, actor=DESK)
        order = step(transaction, order, "order-confirmed", at=at, actor=DESK,
                     data={"ended_at": done})  # fmt: skip
        end_clocks(transaction, order, at)
    elif order.state == "in-force" and items.asked_for(found):
        order = step(transaction, order, "order-acted", at=at, actor=DESK)
    return order


def _lost(order: Order, found: list[items.Standing]) -> list[int]:
    """The numbers of the addresses that are no items."""
    there = {one.item.number for one in found}
    return [one for one in range(1, order.size + 1) if one not in there]


def is_met(transaction: Transaction, order: Order, found: list[items.Standing]) -> bool:
    """Whether all that an order asks for was seen done."""
    return not unsettled(transaction, order, found) and items.done_at(found) is not None


def unsettled(transaction: Transaction, order: Order, found: list[items.Standing]) -> list[int]:
    """The numbers of the addresses that are no items, and that nobody who saw so has left out."""
    lost = _lost(order, found)
    accepted = [one.seq for one in orders.steps(transaction, order.id)
                if one.step == "order-accepted"]  # fmt: skip
    left_out = log.event(transaction, accepted[-1]).data["left_out"] if accepted else []
    if isinstance(left_out, int):  # what entries of version 0.1 have: how many, not which
        return lost if len(lost) > left_out else []
    return [one for one in lost if one not in left_out]


def _all_back(found: list[items.Standing]) -> bool:
    """Whether there was something to take back, and all of it was seen to be back."""
    back = [one.back for one in found if one.back is not None]
    return bool(back) and all(one.state in ("confirmed", "reversed") for one in back)


def end_clocks(transaction: Transaction, order: Order, at: int) -> None:
    """Takes the hour off the cases of an order that no longer runs."""
    for case_id in sorted({one.case_id for one in orders.items(transaction, order.id)}):
        end_clock(transaction, case_id, at)


def start_clocks(transaction: Transaction, order: Order, at: int) -> None:
    """Lets the cases of an order show the hour that has begun anew."""
    for case_id in sorted({one.case_id for one in orders.items(transaction, order.id)}):
        case = existing(transaction, case_id)
        if case.state != "erased":
            start_clock(transaction, case, order.due_at, at)
