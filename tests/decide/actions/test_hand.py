"""What people record, and what they ask for anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.decide.actions.hand import SAW
from marsad.decide.roles import Reviewer
from marsad.platforms.base import Place
from marsad.platforms.manual import Manual
from marsad.platforms.settings import Configured
from marsad.records.errors import InputError, MarsadError
from marsad.store.actions import Action
from tests.decide.actions.conftest import Stage, in_force
from tests.decide.conftest import (
    ADMIN,
    APPEALS,
    FIRST,
    POLICY,
    REASON,
    SECOND,
    SENIOR,
)


@pytest.fixture
def people(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage whose platform is people."""
    manual = Manual.open({"links": {}}, Place("x", Path()))

    def chosen(_: Stage, action: Action) -> Configured:
        return Configured(action.platform, manual, 1)

    monkeypatch.setattr(Stage, "chosen", chosen)
    return stage


def test_a_to_do_and_what_was_seen(people: Stage) -> None:
    cases = [people.warned("x:1"), people.warned("x:2"), people.warned("y:1")]
    assert people.desk.to_do(FIRST) == []
    assert people.act().count("requested") == 3  # an hour's limit is none of people's
    listed = people.desk.to_do(FIRST)
    assert [one.subject for one in listed] == ["x:1", "x:2", "y:1"]
    assert [one.subject for one in people.desk.to_do(FIRST, platform="y")] == ["y:1"]
    assert [one.subject for one in people.desk.to_do(FIRST, 1, listed[0].action.id)] == ["x:2"]
    assert people.wait(30 * 86_400).steps == []  # nobody looks by himself, and nothing runs out
    done = people.desk.record_manual(SECOND, listed[0].action.id, "done", "seen at the page")
    assert (done.state, done.why, done.seen) == ("confirmed", "seen-by-person", "done")
    assert [one.subject for one in people.desk.to_do(FIRST)] == ["x:2", "y:1"]
    shown = people.shown(cases[0])[0]
    assert (shown.history[-1].step.actor, shown.history[-1].said) == (SECOND.id, "seen at the page")
    assert [look.verdict for look in shown.looks] == ["done"]


@pytest.mark.parametrize(
    ("act", "saw", "state", "why"),
    [
        ("warn", "done", "confirmed", "seen-by-person"),
        ("warn", "not-possible", "failed", "not-possible"),
        ("warn", "already-gone", "failed", "gone"),
        ("hide", "done", "confirmed", "seen-by-person"),
        ("hide", "not-possible", "failed", "not-possible"),
        ("hide", "already-gone", "confirmed", "gone"),
    ],
)
def test_what_a_person_saw(people: Stage, act: str, saw: str, state: str, why: str) -> None:
    case = people.warned(outcome=act)
    people.act()
    people.desk.record_manual(FIRST, people.shown(case)[0].action.id, saw)
    assert (people.states(case), people.whys(case)) == ([state], [why])


def test_taking_back_is_a_to_do_of_its_own(people: Stage) -> None:
    case = people.warned()
    people.act()
    people.desk.overturn(APPEALS, case.id, POLICY, REASON)
    people.act()
    listed = people.desk.to_do(FIRST)  # the one that is to be taken back is off the list
    assert [one.action.undoes for one in listed] == [people.shown(case)[0].action.id]
    with pytest.raises(InputError):
        people.desk.record_manual(FIRST, people.shown(case)[0].action.id, "done")
    people.desk.record_manual(FIRST, listed[0].action.id, "done")
    assert people.states(case) == ["reversed", "confirmed"]


REFUSED = [
    ({"saw": "maybe"}, "action.saw"),
    ({"saw": ""}, "action.saw"),
    ({"note": "a" * 10_001}, "decide.note"),
    ({"action": 0}, "action.none"),
    ({"who": ADMIN}, "decide.not-allowed"),
    ({"who": APPEALS}, "decide.not-allowed"),
    ({"who": Reviewer("x", frozenset())}, "decide.not-allowed"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_what_cannot_be_recorded(people: Stage, change: dict[str, object], message: str) -> None:
    case = people.warned()
    people.act()
    given = {"who": FIRST, "action": people.shown(case)[0].action.id, "saw": "done", "note": ""}
    given |= change
    with pytest.raises(MarsadError) as error:
        people.desk.record_manual(*given.values())  # type: ignore[arg-type]
    assert error.value.message.id == message
    assert people.states(case) == ["requested"]


def test_nothing_is_recorded_twice_or_before_it_was_asked_for(people: Stage) -> None:
    case = people.warned()
    number = people.shown(case)[0].action.id
    with pytest.raises(InputError, match="not waiting"):
        people.desk.record_manual(FIRST, number, "done")
    people.act()
    people.desk.record_manual(FIRST, number, "done")
    with pytest.raises(InputError, match="not waiting"):
        people.desk.record_manual(SECOND, number, "not-possible")


def test_a_person_does_not_say_what_a_machine_is_to_see(stage: Stage) -> None:
    case = stage.warned()
    stage.act()
    with pytest.raises(InputError, match="not waiting"):
        stage.desk.record_manual(FIRST, stage.shown(case)[0].action.id, "done")


def test_what_failed_is_asked_for_anew_under_another_key(stage: Stage) -> None:
    case = stage.warned()
    stage.act()
    for seconds in (1, 10, 100):
        stage.wait(seconds)
    number = stage.shown(case)[0].action.id
    with pytest.raises(InputError):
        stage.desk.retry_action(FIRST, number)  # a senior's to ask
    stage.desk.retry_action(SENIOR, number)
    assert stage.states(case) == ["proposed"]
    stage.script.sights = [in_force("warn")]
    stage.act()
    stage.wait(1)
    assert stage.states(case) == ["confirmed"]
    assert [key[-2:] for key in stage.script.keys] == ["-0", "-1"]
    with pytest.raises(InputError, match="anew"):
        stage.desk.retry_action(SENIOR, number)


def test_what_a_platform_cannot_do_a_person_may(stage: Stage) -> None:
    case = stage.warned()
    stage.script.acts = frozenset()
    stage.act()
    number = stage.shown(case)[0].action.id
    stage.desk.retry_action(SENIOR, number, by_hand=True)
    stage.act()
    assert [one.action.id for one in stage.desk.to_do(FIRST)] == [number]
    stage.desk.record_manual(FIRST, number, "done")
    assert stage.states(case) == ["confirmed"]
    assert stage.script.asked == []


def test_what_was_asked_for_anew_and_may_have_been_done_is_undone(stage: Stage) -> None:
    case = stage.warned()
    stage.act()
    for seconds in (1, 10, 100):
        stage.wait(seconds)
    stage.desk.retry_action(SENIOR, stage.shown(case)[0].action.id)
    stage.desk.overturn(APPEALS, case.id, POLICY, REASON)
    assert stage.states(case) == ["proposed", "proposed"]
    stage.act()
    stage.wait(1)
    assert stage.states(case) == ["reversed", "confirmed"]


def test_a_hostile_note_is_kept_as_it_is(people: Stage) -> None:
    note = "<script>\u202e=cmd|'/c'!A1 \ud800\x00"
    case = people.warned()
    people.act()
    people.desk.record_manual(FIRST, people.shown(case)[0].action.id, SAW[0], note)
    assert people.shown(case)[0].history[-1].said == note.strip()
