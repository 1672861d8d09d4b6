"""A notice opens a case, joins one, or is answered; what it tells, and whose data it is."""

from __future__ import annotations

import pytest

from marsad.decide import priority
from marsad.decide.notices.receiving import Sender
from marsad.decide.states import WAITING
from marsad.records.times import DAY
from marsad.store import log, mails, persons
from marsad.store import notices as stored
from tests.decide.conftest import ADMIN, APPEALS, FIRST, POLICY, REASON, SECOND, finding
from tests.decide.notices.conftest import ACCOUNT, FLAGGER, Counter


def test_a_notice_opens_a_case_of_its_route(counter: Counter) -> None:
    receipt = counter.send("ann@mail.example")
    case = counter.case()
    assert (case.state, case.route, case.priority) == ("open", "notice", priority.NORMAL)
    assert counter.state(receipt) == ("received", None)
    found = counter.room.desk.dossier(FIRST, case.id).findings
    assert [(one.signal, one.account) for one in found] == [("notice", "forum:ann")]
    assert counter.whole()


def test_duplicates_join_the_case_and_the_same_person_counts_once(counter: Counter) -> None:
    first = counter.send("ann@mail.example")
    version = counter.case().version
    others = [counter.send(one) for one in ("Ann@mail.example", "bob@mail.example", "", "")]
    with counter.room.desk.database.reading() as transaction:
        counts = stored.counts(transaction, counter.case().id)
    assert counts == (5, 2, 2, 0)
    assert counter.stored(others[0]).repeats == first.notice
    assert [counter.stored(one).repeats for one in others[1:]] == [None, None, None]
    assert counter.case().version == version
    assert counter.whole()


def test_a_notice_joins_a_case_that_a_signal_opened(counter: Counter) -> None:
    before = counter.room.case("forum:12", kind="post", account="forum:ann")
    counter.send()
    after = counter.case()
    assert (after.id, after.route) == (before.id, "signal")
    assert after.version > before.version
    signals = {one.signal for one in counter.room.desk.dossier(FIRST, after.id).findings}
    assert signals == {"phrases", "notice"}
    again = counter.case().version
    counter.send()
    assert counter.case().version == again
    assert counter.whole()


@pytest.mark.parametrize(
    ("outcome", "address", "days", "ground", "reopens"),
    [
        ("no-violation", "", 29, "other", False), ("no-violation", "", 30, "other", True),
        ("no-violation", "", 2, "threat-to-life", True),
        ("no-violation", ACCOUNT, 6, "other", False), ("no-violation", ACCOUNT, 7, "other", True),
        ("warn", "", 29, "other", False), ("warn", "", 31, "other", True),
        ("remove", "", 400, "other", False), ("remove", "", 400, "threat-to-life", False),
    ],
)  # fmt: skip
def test_a_decided_case_is_looked_at_again_at_most_once_in_a_time(
    counter: Counter, outcome: str, address: str, days: int, ground: str, reopens: bool
) -> None:
    said = {"address": address} if address else {}
    subject = ("forum:ann", "account") if address else ("forum:12", "post")
    counter.send(**said)
    counter.room.decide(FIRST, counter.case(*subject), outcome)
    counter.room.clock.now += days * DAY
    later = counter.send(ground=ground, **said)
    waits = counter.case(*subject).state in WAITING
    assert waits == reopens
    word = "no-violation" if outcome == "no-violation" else "acted"
    assert counter.state(later) == (("received", None) if reopens else ("decided", word))
    if reopens:
        counter.room.decide(FIRST, counter.case(*subject), "no-violation")
        counter.send(**said)
        assert counter.case(*subject).state == "decided"
    assert counter.whole()


def test_what_a_notice_was_answered_with_changes_when_that_does(counter: Counter) -> None:
    counter.send()
    counter.room.decide(FIRST, counter.case(), "remove")
    later = counter.send()
    assert counter.state(later) == ("decided", "acted")
    counter.room.desk.overturn(APPEALS, counter.case().id, POLICY, REASON)
    assert counter.state(later) == ("decided", "taken-back")


def test_a_status_says_how_far_it_is(counter: Counter) -> None:
    receipt, case = counter.send(), counter.case()
    counter.room.desk.take(FIRST, case.id)
    assert counter.state(receipt) == ("received", None)
    counter.room.open(FIRST, case)
    assert counter.state(receipt) == ("looked-at", None)
    counter.room.decide(FIRST, case, "exempt", exemption="news")
    assert counter.state(receipt) == ("decided", "exempt")


