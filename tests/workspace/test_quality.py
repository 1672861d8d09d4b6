"""Agreement and the dashboard: figures by hand against those of the counters."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from marsad.decide import audit
from marsad.decide.opening import Mixing, open_cases
from marsad.measure.agreement import krippendorff_alpha
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate, proportion
from marsad.records.times import DAY, HOUR, MINUTE
from marsad.store import cases
from marsad.workspace import Workspace
from marsad.workspace.dashboard import Figures, figures, predictive_values
from marsad.workspace.quality import agreement, golden_agreement
from marsad.workspace.reviewing import desk
from marsad.workspace.sampling import sample_cases
from tests.decide.conftest import APPEALS, FIRST, POLICY, REASON, SECOND, Room, finding, reviewer
from tests.decide.conftest import room as room
from tests.decide.test_blind import answer, copies, golden_case, mixed, read_again
from tests.workspace.test_decided_labels import MARKED, decide, queue, truth
from tests.workspace.test_decided_labels import labelled_once as labelled_once
from tests.workspace.test_decided_labels import ws as ws

SHOWN = tuple(reviewer(f"rev-{n}") for n in range(10, 40))


def told(room: Room, now: int | None = None) -> Figures:
    return figures(room.desk.database, room.clock() if now is None else now)


# ── agreement


def test_second_readings_give_alpha_by_family(room: Room) -> None:
    room = read_again(room)
    said = [("warn", "warn"), ("hide", "warn"), ("no-violation", "exempt"), ("warn", "escalate")]
    said += [("no-violation", "no-violation"), ("warn", "no-violation")] * 5
    for number, (first, second) in enumerate(said):
        room.decide(FIRST, room.case(f"x:{number}"), first)
        more = {"exemption": "news"} if second == "exempt" else {}
        room.decide(SECOND, copies(room)[-1], second, **more)
    with room.desk.database.reading() as transaction:
        found = agreement(transaction)
    assert (found.read, found.waiting) == (13, 1)
    by = {one.name: one for one in found.estimates}
    pairs = [list(pair) for pair in said if "escalate" not in pair]
    assert by["agreement:outcome"].value == krippendorff_alpha(pairs).value
    violating = [[one in ("warn", "hide") for one in pair] for pair in pairs]
    expected = krippendorff_alpha(violating)
    against = by["agreement:violating"]
    assert (against.value, against.low, against.high) == (
        expected.value, expected.low, expected.high
    )  # fmt: skip
    assert against.frame == "second-readings"


def test_too_few_readings_are_refused(room: Room) -> None:
    room = read_again(room)
    room.decide(FIRST, room.case(), "warn")
    with room.desk.database.reading() as transaction:
        found = agreement(transaction)
    assert (found.estimates, len(found.refused), found.waiting) == ((), 4, 1)


def test_agreement_with_golden_cases_by_reviewer(room: Room) -> None:
    for number in range(3):
        golden_case(room, f"x:{number}", "hide")
    said = [(SHOWN[0], "warn"), (SHOWN[0], "hide"), (SHOWN[1], "no-violation"),
            (SHOWN[1], "escalate"), (SHOWN[2], "escalate")]  # fmt: skip
    for number, (who, outcome) in enumerate(said):
        draws = iter([0.0, number % 3 / 3])
        mixing = Mixing(1.0, lambda draws=draws: next(draws))
        open_cases(room.desk.database, [finding(f"x:{number + 50}")], room.clock(), mixing=mixing)
        answer(room, who, copies(room)[-1], outcome)
    with room.desk.database.reading() as transaction:
        every, *each = golden_agreement(transaction)
    assert (every.agreement.value, every.agreement.n, every.passed_on) == (2 / 3, 3, 2)
    expected = proportion(2, 3)
    assert (every.agreement.low, every.agreement.high) == (expected.low, expected.high)
    assert [(one.reviewer, one.agreement.value, one.passed_on) for one in each] == [
        (SHOWN[0].id, 1.0, 0), (SHOWN[1].id, 0.0, 1)
    ]  # fmt: skip


def test_without_an_answer_there_is_no_agreement(room: Room) -> None:
    golden_case(room)
    mixed(room)
    with room.desk.database.reading() as transaction, pytest.raises(Refused):
        golden_agreement(transaction)


# ── the queue


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_age_of_the_queue_is_that_of_the_cases(room: Room, seed: int) -> None:
    draw = random.Random(seed)
    signals = ("phrases", "copies", "coordination")
    for number in range(60):
        at = room.clock() - draw.choice([draw.randrange(5 * DAY), 90 * MINUTE])
        open_cases(room.desk.database, [finding(f"x:{number}", draw.choice(signals))], at)
    for number in draw.sample(range(60), 20):
        outcome = draw.choice(["no-violation", "escalate", "suspend", "warn"])
        room.decide(FIRST, room.read(f"x:{number}"), outcome)
    with room.desk.database.reading() as transaction:
        every = cases.all_in_order(transaction)
    found = {one.priority: one for one in told(room).queue}
    waits = [case for case in every if case.state in ("open", "second", "escalated")]
    assert set(found) == {case.priority for case in waits}
    for level, age in found.items():
        ages = sorted(room.clock() - one.opened_at for one in waits if one.priority == level)
        n = len(ages)
        expected = (n, ages[n - 1 - (n - 1) // 2], ages[n - 1 - (n - 1) // 10], ages[-1])
        assert (age.count, age.median, age.ninth, age.oldest) == expected


def test_an_empty_desk_has_figures_too(room: Room) -> None:
    found = told(room)
    assert (found.queue, found.decided, found.precision) == ([], {}, {})
    assert isinstance(found.overturned, Refused)
    assert isinstance(found.golden, Refused)


# ── decisions


def test_decisions_by_day_and_how_many_were_overturned(room: Room) -> None:
    done = [room.decide(FIRST, room.case(f"x:{n}"), "warn") for n in range(4)]
    room.decide(FIRST, room.case("x:9"), "no-violation")
    today = room.clock() // DAY
    room.later(DAY / MINUTE)
    room.desk.overturn(APPEALS, done[0].id, POLICY, REASON)
    open_cases(room.desk.database, [finding("x:1", number="new")], room.clock())
    room.decide(SECOND, room.read("x:1"), "hide")
    found = told(room)
    assert found.decided == {today: {"warn": 4, "no-violation": 1}, today + 1: {"hide": 1}}
    assert isinstance(found.overturned, Estimate)
    assert (found.overturned.value, found.overturned.n) == (1 / 5, 5)
    later = told(room, room.clock() + 90 * DAY)
    assert later.decided == {today + 1: {"hide": 1}}


def test_precision_counts_the_signals_that_opened_a_case_and_how_it_stands(room: Room) -> None:
    two = [finding("x:1"), finding("x:1", "links"), finding("x:1", "bursts", opens=False)]
    open_cases(room.desk.database, two, room.clock())
    case = room.decide(FIRST, room.read("x:1"), "warn")
    room.decide(FIRST, room.case("x:2"), "no-violation")
    room.decide(FIRST, room.case("x:3"), "suspend")  # waits for a second reviewer
    seen = {name: (one.value, one.n) for name, one in told(room).precision.items()}
    assert seen == {"phrases": (0.5, 2), "links": (1.0, 1)}
    room.desk.overturn(APPEALS, case.id, POLICY, REASON)
    open_cases(room.desk.database, [finding("x:2", "links", number="new")], room.clock())
    assert told(room).precision == {}
    assert audit.verify(room.desk.database, None).broken is None


def test_copies_count_in_no_figure(room: Room) -> None:
    golden_case(room)
    open_cases(room.desk.database, [finding("x:5")], room.clock())
    before = told(room)
    copy = mixed(room, "x:6")
    room.decide(SECOND, room.read("x:6"), "no-violation")
    with_copy = told(room)
    answer(room, SECOND, copy, "hide")
    after = told(room)
    assert after.queue == with_copy.queue == before.queue
    assert (after.decided, after.precision) == (with_copy.decided, with_copy.precision)


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_clock_that_jumps_gives_no_negative_age(room: Room, hours: int) -> None:
    room.case()
    (age,) = told(room, room.clock() + hours * HOUR).queue
    assert age.oldest == max(hours, 0) * HOUR


# ── predictive values


def test_the_predictive_value_is_that_of_the_blind_sample(ws: Workspace) -> None:
    room = desk(ws)
    prevalence, found = predictive_values(ws, room.database, thresholds=(0.0, 0.99))
    assert prevalence is None
    assert {type(one.value) for one in found} == {Refused}
    sample_cases(ws, 60)
    for number, case in enumerate(one for one in queue(room) if one.route == "random"):
        outcome = truth(case)
        if outcome == "hide" and str(case.subject).endswith("11"):
            outcome = "no-violation"
        decide(room, FIRST, case, "unsure" if number == 59 and outcome != "hide" else outcome)
    prevalence, found = predictive_values(ws, room.database, thresholds=(0.0, 0.99))
    assert prevalence is not None
    assert prevalence.value * prevalence.n == pytest.approx(MARKED - 1)
    low, high = found
    assert isinstance(low.value, Estimate)
    assert (low.signal, low.value.n) == ("phrases", MARKED)
    assert low.value.value == (MARKED - 1) / MARKED
    assert isinstance(high.value, Refused)
    assert str(high.value.message.values["threshold"]) == "0.99"


def test_settings_of_the_workspace_reach_the_desk(workspace: Workspace, tmp_path: Path) -> None:
    path = workspace.folder / "marsad.toml"
    path.write_text(f"{path.read_text('utf-8')}\n[quality]\nsecond_reading_every = 1\n", "utf-8")
    room = desk(Workspace.open(workspace.folder))
    assert room.settings.quality == replace(room.settings.quality, second_reading_every=1)
    assert room.settings.quality.golden_every == 20
