"""Webhooks out against a real server: signed, in order, again until taken, never left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from marsad.decide import blind
from marsad.decide.orders import reading
from marsad.decide.orders.desk import Orders
from marsad.decide.recording import existing
from marsad.records.errors import InputError
from marsad.records.times import HOUR, MINUTE
from marsad.store import hook_cursors, log
from marsad.workspace import Workspace
from marsad.workspace.notifying import Notified, hooks, notify
from tests.decide.conftest import ADMIN, APPEALS, POLICY, REASON, SECOND, SENIOR, Clock, Desk, Room
from tests.platforms.receiver import Handler, Receiver, listening

KEY = b"k" * 32


@dataclass
class Told:
    """A desk, and somebody who is told."""

    room: Room
    receiver: Receiver
    workspace: Workspace
    settings: dict[str, Any] = field(default_factory=dict)

    def tell(self, **more: Any) -> Notified:
        given = {"url": self.receiver.address + "/hook", "allow_loopback": True} | self.settings
        workspace = Workspace(self.workspace.folder, {"webhooks": {"mine": given}})
        self.receiver.clock = lambda: self.room.clock.now / 1e6
        return notify(workspace, database=self.room.desk.database, clock=self.room.clock,
                      draw=lambda: 0.0, **more)  # fmt: skip

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.receiver.seen]

    @property
    def taken(self) -> list[str]:
        return [said["type"] for said in self.bodies]


def accept(handler: Handler) -> None:
    """Takes what a known key has signed."""
    _, _, body = handler.receiver.seen[-1]
    handler.answer(204 if handler.receiver.trusts(handler.headers, body) else 401, b"")


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    from marsad.store import open_database

    workspace, clock = Workspace.create(tmp_path / "ws"), Clock()
    keys = workspace.folder / "keys" / "webhook-mine.keys"
    keys.write_text(f"a {KEY.hex()}\n")
    keys.chmod(0o600)
    database = open_database(workspace.folder / "review.db")
    with listening({"a": KEY}) as receiver:
        receiver.answers.extend([accept] * 1_000)
        made = Told(Room(Desk(database, (POLICY,), clock), clock), receiver, workspace)
        made.tell()
        yield made
    database.close()


def test_what_happens_is_told_in_order_and_once(told: Told) -> None:
    told.room.suspended("x:1")
    told.room.decide(SECOND, told.room.case("x:2"), "no-violation")
    told.room.desk.overturn(APPEALS, told.room.read("x:1", "account").id, POLICY, REASON)
    assert told.tell().sent == {"mine": 5}
    assert told.taken == ["case.opened", "case.decided", "case.opened", "case.decided",
                          "case.overturned"]  # fmt: skip
    ids = [said["id"] for said in told.bodies]
    assert ids == sorted(ids)
    assert [headers["Idempotency-Key"] for _, headers, _ in told.receiver.seen] == [
        f"mine-{number}" for number in ids
    ]
    assert told.tell().sent == {}
    assert len(told.receiver.seen) == 5


def test_nothing_is_said_of_persons_beyond_ids_that_are_known_there(told: Told) -> None:
    told.room.suspended("z:1")
    told.tell()
    said = json.dumps(told.bodies)
    for private in ("z:1", REASON, "marker", "rev-1", "rev-2"):
        assert private not in said
    assert told.bodies[1]["subject"] == {"kind": "account", "platform": "z", "id": None}
    assert told.bodies[1]["outcome"] == "suspend"
    told.settings = {"ids_of": ["z"]}
    told.room.case("z:2")
    told.room.case("y:2")
    told.tell()
    assert [one["subject"]["id"] for one in told.bodies[2:]] == ["z:2", None]


def test_who_was_erased_is_named_nowhere(told: Told) -> None:
    told.settings = {"ids_of": ["z"]}
    told.room.case("z:1")
    told.room.desk.erase(ADMIN, "z:1")
    told.tell()
    assert told.bodies[0]["subject"]["id"] is None


def test_copies_for_quality_are_nobodys_business(told: Told) -> None:
    case = told.room.decide(SECOND, told.room.case(), "no-violation")
    with told.room.desk.database.writing() as transaction:
        original = existing(transaction, case.id)
        blind.open_copy(transaction, original, told.room.clock(), "golden")
    told.tell()
    assert told.taken == ["case.opened", "case.decided"]


def test_only_what_was_asked_for(told: Told) -> None:
    told.settings = {"events": ["case.decided"]}
    told.room.decide(SECOND, told.room.case(), "no-violation")
    told.tell()
    assert told.taken == ["case.decided"]


@pytest.mark.parametrize("answer", ["500", "401", "404", "410", "redirect", "silence"])
def test_what_is_not_taken_is_told_again_and_nothing_overtakes_it(told: Told, answer: str) -> None:
    def refuse(handler: Handler) -> None:
        if answer == "redirect":
            handler.answer(302, b"", Location="/elsewhere")
        elif answer == "silence":
            handler.close_connection = True
        else:
            handler.answer(int(answer), b"")

    told.room.case("x:1")
    told.room.case("x:2")
    told.receiver.answers[:2] = [refuse, refuse]
    assert set(told.tell().failing) == {"mine"}
    assert told.tell().sent == {}  # not before its time
    assert len(told.receiver.seen) == 1
    told.room.later(1)
    assert "mine" in told.tell().failing
    told.room.later(1)
    assert told.tell().sent == {"mine": 2}
    first = told.bodies[0]["id"]
    assert [said["id"] for said in told.bodies] == [first, first, first, first + 1]


def test_it_is_tried_for_as_long_as_it_takes(told: Told) -> None:
    told.room.case("x:1")
    told.receiver.answers[:] = [lambda handler: handler.answer(500, b"")] * 60
    for _ in range(60):
        found = told.tell()
        assert found.next_at is not None
        assert found.next_at - told.room.clock() <= HOUR
        told.room.clock.now = found.next_at
    told.receiver.answers[:] = [accept]
    assert told.tell().sent == {"mine": 1}


def test_retry_after_is_heeded(told: Told) -> None:
    told.room.case("x:1")
    told.receiver.answers[0] = lambda handler: handler.answer(429, b"", Retry_After="7200")
    assert told.tell().next_at == told.room.clock() + 2 * HOUR


def test_a_clock_that_jumps_back_makes_nobody_wait_for_ever(told: Told) -> None:
    told.room.case("x:1")
    told.receiver.answers[0] = lambda handler: handler.answer(500, b"")
    told.tell()
    told.room.clock.now -= 72 * HOUR
    assert told.tell().sent == {"mine": 1}


def test_two_processes_do_not_tell_at_once(told: Told) -> None:
    told.room.case("x:1")
    nested: list[Notified] = []

    def meanwhile(handler: Handler) -> None:
        nested.append(told.tell())
        accept(handler)

    told.receiver.answers[0] = meanwhile
    assert told.tell().sent == {"mine": 1}
    assert nested[0].sent == {}


def test_who_was_killed_while_telling_leaves_it_to_others(told: Told) -> None:
    told.room.case("x:1")
    database = told.room.desk.database
    with database.writing() as transaction:
        cursor = hook_cursors.read(transaction, "mine")
        assert cursor is not None
        taken = hook_cursors.take(transaction, cursor, told.room.clock(), 5 * MINUTE)
    assert told.tell().sent == {}
    told.room.later(5)
    assert told.tell().sent == {"mine": 1}
    with database.writing() as transaction:
        assert not hook_cursors.write(transaction, taken)  # too slow: it holds it no longer


def test_a_new_webhook_is_told_of_what_comes(told: Told) -> None:
    told.room.case("x:1")
    with told.room.desk.database.writing() as transaction:
        hook_cursors.add(transaction, "other", log.head(transaction).seq)
        transaction.execute(hook_cursors.hook_cursors.delete())
    assert told.tell().sent == {}
    told.room.case("x:2")
    assert told.tell().sent == {"mine": 1}


@pytest.mark.parametrize(
    ("section", "error"),
    [
        ({}, "platform.setting-missing"),
        ({"url": "http://example.org/"}, "platform.url"),
        ({"url": "https://10.0.0.1/"}, "platform.private"),
        ({"url": "https://example.org/", "nonsense": 1}, "platform.setting-unknown"),
        ({"url": "https://example.org/", "secret_key": "x"}, "platform.secret"),
        ({"url": "https://example.org/", "events": ["nonsense"]}, "platform.setting-type"),
        ({"url": "https://example.org/", "events": []}, "platform.setting-type"),
        ({"url": "https://example.org/", "ids_of": [5]}, "platform.setting-type"),
        ({"url": "https://example.org/", "timeout_seconds": 0}, "platform.setting-type"),
        ("text", "platform.section"),
    ],
)  # fmt: skip
def test_settings_that_are_refused(told: Told, section: Any, error: str) -> None:
    workspace = Workspace(told.workspace.folder, {"webhooks": {"mine": section}})
    with pytest.raises(InputError) as raised:
        hooks(workspace)
    assert raised.value.message.id == error


def test_without_keys_nothing_is_sent(told: Told) -> None:
    (told.workspace.folder / "keys" / "webhook-mine.keys").unlink()
    with pytest.raises(InputError) as raised:
        told.tell()
    assert raised.value.message.id == "platform.keys-none"
    section = {"webhooks": {"No Name": {"url": "https://example.org/"}}}
    with pytest.raises(InputError) as raised:
        hooks(Workspace(told.workspace.folder, section))
    assert raised.value.message.id == "webhooks.name"


def test_while_the_hour_of_an_order_runs_nobody_is_left_alone_for_longer_than_a_minute(
    told: Told,
) -> None:
    told.receiver.answers[:2] = [lambda handler: handler.answer(503, b"", Retry_After="7200")] * 2
    told.room.case("x:1")
    assert told.tell().next_at == told.room.clock() + 2 * HOUR
    told.room.later(1)
    assert told.tell().sent == {}
    assert len(told.receiver.seen) == 1
    orders = Orders(told.room.desk.database, told.room.clock)
    order = orders.import_(reading.of({"urls": ["https://x.example/1"]})).order.id
    told.tell()
    assert told.tell().sent == {}
    told.room.clock.now += MINUTE - 1
    assert told.tell().sent == {}
    assert len(told.receiver.seen) == 2
    told.room.clock.now += 1
    assert told.tell().sent == {"mine": 3}
    assert told.taken[-2:] == ["order.received", "order.alarm"]
    orders.step(SENIOR, order, "order-refused", "no-order", "they have written that it is none")
    told.receiver.answers[0] = lambda handler: handler.answer(503, b"", Retry_After="7200")
    told.room.case("x:2")
    told.tell()
    told.room.later(2)
    assert told.tell().sent == {}


def test_an_order_is_told_of_by_its_number_and_its_hour_alone(told: Told) -> None:
    orders = Orders(told.room.desk.database, told.room.clock)
    said = {"reference": "R-1", "authority": {"name": "Somebody"}, "urls": ["https://x.example/1"]}
    orders.import_(reading.of(said))
    told.room.later(31)
    orders.keep_up()
    told.tell()
    assert told.taken == ["order.received", "order.alarm", "order.alarm"]
    assert [one.get("minutes_left") for one in told.bodies] == [None, 60, 30]
    text = json.dumps(told.bodies)
    for private in ("R-1", "Somebody", "x.example"):
        assert private not in text
