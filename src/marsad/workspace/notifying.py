"""Telling other systems what happened at the desk: events of the log, signed, in order, each at
least once.

``[webhooks.NAME]`` in marsad.toml names an address; the keys are in ``keys/webhook-NAME.keys``. How
far it was told is a cursor in the log, which moves once an event was taken. One that is not taken
is tried again for as long as it takes, and those after it wait: nothing is left out or overtaken.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from marsad.decide.actions.pace import Pace
from marsad.decide.orders.states import RUNNING
from marsad.platforms import secrets, settings
from marsad.platforms.base import REQUIRED, Place, Setting, clean
from marsad.platforms.outward import Limits, NotReached, Outward
from marsad.platforms.secrets import Secret
from marsad.platforms.signing import KEY, headers, retry_after
from marsad.records.errors import InputError
from marsad.records.platforms import platform_id
from marsad.records.times import HOUR, MINUTE, SECOND, to_datetime
from marsad.records.times import now as clock_of_now
from marsad.store import (
    Database,
    Transaction,
    actions,
    appeals,
    cases,
    hook_cursors,
    log,
    orders,
    statements,
)
from marsad.store.hook_cursors import Cursor
from marsad.store.log import Event
from marsad.workspace.folder import SETTINGS, Workspace
from marsad.workspace.reviewing import database as open_desk

SECTION = "webhooks"

EVENTS: Mapping[str, str] = {
    "opened": "case.opened",
    "reopened": "case.opened",
    "decided": "case.decided",
    "overturned": "case.overturned",
    "action-confirmed": "action.confirmed",
    "action-failed": "action.failed",
    "order-received": "order.received",
    "order-joined": "order.joined",
    "order-alarm": "order.alarm",
    "order-exposed": "order.exposed",
    "statement-made": "statement.made",
    "appeal-made": "appeal.made",
    "appeal-asked": "appeal.asked",
    "appeal-closed": "appeal.closed",
}
"""Kind of entry → event. A suspension is decided once a second person has agreed."""

TO_PERSONS = frozenset(kind for kind in EVENTS if kind.startswith(("statement-", "appeal-")))
"""What is for a person to know goes only to who can tell them: who has the ids of the platform."""

NAMES = tuple(dict.fromkeys(EVENTS.values()))

AT_ONCE = 500
"""Entries that are read together."""

HELD = 5 * MINUTE
"""How long one process has a webhook to itself: longer than any request takes."""

PACE = Pace(longest=HOUR)

_SETTINGS = (
    Setting("url", str, REQUIRED, "where events are posted"),
    Setting("events", list, list(NAMES), "which events are sent"),
    Setting("ids_of", list, [], "platforms whose ids the receiver knows: theirs are sent"),
    Setting("allow_loopback", bool, False, "whether it may be on this machine, by http too"),
    Setting("ca", str, "", "a file of certificates to trust in place of the usual ones"),
    Setting("timeout_seconds", float, 30.0, "longest time for one request, at most 120"),
)


@dataclass(frozen=True)
class Hook:
    """Somebody to tell. ``events`` are those wanted; ``ids_of`` the platforms whose subjects are
    named, because the receiver has those ids already."""

    name: str
    url: str
    keys: Sequence[Secret]
    outward: Outward
    events: frozenset[str] = frozenset(NAMES)
    ids_of: frozenset[str] = frozenset()


@dataclass
class Notified:
    """What one turn has told: events by webhook, the webhooks that did not take one and what came
    of it, and when the next is due (µs UTC; None where nothing waits)."""

    sent: dict[str, int] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    next_at: int | None = None


def notify(
    workspace: Workspace, *, database: Database | None = None, limit: int = 500,
    clock: Callable[[], int] = clock_of_now, pace: Pace = PACE,
    draw: Callable[[], float] = random.random,
) -> Notified:  # fmt: skip
    """Tells every webhook what it was not told yet, at most ``limit`` events each. Several
    processes may do so at once. Raises `InputError` for settings that are not right, `OutsideError`
    where the database fails; calling it again is safe."""
    chosen = hooks(workspace, clock)
    done = Notified()
    if not chosen:
        return done
    store = database or open_desk(workspace)
    try:
        for hook in chosen:
            _Telling(store, hook, clock, pace, draw, done).tell(limit)
    finally:
        if database is None:
            store.close()
    return done


def hooks(workspace: Workspace, clock: Callable[[], int] = clock_of_now) -> list[Hook]:
    """The webhooks of a workspace. Raises `InputError` where a section is not right."""
    file = workspace.folder / SETTINGS
    given = workspace.settings.get(SECTION, {})
    if not isinstance(given, Mapping):
        raise InputError("platform.section", file=str(file), section=f"[{SECTION}]")
    found = []
    for name, section in given.items():
        where = f"[{SECTION}.{name}]"
        if platform_id(name) != name:
            raise InputError("webhooks.name", file=str(file), given=name[:100])
        settings.check_section(section, where, file)
        known = settings.read(section, _SETTINGS, where, file)
        found.append(_hook(name, known, where, str(file), Place(f"webhook-{name}", workspace.folder,
                                                                clock)))  # fmt: skip
    return found


def _hook(name: str, known: Mapping[str, Any], where: str, file: str, place: Place) -> Hook:
    def bad(setting: str, valid: str) -> InputError:
        given = str(known[setting])[:100]
        return InputError("platform.setting-type", file=file, section=where, setting=setting,
                          given=given, valid=valid)  # fmt: skip

    seconds = known["timeout_seconds"]
    if not 0 < seconds <= 120:
        raise bad("timeout_seconds", "0 < x ≤ 120")
    if not known["events"] or not set(map(str, known["events"])) <= set(NAMES):
        raise bad("events", ", ".join(NAMES))
    if any(not isinstance(one, str) or platform_id(one) != one for one in known["ids_of"]):
        raise bad("ids_of", '["my-platform"]')
    limits = Limits(min(5.0, seconds), min(10.0, seconds), seconds)
    outward = Outward(known["allow_loopback"], known["ca"], limits)
    outward.check(known["url"])
    return Hook(name, known["url"], secrets.read(place), outward,
                frozenset(known["events"]), frozenset(known["ids_of"]))  # fmt: skip


def body(transaction: Transaction, hook: Hook, event: Event) -> bytes | None:
    """What a webhook is told of an entry; None where that is nothing: another kind of entry, or one
    of a copy that is shown to somebody who is not to know."""
    kind = EVENTS.get(event.kind)
    if kind is None or kind not in hook.events:
        return None
    if event.case is None:
        said_again = event.kind == "order-joined" and not event.data["new"]
        return None if said_again else _written(_about_order(transaction, kind, event))
    case = cases.read(transaction, event.case, lock=False)
    if case is None or case.copy_of is not None:
        return None
    if event.kind in TO_PERSONS and case.platform not in hook.ids_of:
        return None
    said: dict[str, Any] = {
        "type": kind, "id": event.seq, "at": to_datetime(event.at).isoformat(), "case": case.id,
        "subject": {"kind": case.kind, "platform": case.platform,
                    "id": case.subject if case.platform in hook.ids_of else None},
    }  # fmt: skip
    more = _more(transaction, event)
    return None if more is None else _written(said | more)


def _written(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")


def _about_order(transaction: Transaction, kind: str, event: Event) -> dict[str, Any]:
    """Which order, and how long is left of its hour: nothing of what it is about."""
    number = event.seq if event.kind == "order-received" else event.data["order"]
    order = orders.read(transaction, number)
    said = {"type": kind, "id": event.seq, "at": to_datetime(event.at).isoformat(), "order": number,
            "due_at": to_datetime(order.due_at).isoformat() if order else None}  # fmt: skip
    if event.kind == "order-alarm":
        ends_at = event.data.get("ends_at")  # entries of before there were other clocks have none
        said |= {"minutes_left": event.data["minutes"], "late": event.data["late"],
                 "clock": event.data.get("clock", "hour")}  # fmt: skip
        said |= {"due_at": to_datetime(ends_at).isoformat()} if ends_at else {}
    if event.kind == "order-joined":
        said |= {"new": event.data["new"]}
    if event.kind == "order-exposed":
        said |= {"orders": event.data["orders"]}
    return said


def _more(transaction: Transaction, event: Event) -> dict[str, Any] | None:
    data = event.data
    if event.kind in ("opened", "reopened"):
        return {"again": event.kind == "reopened", "priority": data.get("priority")}
    if event.kind in ("decided", "overturned"):
        return {name: data.get(name) for name in ("outcome", "policy", "exemption")}
    if event.kind == "statement-made":
        return _statement(transaction, event)
    if event.kind in TO_PERSONS:
        return _appeal(transaction, event)
    action = actions.read(transaction, data["action"])
    if action is None:
        return {"action": data["action"]}
    undoes = action.undoes is not None
    return {"action": action.id, "act": action.act, "undo": undoes, "why": data.get("why")}


def _statement(transaction: Transaction, event: Event) -> dict[str, Any]:
    """What the person is to read, with the code that is theirs alone; without the text where it was
    erased since."""
    data, private = event.data, log.event(transaction, event.seq).private or {}
    until = to_datetime(data["until"]).isoformat() if data["until"] else None
    return {
        "statement": data["puid"], "says": data["step"], "lang": data["lang"],
        "text": private.get("text"), "appeal": {"code": private.get("code"), "until": until},
    }  # fmt: skip


def _appeal(transaction: Transaction, event: Event) -> dict[str, Any] | None:
    """That something is new at the page that the person's code opens. Of those whose notice was
    refused nobody is told anything."""
    number = event.data.get("appeal", event.seq)
    known = appeals.read(transaction, number)
    if known is None or known.notice:
        return None
    statement = statements.of_decision(transaction, known.decision)
    return {"appeal": number, "statement": statement.puid if statement else None}


@dataclass(frozen=True)
class _Telling:
    """One turn for one webhook."""

    database: Database
    hook: Hook
    clock: Callable[[], int]
    pace: Pace
    draw: Callable[[], float]
    done: Notified

    def tell(self, limit: int) -> None:
        cursor = self._take()
        if cursor is None:
            return
        left: int | None = limit
        while left and cursor is not None:
            told = self._next(cursor)
            cursor, again = told
            if not again:
                break
            left -= 1
        if cursor is not None:
            self._save(replace(cursor, runs_out_at=0))

    def _take(self) -> Cursor | None:
        """The webhook's cursor, held by this process alone; None where it is not its turn. A new
        webhook is told of what happens from now on."""
        with self.database.writing() as transaction:
            now, name = self.clock(), self.hook.name
            cursor = hook_cursors.read(transaction, name)
            if cursor is None:
                end = log.head(transaction, for_update=True).seq  # one process at a time
                known = hook_cursors.read(transaction, name)
                cursor = known or hook_cursors.add(transaction, name, end)
            if cursor.held(now) or self._waits(transaction, cursor, now):
                self._due(max(cursor.due_at, cursor.runs_out_at), cursor.said)
                return None
            return hook_cursors.take(transaction, cursor, now, HELD)

    def _waits(self, transaction: Transaction, cursor: Cursor, now: int) -> bool:
        """Whether it is left alone for now; a clock that jumped back does not make it wait longer
        than it ever would, and while the hour of an order runs nobody waits for more than a
        minute."""
        if not now < cursor.due_at <= now + 25 * HOUR:
            return False
        hurried = not cursor.taken_at <= now < cursor.taken_at + MINUTE
        return not (hurried and orders.in_states(transaction, RUNNING, 1))

    def _next(self, cursor: Cursor) -> tuple[Cursor | None, bool]:
        """Tells of the next entry that is to be told; the cursor after it (None where somebody else
        holds it by now), and whether there may be another."""
        with self.database.reading() as transaction:
            entries = log.after(transaction, cursor.seq, AT_ONCE)
            found = next(
                ((one.seq, said) for one in entries
                 if (said := body(transaction, self.hook, one)) is not None), None,
            )  # fmt: skip
        if not entries:
            return cursor, False
        if found is None:
            moved = replace(cursor, seq=entries[-1].seq, runs_out_at=self.clock() + HELD)
            return self._save(moved), len(entries) == AT_ONCE
        refused = self._send(*found)
        if refused is None:
            self.done.sent[self.hook.name] = self.done.sent.get(self.hook.name, 0) + 1
            now = self.clock()
            moved = replace(cursor, seq=found[0], tries=0, due_at=0, said=None, taken_at=now,
                            runs_out_at=now + HELD)  # fmt: skip
            return self._save(moved), True
        why, asked = refused
        tries = cursor.tries + 1
        due_at = self.clock() + self.pace.wait(tries, asked, self.draw())
        self._due(due_at, why)
        return self._save(replace(cursor, tries=tries, due_at=due_at, said=why)), False

    def _send(self, seq: int, content: bytes) -> tuple[str, int | None] | None:
        """Posts an event. None where it was taken, else what came of it, and how long the other
        side wants to be left alone."""
        now = self.clock()
        sent = headers(self.hook.keys, now // SECOND, content)
        sent |= {"Content-Type": "application/json", KEY: f"{self.hook.name}-{seq}"}
        try:
            reply = self.hook.outward.send("POST", self.hook.url, sent, content)
        except NotReached as error:
            return error.why, None
        if 200 <= reply.status < 300:
            return None
        return clean(str(reply.status)), retry_after(reply, now)

    def _save(self, cursor: Cursor) -> Cursor | None:
        with self.database.writing() as transaction:
            return cursor if hook_cursors.write(transaction, cursor) else None

    def _due(self, at: int, said: str | None) -> None:
        if said is not None:
            self.done.failing[self.hook.name] = said
        self.done.next_at = at if self.done.next_at is None else min(at, self.done.next_at)
