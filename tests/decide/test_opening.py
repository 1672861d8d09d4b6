"""Cases from findings: one a subject, and again changes nothing."""

from __future__ import annotations

import pytest

from marsad.decide import priority
from marsad.decide.findings import SealedFinding
from marsad.decide.opening import AT_ONCE, Opened, open_cases
from marsad.store import cases, log
from marsad.store.cases import Filter
from tests.decide.conftest import FIRST, Room, finding


@pytest.mark.parametrize(
    ("found", "opened", "level", "network_only"),
    [
        ([finding()], 1, priority.NORMAL, False),
        ([finding(opens=False)], 0, 0, False),
        ([finding(), finding(number="2"), finding(signal="coordination")], 1, 3, False),
        ([finding(signal="coordination"), finding(signal="returns")], 1, priority.LOW, True),
        ([finding(signal="returns"), finding(signal="copies", opens=False)], 1, 4, False),
        ([finding("x:1"), finding("x:2", "copies")], 2, priority.NORMAL, False),
        ([finding("x:1"), finding("x:1", kind="post")], 2, priority.NORMAL, False),
        ([], 0, 0, False),
    ],
)
def test_what_opens(
    room: Room, found: list[SealedFinding], opened: int, level: int, network_only: bool
) -> None:
    database = room.desk.database
    assert open_cases(database, found, 5) == Opened(opened=opened)
    assert open_cases(database, found, 9) == Opened()
    if opened:
        case = room.read("x:1")
        assert (case.priority, case.network_only) == (level, network_only)
        assert (case.opened_at, case.platform, case.state) == (5, "x", "open")
        assert case.rank == priority.rank(5, level, None)


def test_findings_and_evidence_are_sealed_into_the_case(room: Room) -> None:
    case = room.case("x:1")
    with room.desk.database.reading() as transaction:
        sealed = log.event(transaction, case.id).private
    assert sealed is not None
    assert sealed["findings"] == [finding().to_dict()]


def test_a_new_finding_joins_and_may_make_it_more_urgent(room: Room) -> None:
    case = room.case("x:1", "coordination")
    more = [finding("x:1", "coordination"), finding("x:1", "copies")]
    assert open_cases(room.desk.database, more, 9) == Opened(added=1)
    changed = room.read("x:1")
    assert (changed.id, changed.priority, changed.network_only) == (case.id, priority.HIGH, False)
    assert open_cases(room.desk.database, [finding("x:1", "links")], 9) == Opened(added=1)
    assert room.read("x:1").priority == priority.HIGH


@pytest.mark.parametrize(
    ("outcome", "opens", "state", "count"),
    [
        ("no-violation", True, "open", Opened(reopened=1)),
        ("no-violation", False, "decided", Opened(added=1)),
        ("warn", True, "open", Opened(reopened=1)),
        ("suspend", True, "decided", Opened(added=1)),
    ],
)
def test_a_decided_case_and_a_new_finding(
    room: Room, outcome: str, opens: bool, state: str, count: Opened
) -> None:
    if outcome == "suspend":
        room.suspended()
    else:
        room.decide(FIRST, room.case(), outcome)
    new = [finding(number="new", opens=opens)]
    assert open_cases(room.desk.database, new, room.clock()) == count
    case = room.read("x:1")
    assert case.state == state
    assert case.outcome == (None if state == "open" else outcome)


def test_more_than_are_committed_at_once(room: Room) -> None:
    found = [finding(f"x:{number}") for number in range(AT_ONCE * 2 + 1)]
    assert open_cases(room.desk.database, found, 5) == Opened(opened=AT_ONCE * 2 + 1)


def test_there_is_rest_between_what_is_committed_at_once_where_others_wait(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as each took, and nothing is written where nothing is new."""
    times, rested = iter(range(100)), []
    monkeypatch.setattr("marsad.decide.opening.monotonic", lambda: next(times))
    monkeypatch.setattr("marsad.decide.opening.sleep", rested.append)
    found = [finding(f"x:{number}") for number in range(AT_ONCE + 1)]
    assert open_cases(room.desk.database, found, 5, rest=2.0) == Opened(opened=AT_ONCE + 1)
    assert rested == [2.0, 2.0]
    monkeypatch.delattr(room.desk.database.__class__, "writing")
    assert open_cases(room.desk.database, found, 6, rest=2.0) == Opened()


def test_it_ends_once_the_findings_are_no_longer_what_there_is(room: Room) -> None:
    """Somebody was erased since they were read: nobody comes back to the desk."""
    found = [finding(f"x:{number}") for number in range(AT_ONCE + 1)]
    asked = iter((True, False))
    done = open_cases(room.desk.database, found, 5, still=lambda: next(asked))
    assert done == Opened(opened=AT_ONCE)


def test_pages_of_the_queue_leave_none_out_and_none_twice(room: Room) -> None:
    signals = ["copies", "phrases", "coordination"]
    found = [finding(f"x:{number}", signals[number % 3]) for number in range(30)]
    open_cases(room.desk.database, found, 5)
    seen: list[cases.Case] = []
    while page := room.desk.queue(
        FIRST, Filter(("open",)), 7, (seen[-1].rank, seen[-1].id) if seen else None
    ):
        seen += page
    assert len({case.id for case in seen}) == 30
    assert [case.rank for case in seen] == sorted(case.rank for case in seen)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Filter(("open",)), 4),
        (Filter(("decided",)), 0),
        (Filter(()), 0),
        (Filter(("open",), kind="post"), 1),
        (Filter(("open",), platform="y"), 1),
        (Filter(("open",), signal="copies"), 1),
        (Filter(("open",), priority=priority.NORMAL), 3),
        (Filter(("open",), clock="order"), 0),
        (Filter(("open",), assigned_to="rev-1"), 0),
        (Filter(("open",), kind="account", platform="x"), 2),
    ],
)
def test_filters(room: Room, wanted: Filter, count: int) -> None:
    found = [finding("x:1"), finding("x:2", "copies"), finding("y:1"), finding("x:9", kind="post")]
    open_cases(room.desk.database, found, 5)
    assert len(room.desk.queue(FIRST, wanted)) == count
