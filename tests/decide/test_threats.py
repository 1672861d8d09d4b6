"""A threat to life: the clock, the letter in both languages, and who was told; nothing is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marsad.decide import priority
from marsad.decide.audit import verify
from marsad.decide.settings import Contact
from marsad.records.errors import InputError
from marsad.store import log
from marsad.store.cases import Filter
from tests.decide.conftest import ADMIN, APPEALS, FIRST, SECOND, SENIOR, Room, finding, reviewer
from tests.decide.test_blind import golden_case, mixed
from tests.decide.test_desk import fails

DESK = Contact("duty desk", phone="112", email="duty@police.example")
SAID = "they say that they will do it tonight at the station"


@pytest.fixture
def alert(room: Room) -> Room:
    settings = replace(room.desk.settings, contacts=(DESK,))
    return Room(replace(room.desk, settings=settings), room.clock)


def failing(message: str, act: object, *given: object) -> None:
    with pytest.raises(InputError) as error:
        act(*given)  # type: ignore[operator]
    assert error.value.message.id == message


@pytest.mark.parametrize("who", [FIRST, SENIOR, APPEALS])
def test_the_clock_starts_and_the_case_goes_first(alert: Room, who: object) -> None:
    alert.case("x:2", "copies")
    case = alert.case("x:1", "coordination")
    alert.later(30)
    raised = alert.desk.raise_threat(who, case.id, SAID)  # type: ignore[arg-type]
    now = alert.clock()
    assert (raised.case.clock, raised.case.due_at) == ("threat", now)
    assert raised.case.priority == priority.IMMINENT
    assert raised.contacts == (DESK,)
    assert alert.desk.queue(SECOND, Filter(("open",)))[0].id == case.id
    assert verify(alert.desk.database, None).broken is None


def test_the_letter_is_in_both_languages_with_what_it_refers_to(alert: Room) -> None:
    case = alert.case("x:1")
    alert.open(FIRST, case)
    raised = alert.desk.raise_threat(FIRST, case.id, f"  {SAID} <b>{{subject}}</b> \u202e ")
    with alert.desk.database.reading() as transaction:
        seal = log.hash_at(transaction, raised.case.version)
    assert seal is not None
    assert set(raised.texts) == {"en", "ar"}
    for letter in raised.texts.values():
        for part in (SAID, "x:1", "x:1-post", finding().finding_id, seal.hex(), "<b>{subject}</b>"):
            assert part in letter
        assert f"{{{'text'}}}" not in letter
    assert "URGENT" in raised.texts["en"]
    assert "عاجل" in raised.texts["ar"]
    again = alert.desk.threat(SECOND, case.id)
    assert again is not None
    assert again.texts == raised.texts


def test_raising_again_leaves_the_clock_where_it_began(alert: Room) -> None:
    case = alert.case()
    first = alert.desk.raise_threat(FIRST, case.id, SAID)
    alert.later(10)
    second = alert.desk.raise_threat(SECOND, case.id, SAID)
    assert second.case.due_at == first.case.due_at


@pytest.mark.parametrize("state", ["decided", "second", "escalated"])
def test_it_can_be_raised_whatever_was_decided_and_undoes_nothing(alert: Room, state: str) -> None:
    outcome = {"decided": "warn", "second": "suspend", "escalated": "escalate"}[state]
    case = alert.decide(FIRST, alert.case(), outcome)
    raised = alert.desk.raise_threat(SECOND, case.id, SAID).case
    assert (raised.state, raised.outcome) == (state, case.outcome)
    assert raised.clock == "threat"
    assert verify(alert.desk.database, None).broken is None


@pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001])
def test_it_is_said_in_words(alert: Room, text: str) -> None:
    failing("threat.text", alert.desk.raise_threat, FIRST, alert.case().id, text)


def test_who_may_not(alert: Room) -> None:
    case = alert.case()
    for role in ("analyst", "auditor", "admin", "trusted-flagger"):
        fails("not-allowed", alert.desk.raise_threat, reviewer("r", role), case.id, SAID)
    fails("no-case", alert.desk.raise_threat, FIRST, 99, SAID)


def test_nobody_is_alarmed_over_a_copy(alert: Room) -> None:
    golden_case(alert)
    failing("threat.copy", alert.desk.raise_threat, reviewer("rev-4"), mixed(alert).id, SAID)


def test_nothing_tells_a_copy_for_nothing(alert: Room) -> None:
    """What would alarm nobody is refused alike in a case and in a copy."""
    golden_case(alert)
    for case in (alert.case("x:8"), mixed(alert)):
        failing("threat.text", alert.desk.raise_threat, reviewer("rev-4"), case.id, " ")


def test_who_was_told_when(alert: Room) -> None:
    case = alert.case()
    alert.desk.raise_threat(FIRST, case.id, SAID)
    raised = alert.clock()
    alert.later(5)
    alert.desk.tell(FIRST, case.id, "duty desk", raised + 1, "spoke to the officer")
    alert.desk.tell(SECOND, case.id, "somebody on the spot")
    told = alert.desk.told(SENIOR, case.id)
    assert [(one.contact, one.told_by, one.told_at, one.note) for one in told] == [
        ("duty desk", FIRST.id, raised + 1, "spoke to the officer"),
        ("somebody on the spot", SECOND.id, alert.clock(), ""),
    ]
    assert verify(alert.desk.database, None).broken is None
    alert.desk.erase(ADMIN, "x:1")
    told = alert.desk.told(SENIOR, case.id)
    assert [one.contact for one in told] == ["duty desk", "other"]
    assert verify(alert.desk.database, None).broken is None


def test_what_cannot_have_been_told(alert: Room) -> None:
    case = alert.case()
    failing("threat.none", alert.desk.tell, FIRST, case.id, "duty desk")
    alert.desk.raise_threat(FIRST, case.id, SAID)
    failing("threat.told-later", alert.desk.tell, FIRST, case.id, "a", alert.clock() + 1)
    for name in (" ", "x" * 201):
        failing("threat.contact", alert.desk.tell, FIRST, case.id, name)


def test_without_a_threat_there_is_no_letter(alert: Room) -> None:
    assert alert.desk.threat(FIRST, alert.case().id) is None
