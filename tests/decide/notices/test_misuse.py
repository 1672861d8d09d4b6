"""Misuse: proposed, confirmed by a person, a warning first; never by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from marsad.decide import blind
from marsad.decide.notices import accuracy
from marsad.decide.notices.misuse import Standing
from marsad.decide.notices.telling import answer_due
from marsad.decide.recording import existing
from marsad.records.errors import InputError
from marsad.records.times import DAY
from marsad.store import log, mails
from marsad.store import notices as stored
from tests.decide.conftest import ADMIN, FIRST, SECOND, SENIOR
from tests.decide.notices.conftest import Counter


@contextmanager
def refused(message: str) -> Iterator[None]:
    """An error with this message."""
    with pytest.raises(InputError) as caught:
        yield
    assert caught.value.message.id == message


ANN = "ann@mail.example"
WHY = "three of them in a week, of recipes"


def _unfounded(counter: Counter, count: int, first: int = 0, email: str = ANN) -> None:
    """So many notices, each decided and marked."""
    for number in range(first, first + count):
        receipt = counter.send(email, address=f"https://forum.example/p/{number}")
        case = counter.case(f"forum:{number}")
        counter.room.decide(FIRST, case, "no-violation")
        counter.notices.mark(FIRST, case.id, receipt.notice, True)
        counter.room.later(1)


def _standing(counter: Counter) -> Standing | None:
    return next(iter(counter.notices.reporters(SENIOR)), None)


def _mails(counter: Counter) -> list[str]:
    from sqlalchemy import select

    with counter.room.desk.database.reading() as transaction:
        return list(transaction.execute(select(mails.mails.c.message)).scalars())


def _proposal(counter: Counter) -> str | None:
    found = _standing(counter)
    return found.proposes if found else None


def test_the_whole_way(counter: Counter) -> None:
    _unfounded(counter, 2)
    assert _standing(counter) is None
    _unfounded(counter, 1, 2)
    found = _standing(counter)
    assert found is not None
    assert (found.name, found.unfounded, found.proposes) == (ANN, 3, "warn")
    with refused("reporter.not-proposed"):
        counter.notices.measure(SENIOR, found.reporter, "suspend", WHY)
    counter.notices.measure(SENIOR, found.reporter, "warn", WHY)
    assert _proposal(counter) is None
    _unfounded(counter, 1, 3)
    assert _proposal(counter) == "suspend"
    counter.notices.measure(SENIOR, found.reporter, "suspend", WHY)
    assert _mails(counter)[-2:] == ["notice-received", "reporter-suspended"]
    assert "reporter-warned" in _mails(counter)
    aside = counter.send(ANN, address="https://forum.example/p/aside")
    assert counter.state(aside) == ("received", None)  # the form tells nobody of whom it knows
    assert _mails(counter)[-1] == "notice-set-aside"
    with pytest.raises(AssertionError):
        counter.case("forum:aside")
    with counter.room.desk.database.reading() as transaction:
        kept = log.event(transaction, aside.notice)
    assert kept.private is not None
    assert kept.private["address"] == "https://forum.example/p/aside"
    counter.room.clock.now += 30 * DAY
    assert counter.state(counter.send(ANN, address="https://forum.example/p/back"))[0] == "received"
    assert counter.whole()


def test_a_suspension_can_be_lifted(counter: Counter) -> None:
    _unfounded(counter, 3)
    found = _standing(counter)
    assert found is not None
    counter.notices.measure(SENIOR, found.reporter, "warn", WHY)
    _unfounded(counter, 1, 3)
    counter.notices.measure(SENIOR, found.reporter, "suspend", WHY)
    after = counter.notices.measure(SENIOR, found.reporter, "restore", "it was not them")
    assert after.proposes is None
    assert not after.is_suspended(counter.room.clock())
    assert (
        counter.state(counter.send(ANN, address="https://forum.example/p/again"))[0] == "received"
    )
    assert counter.whole()


def test_some_unfounded_ones_among_many_good_ones_are_no_misuse(counter: Counter) -> None:
    for number in range(100, 110):
        counter.send(ANN, address=f"https://forum.example/p/{number}")
        counter.room.decide(FIRST, counter.case(f"forum:{number}"), "remove")
    _unfounded(counter, 3)
    found = _standing(counter)
    assert found is not None
    assert (found.unfounded, found.accuracy.acted, found.proposes) == (3, 10, None)


def test_a_mark_can_be_taken_back_and_old_ones_do_not_count(counter: Counter) -> None:
    _unfounded(counter, 3)
    case = counter.case("forum:0")
    listed = counter.notices.of_case(FIRST, case.id).listed
    assert [one.unfounded for one in listed] == [True]
    counter.notices.mark(SECOND, case.id, listed[0].notice.seq, False)
    assert not counter.notices.of_case(FIRST, case.id).listed[0].unfounded
    assert _proposal(counter) is None
    _unfounded(counter, 1, 3)
    assert _proposal(counter) == "warn"
    counter.room.clock.now += 181 * DAY
    assert _proposal(counter) is None
    assert counter.whole()


def test_nothing_of_it_happens_by_itself(counter: Counter) -> None:
    _unfounded(counter, 30)
    assert counter.state(counter.send(ANN, address="https://forum.example/p/more"))[0] == "received"
    assert set(_mails(counter)) == {"notice-received"}


def test_who_has_the_role_says_why(counter: Counter) -> None:
    _unfounded(counter, 3)
    found = _standing(counter)
    assert found is not None
    with refused("decide.reason"):
        counter.notices.measure(SENIOR, found.reporter, "warn", "no")
    for who in (FIRST, ADMIN):
        with refused("decide.not-allowed"):
            counter.notices.measure(who, found.reporter, "warn", WHY)
        with refused("decide.not-allowed"):
            counter.notices.reporters(who)


def test_who_was_erased_is_warned_no_more(counter: Counter) -> None:
    _unfounded(counter, 3)
    counter.room.desk.erase(ADMIN, f"reporter:{ANN}")
    found = _standing(counter)
    assert found is not None
    assert found.name is None
    with refused("decide.no-person"):
        counter.notices.measure(SENIOR, found.reporter, "warn", WHY)
    assert counter.whole()


def test_a_mark_on_a_copy_is_shown_there_and_counts_for_nobody(counter: Counter) -> None:
    _unfounded(counter, 2)
    receipt = counter.send(ANN, address="https://forum.example/p/7")
    case = counter.room.decide(FIRST, counter.case("forum:7"), "no-violation")
    with counter.room.desk.database.writing() as transaction:
        real = existing(transaction, case.id)
        copy = blind.open_copy(transaction, real, counter.room.clock(), "golden")
    counter.notices.mark(SECOND, copy.id, receipt.notice, True)
    assert counter.notices.of_case(SECOND, copy.id).listed[0].unfounded
    assert _standing(counter) is None
    with refused("notice.none"):
        counter.notices.mark(SECOND, copy.id, 1, True)
    assert counter.whole()


def test_who_disowns_an_address_is_blamed_for_nothing_that_came_with_it(counter: Counter) -> None:
    """Somebody reports nonsense with another's address; of the first notice its owner has mail."""
    receipt = counter.send(ANN)
    _unfounded(counter, 3)
    assert _proposal(counter) == "warn"
    assert counter.notices.disown("0000-0000-0000-0000") is None
    told = counter.notices.disown(receipt.code)
    assert (told, told and told.by_address) == (counter.notices.status(receipt.code), True)
    assert _standing(counter) is None
    counter.notices.disown(receipt.code)
    with counter.room.desk.database.reading() as transaction:
        assert len(log.page(transaction, 100, kind="reporter-disowned").entries) == 1
        person = stored.read(transaction, receipt.notice)
        assert person is not None
        assert accuracy.of_reporter(transaction, person.reporter).judged == 0
    counter.room.decide(FIRST, counter.case(), "no-violation")
    assert answer_due(counter.room.desk.database, counter.room.clock) == 0
    _unfounded(counter, 3, first=20)  # what comes after it counts
    assert _proposal(counter) == "warn"
    assert counter.whole()


def test_who_disowns_by_a_second_code_has_no_mail_of_that_notice_either(counter: Counter) -> None:
    first = counter.send(ANN)
    counter.notices.disown(first.code)
    second = counter.send(ANN)
    counter.send("ben@mail.example")
    counter.notices.disown(second.code)
    counter.room.decide(FIRST, counter.case(), "no-violation")
    assert answer_due(counter.room.desk.database, counter.room.clock) == 1


def test_disowning_lifts_no_measure(counter: Counter) -> None:
    _unfounded(counter, 3)
    found = _standing(counter)
    assert found is not None
    counter.notices.measure(SENIOR, found.reporter, "warn", WHY)
    _unfounded(counter, 1, first=20)
    counter.notices.measure(SENIOR, found.reporter, "suspend", WHY)
    receipt = counter.send(ANN)
    counter.notices.disown(receipt.code)
    after = _standing(counter)
    assert after is not None
    assert after.is_suspended(counter.room.clock())


def test_without_an_address_there_is_none_to_disown(counter: Counter) -> None:
    receipt = counter.send()
    counter.notices.disown(receipt.code)
    with counter.room.desk.database.reading() as transaction:
        assert log.page(transaction, 100, kind="reporter-disowned").entries == []