@pytest.mark.parametrize("code", ["", "K7QF", "K7QF-2M9T-XR4D-8WPA", "\x00", "ك" * 500, "\ud800"])
def test_what_is_no_code_has_no_status(counter: Counter, code: str) -> None:
    counter.send()
    assert counter.notices.status(code) is None


def test_a_code_may_be_typed_as_people_type(counter: Counter) -> None:
    code = counter.send().code
    assert counter.notices.status(f" {code.lower().replace('-', ' ')} ") is not None
    with counter.room.desk.database.reading() as transaction:
        assert code.encode() not in b"".join(row[2] for row in log.entries(transaction))


@pytest.mark.parametrize(
    ("sender", "email", "person", "anonymous"),
    [
        (Sender(), "ann@mail.example", "reporter:ann@mail.example", False),
        (Sender("platform", "r-1"), "ann@mail.example", "reporter:ann@mail.example", False),
        (FLAGGER, "", "flagger:r-flagger", False),
        (Sender(), "", None, True), (Sender("platform", "r-1"), "", None, True),
    ],
)  # fmt: skip
def test_whose_data_a_notice_is(
    counter: Counter, sender: Sender, email: str, person: str | None, anonymous: bool
) -> None:
    found = counter.stored(counter.send(email, sender, state_body=True))
    assert (found.anonymous, found.channel, found.state_body) == (anonymous, sender.channel, True)
    with counter.room.desk.database.reading() as transaction:
        name = persons.name_of(transaction, found.reporter)
        assert name == person if person else (name or "").startswith("reporter:")
        bodies = b"".join(row[1] for row in log.entries(transaction))
    assert b"ann@mail" not in bodies
    assert b"market" not in bodies


def test_a_receipt_goes_out_once_and_not_too_often(counter: Counter) -> None:
    for number in range(20):
        counter.send("ann@mail.example", address=f"https://forum.example/p/{number}")
    counter.send("ann@mail.example", address="https://forum.example/p/1")
    with counter.room.desk.database.reading() as transaction:
        assert mails.waiting(transaction) == (10, 0)


def test_erasing_who_reported_leaves_the_chain_and_nothing_of_them(counter: Counter) -> None:
    receipt = counter.send("ann@mail.example", name="Ann Somebody")
    counter.send("bob@mail.example")
    counter.room.desk.erase(ADMIN, "reporter:ann@mail.example")
    assert counter.whole()
    assert counter.state(receipt) == ("received", None)
    shown = counter.notices.of_case(FIRST, counter.case().id)
    assert [one.reasons is None for one in shown.listed] == [False, True]
    with counter.room.desk.database.reading() as transaction:
        assert persons.find(transaction, "reporter:ann@mail.example") is None
        assert mails.waiting(transaction) == (1, 0)


def test_erasing_whom_it_was_about_takes_what_was_said_of_them(counter: Counter) -> None:
    receipt = counter.send("bob@mail.example", reasons="Ann of forum:12 calls for attacks.")
    counter.room.desk.erase(ADMIN, "forum:ann")
    assert counter.whole()
    assert counter.state(receipt) == ("decided", "closed")
    with counter.room.desk.database.reading() as transaction:
        assert (log.event(transaction, receipt.notice).private or {}).get("reasons") is None


def test_a_new_notice_about_somebody_erased_opens_a_case_anew(counter: Counter) -> None:
    counter.send()
    counter.room.desk.erase(ADMIN, "forum:ann")
    counter.send()
    assert counter.case().state == "open"
    assert counter.whole()


def test_a_notice_opens_a_case_where_findings_alone_did_not(counter: Counter) -> None:
    from marsad.decide.opening import open_cases

    open_cases(counter.room.desk.database, [finding("forum:9", kind="post", opens=False)], 1)
    counter.send(address="https://forum.example/p/9")
    assert counter.case("forum:9").state == "open"


def test_a_suspended_account_is_gone_and_notices_are_answered(counter: Counter) -> None:
    counter.send(address=ACCOUNT)
    case = counter.case("forum:ann", "account")
    counter.room.decide(SECOND, counter.room.decide(FIRST, case, "suspend"), "suspend")
    counter.room.clock.now += 900 * DAY
    assert counter.state(counter.send(address=ACCOUNT)) == ("decided", "acted")
