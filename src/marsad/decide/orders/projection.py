"""What the entries about orders mean: the same code writes the rows and makes them anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marsad.decide.orders.kinds import KINDS, MARKS, STEPS
from marsad.store.log import Event
from marsad.store.orders import Order
from marsad.store.projections import Projected

POLICY = "order"
"""What an action under an order rests on, in place of a policy."""


ORIGINAL = ("authority", "issuer_state", "reference", "received_at", "emergency", "cross_border")
"""What of an order never changes."""


def rows_of(event: Event) -> list[Projected]:
    """The rows that an entry adds."""
    if event.kind not in KINDS:
        return []
    data, base = event.data, {"seq": event.seq}
    if event.kind == "authority-informed":
        return [Projected("authority_informed", base | _pick(data, "authority", "informed_at"))]
    if event.kind in ("order-item", "order-parted"):
        mine = {
            "case_id": event.case,
            "joined": event.kind == "order-item",
            "number": data["number"],
        }
        return [Projected("order_items", base | {"order_id": data["order"]} | mine)]
    if event.kind in ("order-executed", "order-lifted"):
        return _acts(event)
    rows = [Projected("order_steps", base | _step(event))]
    if event.kind == "order-received":
        return [Projected("orders", base | _pick(data, *ORIGINAL)), *rows]
    if event.kind == "order-alarm":
        rows.append(Projected("order_alarms", base | {"order_id": data["order"], "at": event.at}
                              | _pick(data, "hour", "minutes", "late")))  # fmt: skip
    return rows


def _acts(event: Event) -> list[Projected]:
    """An execution stands among the decisions, too: a person has made it, and an action follows
    from it. It says nothing of what they think of the subject."""
    data = event.data
    step = event.kind.removeprefix("order-")
    row = {"seq": event.seq, "order_id": data["order"], "case_id": event.case, "step": step,
           "act": data["act"], "at": event.at}  # fmt: skip
    rows = [Projected("order_acts", row)]
    if step == "executed":
        said = {"outcome": data["act"], "exemption": None, "policy": POLICY}
        by = {"step": step, "reviewer": event.actor, "decided_at": event.at}
        case = {"seq": event.seq, "case_id": event.case}
        rows.insert(0, Projected("decisions", case | by | said))
    return rows


def _step(event: Event) -> dict[str, Any]:
    data = event.data
    order = event.seq if event.kind == "order-received" else data["order"]
    return {"order_id": order, "step": event.kind, "state": data["state"],
            "ground": data.get("ground"), "at": event.at, "actor": event.actor}  # fmt: skip


def changes(order: Order | None, event: Event) -> Mapping[str, Any]:
    """What an entry changes of an order's row besides its version."""
    data = event.data
    found: dict[str, Any] = {"state": data["state"]} if event.kind in STEPS else {}
    if event.kind == "order-cleared":
        found |= {"hour": event.seq, "late_at": None} | _pick(data, "due_at", "size")
    elif event.kind == "order-joined":
        found["size"] = data["size"]
    elif event.kind == "order-confirmed":
        found["ended_at"] = data["ended_at"]
    elif event.kind == "order-late":
        found["late_at"] = event.at
    elif event.kind == "order-confidential":
        found["confidential_until"] = data["until"]
    return found


def about(event: Event) -> int | None:
    """The order whose row an entry makes or changes; None for any other entry."""
    if event.kind == "order-received":
        return event.seq
    return int(event.data["order"]) if event.kind in (*STEPS, *MARKS) else None


def received(event: Event) -> Order:
    """The order that an entry makes."""
    data = event.data
    return Order(
        event.seq, data["authority"], data["issuer_state"], data["reference"], data["received_at"],
        data["emergency"], data["cross_border"], data["state"], event.seq, event.seq,
        data["due_at"], data["size"], None, None, data["confidential_until"],
    )  # fmt: skip


def _pick(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names}
