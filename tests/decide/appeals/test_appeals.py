"""Complaints: by whoever has the code, once, in time; decided by somebody else; given back and seen
to be; told in words that betray nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from marsad.decide import audit, codes
from marsad.decide.appeals.desk import Appeals, Ruling
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.roles import PERMISSIONS
from marsad.decide.statements.making import LIFTED, RESTRICTED
from marsad.platforms.base import Sight
from marsad.records.errors import ConflictError, InputError
from marsad.records.times import DAY, MINUTE, to_datetime
from marsad.store import appeals as stored
from marsad.store import mails, open_database, orders, outbox
from marsad.store.orders import OrderOfCase
from tests.decide.actions.conftest import in_force
from tests.decide.appeals.conftest import REASON, TEXT, Court
from tests.decide.conftest import (
    ADMIN,
    APPEALS,
    FIRST,
    POLICY,
    SECOND,
    SENIOR,
    START,
    THIRD,
    reviewer,
)

OTHER = reviewer("app-2", "appeals")


@pytest.fixture(autouse=True)
def whole(court: Court) -> Iterator[None]:
    """After each test the log verifies, and so do all rows that follow from it."""
    yield
    assert audit.verify(court.desk.database, None).broken is None


# ── Making one


def test_a_code_shows_that_it_may_and_then_what_became_of_it(court: Court) -> None:
    code = court.code()
    before = court.looked(code)
    assert (before.state, before.decided_at, before.said) == ("may", START, ())
    made = court.appeals.make(code, TEXT)
    assert made is not None
    assert (made.state, [one.text for one in made.said]) == ("open", [TEXT])
    assert court.looked(code) == made


def test_a_second_time_says_what_became_of_the_first(court: Court) -> None:
    code = court.code()
    first = court.appeals.make(code, TEXT)
    again = court.appeals.make(code, "Another text altogether, and a longer one.")
    assert again == first
    assert len(court.appeals.listed(APPEALS)) == 1


def test_two_at_the_same_moment_are_one(court: Court, place: Path | str) -> None:
    code = court.code()
    other = open_database(place)
    try:
        pair = [court.appeals, replace(court.appeals, database=other)]
        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(lambda one: one.make(code, TEXT), pair))
    finally:
        other.close()
    assert made[0] == made[1]
    assert len(court.appeals.listed(APPEALS)) == 1


@pytest.mark.parametrize("change", [
    str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " "),
    lambda code: f"  {code}\n", lambda code: code.replace("0", "O").replace("1", "l"),
])  # fmt: skip
def test_a_code_is_read_as_people_type_it(court: Court, change: Any) -> None:
    code = court.code()
    assert court.appeals.look(change(code)) == court.looked(code)


@pytest.mark.parametrize("code", ["", " ", "-", "AAAA-AAAA-AAAA-AAAA", "x" * 10_000, "\0", "ا" * 16,
                                  "' OR 1=1 --", "\ud800"])  # fmt: skip
def test_somebody_without_the_code_is_shown_nothing(court: Court, code: str) -> None:
    court.code()
    assert court.appeals.look(code) is None
    assert court.appeals.make(code, TEXT) is None
    assert court.appeals.answer(code, TEXT) is None
    assert court.appeals.listed(APPEALS) == []


def test_after_the_deadline_a_code_is_like_any_that_nobody_has(court: Court) -> None:
    code = court.code()
    court.clock.now = court.looked(code).until - 1
    assert court.appeals.look(code) is not None
    court.clock.now += 1
    assert court.appeals.look(code) is None
    assert court.appeals.make(code, TEXT) is None
    assert court.appeals.make(code, "") is None  # not even that the text is too short


def test_what_was_appealed_in_time_is_shown_after_it(court: Court) -> None:
    code = court.code()
    court.appeals.make(code, TEXT)
    court.clock.now += 400 * DAY
    assert court.looked(code).state == "open"


@pytest.mark.parametrize(("decided", "end"), [
    ("2025-01-15T10:00:00", "2025-07-16"), ("2025-08-31T23:59:59", "2026-03-02"),
    ("2024-08-30T00:00:00", "2025-03-02"), ("2025-12-31T12:00:00", "2026-07-02"),
    ("2025-03-31T00:00:00", "2025-10-02"), ("2023-08-29T12:00:00", "2024-03-01"),
])  # fmt: skip
def test_six_months_are_never_less(decided: str, end: str) -> None:
    from datetime import UTC, datetime

    at = int(datetime.fromisoformat(decided).replace(tzinfo=UTC).timestamp()) * 10**6
    until = to_datetime(AppealSettings().until(at))
    assert until.date().isoformat() == end
    assert (until - to_datetime(at)).days >= 181


@pytest.mark.parametrize("given", [{"months": 5}, {"months": 0}, {"months": "6"}, {"months": True},
                                   {"answer_days": 0}, {"answer_days": 61}, {"address": "x"},
                                   {"address": "javascript:x"}, {"more": 1}])  # fmt: skip
def test_settings_below_the_law_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        AppealSettings.of({"appeals": given})
    assert AppealSettings.of({"appeals": {"months": 12}}).months == 12


def test_changed_settings_take_nothing_from_a_code_that_was_given(court: Court) -> None:
    code = court.code()
    court.later_on(settings=AppealSettings(months=7))
    assert court.looked(code).until == AppealSettings().until(START)


@pytest.mark.parametrize("text", ["", "short", " " * 50, "w" * 5_001])
def test_a_text_has_a_length(court: Court, text: str) -> None:
    with pytest.raises(InputError):
        court.appeals.make(court.code(), text)


def test_what_was_taken_back_already_needs_no_complaint(court: Court) -> None:
    code = court.code()
    court.desk.overturn(APPEALS, court.read("x:900100").id, POLICY, REASON)
    assert court.looked(code).state == "over"
    made = court.appeals.make(code, TEXT)
    assert made is not None
    assert made.state == "over"
    assert court.appeals.listed(APPEALS) == []


# ── Deciding one


def test_who_had_part_in_the_decision_cannot_decide_it(court: Court) -> None:
    number = court.appealed("suspend")
    for first in (FIRST, SECOND):
        both = replace(first, roles=frozenset({"appeals", "moderator"}))
        assert court.appeals.shown(both, number).own
        for act in (
            lambda who=both: court.appeals.decide(who, Ruling(number, "upheld", POLICY, REASON)),
            lambda who=both: court.appeals.ask(who, number, TEXT),
        ):
            with pytest.raises(InputError) as refused:
                act()
            assert refused.value.message.id == "appeal.own-decision"
    assert not court.appeals.shown(APPEALS, number).own
    assert court.rule(number, "upheld") == "closed"


@pytest.mark.parametrize("role", sorted(PERMISSIONS))
def test_only_who_may_sees_and_decides(court: Court, role: str) -> None:
    number = court.appealed()
    somebody = reviewer("someone", role)
    acts = PERMISSIONS[role]
    for act, needs in (
        (lambda: court.appeals.listed(somebody), "see-appeals"),
        (lambda: court.appeals.closed(somebody), "see-appeals"),
        (lambda: court.appeals.shown(somebody, number), "see-appeals"),
        (lambda: court.appeals.ask(somebody, number, TEXT), "decide-appeal"),
        (lambda: court.appeals.decide(somebody, Ruling(number, "upheld", POLICY, REASON)),
         "decide-appeal"),
    ):  # fmt: skip
        if needs in acts:
            act()
        else:
            with pytest.raises(InputError):
                act()


def test_upheld_is_closed_at_once_with_its_reason(court: Court) -> None:
    code = court.code()
    court.appeals.make(code, TEXT)
    court.rule(court.appeals.listed(APPEALS)[0].appeal.seq, "upheld")
    shown = court.looked(code)
    assert (shown.state, shown.outcome) == ("closed", "upheld")
    assert [(one.by, one.text) for one in shown.said] == [("them", TEXT), ("us", REASON)]
    assert court.read("x:900100").state == "decided"


def test_it_is_decided_once(court: Court) -> None:
    number = court.appealed()
    court.rule(number, "upheld")
    with pytest.raises(ConflictError):
        court.rule(number, "reversed")
    with pytest.raises(ConflictError):
        court.appeals.ask(OTHER, number, TEXT)


@pytest.mark.parametrize("wrong", [{"outcome": "maybe"}, {"reason": "no"}, {"policy": "none@1"}])
def test_a_wrong_ruling_changes_nothing(court: Court, wrong: dict[str, str]) -> None:
    number = court.appealed()
    given = {"outcome": "reversed", "policy": POLICY, "reason": REASON} | wrong
    with pytest.raises(InputError):
        court.appeals.decide(APPEALS, Ruling(number, **given))
    assert court.appeals.shown(APPEALS, number).state == "open"
    assert court.read("x:900100").state == "decided"


def test_reversed_is_closed_when_it_was_seen_to_be_given_back(court: Court) -> None:
    code = court.code("suspend")
    court.act(in_force("suspend", state="suspended"))
    assert court.states() == [("suspend", False, "confirmed")]
    court.appeals.make(code, TEXT)
    number = court.appeals.listed(APPEALS)[0].appeal.seq
    assert court.rule(number, "reversed") == "reversing"
    assert court.read("x:900100").state == "overturned"
    assert court.looked(code).state == "reversing"
    court.act(in_force("suspend", state="suspended"), minutes=0.1)  # asked, and not done
    court.appeals.settle()
    assert court.looked(code).state == "reversing"
    court.act(in_force(state="alive"))
    assert court.states()[-1] == ("suspend", True, "confirmed")
    assert court.appeals.settle() == 1
    assert court.appeals.settle() == 0
    shown = court.looked(code)
    assert (shown.state, shown.outcome) == ("closed", "reversed")


def test_what_was_never_sent_is_withdrawn_and_closed_at_once(court: Court) -> None:
    assert court.rule(court.appealed("warn"), "reversed") == "closed"
    assert court.states() == [("warn", False, "reversed")]


def test_a_reversal_that_fails_stays_open_and_says_so(court: Court) -> None:
    code = court.code("suspend")
    court.act(in_force("suspend", state="suspended"))
    court.appeals.make(code, TEXT)
    number = court.appeals.listed(APPEALS)[0].appeal.seq
    court.rule(number, "reversed")
    court.act(in_force("suspend", state="suspended"))
    assert court.states()[-1] == ("suspend", True, "failed")
    assert court.appeals.settle() == 0
    shown = court.appeals.shown(APPEALS, number)
    assert (shown.state, shown.failed) == ("reversing", True)


def test_what_still_holds_in_a_case_that_was_opened_again_is_given_back(court: Court) -> None:
    code = court.code("hide")
    court.act(in_force("hide"))
    court.appeals.make(code, TEXT)
    number = court.appeals.listed(APPEALS)[0].appeal.seq
    court.case("x:900100", "links", number="more")
    assert court.read("x:900100").state == "open"
    with pytest.raises(InputError) as error:
        court.rule(number, "partly", instead="warn")
    assert error.value.message.id == "appeal.open-again"
    assert court.rule(number, "reversed") == "reversing"
    assert court.read("x:900100").outcome == "no-violation"
    court.act(in_force())
    court.appeals.settle()
    assert court.appeals.shown(APPEALS, number).state == "closed"
    assert court.states() == [("hide", False, "reversed"), ("hide", True, "confirmed")]


def test_a_reversal_dissolves_the_lineage(court: Court) -> None:
    number = court.appealed("suspend")
    court.rule(number, "reversed")
    with court.desk.database.reading() as transaction:
        changes = [one.change for one in outbox.pending(transaction)]
    assert changes == ["add", "withdraw"]


def test_a_corrected_statement_follows(court: Court) -> None:
    number = court.appealed()
    court.rule(number, "reversed")
    assert [one.step for one in court.made()] == [LIFTED, RESTRICTED]


def test_in_part_is_something_milder_by_the_same_rules(court: Court) -> None:
    code = court.code("suspend")
    court.act(in_force("suspend", state="suspended"))
    court.appeals.make(code, TEXT)
    number = court.appeals.listed(APPEALS)[0].appeal.seq
    assert court.appeals.shown(APPEALS, number).instead == ["warn", "reduce", "hide"]
    with pytest.raises(InputError) as refused:
        court.rule(number, "partly", instead="warn")
    assert refused.value.message.id == "decide.no-item"
    with pytest.raises(InputError):
        court.rule(number, "partly", instead="warn", item="x:900100-post")  # not opened by them
    court.desk.open_post(APPEALS, court.read("x:900100").id, "x:900100-post")
    for severe in ("suspend", "return", "remove", ""):
        with pytest.raises(InputError):
            court.rule(number, "partly", instead=severe, item="x:900100-post")
    assert court.rule(number, "partly", instead="warn", item="x:900100-post") == "reversing"
    case = court.read("x:900100")
    assert (case.state, case.outcome) == ("decided", "warn")
    court.act(in_force("warn"))
    court.appeals.settle()
    assert court.looked(code).state == "closed"
    assert ("warn", False, "confirmed") in court.states()
    newest, former = court.made()
    assert (newest.step, former.step) == (RESTRICTED, RESTRICTED)
    assert "takes the place" in court.text(newest)
    assert court.record(newest)["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_LABELLED"]


def test_the_code_of_a_decision_that_holds_no_longer_takes_back_none_after_it(court: Court) -> None:
    first = court.code("warn")
    court.act(Sight("alive", frozenset({"warn"})))
    court.later(DAY // MINUTE)
    court.case("x:900100", "links", number="n2")
    assert court.looked(first).state == "may"  # it still holds
    court.desk.open_post(SECOND, court.read("x:900100").id, "x:900100-post")
    court.decide(SECOND, court.read("x:900100"), "hide", item="x:900100-post")
    court.made()
    second = court.statements.of_case(FIRST, court.read("x:900100").id)[0].code
    assert second is not None
    assert [court.looked(one).state for one in (first, second)] == ["over", "may"]
    court.appeals.make(first, TEXT)
    assert court.appeals.listed(APPEALS) == []


def test_what_was_taken_back_stays_so_whatever_is_decided_later(court: Court) -> None:
    first = court.code("warn")
    court.act(Sight("alive", frozenset({"warn"})))
    court.desk.overturn(APPEALS, court.read("x:900100").id, POLICY, REASON)
    assert court.looked(first).state == "over"
    court.later(DAY // MINUTE)
    court.case("x:900100", "links", number="n2")
    court.desk.open_post(SECOND, court.read("x:900100").id, "x:900100-post")
    court.decide(SECOND, court.read("x:900100"), "hide", item="x:900100-post")
    assert court.looked(first).state == "over"


def test_a_decision_that_was_taken_back_meanwhile_is_closed(court: Court) -> None:
    number = court.appealed()
    court.desk.overturn(OTHER, court.read("x:900100").id, POLICY, REASON)
    assert court.rule(number, "reversed") == "closed"


# ── Both ways


def test_the_person_is_asked_and_answers_with_their_code(court: Court) -> None:
    code = court.code()
    court.appeals.make(code, TEXT)
    number = court.appeals.listed(APPEALS)[0].appeal.seq
    due = court.looked(code).due_at
    assert due == START + 14 * DAY
    with pytest.raises(ConflictError):
        court.appeals.answer(code, "an answer without a question")
    court.appeals.ask(APPEALS, number, "Where was it first published?")
    assert court.looked(code).state == "asked"
    with pytest.raises(ConflictError):
        court.appeals.ask(APPEALS, number, "And when was it published?")
    court.clock.now += 3 * DAY
    court.appeals.answer(code, "In a newspaper, here is its name.")
    shown = court.looked(code)
    assert shown.state == "open"
    assert [one.by for one in shown.said] == ["them", "us", "them"]
    assert shown.due_at == START + 17 * DAY  # the time they took is not ours
    court.rule(number, "upheld")
    assert court.looked(code).outcome == "upheld"


def test_it_can_be_decided_though_nobody_answers(court: Court) -> None:
    number = court.appealed()
    court.appeals.ask(APPEALS, number, "Where was it first published?")
    assert court.rule(number, "upheld") == "closed"


def test_an_answer_after_the_deadline_of_the_code_is_taken(court: Court) -> None:
    code = court.code()
    court.appeals.make(code, TEXT)
    court.appeals.ask(APPEALS, court.appeals.listed(APPEALS)[0].appeal.seq, "Where is it from?")
    court.clock.now += 300 * DAY
    assert court.appeals.answer(code, "It is from a newspaper.") is not None


# ── Those whose notice was refused


def test_a_refused_notice_is_looked_at_anew_by_somebody_else(
    court: Court, refused_notice: str
) -> None:
    shown = court.looked(refused_notice)
    assert (shown.state, shown.of_notice) == ("may", True)
    court.appeals.make(refused_notice, TEXT)
    number = court.appeals.listed(APPEALS)[0].appeal.seq
    with pytest.raises(InputError):
        court.rule(number, "partly", instead="warn")
    assert court.rule(number, "reversed") == "reversing"
    case = court.read("x:900700")
    assert case.state == "open"
    with pytest.raises(InputError) as refused:
        court.desk.take(FIRST, case.id)
    assert refused.value.message.id == "appeal.fresh-look"
    assert court.desk.take_next(FIRST) is None
    other = court.shown("x:900701")
    taken = court.desk.take_next(FIRST)
    assert taken is not None
    assert taken[0].id == other.id  # the one that is for others does not stand in the way
    court.appeals.settle()
    assert court.looked(refused_notice).state == "reversing"
    court.decide(THIRD, case, "no-violation")
    assert court.appeals.settle() == 1
    again = court.looked(refused_notice)
    assert (again.state, again.outcome) == ("closed", "reversed")
    assert court.appeals.make(refused_notice, TEXT) == again  # once


def test_a_refusal_is_upheld_and_nobody_else_is_told(court: Court, refused_notice: str) -> None:
    court.appeals.make(refused_notice, TEXT)
    number = court.appeals.listed(APPEALS)[0].appeal.seq
    assert court.rule(number, "upheld") == "closed"
    assert court.read("x:900700").state == "decided"
    assert court.made() == []


# ── Orders that nobody may be told of


@pytest.mark.parametrize("until", [START + 30 * DAY, None])
def test_an_order_beside_it_changes_no_word_of_what_the_person_is_shown(
    court: Court, monkeypatch: pytest.MonkeyPatch, until: int | None
) -> None:
    code = court.code()
    plain = [court.looked(code)]
    with monkeypatch.context() as patch:
        patch.setattr(orders, "of_case", lambda *_: [OrderOfCase(1, START - DAY, "acted", until)])
        told = [court.looked(code)]
        told.append(court.appeals.make(code, TEXT) or told[0])
        number = court.appeals.listed(APPEALS)[0].appeal.seq
        shown = court.appeals.shown(APPEALS, number)
        assert (shown.on_order, shown.confidential) == (True, until is not None)
        with pytest.raises(InputError) as refused:
            court.rule(number, "reversed")
        assert refused.value.message.id == "appeal.on-order"
        court.rule(number, "upheld")
        told.append(court.looked(code))
    plain += [told[1], court.looked(code)]
    assert plain == told


# ── Records, erasure


def test_the_record_of_signals_and_reviewers(court: Court) -> None:
    court.rule(court.appealed("suspend", "x:900101"), "reversed")
    court.rule(court.appealed("warn", "x:900102"), "upheld")
    court.appealed("warn", "x:900103")
    with court.desk.database.reading() as transaction:
        assert stored.by_signal(transaction, 0) == {"phrases": (2, 1)}
        assert stored.by_reviewer(transaction, 0) == {"rev-1": (2, 1), "rev-2": (1, 1)}
        assert stored.total(transaction, 0) == (2, 1)
        assert stored.total(transaction, START + 1) == (0, 0)


def test_erasing_takes_the_words_and_the_code_along(court: Court) -> None:
    code = court.code()
    court.appeals.make(code, TEXT)
    number = court.appeals.listed(APPEALS)[0].appeal.seq
    court.desk.erase(ADMIN, "x:900100")
    assert court.appeals.look(code) is None
    assert court.appeals.listed(APPEALS) == []
    assert court.appeals.shown(APPEALS, number).said[0].text is None
    with pytest.raises(InputError):
        court.rule(number, "upheld")
    court.appeals.settle()


def test_only_digests_of_codes_are_in_tables(court: Court) -> None:
    from sqlalchemy import text

    code = court.code()
    with court.desk.database.reading() as transaction:
        rows = transaction.execute(text("SELECT code FROM statements")).scalars().all()
        bodies = transaction.execute(text("SELECT body FROM audit")).scalars().all()
    assert [bytes(one) for one in rows] == [codes.digest(code)]
    assert not any(code.encode() in bytes(body) for body in bodies)


def test_the_class_needs_no_policy_to_look() -> None:
    assert Appeals.__dataclass_fields__["policies"].default == ()
    assert SENIOR.may("see-statements")


def _mailed(court: Court) -> list[tuple[str, str, str, str]]:
    """Whom which mail goes to, in which language, and all that it says."""
    from marsad.records.message import Message

    with court.desk.database.reading() as transaction:
        rows = transaction.execute(select(mails.mails).order_by(mails.mails.c.id)).all()
    return [
        (one.recipient, one.message, one.lang,
         Message(f"mail.{one.message}.subject").render(one.lang)
         + Message(f"mail.{one.message}.text", json.loads(one.content)).render(one.lang))
        for one in rows
    ]  # fmt: skip


def test_who_gives_an_address_has_a_mail_for_all_there_is_to_read(court: Court) -> None:
    code = court.code("suspend")
    court.act(in_force("suspend", state="suspended"))
    with pytest.raises(InputError, match="e-mail"):
        court.appeals.make(code, TEXT, "ar", "nobody")
    court.appeals.make(code, TEXT, "ar", " Lina@mail.example ")
    appeal = court.appeals.listed(APPEALS)[-1].appeal.seq
    assert _mailed(court) == []
    court.appeals.ask(APPEALS, appeal, "Which report was it about?")
    assert [one[:3] for one in _mailed(court)] == [("lina@mail.example", "appeal-news", "ar")]
    court.appeals.answer(code, "It was about the report of Monday.")
    court.rule(appeal, "reversed")
    assert len(_mailed(court)) == 2
    court.act(in_force(state="alive"))
    assert court.appeals.settle() == 1
    said = _mailed(court)
    assert len(said) == 3
    letters = codes.plain(code)
    for *_, text in said:
        assert letters not in text
        assert code not in text
        assert REASON not in text
    assert audit.verify(court.desk.database, None).broken is None


def test_without_an_address_nobody_has_a_mail(court: Court) -> None:
    court.rule(court.appealed(), "upheld")
    assert _mailed(court) == []
