"""The desk as reviewers use it: leases, second looks, copies, overturning; two at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text

from marsad.banks.accounts import listed
from marsad.banks.store import BankStore
from marsad.decide.account_bank import BANK, deliver
from marsad.decide.audit import verify
from marsad.decide.bulk import Alike, Target
from marsad.decide.desk import LEASE, Desk
from marsad.decide.items import content_of
from marsad.decide.opening import open_cases
from marsad.decide.rules import Decision
from marsad.records.errors import ConflictError, InputError, MarsadError
from marsad.records.times import MINUTE
from marsad.store import open_database
from marsad.store.cases import Case, Filter
from tests.decide.conftest import (
    ADMIN,
    APPEALS,
    FIRST,
    POLICY,
    REASON,
    SECOND,
    SENIOR,
    SENIOR_2,
    START,
    THIRD,
    Room,
    finding,
    own_item,
)  # fmt: skip

COPIES = Alike("hide", POLICY, REASON)


def fails(message: str, act: object, *given: object, **more: object) -> None:
    with pytest.raises(MarsadError) as error:
        act(*given, **more)  # type: ignore[operator]
    assert error.value.message.id == f"decide.{message}"


# ── leases


def test_two_never_get_the_same_case(room: Room) -> None:
    open_cases(room.desk.database, [finding("x:1"), finding("x:2")], 5)
    taken = [room.desk.take_next(who) for who in (FIRST, SECOND, THIRD)]
    assert taken[2] is None
    assert len({pair[0].id for pair in taken if pair}) == 2


def test_a_lease_runs_out_and_its_holder_can_no_longer_decide(room: Room) -> None:
    case = room.case()
    lease = room.desk.take(FIRST, case.id)
    fails("held", room.desk.take, SECOND, case.id)
    room.later(LEASE / MINUTE)
    second = room.desk.take(SECOND, case.id)
    late = Decision(case.id, case.version, lease.token, "no-violation", POLICY, REASON)
    fails("not-held", room.desk.decide, FIRST, late)
    assert room.desk.decide(SECOND, replace(late, token=second.token)).state == "decided"


@pytest.mark.parametrize("jump", [-60 * 24 * 400, -1, LEASE / MINUTE, 60 * 24 * 400])
def test_a_clock_that_jumps_leaves_a_case_to_one_at_most(room: Room, jump: float) -> None:
    case = room.case()
    first = room.desk.take(FIRST, case.id)
    room.later(jump)
    second = room.desk.take(SECOND, case.id)
    decision = Decision(case.id, case.version, first.token, "no-violation", POLICY, REASON)
    fails("not-held", room.desk.decide, FIRST, decision)
    room.clock.now = START
    fails("not-held", room.desk.decide, FIRST, decision)
    room.later(jump)
    room.desk.decide(SECOND, replace(decision, token=second.token))


def test_only_what_one_may_decide_can_be_taken(room: Room) -> None:
    done = room.decide(FIRST, room.case("x:1"), "no-violation")
    proposed = room.decide(FIRST, room.case("x:2"), "suspend")
    escalated = room.decide(FIRST, room.case("x:3"), "escalate")
    assigned = room.desk.assign(SENIOR, room.case("x:4").id, SECOND.id)
    for case, who, message in (
        (done, FIRST, "not-waiting"),
        (proposed, FIRST, "second"),
        (escalated, FIRST, "not-allowed"),
        (assigned, FIRST, "assigned"),
    ):
        fails(message, room.desk.take, who, case.id)
    for case, who in ((proposed, SECOND), (escalated, SENIOR), (assigned, SECOND)):
        assert room.desk.take(who, case.id).holder == who.id


def test_a_senior_takes_over(room: Room) -> None:
    case = room.case()
    lease = room.desk.take(FIRST, case.id)
    fails("not-allowed", room.desk.take, SECOND, case.id, over=True)
    fails("held", room.desk.take, SENIOR, case.id)
    room.desk.take(SENIOR, case.id, over=True)
    decision = Decision(case.id, case.version, lease.token, "no-violation", POLICY, REASON)
    fails("not-held", room.desk.decide, FIRST, decision)


def test_what_is_given_back_is_free_at_once(room: Room) -> None:
    case = room.case()
    room.desk.take(FIRST, case.id)
    room.desk.give_back(SECOND, case.id)
    fails("held", room.desk.take, SECOND, case.id)
    room.desk.give_back(FIRST, case.id)
    assert room.desk.take(SECOND, case.id).token == 2


def test_taking_again_renews(room: Room) -> None:
    case = room.case()
    room.desk.take(FIRST, case.id)
    room.later(LEASE / MINUTE - 1)
    renewed = room.desk.take(FIRST, case.id)
    room.later(5)
    assert renewed.holds(room.clock())


# ── who gets what


def test_nobody_gets_their_own_proposal_to_second(room: Room) -> None:
    case = room.decide(FIRST, room.case(), "suspend")
    assert (case.state, case.proposed_by, case.outcome) == ("second", FIRST.id, "suspend")
    assert room.desk.take_next(FIRST) is None
    assert room.desk.take_next(SECOND) is not None


def test_who_was_unsure_is_not_asked_again(room: Room) -> None:
    assert room.decide(FIRST, room.case(), "unsure").state == "open"
    assert room.desk.take_next(FIRST) is None
    assert room.desk.take_next(SECOND) is not None


def test_escalated_cases_are_for_seniors(room: Room) -> None:
    room.decide(FIRST, room.case(), "escalate")
    assert room.desk.take_next(SECOND) is None
    assert room.desk.take_next(SENIOR) is not None


def test_an_assigned_case_is_one_persons(room: Room) -> None:
    case = room.case()
    fails("not-allowed", room.desk.assign, FIRST, case.id, FIRST.id)
    room.desk.assign(SENIOR, case.id, SECOND.id)
    assert room.desk.take_next(FIRST) is None
    assert room.desk.take_next(SECOND) is not None


def test_a_clock_puts_a_case_first(room: Room) -> None:
    open_cases(room.desk.database, [finding("x:1", "copies"), finding("x:2", "bursts")], START)
    slow = room.read("x:2")
    assert room.desk.queue(FIRST, Filter(("open",)))[0].subject == "x:1"
    fails("clock", room.desk.set_clock, SENIOR, slow.id, "lunch", START)
    room.desk.set_clock(SENIOR, slow.id, "order", START)
    assert room.desk.queue(FIRST, Filter(("open",)))[0].subject == "x:2"
    room.desk.set_clock(SENIOR, room.read("x:1").id, "threat", START)
    assert room.desk.queue(FIRST, Filter(("open",)))[0].subject == "x:1"


# ── deciding


def test_a_suspension_needs_two(room: Room) -> None:
    case = room.suspended()
    assert (case.state, case.outcome, case.policy) == ("decided", "suspend", POLICY)


@pytest.mark.parametrize("answer", ["warn", "no-violation", "escalate"])
def test_two_who_disagree_leave_it_to_a_senior(room: Room, answer: str) -> None:
    case = room.decide(SECOND, room.decide(FIRST, room.case(), "suspend"), answer)
    assert case.state == "escalated"
    fails("not-allowed", room.decide, THIRD, case, "no-violation")
    assert room.decide(SENIOR, case, "suspend").state == "decided"


def test_a_senior_alone_does_not_suspend(room: Room) -> None:
    case = room.decide(FIRST, room.case(), "escalate")
    case = room.decide(SENIOR, case, "suspend")
    assert case.state == "second"
    fails("second", room.decide, SENIOR, case, "suspend")
    assert room.decide(SENIOR_2, case, "suspend").state == "decided"


def test_an_item_counts_only_for_who_opened_it_and_in_its_case(room: Room) -> None:
    case, other = room.case("x:1"), room.case("x:2")
    item = room.open(SECOND, case).id
    fails("item-not-opened", room.decide, FIRST, case, "warn", item=item)
    room.desk.open_item(FIRST, other.id, own_item(case))
    fails("item-not-opened", room.decide, FIRST, case, "warn", item=item)
    fails("item-of-others", room.decide, FIRST, other, "warn", item=item)
    room.open(FIRST, case)
    assert room.decide(FIRST, case, "warn", item=item).outcome == "warn"


def test_a_case_that_changed_meanwhile_is_looked_at_again(room: Room) -> None:
    case = room.case()
    open_cases(room.desk.database, [finding("x:1", "links")], 9)
    fails("changed", room.decide, FIRST, case, "no-violation")
    assert room.decide(FIRST, room.read("x:1"), "no-violation").state == "decided"


def test_notes_and_opened_items_do_not_disturb_who_decides(room: Room) -> None:
    case = room.case()
    room.desk.note(SECOND, case.id, "<script>alert('مرحبا')</script>\u202e")
    room.open(SECOND, case)
    assert room.decide(FIRST, case, "no-violation").state == "decided"
    fails("note", room.desk.note, SECOND, case.id, "  ")
    fails("note", room.desk.note, SECOND, case.id, "a" * 10_001)


def test_a_refused_decision_leaves_nothing(room: Room) -> None:
    case = room.case()
    fails("no-item", room.decide, FIRST, case, "warn", item=None)
    assert room.read("x:1") == case
    assert verify(room.desk.database, None).entries == 1


def test_a_case_that_is_not_there(room: Room) -> None:
    fails("no-case", room.desk.take, FIRST, 99)
    fails("no-case", room.desk.note, FIRST, 99, "note")


# ── copies


def three(room: Room) -> list[Case]:
    return [room.case(f"x:{number}") for number in (1, 2, 3)]


def targets(room: Room, made: list[Case], words: str = "marker word") -> list[Target]:
    return [Target(case.id, case.version, own_item(case, words)) for case in made]


def test_copies_of_one_opened_item_are_decided_together(room: Room) -> None:
    made = three(room)
    item = room.open(FIRST, made[0], "Marker  WORD")
    alike = replace(COPIES, lead_case=made[0].id, lead_item=item.id)
    done = room.desk.decide_alike(FIRST, alike, targets(room, made))
    assert [case.outcome for case in done] == ["hide"] * 3
    with room.desk.database.reading() as transaction:
        kept = transaction.execute(text("SELECT content FROM private ORDER BY seq DESC LIMIT 3"))
        for (content,), case in zip(kept, reversed(made), strict=True):
            assert f"{case.subject}-post".encode() in content
            assert item.id.encode() in content


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lead_item": None}, "no-item"),
        ({"lead_case": None}, "no-item"),
        ({"lead_item": "x:9-post"}, "item-not-opened"),
        ({"outcome": "remove"}, "outcome"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_is_refused_of_copies(room: Room, change: dict[str, object], message: str) -> None:
    made = three(room)
    item = room.open(FIRST, made[0])
    alike = replace(COPIES, lead_case=made[0].id, lead_item=item.id)
    fails(message, room.desk.decide_alike, FIRST, replace(alike, **change), targets(room, made))  # type: ignore[arg-type]
    assert {room.read(f"x:{number}").state for number in (1, 2, 3)} == {"open"}


def test_one_that_is_no_copy_stops_them_all(room: Room) -> None:
    made = three(room)
    item = room.open(FIRST, made[0])
    alike = replace(COPIES, lead_case=made[0].id, lead_item=item.id)
    good = targets(room, made)
    other = replace(own_item(made[2]), content=content_of("other words"))
    for bad in (other, None, replace(own_item(made[2]), content="")):
        wrong = [*good[:2], replace(good[2], item=bad)]
        fails("no-copy", room.desk.decide_alike, FIRST, alike, wrong)
    stranger = [*good[:2], replace(good[2], item=replace(own_item(made[2]), account="x:9"))]
    fails("item-of-others", room.desk.decide_alike, FIRST, alike, stranger)
    room.desk.take(SECOND, made[1].id)
    fails("held", room.desk.decide_alike, FIRST, alike, good)
    assert {room.read(f"x:{number}").state for number in (1, 2, 3)} == {"open"}


def test_no_violation_for_several_needs_no_item(room: Room) -> None:
    made = [Target(case.id, case.version) for case in three(room)]
    done = room.desk.decide_alike(FIRST, replace(COPIES, outcome="no-violation"), made)
    assert {case.state for case in done} == {"decided"}


# ── the account bank


def test_only_a_final_suspension_enters_the_bank_and_overturned_it_leaves(
    room: Room, tmp_path: Path
) -> None:
    banks, database = BankStore(tmp_path / "banks"), room.desk.database
    room.decide(FIRST, room.case("x:9"), "warn")
    proposed = room.decide(FIRST, room.case("x:1"), "suspend")
    assert deliver(database, banks) == 0
    case = room.decide(SECOND, proposed, "suspend")
    assert [deliver(database, banks) for _ in range(2)] == [1, 0]
    assert set(listed([banks.read(BANK)])) == {"x:1"}
    assert banks.read(BANK).entries[0].options["since"].startswith("2023-11-14")
    room.desk.overturn(APPEALS, case.id, POLICY, REASON)
    assert deliver(database, banks) == 1
    assert listed([banks.read(BANK)]) == {}


def test_a_decision_overturned_before_the_bank_was_told(room: Room, tmp_path: Path) -> None:
    banks = BankStore(tmp_path / "banks")
    room.desk.overturn(APPEALS, room.suspended().id, POLICY, REASON)
    assert deliver(room.desk.database, banks) == 2
    assert listed([banks.read(BANK)]) == {}


def test_a_bank_that_was_told_and_could_not_say_so_is_told_again(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    banks = BankStore(tmp_path / "banks")
    room.suspended()
    with monkeypatch.context() as patch:
        patch.setattr("marsad.store.outbox.delivered", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            deliver(room.desk.database, banks)
    assert deliver(room.desk.database, banks) == 1
    assert len(banks.read(BANK).entries) == 1


def test_what_can_be_overturned_and_by_whom(room: Room) -> None:
    plain = room.decide(FIRST, room.case("x:2"), "no-violation")
    fails("nothing-to-overturn", room.desk.overturn, APPEALS, plain.id, POLICY, REASON)
    case = room.suspended()
    both = replace(FIRST, roles=frozenset({"appeals"}))
    fails("own-decision", room.desk.overturn, both, case.id, POLICY, REASON)
    fails("not-allowed", room.desk.overturn, SENIOR, case.id, POLICY, REASON)
    fails("reason", room.desk.overturn, APPEALS, case.id, POLICY, "no")
    fails("policy", room.desk.overturn, APPEALS, case.id, "other@1", REASON)
    assert room.desk.overturn(APPEALS, case.id, POLICY, REASON).state == "overturned"
    fails("nothing-to-overturn", room.desk.overturn, APPEALS, case.id, POLICY, REASON)


# ── two at once


@pytest.mark.parametrize("apart", [False, True], ids=["threads", "own connections"])
def test_of_many_who_decide_at_once_one_wins(room: Room, place: Path | str, apart: bool) -> None:
    """All with the same lease, as two windows of one reviewer would."""
    case = room.case()
    lease = room.desk.take(FIRST, case.id)
    databases = [open_database(place) if apart else room.desk.database
                 for _ in range(8)]  # fmt: skip
    barrier = Barrier(8)

    def decide(number: int) -> str:
        desk = Desk(databases[number], (POLICY,), room.clock)
        outcome = ["no-violation", "exempt"][number % 2]
        exemption = "news" if number % 2 else None
        decision = Decision(case.id, case.version, lease.token, outcome, POLICY, REASON,
                            exemption=exemption)  # fmt: skip
        barrier.wait()
        try:
            return desk.decide(FIRST, decision).outcome or ""
        except (ConflictError, InputError):
            return ""

    with ThreadPoolExecutor(8) as pool:
        said = [outcome for outcome in pool.map(decide, range(8)) if outcome]
    assert said == [room.read("x:1").outcome]
    with room.desk.database.reading() as transaction:
        assert transaction.execute(text("SELECT count(*) FROM decisions")).scalar() == 1
    assert verify(room.desk.database, None).broken is None
    for database in databases:
        database.close()


def test_many_who_take_at_once_get_a_case_each(room: Room) -> None:
    open_cases(room.desk.database, [finding(f"x:{number}") for number in range(12)], 5)
    barrier = Barrier(8)

    def take(number: int) -> list[int]:
        who = replace(FIRST, id=f"rev-{number}")
        barrier.wait()
        return [pair[0].id for _ in range(2) if (pair := room.desk.take_next(who))]

    with ThreadPoolExecutor(8) as pool:
        taken = [case for cases in pool.map(take, range(8)) for case in cases]
    assert len(taken) == len(set(taken)) == 12


def test_erasing_is_for_admins_and_for_somebody_known(room: Room) -> None:
    fails("not-allowed", room.desk.erase, SENIOR, "x:1")
    fails("no-person", room.desk.erase, ADMIN, "x:1")
