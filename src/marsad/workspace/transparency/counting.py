"""What the log says of a span, counted entry by entry; nothing but its public part is read.

Cases that were copied for quality are left out: what is decided in them changes nothing. A decision
is the entry that makes it final; a case may be decided more than once. By signal, a decision counts
for each signal that had opened its case by then.

What happens in a case once an order is about it counts among the orders' figures alone, as if the
case stood still from then on in all others. So these are what they might be without any order, and
no sum or difference of them tells of one that nobody may tell of: a case that an order opened, a
decision without a statement of reasons, a measure that was not asked for because it held already.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from marsad.decide.outcomes import ACTING
from marsad.store.log import Event
from marsad.workspace.transparency.span import Span

Of = tuple[str, str]
"""A figure and what it is of: ``("decisions", "outcome:hide")``."""

APART = {"reopened": "reopened", "decided": "decisions", "overturned": "taken-back",
         "appeal-made": "appeals", "appeal-decided": "appeals-decided",
         "action-proposed": "asked"}  # fmt: skip
"""What counts apart in a case that an order is about, and the figure that it is of elsewhere."""

UNKNOWN = "unknown"
ORDER, NOTICE = "order", "notice"
"""Routes that are no signals."""


@dataclass
class Trials:
    """How many there were, and how many of them came to something."""

    n: int = 0
    hits: int = 0


@dataclass
class _Case:
    kind: str
    platform: str
    route: str
    opened_at: int
    signals: frozenset[str]
    decided: _Decision | None = None
    notices: list[int] = field(default_factory=list)
    ordered: int | None = None
    """The entry from which on an order is about it."""


@dataclass
class _Order:
    received_at: int
    due_at: int


@dataclass(frozen=True)
class _Decision:
    """A decision of the span: the figures that it is of, should it be overturned."""

    at: int
    against: tuple[Of, ...]


@dataclass
class Counting:
    """Takes every entry of the log, in order, and counts what falls into the span. What follows
    from a decision of the span counts whenever it came."""

    span: Span
    counts: Counter[Of] = field(default_factory=Counter)
    trials: dict[Of, Trials] = field(default_factory=lambda: defaultdict(Trials))
    times: dict[Of, list[int]] = field(default_factory=lambda: defaultdict(list))
    _cases: dict[int, _Case] = field(default_factory=dict)
    _actions: dict[int, tuple[str, bool, int]] = field(default_factory=dict)
    _orders: dict[int, _Order] = field(default_factory=dict)
    _ordered: dict[int, str] = field(default_factory=dict)
    _lifted: set[int] = field(default_factory=set)
    _appeals: dict[int, int] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Counts an entry."""
        if event.case is None:
            _apart(self, event)
            return
        if event.kind == "opened":
            self._open(event)
            return
        case = self._cases.get(event.case)
        if case is None:
            return
        if case.ordered is not None and event.kind in APART:
            self._count(event, "order-cases", f"figure:{APART[event.kind]}")
        elif (step := _STEPS.get(event.kind)) is not None:
            step(self, case, event)

    def _count(self, event: Event, figure: str, *of: str) -> None:
        if self.span.holds(event.at):
            for one in of:
                self.counts[figure, one] += 1

    def _open(self, event: Event) -> None:
        data = event.data
        if data.get("copy_of") is not None:
            return
        assert event.case is not None
        case = _Case(data["kind"], data["platform"], data.get("route", "signal"), event.at,
                     frozenset(data.get("opening", ())))  # fmt: skip
        self._cases[event.case] = case
        if case.route == ORDER:
            case.ordered = event.seq
            self._count(event, "order-cases", "figure:opened")
            return
        self._count(event, "opened", "all", f"kind:{case.kind}", f"route:{case.route}",
                    f"platform:{case.platform}", *_signals(case))  # fmt: skip

    def _found(self, case: _Case, event: Event) -> None:
        case.signals |= frozenset(event.data.get("opening", ()))

    def _reopened(self, case: _Case, event: Event) -> None:
        self._found(case, event)
        case.opened_at, case.decided = event.at, None
        self._count(event, "reopened", "all", *_signals(case))

    def _decided(self, case: _Case, event: Event) -> None:
        case.decided = None
        data = event.data
        self._answer(case, data["outcome"] in ACTING, event.at)
        if not self.span.holds(event.at):
            return
        outcome, exemption = data["outcome"], data.get("exemption")
        of = ["all", f"outcome:{outcome}", f"policy:{data['policy']}", f"kind:{case.kind}",
              f"route:{case.route}", f"platform:{case.platform}",
              f"language:{data.get('language') or UNKNOWN}", *_signals(case)]  # fmt: skip
        of += [f"exemption:{exemption}"] if exemption else []
        self._count(event, "decisions", *of)
        took = max(event.at - case.opened_at, 0)
        for one in ("all", f"route:{case.route}"):
            self.times["opened-to-decided", one].append(took)
        self._judge(case, outcome in ACTING, event.at)

    def _judge(self, case: _Case, against: bool, at: int) -> None:
        if case.route == "signal":
            for signal in _signals(case):
                _try(self.trials["found-right", signal], against)
        if against:
            overturned: list[Of] = [("overturned", one) for one in ("all", *_signals(case))]
            for one in overturned:
                _try(self.trials[one], False)
            case.decided = _Decision(at, tuple(overturned))

    def _answer(self, case: _Case, against: bool, at: int) -> None:
        """What was decided answers the notices that had come by then."""
        for received_at in case.notices:
            _try(self.trials["notices-right", "all"], against)
            self.times["notice-to-decided", "all"].append(max(at - received_at, 0))
        case.notices.clear()

    def _noticed(self, case: _Case, event: Event) -> None:
        self._noticed_at_all(event)
        data = event.data
        waits = data["standing"] is None and data["repeats"] is None and not data["set_aside"]
        if waits and self.span.holds(event.at):
            case.notices.append(event.at)

    def _noticed_at_all(self, event: Event) -> None:
        """One that was set aside is about no case."""
        data = event.data
        of = ["all", f"channel:{data['channel']}", f"ground:{data['ground']}"]
        for name in ("anonymous", "state_body", "set_aside"):
            of += [name] if data[name] else []
        self._count(event, "notices", *of)

    def _measured(self, event: Event) -> None:
        self._count(event, "reporters", f"measure:{event.kind.removeprefix('reporter-')}")

    def _complained(self, case: _Case, event: Event) -> None:
        self._appeals[event.seq] = event.at
        about = "notice" if event.data["notice"] else "decision"
        self._count(event, "appeals", "all", f"about:{about}")

    def _complaint_decided(self, case: _Case, event: Event) -> None:
        self._count(event, "appeals-decided", "all", f"result:{event.data['outcome']}")
        if self.span.holds(event.at):
            took = max(event.at - self._appeals[event.data["appeal"]], 0)
            self.times["appeal-to-decided", "all"].append(took)

    def _stated(self, case: _Case, event: Event) -> None:
        """What is said of a decision counts where that does; of an order that holds no longer an
        uploader is told who was told of it before."""
        step, decision = event.data["step"], event.data["decision"]
        if step == "ordered":
            self._count(event, "order-texts", *([] if decision in self._lifted else ["all"]))
        elif case.ordered is not None and decision >= case.ordered:
            self._count(event, "order-cases", "figure:statements")
        else:
            self._count(event, "statements", "all", f"step:{step}")

    def _named(self, case: _Case, event: Event) -> None:
        case.ordered = event.seq if case.ordered is None else case.ordered

    def _lifts(self, case: _Case, event: Event) -> None:
        self._lifted.add(event.seq)

    def _asked_by_order(self, case: _Case, event: Event) -> None:
        if event.data["undoes"] is None:
            self._ordered[event.seq] = event.data["act"]

    def _order_received(self, event: Event) -> None:
        data = event.data
        self._orders[event.seq] = _Order(data["received_at"], data["due_at"])
        emergency = ["emergency"] if data["emergency"] else []
        self._count(event, "orders", "all", f"issuer:{data['issuer_state']}", *emergency)

    def _order_cleared(self, event: Event) -> None:
        self._orders[event.data["order"]].due_at = event.data["due_at"]

    def _order_confirmed(self, event: Event) -> None:
        if not self.span.holds(event.at):
            return
        order, ended = self._orders[event.data["order"]], event.data["ended_at"]
        _try(self.trials["orders-in-time", "all"], ended <= order.due_at)
        self.times["order-to-confirmed", "all"].append(max(ended - order.received_at, 0))

    def _order_ended(self, event: Event) -> None:
        ground = event.data.get("ground")
        step = event.kind.removeprefix("order-")
        self._count(event, "orders-ended", f"state:{step}",
                    *([f"state:{step}:{ground}"] if ground else []))  # fmt: skip

    def _overturned(self, case: _Case, event: Event) -> None:
        outcome = event.data.get("outcome") or UNKNOWN
        self._count(event, "taken-back", "all", f"outcome:{outcome}")
        if case.decided is not None:
            for one in case.decided.against:
                self.trials[one].hits += 1
            case.decided = None

    def _proposed(self, case: _Case, event: Event) -> None:
        data = event.data
        undo = data.get("undoes") is not None
        self._actions[event.seq] = (data["act"], undo, event.at)
        self._count(event, "asked", "undo" if undo else f"act:{data['act']}")

    def _confirmed(self, case: _Case, event: Event) -> None:
        action = event.data["action"]
        if action in self._ordered:
            self._count(event, "order-items", "all", f"act:{self._ordered[action]}")
        if action not in self._actions:
            return
        act, undo, proposed_at = self._actions[action]
        of = "undo" if undo else f"act:{act}"
        self._count(event, "confirmed", of)
        if self.span.holds(event.at):
            self.times["asked-to-confirmed", of].append(max(event.at - proposed_at, 0))

    def _failed(self, case: _Case, event: Event) -> None:
        asked = self._actions.get(event.data["action"])
        if asked is not None:
            act, undo, _ = asked
            self._count(event, "failed", "undo" if undo else f"act:{act}")


