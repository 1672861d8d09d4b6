"""How often somebody's notices led to something, and what that weighs."""

from __future__ import annotations

import pytest

from marsad.decide import priority
from marsad.decide.notices.accuracy import Accuracy, level, of_reporter
from marsad.decide.notices.desk import FORM
from marsad.decide.notices.receiving import Sender
from marsad.records.estimate import proportion
from marsad.records.times import DAY
from tests.decide.conftest import APPEALS, FIRST, POLICY, REASON
from tests.decide.notices.conftest import FLAGGER, Counter

HIGH, NORMAL, LOW = priority.HIGH, priority.NORMAL, priority.LOW


def _accuracy(
    counter: Counter, email: str = "ann@mail.example", but: int | None = None
) -> Accuracy:
    from marsad.store import persons

    with counter.room.desk.database.reading() as transaction:
        person = persons.find(transaction, f"reporter:{email}")
        assert person is not None
        return of_reporter(transaction, person, but)


def _report(counter: Counter, number: int, outcome: str, email: str = "ann@mail.example",
            sender: Sender = FORM) -> None:  # fmt: skip
    """A post is reported and decided."""
    counter.send(email, sender, address=f"https://forum.example/p/{number}")
    counter.room.decide(FIRST, counter.case(f"forum:{number}"), outcome)


def test_it_is_the_proportion_of_decided_cases_with_its_interval(counter: Counter) -> None:
    for number, outcome in enumerate(("remove", "warn", "no-violation", "remove")):
        _report(counter, number, outcome)
    counter.send("ann@mail.example", address="https://forum.example/p/waits")
    found = _accuracy(counter)
    assert (found.acted, found.judged) == (3, 4)
    assert found.estimate is not None
    exact = proportion(3, 4)
    assert (found.estimate.low, found.estimate.high) == (exact.low, exact.high)


def test_repeated_notices_of_one_case_count_once(counter: Counter) -> None:
    for _ in range(5):
        counter.send("ann@mail.example", address="https://forum.example/p/1")
    _report(counter, 1, "remove")
    for _ in range(5):
        counter.send("ann@mail.example", address="https://forum.example/p/1")
    found = _accuracy(counter)
    assert (found.acted, found.judged) == (1, 1)


def test_what_is_taken_back_was_nothing(counter: Counter) -> None:
    _report(counter, 1, "remove")
    counter.room.desk.overturn(APPEALS, counter.case("forum:1").id, POLICY, REASON)
    found = _accuracy(counter)
    assert (found.acted, found.judged) == (0, 1)


def test_only_the_first_decision_after_a_notice_counts(counter: Counter) -> None:
    _report(counter, 1, "no-violation")
    counter.room.clock.now += 40 * DAY
    _report(counter, 1, "remove", "bob@mail.example")
    assert _accuracy(counter) == Accuracy(0, 1)
    assert _accuracy(counter, "bob@mail.example") == Accuracy(1, 1)


def test_answered_with_what_had_been_decided_does_not_count(counter: Counter) -> None:
    _report(counter, 1, "remove")
    counter.send("bob@mail.example", address="https://forum.example/p/1")
    assert _accuracy(counter, "bob@mail.example") == Accuracy(0, 0)


def test_what_is_shown_beside_a_case_does_not_tell_of_it(counter: Counter) -> None:
    _report(counter, 1, "remove")
    _report(counter, 2, "no-violation")
    assert _accuracy(counter, but=counter.case("forum:1").id) == Accuracy(0, 1)
    shown = counter.notices.of_case(FIRST, counter.case("forum:1").id)
    assert [one.accuracy for one in shown.listed] == [Accuracy(0, 1)]


@pytest.mark.parametrize(
    ("ground", "found", "known", "asks"),
    [
        ("other", Accuracy(0, 0), True, NORMAL), ("other", Accuracy(7, 7), True, NORMAL),
        ("other", Accuracy(8, 8), True, HIGH), ("other", Accuracy(8, 8), False, NORMAL),
        ("other", Accuracy(900, 1_000), True, HIGH), ("other", Accuracy(600, 1_000), True, NORMAL),
        ("other", Accuracy(0, 16), False, NORMAL), ("other", Accuracy(0, 17), False, LOW),
        ("other", Accuracy(0, 1_000), True, LOW), ("other", Accuracy(500, 1_000), False, NORMAL),
        ("threat-to-life", Accuracy(0, 0), False, HIGH),
        ("threat-to-life", Accuracy(900, 1_000), True, HIGH),
        ("threat-to-life", Accuracy(0, 1_000), False, NORMAL),
    ],
)  # fmt: skip
def test_it_weighs_one_level_at_most(ground: str, found: Accuracy, known: bool, asks: int) -> None:
    assert level(ground, found, known) == asks


def test_a_flagger_who_is_right_is_heard_sooner(counter: Counter) -> None:
    for number in range(8):
        _report(counter, number, "remove", "", FLAGGER)
    counter.send(sender=FLAGGER, address="https://forum.example/p/new")
    assert counter.case("forum:new").priority == HIGH
    counter.send(address="https://forum.example/p/old")
    counter.room.later(30)
    before = counter.case("forum:old")
    counter.send(sender=FLAGGER, address="https://forum.example/p/old")
    after = counter.case("forum:old")
    assert (before.priority, after.priority) == (NORMAL, HIGH)
    assert after.rank < before.rank
    assert counter.whole()


def test_whose_notices_lead_to_nothing_waits_longer_and_holds_up_nobody(counter: Counter) -> None:
    for number in range(17):
        _report(counter, number, "no-violation")
    counter.send("ann@mail.example", address="https://forum.example/p/new")
    assert counter.case("forum:new").priority == LOW
    counter.send("bob@mail.example", address="https://forum.example/p/new")
    assert counter.case("forum:new").priority == NORMAL
    counter.send("ann@mail.example", address="https://forum.example/p/new")
    assert counter.case("forum:new").priority == NORMAL
    assert counter.whole()
