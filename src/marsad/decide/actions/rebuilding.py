"""Actions made anew from the log, and compared with those that are stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from marsad.decide.actions.projection import changed, is_about_an_action
from marsad.decide.actions.states import BEGINNINGS
from marsad.store import actions
from marsad.store.actions import Action
from marsad.store.chain import Break
from marsad.store.database import Transaction
from marsad.store.log import Event


@dataclass
class RebuiltActions:
    """Takes the entries of the log in order. An action that no decision asked for is a break."""

    known: dict[int, Action] = field(default_factory=dict)
    decided: dict[int, tuple[int | None, str | None]] = field(default_factory=dict)
    """Entry that decided or overturned, or that carried an order out or let go of it → its case,
    and what it decided."""

    orders: set[int] = field(default_factory=set)
    """Of these, the entries about orders."""

    asked: set[int] = field(default_factory=set)
    """Decisions that have had their action."""

    def take(self, event: Event) -> None:
        """Raises `KeyError` or `InputError` for an entry that cannot follow."""
        if event.kind in ("decided", "overturned"):
            outcome = event.data["outcome"] if event.kind == "decided" else None
            self.decided[event.seq] = event.case, outcome
        if event.kind in ("order-executed", "order-lifted"):
            act = event.data["act"] if event.kind == "order-executed" else None
            self.decided[event.seq] = event.case, act
            self.orders.add(event.seq)
        if not is_about_an_action(event):
            return
        if event.kind in BEGINNINGS:
            self._check(event)
        for _, new in changed(event, self.known.get):
            self.known[new.id] = new

    def compare(self, transaction: Transaction) -> Break | None:
        """The first action that is stored otherwise, or whose evidence is not what was sealed."""
        stored = {one.id: one for one in actions.all_in_order(transaction)}
        for number in sorted(self.known.keys() | stored.keys()):
            if self.known.get(number) != stored.get(number):
                made = self.known.get(number) or stored[number]
                return Break(made.version, "projection", f"actions {number}")
        for number, evidence, digest in actions.sealed(transaction):
            if evidence != digest.hex():
                return Break(number, "impossible", f"actions {number}")
        return None

    def _check(self, event: Event) -> None:
        data, undoes = event.data, event.data["undoes"]
        case, outcome = self.decided[data["cause"]]
        if undoes is None:
            asked = data["cause"] == data["decision"] and outcome == data["act"]
            asked = asked and data["decision"] not in self.asked
            self.asked.add(data["decision"])
        else:
            undone = self.known[undoes]
            asked = (undone.case_id, undone.act, undone.decision) == (
                event.case, data["act"], data["decision"]
            )  # fmt: skip
        ordered = data["cause"] in self.orders
        if case != event.case or not asked or ordered != (event.kind == "action-ordered"):
            raise KeyError(f"no decision for action {event.seq}")
