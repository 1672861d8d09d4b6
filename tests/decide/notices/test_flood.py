"""A flood is noticed, and moves nothing: thousands of notices against one account."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marsad.decide import blind, priority
from marsad.decide.notices.desk import FORM
from marsad.decide.notices.receiving import Sender
from marsad.decide.states import WAITING
from marsad.records.times import DAY, HOUR, MINUTE
from marsad.store import log, queue
from marsad.store.cases import Case, Filter
from tests.decide.conftest import FIRST
from tests.decide.notices.conftest import ACCOUNT, FLAGGER, Counter

THOUSANDS = 2_000


def _floods(counter: Counter) -> list[dict[str, object]]:
    with counter.room.desk.database.reading() as transaction:
        found = log.page(transaction, 10_000, kind="notice-flood")
    return [dict(event.data) for event, _ in found.entries]


def _order(counter: Counter) -> list[int]:
    with counter.room.desk.database.reading() as transaction:
        return [one.id for one in queue.page(transaction, Filter(WAITING), 50)]


def test_thousands_of_notices_move_no_case(counter: Counter) -> None:
    for number in range(5):
        counter.room.case(f"forum:before-{number}")
        counter.room.later(1)
    counter.send(address=ACCOUNT)
    for number in range(5):
        counter.room.later(1)
        counter.room.case(f"forum:after-{number}")
    case, order = counter.case("forum:ann", "account"), _order(counter)
    for start in range(0, THOUSANDS, 100):
        with counter.room.desk.database.writing() as transaction:
            inside = counter.room.desk.database.within(transaction)
            at_once = Counter(counter.room, replace(counter.notices, database=inside))
            for number in range(start, start + 100):
                email = f"p{number}@mail.example" if number % 3 else ""
                at_once.send(email, address=ACCOUNT, reasons=f"It is bad, says number {number}.")
                counter.room.clock.now += 5_000_000
    assert counter.case("forum:ann", "account") == case
    assert _order(counter) == order
    shown = counter.notices.of_case(FIRST, case.id)
    assert shown.counts.notices == THOUSANDS + 1
    assert len(shown.listed) == 20
    assert shown.flood is not None
    assert len(_floods(counter)) == 1
    assert counter.whole()


@pytest.mark.parametrize(
    ("quiet", "past", "others", "now", "seen"),
    [
        # a site that is four weeks old: its usual, the account's own past, and what came just now
        (28, 0, 40, 8, True), (28, 0, 40, 7, False), (28, 200, 200, 8, False),
        (28, 30, 200, 30, True), (0, 0, 0, 8, False), (0, 0, 0, 30, True),
    ],
)  # fmt: skip
def test_a_flood_is_against_its_own_past_and_the_sites(
    counter: Counter, quiet: int, past: int, others: int, now: int, seen: bool
) -> None:
    end = counter.room.clock.now + quiet * DAY
    for step in range(max(past, others)):
        counter.room.clock.now += quiet * DAY // (max(past, others) + 1)
        if step < past:
            counter.send(address=ACCOUNT)
        if step < others:
            counter.send(address=f"https://forum.example/p/{step}")
    counter.room.clock.now = end + 7 * HOUR
    for _ in range(now):
        counter.send(address=ACCOUNT)
        counter.room.clock.now += MINUTE
    assert bool(_floods(counter)) == seen


def test_where_all_get_more_it_is_no_flood_against_one(counter: Counter) -> None:
    for step in range(100):
        counter.room.clock.now += DAY // 4
        counter.send(address=f"https://forum.example/p/{step}")
        if step % 5 == 0:
            counter.send(address=ACCOUNT)
    for step in range(400):
        counter.send(address=f"https://forum.example/p/more-{step}")
        if step % 10 == 0:
            counter.send(address=ACCOUNT)
        counter.room.clock.now += MINUTE // 2
    assert _floods(counter) == []


def test_a_flood_is_said_once_a_day_and_forgotten_after_a_week(counter: Counter) -> None:
    for number in range(40):
        counter.send(address=f"https://forum.example/p/{number}")
        counter.room.clock.now += DAY // 2
    for _ in range(3):
        for _ in range(40):
            counter.send(address=ACCOUNT)
            counter.room.clock.now += 6 * MINUTE
        counter.room.clock.now += 21 * HOUR
    assert len(_floods(counter)) == 3
    case = counter.case("forum:ann", "account")
    assert counter.notices.of_case(FIRST, case.id).flood is not None
    counter.room.clock.now += 8 * DAY
    counter.send(address=ACCOUNT)
    assert counter.notices.of_case(FIRST, case.id).flood is None
    assert counter.whole()


def test_a_posts_notices_count_for_its_account(counter: Counter) -> None:
    for number in range(40):
        counter.send(address=f"https://forum.example/@ann/{number}")
    assert _floods(counter)
    with counter.room.desk.database.reading() as transaction:
        case = counter.case("forum:0")
        assert blind.visible(transaction, case, FIRST)
    assert counter.notices.of_case(FIRST, case.id).flood is not None


def test_a_flood_of_threats_from_strangers_pushes_nothing_away(counter: Counter) -> None:
    """Invented accounts and addresses, one after the other."""
    most = counter.notices.settings.threats_an_hour

    def threat(number: int, sender: Sender = FORM) -> Case:
        named = {} if sender is FLAGGER else {"email": f"who{number}@mail.example"}
        counter.send(sender=sender, address=f"forum:{number}", kind="account",
                     ground="threat-to-life", **named)  # fmt: skip
        return counter.case(f"forum:{number}", "account")

    assert {threat(number).priority for number in range(most)} == {priority.HIGH}
    assert counter.notices.threats(FIRST)
    more = threat(most)
    assert (more.priority, more.state) == (priority.NORMAL, "open")
    [said] = counter.room.desk.dossier(FIRST, more.id).findings
    assert said.message == "notice.found-many"
    assert threat(most + 1, FLAGGER).priority == priority.HIGH
    assert threat(0).priority == priority.HIGH
    counter.room.later(61)
    assert not counter.notices.threats(FIRST)
    assert threat(most).priority == priority.HIGH  # said again, when the flood is over
    assert counter.whole()


def test_many_threats_in_one_case_are_no_flood(counter: Counter) -> None:
    for _ in range(counter.notices.settings.threats_an_hour + 1):
        counter.send(ground="threat-to-life")
    assert not counter.notices.threats(FIRST)
