"""Sending to a strict stand-in of the transparency database: batches, refusals, and every moment at
which something can break."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from marsad.decide import audit
from marsad.decide.statements import desk, sending
from marsad.decide.statements.record import faults
from marsad.decide.statements.sending import Sender, Sent
from marsad.platforms.outward import Limits, Outward
from marsad.records.times import HOUR, MINUTE, SECOND
from marsad.store import open_database, statements
from tests.decide.conftest import SENIOR
from tests.decide.statements.conftest import Stated
from tests.decide.statements.stand_in import TOKEN, Database, Handler, judge, listening


@pytest.fixture
def there() -> Iterator[Database]:
    with listening() as database:
        yield database


def sender(stated: Stated, there: Database, token: str = TOKEN, **more: Any) -> Sender:
    limits = Limits(2.0, 2.0, 2.0)
    given = {"a_minute": 60, "clock": stated.clock, "draw": lambda: 0.5} | more
    return Sender(
        stated.desk.database, Outward(loopback=True, limits=limits, largest=sending.LARGEST),
        there.address, token, **given,
    )  # fmt: skip


def some(stated: Stated, count: int) -> None:
    for number in range(count):
        stated.acted(subject=f"x:9002{number:03}")
    stated.made()


def turns(stated: Stated, at: Sender, most: int = 20) -> list[Sent]:
    """Turns until nothing waits, or the database is left alone for longer than a minute."""
    done = []
    for _ in range(most):
        done.append(at.send())
        if done[-1].next_at is None:
            break
        if done[-1].next_at > stated.clock.now + MINUTE:
            break
        stated.clock.now = done[-1].next_at
    return done


def states(stated: Stated) -> dict[str, int]:
    return {name: count for name, count in stated.statements.counts(SENIOR).items() if count}


def test_what_waits_is_sent_and_stored_as_accepted(stated: Stated, there: Database) -> None:
    some(stated, 3)
    done = sender(stated, there).send()
    assert (done.accepted, done.existing, done.refused, done.waiting) == (3, 0, 0, 0)
    assert states(stated) == {"accepted": 3}
    assert set(there.stored) == {one.puid for one in stated.made()}
    assert audit.verify(stated.desk.database, None).broken is None
    assert sender(stated, there).send() == Sent()


def test_what_we_send_is_what_the_stand_in_takes(stated: Stated) -> None:
    """Both judge the same records the same way, though neither has read the other."""
    some(stated, 1)
    record = dict(stated.record(stated.made()[0]))
    assert (judge(record), faults(record)) == ({}, [])
    broken: list[dict[str, Any]] = [{**record, name: value} for name, value in (
        ("puid", "a b"), ("puid", ""), ("category", "TERROR"), ("content_date", "01.02.2025"),
        ("content_date", "2025-02-30"), ("application_date", "1999-01-01"), ("unheard", "of"),
        ("decision_facts", "w" * 5_001), ("decision_facts", ""), ("content_type", []),
        ("content_type", ["CONTENT_TYPE_FILM"]), ("content_type", "CONTENT_TYPE_TEXT"),
        ("incompatible_content_ground", ""), ("incompatible_content_explanation", "w" * 2_001),
        ("illegal_content_legal_ground", "a law"), ("territorial_scope", ["US"]),
        ("decision_visibility", ["DECISION_VISIBILITY_OTHER"]), ("decision_visibility", []),
        ("automated_detection", True), ("source_type", "ORDER"), ("content_language", "en"),
        ("decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT"),
    )]  # fmt: skip
    broken += [{key: value for key, value in record.items() if key != name} for name in record
               if name not in ("territorial_scope", "incompatible_content_illegal",
                               "category_specification", "content_language",
                               "decision_ground_reference_url")]  # fmt: skip
    for one in broken:
        assert judge(one), one
        assert faults(one), one


def test_a_batch_has_a_hundred_at_most(stated: Stated, there: Database) -> None:
    some(stated, 103)
    done = turns(stated, sender(stated, there))
    assert there.batches == [100, 3]
    assert [one.accepted for one in done] == [100, 3]


def spoil(stated: Stated, patch: pytest.MonkeyPatch, *numbers: int) -> list[str]:
    """Changes what is sent so that the database refuses it, whatever we think of it."""
    real, spoiled = desk.record_of, [stated.made()[number].puid for number in numbers]

    def wrong(transaction: Any, statement: Any) -> Any:
        record = real(transaction, statement)
        return {**record, "category": "NO_SUCH"} if statement.puid in spoiled else record

    patch.setattr(sending, "record_of", wrong)
    return spoiled


def test_what_is_refused_by_name_is_set_aside_and_the_others_go(
    stated: Stated, there: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(stated, 5)
    spoiled = spoil(stated, monkeypatch, 1, 3)
    done = turns(stated, sender(stated, there))
    assert (sum(one.accepted for one in done), sum(one.refused for one in done)) == (3, 2)
    assert states(stated) == {"accepted": 3, "refused": 2}
    refused = stated.statements.listed(SENIOR, "refused")
    assert {one.statement.puid for one in refused} == set(spoiled)
    assert refused[0].said == {"category": "The selected value is invalid."}
    assert not set(spoiled) & set(there.stored)
    assert audit.verify(stated.desk.database, None).broken is None


def test_a_refused_one_is_mended_and_goes(
    stated: Stated, there: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(stated, 1)
    with monkeypatch.context() as patch:
        spoil(stated, patch, 0)
        turns(stated, sender(stated, there))
    number = stated.made()[0].seq
    assert stated.statements.mend(SENIOR, number, {}) == []
    stated.clock.now += MINUTE
    assert turns(stated, sender(stated, there))[-1].accepted == 1
    assert states(stated) == {"accepted": 1}


@pytest.mark.parametrize("said", [{}, {"message": "no"}, {"errors": {"statements": ["bad"]}}, []])
def test_where_none_is_named_halves_are_sent_until_one_is_left(
    stated: Stated, there: Database, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(stated, 7)
    spoiled = spoil(stated, monkeypatch, 2)
    real = there.take

    def vague(given: Any) -> tuple[int, Any]:
        status, answer = real(given)
        return status, answer if status == 201 else said

    there.take = vague  # type: ignore[method-assign]
    turns(stated, sender(stated, there))
    assert states(stated) == {"accepted": 6, "refused": 1}
    assert not set(spoiled) & set(there.stored)


def stores_and_dies(handler: Handler) -> bool:
    """The database takes the batch, and its answer never comes."""
    import json

    handler.database.take(json.loads(handler.body))
    handler.close_connection = True
    handler.connection.close()
    return True


def dies(handler: Handler) -> bool:
    handler.close_connection = True
    handler.connection.close()
    return True


def test_a_batch_whose_answer_never_came_is_sent_again_and_counted_once(
    stated: Stated, there: Database
) -> None:
    some(stated, 4)
    puids = {one.puid for one in stated.made()}
    there.instead.append(stores_and_dies)
    lost = sender(stated, there).send()
    assert (lost.accepted, lost.waiting) == (0, 4)
    assert lost.said is not None
    assert lost.next_at is not None
    stated.clock.now = lost.next_at
    again = sender(stated, there).send()
    assert (again.accepted, again.existing) == (4, 4)
    assert set(there.stored) == puids
    assert states(stated) == {"accepted": 4}


def test_new_ones_beside_known_ones_go_after_them(stated: Stated, there: Database) -> None:
    some(stated, 2)
    there.instead.append(stores_and_dies)
    stated.clock.now = sender(stated, there).send().next_at or 0
    stated.acted(subject="x:9003001")
    stated.made()
    done = turns(stated, sender(stated, there))
    assert sum(one.accepted for one in done) == 3
    assert sum(one.existing for one in done) == 2
    assert len(there.stored) == 3


def test_a_crash_between_sending_and_storing_loses_nothing(
    stated: Stated, there: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(stated, 2)

    class KilledError(BaseException):
        pass

    def killed(*_: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "_store", killed)
        with pytest.raises(KilledError):
            sender(stated, there).send()
    assert len(there.stored) == 2
    assert states(stated) == {"waiting": 2}
    held = sender(stated, there).send()  # the one that died still holds the turn
    assert (held.accepted, held.next_at) == (0, stated.clock.now + sending.HELD)
    stated.clock.now += sending.HELD
    done = sender(stated, there).send()
    assert (done.accepted, done.existing) == (2, 2)
    assert len(there.stored) == 2


@pytest.mark.parametrize(("status", "said"), [
    (401, "token"), (403, "token"), (500, "500"), (503, "503"), (404, "404"), (302, "302"),
])  # fmt: skip
def test_what_says_nothing_of_the_records_leaves_them_waiting(
    stated: Stated, there: Database, status: int, said: str
) -> None:
    some(stated, 1)
    there.instead.append(lambda handler: handler.answer(status, {}) or True)  # type: ignore[func-returns-value]
    done = sender(stated, there).send()
    assert (done.said, done.waiting) == (said, 1)
    assert states(stated) == {"waiting": 1}


def test_a_wrong_token_is_said_and_never_shown(stated: Stated, there: Database) -> None:
    some(stated, 1)
    wrong = sender(stated, there, "not-the-token")
    assert wrong.send().said == "token"
    assert "not-the-token" not in repr(wrong)
    error = sending.complaint("token", there.address)
    assert "not-the-token" not in error.message.render()
    assert there.stored == {}


def test_it_is_left_alone_longer_each_time_and_as_long_as_it_asks(
    stated: Stated, there: Database
) -> None:
    some(stated, 1)
    waits = []
    for _ in range(4):
        there.instead.append(lambda handler: handler.answer(500, {}) or True)  # type: ignore[func-returns-value]
        done = sender(stated, there).send()
        assert done.next_at is not None
        waits.append(done.next_at - stated.clock.now)
        stated.clock.now = done.next_at - 1
        assert sender(stated, there).send().accepted == 0
        assert there.instead == []
        stated.clock.now += 1
    assert waits == sorted(waits)
    assert waits[-1] >= 4 * waits[0]
    there.instead.append(lambda handler: handler.answer(429, {}, Retry_After="7200") or True)  # type: ignore[func-returns-value]
    done = sender(stated, there).send()
    assert done.next_at == stated.clock.now + 2 * HOUR
    stated.clock.now = done.next_at
    assert sender(stated, there).send().accepted == 1


def test_no_more_requests_leave_than_are_set(stated: Stated, there: Database) -> None:
    some(stated, 1)
    slow = sender(stated, there, a_minute=2)
    slow.send()
    stated.acted(subject="x:9004001")
    stated.made()
    assert slow.send().next_at == stated.clock.now + 30 * SECOND
    assert len(there.batches) == 1
    stated.clock.now += 30 * SECOND
    assert slow.send().accepted == 1


def test_a_clock_that_jumped_back_does_not_stop_it(stated: Stated, there: Database) -> None:
    some(stated, 1)
    there.instead.append(dies)
    sender(stated, there).send()
    stated.clock.now -= 400 * 24 * HOUR
    assert sender(stated, there).send().accepted == 1


def test_an_answer_that_is_no_json_or_endless_is_none(stated: Stated, there: Database) -> None:
    some(stated, 1)

    def endless(handler: Handler) -> bool:
        handler.send_response(201)
        handler.end_headers()
        handler.wfile.write(b"w" * (sending.LARGEST + 1_000_000))
        return True

    there.instead.append(endless)
    assert sender(stated, there).send().said in ("too-large", "timeout", "broken")
    assert states(stated) == {"waiting": 1}


def test_two_at_once_send_each_record_once(
    place: Path | str, stated: Stated, there: Database
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    some(stated, 6)
    other = open_database(place)
    try:
        pair = [sender(stated, there), replace(sender(stated, there), database=other)]
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(Sender.send, pair))
    finally:
        other.close()
    assert sum(one.accepted for one in done) == 6
    assert len(there.stored) == 6
    assert there.batches == [6]


def test_who_was_too_slow_counts_nothing_twice(stated: Stated, there: Database) -> None:
    some(stated, 2)
    fast = sender(stated, there)

    class Slow(Sender):
        def _post(self, records: Any) -> Any:
            stated.clock.now += sending.HELD  # so long that somebody else has sent them
            assert fast.send().accepted == 2
            return super()._post(records)

    slow = Slow(fast.database, fast.outward, fast.address, TOKEN, 60, stated.clock)
    assert slow.send().accepted == 0
    assert states(stated) == {"accepted": 2}


def test_an_erased_persons_record_is_sent_all_the_same(stated: Stated, there: Database) -> None:
    from tests.decide.conftest import ADMIN

    some(stated, 1)
    stated.desk.erase(ADMIN, "x:9002000")
    assert sender(stated, there).send().accepted == 1
    assert audit.verify(stated.desk.database, None).broken is None
    with stated.desk.database.reading() as transaction:
        assert statements.counts(transaction) == {"accepted": 1, "failed": 0}
