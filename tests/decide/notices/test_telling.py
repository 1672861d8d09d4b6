"""What reporters are told, and what nobody outside may learn."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from marsad.decide import blind
from marsad.decide.notices import status, telling
from marsad.decide.recording import existing
from marsad.records.times import DAY, HOUR
from marsad.store import mails
from marsad.store.orders import OrderOfCase
from tests.decide.conftest import ADMIN, APPEALS, FIRST, POLICY, REASON, SECOND
from tests.decide.notices.conftest import FLAGGER, Counter

ANN = "ann@mail.example"


def _mails(counter: Counter) -> list[tuple[str, str, Any]]:
    with counter.room.desk.database.reading() as transaction:
        rows = transaction.execute(select(mails.mails).order_by(mails.mails.c.id))
        return [(row.recipient, row.message, json.loads(row.content)) for row in rows]


def _answer(counter: Counter) -> int:
    return telling.answer_due(counter.room.desk.database, counter.room.clock)


def test_the_outcome_is_told_once_to_whoever_gave_an_address(counter: Counter) -> None:
    counter.send(ANN, lang="ar")
    counter.send("")
    counter.send("", FLAGGER)
    counter.send(ANN)
    assert _answer(counter) == 0
    counter.room.decide(FIRST, counter.case(), "remove")
    assert (_answer(counter), _answer(counter)) == (1, 0)
    counter.room.desk.overturn(APPEALS, counter.case().id, POLICY, REASON)
    assert _answer(counter) == 0
    told = _mails(counter)
    assert [(who, what) for who, what, _ in told] == [
        (ANN, "notice-received"), (ANN, "notice-decided")
    ]  # fmt: skip
    assert told[1][2]["outcome"] == {"words": ["desk.status.outcome.acted"]}
    assert counter.whole()


def test_whoever_was_erased_is_told_nothing(counter: Counter) -> None:
    counter.send(ANN)
    counter.room.desk.erase(ADMIN, f"reporter:{ANN}")
    counter.room.decide(FIRST, counter.case(), "remove")
    assert _answer(counter) == 0
    assert _mails(counter) == []
    assert counter.whole()


def test_many_are_told_in_turns(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 3)
    for number in range(8):
        counter.send(f"p{number}@mail.example")
    counter.room.decide(FIRST, counter.case(), "remove")
    assert [telling.answer_due(counter.room.desk.database, counter.room.clock, 3)
            for _ in range(4)] == [3, 3, 2, 0]  # fmt: skip


# ── an order that nobody may be told of


@pytest.fixture
def secret(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> dict[int, OrderOfCase]:
    """Orders by case, as if they had come."""
    known: dict[int, OrderOfCase] = {}
    monkeypatch.setattr(
        status.orders, "of_case",
        lambda _, case: [known[case]] if case in known else [],
    )  # fmt: skip
    return known


def test_what_was_done_for_a_secret_order_is_not_told(
    counter: Counter, secret: dict[int, OrderOfCase]
) -> None:
    looked, fresh = counter.send(ANN), counter.send("", address="https://forum.example/p/2")
    counter.room.open(FIRST, counter.case())
    counter.room.later(5)
    now, until = counter.room.clock(), counter.room.clock() + 42 * DAY
    for subject in ("forum:12", "forum:2"):
        case = counter.case(subject)
        secret[case.id] = OrderOfCase(1, now, "confirmed", until)
        counter.room.later(1)
        counter.room.decide(FIRST, case, "remove")
    later = counter.send("bob@mail.example")
    assert counter.state(looked) == ("looked-at", None)
    assert counter.state(fresh) == ("received", None)
    assert counter.state(later) == ("received", None)
    assert _answer(counter) == 0
    assert [what for _, what, _ in _mails(counter)] == ["notice-received", "notice-received"]
    counter.room.clock.now = until
    assert counter.state(looked) == counter.state(fresh) == ("decided", "acted")
    assert counter.state(later) == ("decided", "acted")
    assert _answer(counter) == 2


def test_what_was_decided_before_a_secret_order_stays_told(
    counter: Counter, secret: dict[int, OrderOfCase]
) -> None:
    receipt = counter.send(ANN)
    counter.room.decide(FIRST, counter.case(), "no-violation")
    counter.room.later(1)
    now = counter.room.clock()
    secret[counter.case().id] = OrderOfCase(1, now, "received", now + HOUR)
    assert counter.state(receipt) == ("decided", "no-violation")


def test_an_open_order_changes_nothing(counter: Counter, secret: dict[int, OrderOfCase]) -> None:
    receipt = counter.send(ANN)
    secret[counter.case().id] = OrderOfCase(1, counter.room.clock(), "received", None)
    counter.room.decide(FIRST, counter.case(), "remove")
    assert counter.state(receipt) == ("decided", "acted")


# ── copies of cases


def test_a_copy_shows_the_notices_that_there_were_and_nothing_tells_it_apart(
    counter: Counter,
) -> None:
    counter.send(ANN)
    counter.send("")
    before = counter.notices.of_case(SECOND, counter.case().id)
    case = counter.room.decide(FIRST, counter.case(), "no-violation")
    counter.send("bob@mail.example")
    counter.room.later(60)
    with counter.room.desk.database.writing() as transaction:
        real, at = existing(transaction, case.id), counter.room.clock()
        copy = blind.open_copy(transaction, real, at, "golden")
        bare = blind.open_copy(transaction, real, at, "random", bare=True)
    shown = counter.notices.of_case(SECOND, copy.id)
    assert shown.counts == before.counts
    assert [one.reasons for one in shown.listed] == [one.reasons for one in before.listed]
    moved = [one.received_at - copy.opened_at for one in shown.listed]
    assert moved == [one.received_at - case.opened_at for one in before.listed]
    assert counter.notices.of_case(SECOND, bare.id).counts.notices == 0
    assert counter.whole()
