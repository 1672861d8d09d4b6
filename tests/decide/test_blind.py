"""Copies: nobody can tell them from real cases, and nothing that is done in them has an effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, fields, replace

import pytest
from sqlalchemy import text

from marsad.decide import blind
from marsad.decide.actions.recording import record_step
from marsad.decide.audit import verify
from marsad.decide.bulk import Alike
from marsad.decide.crises import Wanted
from marsad.decide.exhibits import Exhibits, Post
from marsad.decide.items import content_of
from marsad.decide.opening import Mixing, open_cases
from marsad.decide.rules import Decision
from marsad.decide.settings import Quality, Settings
from marsad.decide.sharing import lineage_name
from marsad.records.errors import InputError
from marsad.records.times import DAY
from marsad.store import actions, cases, golden, log, outbox, queue, sealed
from marsad.store.cases import Case, Filter
from tests.decide.conftest import (
    ADMIN,
    APPEALS,
    FIRST,
    POLICY,
    REASON,
    SECOND,
    SENIOR,
    THIRD,
    Room,
    finding,
    reviewer,
)  # fmt: skip
from tests.decide.test_desk import fails

FOURTH, AUDITOR = reviewer("rev-4"), reviewer("aud-1", "auditor")
ALWAYS = Mixing(1.0, lambda: 0.0)


def golden_case(room: Room, subject: str = "x:1", *accepted: str) -> Case:
    case = room.decide(FIRST, room.case(subject), "warn")
    return room.desk.mark_golden(SENIOR, case.id, ["warn", *accepted])


def mixed(room: Room, subject: str = "x:5") -> Case:
    """A case opened beside a golden one; the copy."""
    found = [replace(finding(subject), found_at=room.clock() - DAY)]
    open_cases(room.desk.database, found, room.clock(), mixing=ALWAYS)
    return copies(room)[-1]


def copies(room: Room) -> list[Case]:
    with room.desk.database.reading() as transaction:
        return [
            cases.read(transaction, case.id) or case
            for case in cases.all_in_order(transaction) if case.copy_of is not None
        ]  # fmt: skip


def shows(room: Room, who: object, states: tuple[str, ...] = ("open",)) -> list[int]:
    return [case.id for case in room.desk.queue(who, Filter(states))]  # type: ignore[arg-type]


def answer(room: Room, who: object, case: Case, outcome: str) -> Case:
    return room.decide(who, case, outcome)  # type: ignore[arg-type]


def answers(room: Room, route: str = blind.GOLDEN) -> list[tuple[str | None, str | None]]:
    with room.desk.database.reading() as transaction:
        return [(one.reviewer, one.outcome) for one in golden.answers(transaction, route)][::-1]


def read_again(room: Room, chance: Callable[[], float] = lambda: 0.0) -> Room:
    settings = Settings(Quality(0, 1))
    return Room(replace(room.desk, settings=settings, chance=chance), room.clock)


# ── golden cases: the same look


def test_what_was_decided_is_not_shown_while_its_copy_waits(room: Room) -> None:
    case = golden_case(room)
    other = room.decide(SECOND, room.case("x:3"), "no-violation")
    copy = mixed(room)
    done = ("decided",)
    assert shows(room, THIRD, done) == [other.id]
    for look in (room.desk.case, room.desk.dossier, room.desk.history):
        fails("no-case", look, THIRD, case.id)
    # who had part in it is not shown the copy; who answers for decided cases sees both
    for who in (FIRST, SENIOR, reviewer("sen-2", "senior"), APPEALS, AUDITOR):
        assert shows(room, who, done) == [case.id, other.id]
        assert room.desk.case(who, case.id).outcome == "warn"
    room.open(THIRD, copy)
    fails("no-case", room.desk.case, THIRD, case.id)  # and not while they work on the copy
    answer(room, THIRD, copy, "warn")
    assert shows(room, THIRD, done) == [case.id, other.id, copy.id]


def test_a_decided_case_that_is_opened_again_is_everybodys(room: Room) -> None:
    golden_case(room)
    mixed(room)
    again = room.case(number="2")
    assert (again.subject, again.state) == ("x:1", "open")
    assert again.id in shows(room, THIRD)
    assert room.desk.case(THIRD, again.id).id == again.id


def test_in_a_group_the_copy_stands_for_what_was_decided(room: Room) -> None:
    case = golden_case(room)
    copy = mixed(room)
    ties = {"kind": "network", "accounts": ["x:1", "x:5", "x:8"]}
    found = replace(finding("c:1", "coordination", kind="community"), evidence=[ties])
    open_cases(room.desk.database, [found], room.clock())
    group = room.read("c:1", "community")
    for who, shown in ((THIRD, copy.id), (FIRST, case.id), (SENIOR, case.id)):
        members = room.desk.members(who, group.id)[1]
        found_of = {one.account: one.case and one.case.id for one in members}
        assert found_of == {"x:1": shown, "x:5": room.read("x:5").id, "x:8": None}


def test_copies_of_a_text_are_listed_whether_real_or_shown_again(room: Room) -> None:
    def show(subject: str) -> dict[tuple[str, str], Exhibits]:
        text = "marker word"
        post = Post(f"{subject}-post", subject, text, "en", content=content_of(text))
        return {("account", subject): Exhibits((post,))}

    open_cases(room.desk.database, [finding("x:1")], room.clock(), show("x:1"))
    case = room.decide(FIRST, room.read("x:1"), "warn")
    room.desk.mark_golden(SENIOR, case.id, ["warn"])
    open_cases(room.desk.database, [finding("x:5")], room.clock(), show("x:5"), ALWAYS)
    beside, copy = room.read("x:5"), copies(room)[-1]
    for lead, post, other in ((beside, "x:5-post", copy), (copy, "x:1-post", beside)):
        room.desk.take(THIRD, lead.id)
        room.desk.open_post(THIRD, lead.id, post)
        assert [one.case.id for one in room.desk.copies(THIRD, lead.id, post)] == [other.id]
    alike = Alike("warn", POLICY, REASON, None, beside.id, "x:5-post")
    (done,) = room.desk.decide_copies(THIRD, alike, {copy.id: copy.version})
    assert (done.id, done.state, done.copy_of) == (copy.id, "decided", case.id)
    assert room.read("x:1") == case


def test_a_decided_case_is_no_similar_one_while_its_copy_waits(room: Room) -> None:
    shared = [{"kind": "phrase", "bank": "markers", "entry": "amber"}]
    for subject in ("x:1", "x:9"):
        found = replace(finding(subject), evidence=shared)
        open_cases(room.desk.database, [found], room.clock())
    case = room.decide(FIRST, room.read("x:1"), "warn")
    room.desk.mark_golden(SENIOR, case.id, ["warn"])
    like = room.read("x:9").id
    assert [one.case for one in room.desk.similar(THIRD, like)] == [case.id]
    mixed(room)
    assert room.desk.similar(THIRD, like) == []
    assert [one.case for one in room.desk.similar(FIRST, like)] == [case.id]


def test_history_and_strikes_leave_out_what_was_decided_while_its_copy_waits(room: Room) -> None:
    post = room.case("x:1-a", kind="post", account="x:1")
    golden_case(room)
    copy = mixed(room)
    for who, known in ((THIRD, []), (FIRST, ["warn"]), (SENIOR, ["warn"])):
        told = room.desk.history(who, post.id).verdicts
        strikes = room.desk.standing(who, post.id).strikes
        assert [one.outcome for one in told] == known
        assert [one.verdict.outcome for one in strikes] == known
    answer(room, THIRD, copy, "warn")
    assert len(room.desk.history(THIRD, post.id).verdicts) == 1
    assert len(room.desk.standing(THIRD, post.id).strikes) == 1


def test_the_lineage_names_the_copy_and_not_what_was_decided(room: Room) -> None:
    case = golden_case(room)
    copy = mixed(room)
    ties = [{"kind": "return", "parent": "x:1", "bank": "decisions"}]
    came_back = replace(finding("x:9", "returns"), evidence=ties, community=lineage_name("x:1"))
    open_cases(room.desk.database, [came_back], room.clock())
    child = room.read("x:9").id
    for who, number, known in ((THIRD, copy.id, None), (SENIOR, case.id, "warn")):
        (parent,) = room.desk.history(who, child).lineage
        assert (parent.subject, parent.case) == ("x:1", number)
        assert (parent.verdict and parent.verdict.outcome) == known


def test_what_is_to_be_done_by_hand_is_not_told_while_a_copy_waits(room: Room) -> None:
    golden_case(room)
    other = room.decide(SECOND, room.case("x:3"), "warn")
    copy = mixed(room)
    by_hand(room)
    asked = [one.action.case_id for one in room.desk.to_do(THIRD)]
    assert asked == [other.id]
    every = room.desk.to_do(SENIOR)
    assert len(every) == 2
    with pytest.raises(InputError) as error:
        room.desk.record_manual(THIRD, every[0].action.id, "done")
    assert error.value.message.id == "action.none"
    room.desk.record_manual(FIRST, every[0].action.id, "not-possible")
    assert room.desk.failed_actions(THIRD) == []
    assert [one.action.id for one in room.desk.failed_actions(SENIOR)] == [every[0].action.id]
    answer(room, THIRD, copy, "warn")
    assert len(room.desk.failed_actions(THIRD)) == 1


def by_hand(room: Room) -> None:
    """Asks people for all that was decided."""
    with room.desk.database.writing() as transaction:
        for action_id in transaction.execute(text("SELECT id FROM actions")).scalars().all():
            action = actions.read(transaction, action_id)
            assert action is not None
            case = cases.read(transaction, action.case_id)
            assert case is not None
            record_step(transaction, case, "action-requested", at=room.clock(), actor=blind.DESK,
                        data={"action": action_id, "by_hand": True, "answer": "taken"})  # fmt: skip


def test_a_crisis_counts_what_its_queue_shows(room: Room) -> None:
    golden_case(room)
    crisis = room.desk.open_crisis(SENIOR, "surge", SENIOR.id, Wanted(signal="phrases"))
    mixed(room)
    for who in (FIRST, THIRD, SENIOR):
        listed = room.desk.queue(who, Filter(("open",), crisis=crisis.id))
        assert room.desk.crisis_size(who, crisis.id) == len(listed)
    assert room.desk.crisis_size(THIRD, crisis.id) == 2


def test_who_decides_and_overturns_learns_nothing_by_trying(room: Room) -> None:
    case = golden_case(room)
    mixed(room)
    both = replace(THIRD, roles=frozenset({"moderator", "appeals"}))
    fails("no-case", room.desk.overturn, both, case.id, POLICY, REASON)
    assert room.desk.overturn(APPEALS, case.id, POLICY, REASON).state == "overturned"


def test_a_golden_case_looks_like_the_one_it_is_opened_beside(room: Room) -> None:
    golden_case(room)
    room.later(60 * 24 * 30)
    copy = mixed(room)
    beside = room.read("x:5")
    seen = {name: (getattr(copy, name), getattr(beside, name)) for name in
            (one.name for one in fields(Case))}  # fmt: skip
    differs = {name for name, (one, other) in seen.items() if one != other}
    assert differs == {"id", "subject", "person", "version", "route", "copy_of"}
    assert copy.subject == "x:1"
    assert [case.id for case in room.desk.queue(THIRD, Filter(("open",)))] == [beside.id, copy.id]
    taken = [room.desk.take_next(who) for who in (THIRD, FOURTH)]
    assert {pair[0].id for pair in taken if pair} == {copy.id, beside.id}


def test_its_findings_are_those_it_was_decided_on_and_as_old_as_then(room: Room) -> None:
    old = replace(finding("x:1"), found_at=room.clock() - 5)
    open_cases(room.desk.database, [old], room.clock())
    case = room.decide(FIRST, room.read("x:1"), "warn")
    room.desk.mark_golden(SENIOR, case.id, ["warn"])
    later = [finding("x:1", "links", opens=False)]
    open_cases(room.desk.database, later, room.clock())
    room.later(60)
    copy = mixed(room)
    with room.desk.database.reading() as transaction:
        found = sealed.of_case(transaction, copy.id)
    assert found == [{**old.to_dict(), "found_at": room.clock() - 5, "values": None,
                      "evidence": list(old.evidence)}]  # fmt: skip


@pytest.mark.parametrize(
    "touch",
    [
        lambda room, case: room.desk.note(THIRD, case.id, "a note"),
        lambda room, case: room.open(THIRD, case),
    ],
)
def test_who_had_to_do_with_a_case_is_not_shown_it_again(
    room: Room, touch: Callable[[Room, Case], object]
) -> None:
    case = room.case("x:1")
    touch(room, case)
    golden_case(room)
    copy = mixed(room)
    for who in (FIRST, SENIOR, THIRD):  # decided, marked, looked
        assert copy.id not in shows(room, who)
        for act in (room.desk.take, room.desk.case):
            fails("no-case", act, who, copy.id)
        fails("no-case", room.desk.note, who, copy.id, "text")
    assert copy.id in shows(room, FOURTH)
    assert copy.id not in [one.id for one in _raw(room)]


def _raw(room: Room) -> list[Case]:
    with room.desk.database.reading() as transaction:
        return queue.page(transaction, Filter(("open", "second", "escalated", "decided")), 100)


def test_nobody_is_shown_the_same_golden_case_twice(room: Room) -> None:
    golden_case(room)
    first = mixed(room, "x:5")
    answer(room, THIRD, first, "no-violation")
    second = mixed(room, "x:6")
    assert second.id != first.id
    assert second.id not in shows(room, THIRD)
    assert second.id in shows(room, FOURTH)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("warn", "decided"), ("suspend", "second"), ("escalate", "escalated"), ("unsure", "open")],
)
def test_what_becomes_of_a_copy_looks_as_with_any_case_and_concerns_nobody_else(
    room: Room, outcome: str, state: str
) -> None:
    golden_case(room)
    copy = mixed(room)
    after = answer(room, THIRD, copy, outcome)
    real = answer(room, THIRD, room.read("x:5"), outcome)
    assert after.state == real.state == state
    every = ("open", "second", "escalated", "decided")
    alone = outcome != "unsure"
    assert copy.id in shows(room, THIRD, every)
    assert (copy.id in shows(room, FOURTH, every)) == (not alone)
    assert copy.id not in shows(room, SENIOR, every)


# ── golden cases: no effect


def test_deciding_a_copy_changes_nothing_in_the_world(room: Room) -> None:
    case = room.suspended("x:1")
    room.desk.mark_golden(SENIOR, case.id, ["suspend"])
    room.case("x:2")
    copy = mixed(room)
    before = _world(room)
    with room.desk.database.writing() as transaction:  # two who agree, as with a real one
        transaction.execute(text("UPDATE cases SET state = 'open' WHERE id = :id"), {"id": copy.id})
    answer(room, THIRD, copy, "hide")
    assert _world(room) == before
    fails("no-case", room.desk.overturn, APPEALS, copy.id, POLICY, REASON)


def _world(room: Room) -> object:
    with room.desk.database.reading() as transaction:
        facets = transaction.execute(text("SELECT * FROM facets ORDER BY 1, 2")).all()
        shared = transaction.execute(text("SELECT * FROM case_keys ORDER BY 1, 2")).all()
        verdicts = transaction.execute(text("SELECT * FROM verdicts")).all()
        real = [asdict(case) for case in cases.all_in_order(transaction) if case.copy_of is None]
        return outbox.pending(transaction), facets, shared, verdicts, real


def test_a_copy_never_reaches_the_account_bank(room: Room) -> None:
    case = room.suspended("x:1")
    room.desk.mark_golden(SENIOR, case.id, ["suspend"])
    copy = mixed(room)
    seconded = answer(room, THIRD, copy, "suspend")
    with room.desk.database.writing() as transaction:
        transaction.execute(text("UPDATE cases SET shown_to = NULL"))
    lease = room.desk.take(FOURTH, copy.id)
    item = room.open(FOURTH, seconded)
    decided = room.desk.decide(FOURTH, Decision(
        copy.id, seconded.version, lease.token, "suspend", POLICY, REASON, item.id))  # fmt: skip
    assert decided.state == "decided"
    with room.desk.database.reading() as transaction:
        assert len(outbox.pending(transaction)) == 1


def test_the_log_holds_it_and_can_be_rebuilt(room: Room) -> None:
    golden_case(room)
    answer(room, THIRD, mixed(room, "x:5"), "no-violation")
    answer(room, FOURTH, mixed(room, "x:6"), "suspend")
    assert verify(room.desk.database, None).broken is None
    with room.desk.database.reading() as transaction:
        opened = [log.event(transaction, copy.id) for copy in copies(room)]
    assert [event.data["route"] for event in opened] == ["golden", "golden"]
    room.desk.erase(ADMIN, "x:1")
    assert [copy.state for copy in copies(room)] == ["erased", "erased"]
    assert verify(room.desk.database, None).broken is None


# ── golden cases: marking and answering


@pytest.mark.parametrize(
    ("state", "accepted", "message"),
    [
        ("open", ["warn"], "golden.not-decided"),
        ("decided", ["no-violation"], "golden.not-decided"),
        ("decided", ["warn", "unsure"], "decide.outcome"),
        ("decided", ["warn", "remove"], "decide.outcome"),
        ("threat", ["warn"], "golden.threat"),
        ("copy", ["warn"], "golden.not-decided"),
    ],
)
def test_what_cannot_be_golden(room: Room, state: str, accepted: list[str], message: str) -> None:
    from marsad.records.errors import InputError

    case = room.case("x:1")
    if state == "threat":
        case = room.desk.raise_threat(FIRST, case.id, "they will do it tonight").case
    if state == "copy":
        golden_case(room, "x:2")
        case = mixed(room)
    elif state != "open":
        case = room.decide(FIRST, case, "warn")
    who = reviewer("sen-9", "senior")
    with pytest.raises(InputError) as error:
        room.desk.mark_golden(who, case.id, accepted)
    assert error.value.message.id == message


def test_only_seniors_mark(room: Room) -> None:
    case = room.decide(FIRST, room.case(), "warn")
    fails("not-allowed", room.desk.mark_golden, SECOND, case.id, ["warn"])


@pytest.mark.parametrize("how", ["unmarked", "overturned", "opened again", "other kind", "waits"])
def test_when_none_is_mixed_in(room: Room, how: str) -> None:
    case = golden_case(room)
    if how == "unmarked":
        room.desk.mark_golden(SENIOR, case.id, [])
    if how == "overturned":
        room.desk.overturn(APPEALS, case.id, POLICY, REASON)
    if how == "opened again":
        open_cases(room.desk.database, [finding("x:1", number="new")], room.clock())
    if how == "waits":
        mixed(room, "x:4")
    before = len(copies(room))
    kind = "post" if how == "other kind" else "account"
    open_cases(room.desk.database, [finding("x:5", kind=kind)], room.clock(), mixing=ALWAYS)
    assert len(copies(room)) == before


def test_the_fraction_is_that_of_the_settings(room: Room) -> None:
    golden_case(room)
    draws: Iterator[float] = iter([0.04999, 0.0, 0.05, 0.99])
    for number in range(3):
        found = [finding(f"x:{number + 5}")]
        open_cases(room.desk.database, found, 5, mixing=Mixing(0.05, lambda: next(draws)))
    assert len(copies(room)) == 1


def test_answers_are_the_first_that_were_given(room: Room) -> None:
    golden_case(room)
    copy = mixed(room, "x:5")
    assert answers(room) == [(None, None)]
    answer(room, THIRD, copy, "unsure")
    assert answers(room) == [(None, None)]
    answer(room, FOURTH, copies(room)[0], "no-violation")
    assert answers(room) == [(FOURTH.id, "no-violation")]
    fifth = reviewer("rev-5")
    answer(room, fifth, mixed(room, "x:6"), "suspend")
    assert answers(room)[1:] == [(fifth.id, "suspend")]


# ── second readings


def test_a_decided_case_is_read_again_by_somebody_who_had_no_part(room: Room) -> None:
    room = read_again(room)
    room.suspended("x:1")
    copy = copies(room)[-1]
    assert copy.route == blind.SECOND
    for who in (FIRST, SECOND):
        assert copy.id not in shows(room, who)
    taken = room.desk.take_next(THIRD)
    assert taken is not None
    assert taken[0].id == copy.id
    answer(room, THIRD, taken[0], "warn")
    assert answers(room, blind.SECOND) == [(THIRD.id, "warn")]
    assert len(copies(room)) == 1  # nothing is read a third time
    assert verify(room.desk.database, None).broken is None


def test_with_what_it_is_compared_is_what_was_decided_then(room: Room) -> None:
    room = read_again(room)
    case = room.decide(FIRST, room.case(), "warn")
    room.desk.overturn(APPEALS, case.id, POLICY, REASON)
    open_cases(room.desk.database, [finding(number="new")], room.clock())
    with room.desk.database.reading() as transaction:
        assert [one.known for one in golden.answers(transaction, blind.SECOND)] == ["warn"]


@pytest.mark.parametrize("outcome", ["unsure", "escalate", "suspend"])
def test_what_is_not_decided_is_not_read_again(room: Room, outcome: str) -> None:
    room = read_again(room)
    room.decide(FIRST, room.case(), outcome)
    assert copies(room) == []


def test_chance_decides_which(room: Room) -> None:
    draws = iter([0.3, 0.04])
    room = read_again(room)
    room = Room(replace(room.desk, settings=Settings(Quality(0, 20)), chance=lambda: next(draws)),
                room.clock)  # fmt: skip
    for subject in ("x:1", "x:2"):
        room.decide(FIRST, room.case(subject), "no-violation")
    assert [copy.subject for copy in copies(room)] == ["x:2"]


# ── blind history


def test_a_copy_tells_nothing_of_what_came_after(room: Room) -> None:
    early = room.decide(FIRST, room.case("x:1-a", kind="post", account="x:1"), "hide")
    golden_case(room)
    late = room.decide(FIRST, room.case("x:1-b", kind="post", account="x:1"), "hide")
    copy = mixed(room)
    said = room.desk.history(THIRD, copy.id)
    assert [one.case_id for one in said.verdicts] == [early.id]
    known = {one.case_id for one in room.desk.history(SENIOR, late.id).verdicts}
    assert known == {early.id, late.id, room.read("x:1").id}


def test_an_auditor_sees_what_is_a_copy(room: Room) -> None:
    golden_case(room)
    copy = mixed(room)
    assert room.desk.case(AUDITOR, copy.id).copy_of == room.read("x:1").id