def _signals(case: _Case) -> list[str]:
    return [f"signal:{one}" for one in sorted(case.signals - {NOTICE})]


def _try(trials: Trials, hit: bool) -> None:
    trials.n += 1
    trials.hits += hit


def _apart(counting: Counting, event: Event) -> None:
    step = _APART.get(event.kind)
    if step is not None:
        step(counting, event)


_APART: dict[str, Callable[[Counting, Event], None]] = {
    "notice-received": Counting._noticed_at_all,
    "order-received": Counting._order_received,
    "order-cleared": Counting._order_cleared,
    "order-confirmed": Counting._order_confirmed,
    **dict.fromkeys(
        ("order-stopped", "order-refused", "order-withdrawn", "order-infringing",
         "order-reinstated"),
        Counting._order_ended,
    ),
    **dict.fromkeys(
        ("reporter-warned", "reporter-suspended", "reporter-restored"), Counting._measured
    ),
}  # fmt: skip

_Step = Callable[[Counting, Any, Event], None]
_STEPS: dict[str, _Step] = {
    "found": Counting._found,
    "reopened": Counting._reopened,
    "decided": Counting._decided,
    "overturned": Counting._overturned,
    "action-proposed": Counting._proposed,
    "action-confirmed": Counting._confirmed,
    "action-failed": Counting._failed,
    "notice-received": Counting._noticed,
    "appeal-made": Counting._complained,
    "appeal-decided": Counting._complaint_decided,
    "statement-made": Counting._stated,
    "order-item": Counting._named,
    "order-lifted": Counting._lifts,
    "action-ordered": Counting._asked_by_order,
}
