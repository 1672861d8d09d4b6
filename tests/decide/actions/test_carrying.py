"""Carrying out: retries, limits, looks, lies, two at once, kills, clocks and full disks."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from marsad.decide.actions import carrying
from marsad.decide.actions.carrying import Carrier
from marsad.decide.actions.pace import Pace
from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.platforms.base import Answer, Place, Sight
from marsad.platforms.settings import Configured
from marsad.platforms.simulated import Simulated
from marsad.records.errors import MarsadError, OutsideError
from marsad.records.times import DAY, HOUR, SECOND
from marsad.store import action_records, open_database
from tests.decide.actions.conftest import PACE, YES, Stage, in_force
from tests.decide.conftest import APPEALS, FIRST, POLICY, REASON, START, Clock, Room
from tests.decide.full_server import fill_server

DOWN = Answer("later", "503")


def test_from_decision_to_confirmation(stage: Stage) -> None:
    stage.script.sights = [in_force(), in_force("warn")]
    case = stage.warned()
    assert stage.states(case) == ["proposed"]
    assert [(one.step, one.became) for one in stage.act().steps] == [("request", "requested")]
    assert stage.states(case) == ["requested"]
    assert stage.act().steps == []  # a look is not due at once
    assert [(one.step, one.became) for one in stage.wait(1).steps] == [("look", "later")]
    assert [(one.step, one.became) for one in stage.wait(10).steps] == [("look", "confirmed")]
    shown = stage.shown(case)[0]
    assert [line.step.step for line in shown.history] == ["proposed", "requested", "confirmed"]
    assert [line.said for line in shown.history] == [None, "yes", None]
    assert [(look.verdict, look.measures) for look in shown.looks] == [
        ("not-yet", ""), ("done", "warn")
    ]  # fmt: skip
    assert (shown.action.why, shown.action.seen, shown.next_at) == ("seen", "alive warn", None)
    assert stage.wait(86_400).steps == []
    assert len(stage.script.asked) == 1


def test_what_a_platform_is_told(stage: Stage) -> None:
    case = stage.warned()
    stage.act()
    asked, key = stage.script.asked[0]
    action = stage.shown(case)[0].action
    assert (asked.subject.kind, asked.subject.id, asked.act) == ("account", "x:1", "warn")
    assert (asked.case, asked.decision, asked.policy) == (case.id, action.decision, POLICY)
    assert (asked.evidence, asked.decided_at, asked.undoes) == (action.evidence, START, None)
    assert key == f"{action.key}-0"
    assert REASON not in repr(asked)
    assert FIRST.id not in repr(asked)


# ── asked is not done


def test_a_platform_that_lies_ends_as_failed_with_what_was_seen(stage: Stage) -> None:
    case = stage.warned()
    stage.script.answers = [Answer("accepted", "done at once!")]
    stage.act()
    for seconds in (1, 10):
        stage.wait(seconds)
        assert stage.states(case) == ["requested"]
    stage.wait(100)
    shown = stage.shown(case)[0]
    assert (shown.action.state, shown.action.why, shown.action.seen) == (
        "failed", "not-seen", "alive"
    )  # fmt: skip
    assert [look.verdict for look in shown.looks] == ["not-yet"] * 3
    assert stage.wait(86_400).steps == []


def test_who_cannot_see_does_not_say_it_is_so(stage: Stage) -> None:
    def fails() -> Sight:
        raise RuntimeError("plugin")

    case = stage.warned()
    stage.script.sights = [Sight("unknown"), fails, Sight("nonsense")]
    stage.act()
    for seconds in (1, 10, 100):
        stage.wait(seconds)
    assert (stage.states(case), stage.whys(case)) == (["failed"], ["unseen"])
    with stage.desk.database.reading() as transaction:
        notes = [look.note for look in action_records.all_looks(transaction)]
    assert notes == [None, "RuntimeError", None]


GONE = [
    # act, what the platform said, what is seen, after the first look and after the last
    ("suspend", "gone", "missing", "confirmed gone", None),
    ("suspend", "gone", "deactivated", "confirmed gone", None),
    ("suspend", "accepted", "deactivated", "requested None", "confirmed gone"),
    ("suspend", "accepted", "missing", "confirmed seen", None),
    ("suspend", "gone", "alive", "requested None", "failed not-seen"),
    ("warn", "gone", "missing", "failed gone", None),
    ("warn", "accepted", "missing", "requested None", "failed gone"),
    ("reduce", "gone", "removed", "confirmed gone", None),
]


@pytest.mark.parametrize(("act", "said", "state", "first", "last"), GONE)
def test_an_account_that_is_gone(
    stage: Stage, act: str, said: str, state: str, first: str, last: str | None
) -> None:
    case = stage.suspended() if act == "suspend" else stage.warned(outcome=act)
    stage.script.answers = [Answer(said)]  # type: ignore[arg-type]
    stage.script.sights = [Sight(state)]
    stage.act()
    stage.wait(1)
    assert f"{stage.states(case)[0]} {stage.whys(case)[0]}" == first
    for seconds in (10, 100):
        stage.wait(seconds)
    assert f"{stage.states(case)[0]} {stage.whys(case)[0]}" == (last or first)


# ── trying again


def test_tries_grow_apart_to_a_limit_and_then_it_is_visible(stage: Stage) -> None:
    case = stage.warned()
    stage.script.answers = [DOWN]
    waited = []
    for _ in range(PACE.tries):
        before = stage.clock.now
        step = stage.act().steps[0]
        waited.append(step.due_at and (step.due_at - before) / SECOND)
        stage.clock.now = step.due_at or stage.clock.now
    assert waited == [7.5, 15.0, 30.0, None]  # three quarters of 10, 20, 40, for a draw of 0.5
    shown = stage.shown(case)[0]
    assert (shown.action.state, shown.action.why, shown.last) == ("failed", "unreachable", "503")
    assert len(set(stage.script.keys)) == 1
    assert len(stage.script.keys) == PACE.tries
    assert stage.wait(86_400).steps == []


@given(st.integers(1, 200), st.floats(0, 1, exclude_max=True), st.integers(0, 10 * DAY))
def test_how_long_is_waited(attempts: int, draw: float, asked: int) -> None:
    pace = Pace()
    grown = min(pace.longest, pace.first * 2 ** (attempts - 1))
    waited = pace.wait(attempts, None, draw)
    assert grown / 2 - 1 <= waited <= grown
    assert pace.wait(attempts, asked, draw) == max(waited, min(asked, DAY))


def test_a_platform_that_names_a_time_is_left_alone_until_then(stage: Stage) -> None:
    stage.warned()
    stage.script.answers = [Answer("later", "429", after=3_000 * SECOND), YES]
    assert stage.act().next_at == stage.clock.now + 3_000 * SECOND
    assert stage.wait(2_999).steps == []
    assert stage.wait(1).steps[0].became == "requested"


def test_what_is_refused_is_not_tried_again(stage: Stage) -> None:
    case = stage.warned()
    stage.script.answers = [Answer("refused", "400 no")]
    assert stage.act().count("failed") == 1
    assert (stage.whys(case), stage.shown(case)[0].last) == (["refused"], "400 no")


def test_what_a_platform_cannot_do_is_not_asked_for(stage: Stage) -> None:
    case = stage.warned()
    stage.script.acts = frozenset({"suspend"})
    assert stage.act().count("failed") == 1
    assert (stage.whys(case), stage.script.asked) == (["cannot"], [])


def test_a_platform_that_raises_is_tried_again(stage: Stage) -> None:
    def raises() -> Answer:
        raise RuntimeError("secret hunter2")

    case = stage.warned()
    stage.script.answers = [raises, YES]
    step = stage.act().steps[0]
    assert (step.became, step.said) == ("later", "RuntimeError")
    stage.wait(60)
    assert stage.states(case) == ["requested"]


# ── limit and dry run


def sent(stage: Stage) -> int:
    with stage.desk.database.reading() as transaction:
        return action_records.sent_lately(transaction, "x", stage.clock())[0]


def test_no_more_leave_in_an_hour_than_may(stage: Stage) -> None:
    stage.an_hour = 3
    for number in range(5):
        stage.warned(f"x:{number}")
    other = stage.warned("y:1")
    carried = stage.act()
    assert (carried.count("requested"), carried.count("limit")) == (
        4,
        1,
    )  # y has an hour of its own
    assert stage.states(other) == ["requested"]
    assert len(stage.script.asked) == 4
    stage.script.sights = [in_force("warn")]
    assert stage.wait(1).count("confirmed") == 4  # looks are not counted
    carried = stage.act()
    assert (carried.steps, carried.next_at) == ([], START + HOUR)
    stage.clock.now = START + HOUR - 1
    assert stage.act().count("requested") == 0
    stage.clock.now = START + HOUR
    assert stage.act().count("requested") == 2


def test_the_count_of_an_hour_outlives_the_process(stage: Stage) -> None:
    stage.an_hour = 1
    stage.warned("x:1")
    stage.act()
    stage.warned("x:2")
    again = Carrier(stage.desk.database, stage.chosen, stage.clock, PACE)
    assert again.carry_out().count("limit") == 1


def test_what_never_left_is_not_counted(stage: Stage) -> None:
    stage.warned("x:1")
    stage.script.answers = [Answer("later", "connect", sent=False), DOWN, YES]
    stage.act()
    assert sent(stage) == 0
    stage.wait(60)
    assert sent(stage) == 1  # it left, whatever became of it
    stage.wait(60)
    assert sent(stage) == 2


@pytest.mark.parametrize("jump", [-400 * DAY, -DAY, 400 * DAY])
def test_a_clock_that_jumps_blocks_no_platform_for_longer_than_an_hour(
    stage: Stage, jump: int
) -> None:
    stage.an_hour = 1
    stage.warned("x:1")
    stage.act()
    stage.clock.now += jump
    case = stage.warned("x:2")
    stage.act()
    assert "requested" in stage.states(case)


def test_a_dry_run_changes_nothing(stage: Stage) -> None:
    stage.warned("x:1")
    stage.warned("x:2")
    stage.act(limit=1)
    stage.clock.now += 2 * SECOND
    before = dump(stage)
    would = stage.carrier.would()
    assert [(one.step, one.became, one.subject) for one in would.steps] == [
        ("request", "would", "x:2"), ("look", "would", "x:1")
    ]  # fmt: skip
    assert dump(stage) == before
    assert (len(stage.script.asked), len(stage.script.looked)) == (1, 0)


def dump(stage: Stage) -> list[object]:
    tables = ("actions", "action_work", "action_looks", "action_sends", "action_steps", "audit")
    with stage.desk.database.reading() as transaction:
        return [list(transaction.execute(text(f"SELECT * FROM {table}"))) for table in tables]


def test_at_most_so_many_steps(stage: Stage) -> None:
    for number in range(5):
        stage.warned(f"x:{number}")
    assert len(stage.act(limit=2).steps) == 2
    assert len(stage.script.asked) == 2


# ── two at once, kills, disks, clocks


def test_two_at_once_never_send_the_same(stage: Stage) -> None:
    stage.an_hour = 30
    for number in range(40):
        stage.warned(f"x:{number}")
    start = Barrier(4)

    def run(_: int) -> int:
        start.wait()
        return stage.carrier.carry_out().count("requested")

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(run, range(4)))
    assert sum(counts) == 30 == len(stage.script.keys) == len(set(stage.script.keys))


def test_who_dies_between_sending_and_recording_sends_again_with_the_same_key(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = stage.warned()

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(carrying, "after_answer", dies)
        with pytest.raises(KeyboardInterrupt):
            stage.act()
    assert (len(stage.script.asked), stage.states(case), sent(stage)) == (1, ["proposed"], 1)
    assert stage.act().steps == []  # the lease stands: whoever it was may be at it still
    stage.wait(PACE.held / SECOND)
    assert stage.states(case) == ["requested"]
    assert len(stage.script.keys) == 2
    assert len(set(stage.script.keys)) == 1


def test_who_was_too_slow_changes_nothing_any_more(stage: Stage) -> None:
    case = stage.warned()

    def slow() -> Answer:
        stage.clock.now += PACE.held + 1
        stage.script.answers = [YES]
        assert stage.act().count("requested") == 1  # another process
        return Answer("refused", "too late to matter")

    stage.script.answers = [slow]
    assert [one.became for one in stage.act().steps] == ["overtaken"]
    assert stage.states(case) == ["requested"]


def test_who_was_too_slow_ends_nothing_that_another_tries(stage: Stage) -> None:
    case = stage.warned()

    def slow() -> Answer:
        stage.clock.now += PACE.held + 1
        stage.script.answers = [DOWN]
        assert stage.act().count("later") == 1  # another process, which tries again
        return Answer("refused", "too late to matter")

    stage.script.answers = [slow]
    assert [one.became for one in stage.act().steps] == ["overtaken"]
    assert stage.states(case) == ["proposed"]


def test_what_is_overturned_while_it_is_sent_is_undone_after_it(stage: Stage) -> None:
    case = stage.warned()

    def overturned() -> Answer:
        stage.desk.overturn(APPEALS, case.id, POLICY, REASON)
        stage.script.answers = [YES]
        assert stage.act().steps == []  # not before what it is to undo has arrived
        return YES

    stage.script.answers = [overturned]
    stage.act(limit=1)
    assert stage.states(case) == ["requested", "proposed"]
    stage.act()
    stage.wait(1)
    assert [asked.undoes is not None for asked, _ in stage.script.asked] == [False, True]
    assert stage.states(case) == ["reversed", "confirmed"]


def test_what_is_overturned_while_it_is_looked_at(stage: Stage) -> None:
    case = stage.warned()
    stage.act()

    def overturned() -> Sight:
        stage.desk.overturn(APPEALS, case.id, POLICY, REASON)
        return in_force("warn")

    stage.script.sights = [overturned, in_force()]
    stage.clock.now += SECOND
    assert stage.act(limit=1).steps[0].became == "overtaken"
    assert stage.states(case) == ["requested", "proposed"]
    stage.act()
    stage.wait(1)
    assert stage.states(case) == ["reversed", "confirmed"]


def full(stage: Stage, pages: int | None) -> None:
    """Lets the database grow no more, as on a full disk; None gives the room back."""
    if stage.desk.database.engine.dialect.name == "postgresql":
        fill_server(stage.desk.database, pages is not None)
        return
    with stage.desk.database.engine.connect() as connection:
        size = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages or size + 100_000}")


def test_a_full_disk_sends_nothing_that_it_cannot_write_down(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = stage.warned()
    stage.script.answers = [Answer("accepted", "a" * 400)]

    def no_room(*_: object) -> None:
        raise OutsideError("disk.full", what="review.db")

    with monkeypatch.context() as patch:
        patch.setattr(action_records, "add_send", no_room)
        with pytest.raises(OutsideError):
            stage.act()
    assert (stage.script.asked, stage.states(case)) == ([], ["proposed"])
    assert stage.act().count("requested") == 1


def test_a_disk_that_fills_up_after_sending(stage: Stage) -> None:
    case = stage.warned()
    more = [stage.warned(f"x:{number}") for number in range(2, 12)]

    def filled() -> Answer:
        full(stage, 1)
        return Answer("accepted", "a" * 500)

    stage.script.answers = [filled]
    with pytest.raises(OutsideError) as error:
        go_on(stage)
    assert error.value.message.id == "disk.full"
    full(stage, None)
    stage.script.answers = [YES]
    stage.script.sights = [in_force("warn")]
    for _ in range(5):
        stage.wait(300)
    assert {state for one in (case, *more) for state in stage.states(one)} <= {
        "confirmed", "failed"
    }  # fmt: skip
    by_subject: dict[str, set[str]] = {}
    for asked, key in stage.script.asked:
        by_subject.setdefault(asked.subject.id, set()).add(key)
    assert all(len(keys) == 1 for keys in by_subject.values())


def go_on(stage: Stage) -> None:
    for _ in range(40):  # what pages there are may hold a few entries yet
        stage.wait(200)


@pytest.mark.parametrize("jump", [-400 * DAY, -3 * DAY, -1, 3 * DAY, 400 * DAY])
def test_a_clock_that_jumps_stops_nothing(stage: Stage, jump: int) -> None:
    case = stage.warned()
    stage.script.answers = [DOWN, YES]
    stage.script.sights = [in_force(), in_force("warn")]
    stage.act()
    stage.clock.now += jump
    for _ in range(4):
        stage.wait(100)
    assert stage.states(case) == ["confirmed"]


CHANCES = st.fixed_dictionaries({
    "fails": st.sampled_from([0.0, 0.4, 0.9]), "refuses": st.sampled_from([0.0, 0.3]),
    "lies": st.sampled_from([0.0, 0.5]), "delay_seconds": st.sampled_from([0.0, 60.0]),
    "seed": st.integers(0, 1_000),
})  # fmt: skip
ACTS = st.lists(
    st.tuples(st.sampled_from(["decide", "act", "overturn", "wait", "retry", "leave"]),
              st.integers(0, 2)),
    max_size=20,
)  # fmt: skip


@given(CHANCES, ACTS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_it_ends_and_what_is_said_to_be_so_is(
    tmp_path_factory: pytest.TempPathFactory, chances: dict[str, float], acts: list[tuple[str, int]]
) -> None:
    folder, clock = tmp_path_factory.mktemp("desk"), Clock()
    database = open_database(folder / "review.db")
    room = Room(Desk(database, (POLICY,), clock), clock)
    network = Simulated.open(chances, Place("x", folder, clock))
    draw = random.Random(1).random
    carrier = Carrier(database, lambda _: Configured("x", network, 10_000), clock, PACE, draw)
    for number, (act, subject) in enumerate(acts):
        try:
            one_act(room, network, carrier, act, f"x:{subject}", number)
        except (MarsadError, AssertionError):
            continue
    for _ in range(40):
        clock.now += 200 * SECOND
        carrier.carry_out()
    assert verify(database, None).broken is None
    with database.reading() as transaction:
        left = transaction.execute(
            text("SELECT count(*) FROM actions WHERE state IN ('proposed', 'requested')"
                 " AND undone_by IS NULL")
        ).scalar()  # fmt: skip
        confirmed = transaction.execute(
            text("SELECT a.seen, a.why, a.undoes FROM actions a WHERE state = 'confirmed'")
        ).all()
    assert left == 0
    for seen, why, undoes in confirmed:
        assert why in ("seen", "gone")
        assert why == "gone" or ("hide" in seen) == (undoes is None)
    database.close()


def one_act(
    room: Room, network: Simulated, carrier: Carrier, act: str, subject: str, number: int
) -> None:
    if act == "decide":
        room.decide(FIRST, room.case(subject, number=str(number)), "hide")
    elif act == "overturn":
        room.desk.overturn(APPEALS, room.read(subject).id, POLICY, REASON)
    elif act == "act":
        carrier.carry_out(limit=2)
    elif act == "leave":
        network.leave(subject)
    elif act == "wait":
        room.later(1)
    else:
        from tests.decide.conftest import SENIOR

        for one in room.desk.actions(FIRST, room.read(subject).id):
            if one.action.state == "failed":
                room.desk.retry_action(SENIOR, one.action.id)
