"""Orders from receipt to the end: what is done, by whom, and when it counts as done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from marsad.decide import audit
from marsad.decide.orders import carrying
from marsad.decide.orders.authorities import Authorities
from marsad.decide.orders.by_hand import STEPS
from marsad.decide.orders.checks import CHECKS
from marsad.records.errors import InputError
from marsad.records.times import DAY, HOUR, MINUTE, to_datetime
from marsad.store import actions, log, orders, preservations
from marsad.store.orders import Order
from tests.decide.conftest import ADMIN, FIRST, SENIOR, reviewer
from tests.decide.orders.conftest import Hall

TEXT = "words that explain it well enough"
POST = "forum:1"


def fails(message: str, act: Any, *given: Any, **more: Any) -> None:
    with pytest.raises(InputError) as error:
        act(*given, **more)
    assert error.value.message.id == message


def step(hall: Hall, order: int, kind: str, ground: str = "", text: str = TEXT, **more: Any) -> str:
    return hall.orders.step(SENIOR, order, f"order-{kind}", ground, text, **more).state


def test_from_receipt_to_the_look_that_shows_it_done(hall: Hall) -> None:
    order = hall.arrive()
    case = hall.case(POST)
    assert (case.route, case.clock, case.due_at) == ("order", "order", hall.clock() + HOUR)
    assert step(hall, order, "taken", text="") == "checking"
    hall.later(5)
    assert hall.orders.execute(SENIOR, order, "remove").state == "in-force"
    assert hall.forum.asked == []
    hall.carry()
    assert hall.forum.asked == [("remove", POST)]
    hall.orders.keep_up()
    found = hall.order(order)
    assert (found.state, found.late_at) == ("confirmed", None)
    assert found.ended_at is not None
    assert found.ended_at < found.due_at
    assert hall.orders.running() == []
    case = hall.case(POST)
    assert (case.state, case.outcome, case.clock, case.due_at) == ("open", None, None, None)
    assert step(hall, order, "told", "annex-2", "") == "confirmed"
    assert step(hall, order, "closed") == "closed"


def test_a_platform_that_is_down_is_asked_again(hall: Hall) -> None:
    order = hall.arrive()
    hall.orders.execute(SENIOR, order, "remove")
    hall.forum.works = False
    hall.carry()
    hall.orders.keep_up()
    assert hall.state(order) == "in-force"
    hall.forum.works = True
    hall.later(1)
    hall.carry()
    hall.orders.keep_up()
    assert hall.state(order) == "confirmed"


def test_taken_by_the_platform_and_not_seen_it_is_acted_and_its_hour_goes_on(hall: Hall) -> None:
    order = hall.arrive()
    hall.orders.execute(SENIOR, order, "remove")
    hall.forum.obeys = False
    hall.carry()
    hall.orders.keep_up()
    assert hall.state(order) == "acted"
    assert [one.order.id for one in hall.orders.running()] == [order]
    hall.later(61)
    hall.orders.keep_up()
    found = hall.order(order)
    assert (found.state, found.late_at) == ("acted", hall.clock())


def test_an_order_is_carried_out_by_who_may_alone(hall: Hall) -> None:
    order = hall.arrive()
    for who in (FIRST, reviewer("a", "analyst"), reviewer("x", "appeals"), reviewer("y", "admin")):
        fails("decide.not-allowed", hall.orders.execute, who, order, "remove")
        fails("decide.not-allowed", hall.orders.step, who, order, "order-taken")
        fails("decide.not-allowed", hall.orders.file, who, order)
    assert hall.orders.file(reviewer("z", "auditor"), order).order.id == order


def test_disabling_hides_and_what_cannot_be_removed_is_hidden(hall: Hall) -> None:
    urls = ["https://forum.example/@mona", "https://forum.example/@mona/1"]
    order = hall.arrive(urls=urls)
    hall.orders.execute(SENIOR, order, "remove")
    hall.carry()
    assert sorted(hall.forum.asked) == [("hide", "forum:mona"), ("remove", POST)]
    other = hall.arrive(urls=["https://forum.example/@mona/2"], reference="R-2")
    hall.orders.execute(SENIOR, other, "disable")
    hall.carry()
    assert hall.forum.asked[-1] == ("hide", "forum:2")


def test_many_addresses_are_carried_out_at_once_whatever_the_limit_of_an_hour(hall: Hall) -> None:
    order = hall.arrive(urls=[f"https://forum.example/@mona/{n}" for n in range(40)])
    hall.orders.execute(SENIOR, order, "remove")
    hall.carry()
    assert len(hall.forum.asked) == 40  # the platform's limit is 10
    hall.orders.keep_up()
    assert hall.state(order) == "confirmed"


def test_what_was_removed_before_is_asked_for_and_looked_at_again(hall: Hall) -> None:
    """It may be back: no order is confirmed by an old look. What holds is asked for, nothing milder
    that could be taken back in its place."""
    first = hall.arrive()
    hall.done(first)
    hall.later(60 * 24 * 200)
    other = hall.arrive(reference="R-2")
    hall.orders.execute(SENIOR, other, "disable")
    hall.orders.keep_up()
    assert hall.state(other) == "in-force"
    hall.carry()
    hall.orders.keep_up()
    assert hall.state(other) == "confirmed"
    assert hall.forum.asked == [("remove", POST), ("remove", POST)]
    assert audit.verify(hall.desk.database, None).broken is None


# ── what hinders it


@pytest.mark.parametrize("reason", ["force-majeure", "manifest-error", "insufficient-information"])
def test_the_hour_starts_anew_in_full_once_it_is_cleared_up(hall: Hall, reason: str) -> None:
    order = hall.arrive()
    hall.later(50)
    assert step(hall, order, "stopped", reason) == "impossible"
    assert hall.orders.running() == []
    assert hall.case(POST).clock is None
    hall.later(300)
    hall.orders.keep_up()
    assert hall.order(order).late_at is None
    cleared = hall.orders.clear(SENIOR, order, TEXT)
    assert (cleared.state, cleared.due_at) == ("checking", hall.clock() + HOUR)
    assert hall.case(POST).due_at == cleared.due_at
    [running] = hall.orders.running()
    assert running.left == HOUR
    hall.done(order)
    assert hall.state(order) == "confirmed"


def test_it_is_only_stopped_with_a_ground_in_words(hall: Hall) -> None:
    order = hall.arrive()
    fails("order.ground", hall.orders.step, SENIOR, order, "order-stopped", "", TEXT)
    fails("order.ground", hall.orders.step, SENIOR, order, "order-stopped", "doubt", TEXT)
    fails("order.text", hall.orders.step, SENIOR, order, "order-stopped", "force-majeure", " ")
    fails("order.step", hall.orders.step, SENIOR, order, "order-received")
    assert hall.state(order) == "received"


def test_without_an_address_it_waits_for_the_authority_who_sends_one(hall: Hall) -> None:
    got = hall.receive(urls=[])
    order = got.order.id
    assert "no-url" in got.checks
    assert [one.order.id for one in hall.orders.running()] == [order]
    fails("order.no-items", hall.orders.execute, SENIOR, order, "remove")
    step(hall, order, "stopped", "insufficient-information")
    hall.orders.clear(SENIOR, order, TEXT, ["https://forum.example/@mona/1"])
    assert hall.order(order).size == 1
    hall.done(order)
    assert hall.state(order) == "confirmed"


def test_what_is_refused_is_closed_once_the_authority_was_told(hall: Hall) -> None:
    order = hall.arrive(urls=["https://other.example/1"])
    assert step(hall, order, "refused", "not-ours") == "refused"
    fails("order.not-told", hall.orders.step, SENIOR, order, "order-closed")
    step(hall, order, "told", "refusal")
    assert step(hall, order, "closed") == "closed"


def test_refused_by_mistake_its_first_hour_goes_on(hall: Hall) -> None:
    order = hall.arrive()
    due = hall.order(order).due_at
    step(hall, order, "refused", "not-authentic")
    hall.later(40)
    assert step(hall, order, "reopened") == "checking"
    assert hall.order(order).due_at == due
    assert hall.orders.running()[0].left == 20 * MINUTE


# ── addresses


def test_what_belongs_to_nobody_we_know_is_left_out_on_purpose_alone(hall: Hall) -> None:
    urls = ["https://forum.example/@mona/1", "https://other.example/2"]
    got = hall.receive(urls=urls)
    order = got.order.id
    assert "some-not-ours" in got.checks
    fails("order.left-out", hall.orders.execute, SENIOR, order, "remove")
    hall.orders.execute(SENIOR, order, "remove", left_out=True)
    accepted = hall.orders.file(SENIOR, order).lines[-1]
    assert accepted.data["left_out"] == [2]
    hall.carry()
    hall.orders.keep_up()
    assert hall.state(order) == "confirmed"


def test_an_order_accepted_when_left_out_was_a_number_is_followed(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = hall.arrive(urls=["https://forum.example/@mona/1", "https://other.example/2"])
    whole = carrying.step

    def counted(*given: Any, data: dict[str, Any], **more: Any) -> Order:
        return whole(*given, data={**data, "left_out": len(data["left_out"])}, **more)

    with monkeypatch.context() as patch:
        patch.setattr(carrying, "step", counted)
        hall.orders.execute(SENIOR, order, "remove", left_out=True)
    hall.carry()
    hall.orders.keep_up()
    assert hall.state(order) == "confirmed"


def test_a_person_can_say_what_an_address_is_about(hall: Hall) -> None:
    got = hall.receive(urls=["https://forum.example/odd?id=7"])
    order = got.order.id
    assert "not-found" in got.checks
    hall.orders.locate(SENIOR, order, 1, "post", "forum:7", "forum:mona")
    fails("order.no-address", hall.orders.locate, SENIOR, order, 1, "post", "forum:7")
    fails("order.subject", hall.orders.locate, SENIOR, order, 1, "post", "7")
    hall.done(order)
    assert hall.forum.asked == [("remove", "forum:7")]
    assert hall.orders.file(SENIOR, order).urls == {1: "https://forum.example/odd?id=7"}


def test_the_same_order_again_is_joined_without_a_second_hour(hall: Hall) -> None:
    first = hall.receive()
    hall.later(20)
    again = hall.receive()
    assert (again.again, again.order.id) == (True, first.order.id)
    assert hall.order(first.order.id).due_at == first.order.due_at
    assert len(hall.orders.running()) == 1
    kinds = [one.step.step for one in hall.orders.file(SENIOR, first.order.id).lines]
    assert kinds.count("order-joined") == 1


def test_what_is_doubtful_about_a_second_copy_is_said_too(hall: Hall) -> None:
    order = hall.arrive()
    assert "other-language" not in hall.orders.file(SENIOR, order).checks
    again = hall.receive(lang="xx", urls=["https://other.example/2"])
    assert again.again
    found = hall.orders.file(SENIOR, order).checks
    assert {"none-ours", *again.checks} <= set(found)
    assert [one for one in CHECKS if one in found] == list(found)


def test_new_addresses_that_come_again_are_carried_out_within_the_first_hour(hall: Hall) -> None:
    order = hall.arrive()
    due = hall.order(order).due_at
    hall.orders.execute(SENIOR, order, "remove")
    hall.later(20)
    more = ["https://forum.example/@mona/1", "https://forum.example/@mona/2", "https://no.example/"]
    again = hall.receive(urls=more)
    assert (again.again, again.order.size, again.order.due_at) == (True, 3, due)
    hall.carry()
    hall.orders.keep_up()
    assert hall.state(order) == "in-force"
    hall.orders.execute(SENIOR, order, "remove", left_out=True)
    hall.carry()
    hall.orders.keep_up()
    assert hall.state(order) == "confirmed"
    assert list(hall.orders.file(SENIOR, order).urls) == [1, 2, 3]


def test_new_addresses_for_an_order_that_was_done_have_an_hour_of_their_own(hall: Hall) -> None:
    order = hall.arrive()
    hall.done(order)
    again = hall.receive(urls=["https://forum.example/@mona/2"])
    assert not again.again
    assert again.order.id != order
    assert again.order.due_at == hall.clock() + HOUR


def test_an_address_goes_with_the_person_it_is_about(hall: Hall) -> None:
    order = hall.arrive()
    with pytest.raises(InputError) as error:  # what it orders to be removed would stay
        hall.desk.erase(reviewer("adm", "admin"), "forum:mona")
    assert error.value.message.id == "erase.order-runs"
    step(hall, order, "withdrawn", "court")
    hall.desk.erase(reviewer("adm", "admin"), "forum:mona")
    assert hall.orders.file(SENIOR, order).urls == {}
    with hall.desk.database.reading() as transaction:
        for entry in log.with_private(transaction):
            assert b"@mona" not in entry.body + (entry.content or b"")


# ── what comes again


def test_what_comes_again_when_no_hour_runs_is_an_order_with_an_hour(hall: Hall) -> None:
    for kind, ground in (("stopped", "insufficient-information"), ("withdrawn", "court")):
        order = hall.arrive(reference=f"R-1/{kind}")
        step(hall, order, kind, ground)
        again = hall.arrive(reference=f"R-1/{kind}")
        assert again != order
        assert hall.state(again) == "received"
        assert hall.arrive(reference=f"R-1/{kind}") == again  # the last one, not the first


def test_new_addresses_after_the_hour_have_an_hour_of_their_own(hall: Hall) -> None:
    order = hall.arrive()
    hall.clock.now += 2 * HOUR
    again = hall.arrive(urls=["https://forum.example/@mona/77"])
    assert again != order
    assert hall.state(again) == "received"


def test_a_secret_that_comes_with_the_second_copy_counts(hall: Hall) -> None:
    order = hall.arrive()
    until = hall.clock.now + 30 * DAY
    assert hall.arrive(confidential_until=to_datetime(until).isoformat()) == order
    assert hall.order(order).confidential_until == until


# ── taken back


@pytest.mark.parametrize(("kind", "ground"), [("withdrawn", "court"), ("infringing", "asked")])
def test_what_an_order_did_is_undone_when_it_binds_no_longer(
    hall: Hall, kind: str, ground: str
) -> None:
    order = hall.arrive(authority={"id": "fr-example"})
    hall.done(order)
    if kind == "infringing":
        assert step(hall, order, "scrutiny", "uploader", "") == "scrutiny"
    assert step(hall, order, kind, ground) == kind
    hall.orders.keep_up()
    assert hall.state(order) == kind
    hall.carry()
    assert hall.forum.asked[-1] == ("undo remove", POST)
    hall.orders.keep_up()
    assert hall.state(order) == "reinstated"
    assert step(hall, order, "closed") == "closed"


def test_withdrawn_before_it_was_carried_out_nothing_is_sent(hall: Hall) -> None:
    order = hall.arrive()
    hall.orders.execute(SENIOR, order, "remove")
    assert step(hall, order, "withdrawn", "authority") == "withdrawn"
    hall.carry()
    assert hall.forum.asked == []
    assert hall.orders.running() == []
    assert step(hall, order, "closed") == "closed"


def test_what_another_order_or_a_decision_keeps_is_not_undone(hall: Hall) -> None:
    first = hall.arrive()
    hall.done(first)
    second = hall.arrive(reference="R-2")
    hall.done(second)
    step(hall, first, "withdrawn", "court")
    hall.carry()
    assert "undo remove" not in [act for act, _ in hall.forum.asked]
    step(hall, second, "withdrawn", "court")
    hall.carry()
    assert hall.forum.asked[-1] == ("undo remove", POST)


def test_a_decision_at_the_desk_undoes_nothing_that_an_order_keeps(hall: Hall) -> None:
    from marsad.decide.rules import Decision
    from tests.decide.conftest import POLICY, REASON

    order = hall.arrive()
    hall.done(order)
    case = hall.case(POST)
    lease = hall.desk.take(SENIOR, case.id)
    said = Decision(case.id, case.version, lease.token, "no-violation", POLICY, REASON)
    hall.desk.decide(SENIOR, said)
    hall.carry()
    assert [act for act, _ in hall.forum.asked] == ["remove"]
    step(hall, order, "withdrawn", "court")
    hall.carry()
    assert [act for act, _ in hall.forum.asked] == ["remove", "undo remove"]


def test_an_execution_is_no_verdict_on_anybody(hall: Hall) -> None:
    from marsad.store import judgements, verdicts

    hall.done(hall.arrive())
    case = hall.case(POST)
    with hall.desk.database.reading() as transaction:
        assert verdicts.of_person(transaction, case.person, 10) == []
        assert list(judgements.judgements(transaction, ("post",))) == []
        [action] = actions.of_case(transaction, case.id)
    assert action.state == "confirmed"
    assert hall.desk.standing(SENIOR, case.id).strikes == ()


# ── Article 4, Article 5, Article 3(2), Article 11(3)


def test_scrutiny_is_for_orders_across_borders_and_asked_for_in_48_hours(hall: Hall) -> None:
    ours = hall.arrive()
    hall.done(ours)
    fails("order.not-cross-border", hall.orders.step, SENIOR, ours, "order-scrutiny", "provider")
    order = hall.arrive(authority={"id": "fr-example"}, reference="F-1")
    assert hall.order(order).cross_border
    hall.done(order)
    hall.later(48 * 60)
    fails("order.scrutiny-late", hall.orders.step, SENIOR, order, "order-scrutiny", "provider")
    assert step(hall, order, "scrutiny", "uploader", "") == "scrutiny"
    found = hall.orders.file(SENIOR, order)
    assert found.decide_until == hall.clock() + 72 * HOUR
    assert step(hall, order, "upheld", "lapsed", "") == "confirmed"


def test_the_second_final_order_within_a_year_is_an_alarm(hall: Hall) -> None:
    closed = []
    for number in range(3):
        order = hall.arrive(reference=f"R-{number}")
        hall.done(order)
        if number == 1:
            step(hall, order, "withdrawn", "court")
        step(hall, order, "closed")
        closed.append(order)
    exposed = [
        order for order in closed
        if "order-exposed" in [one.step.step for one in hall.orders.file(SENIOR, order).lines]
    ]  # fmt: skip
    assert exposed == closed[2:]


def test_two_final_orders_more_than_a_year_apart_are_none(hall: Hall) -> None:
    first = hall.arrive()
    hall.done(first)
    step(hall, first, "closed")
    hall.clock.now += 366 * DAY
    second = hall.arrive(reference="R-2")
    hall.done(second)
    step(hall, second, "closed")
    kinds = [one.step.step for one in hall.orders.file(SENIOR, second).lines]
    assert "order-exposed" not in kinds


def test_the_first_order_asks_for_the_information_of_twelve_hours_before(hall: Hall) -> None:
    assert "not-informed" in hall.receive().checks
    assert not {"not-informed", "informed"} & set(hall.receive(reference="R-2").checks)
    hall.orders.informed(SENIOR, "fr-example")
    hall.later(12 * 60)
    other = hall.receive(authority={"id": "fr-example"}, reference="F-1")
    assert "informed" in other.checks
    unknown = hall.receive(authority={"name": "X", "state": "IT"}, emergency=True, reference="I-1")
    assert "emergency-not-informed" in unknown.checks
    fails("order.no-authority", hall.orders.informed, SENIOR, "nobody")


def test_a_non_disclosure_ends_within_twice_six_weeks(hall: Hall) -> None:
    order = hall.arrive()
    hall.orders.keep_confidential(SENIOR, order, "2023-12-20T00:00")
    found = hall.order(order)
    assert found.confidential_until is not None
    with hall.desk.database.reading() as transaction:
        [told] = orders.of_case(transaction, hall.case(POST).id)
    assert told.confidential_until == found.confidential_until
    fails("order.confidential", hall.orders.keep_confidential, SENIOR, order, "2024-12-20T00:00")
    fails("order.no-end", hall.orders.keep_confidential, SENIOR, order, "")
    assert hall.order(order).confidential_until == found.confidential_until


def test_who_ends_a_non_disclosure_says_why(hall: Hall) -> None:
    order = hall.arrive()
    hall.orders.keep_confidential(SENIOR, order, "2023-12-20T00:00")
    fails("order.text", hall.orders.disclose, SENIOR, order, "because")
    assert hall.order(order).confidential_until is not None
    hall.orders.disclose(SENIOR, order, "The authority wrote on Monday that it is over.")
    assert hall.order(order).confidential_until == hall.clock()
    assert hall.orders.file(SENIOR, order).lines[-1].text is not None


def test_every_step_that_a_person_can_take_is_one_that_can_follow_somewhere() -> None:
    from marsad.decide.orders.states import TRANSITIONS

    assert set(STEPS) <= {kind for _, kind in TRANSITIONS}


# ── Article 6


def test_what_an_order_removes_is_kept_apart_before_it_goes(hall: Hall) -> None:
    order = hall.arrive(urls=["https://forum.example/@mona/1", "https://forum.example/@mona/2"])
    hall.orders.execute(SENIOR, order, "remove")
    with hall.desk.database.reading() as transaction:
        kept = preservations.every(transaction)
    assert {one.order for one in kept} == {order}
    assert len(kept) == 2


def test_what_was_removed_before_is_kept_for_the_order_too(hall: Hall) -> None:
    hall.done(hall.arrive())
    with hall.desk.database.reading() as transaction:
        [before] = preservations.every(transaction)
    hall.clock.now += 100 * DAY
    hall.done(hall.arrive(reference="R-2"))
    with hall.desk.database.reading() as transaction:
        first, second = preservations.every(transaction)
    assert first.until == second.until > before.until


# ── what fails


def test_what_a_platform_cannot_do_is_asked_for_otherwise(hall: Hall) -> None:
    """It cannot remove; the person on call has access disabled instead."""
    order = hall.arrive()
    hall.forum.acts = frozenset({"hide"})
    hall.orders.execute(SENIOR, order, "remove")
    hall.carry()
    hall.orders.keep_up()
    assert hall.orders.file(SENIOR, order).counts == {"failed": 1}
    assert [one.order.id for one in hall.orders.running()] == [order]
    hall.orders.execute(SENIOR, order, "disable")
    hall.carry()
    hall.orders.keep_up()
    assert (hall.state(order), hall.forum.asked) == ("confirmed", [("hide", POST)])


def test_what_was_done_and_undone_can_be_ordered_again(hall: Hall) -> None:
    first = hall.arrive()
    hall.done(first)
    step(hall, first, "withdrawn", "court")
    hall.carry()
    assert hall.forum.gone == {}
    second = hall.arrive(reference="R-2")
    hall.done(second)
    assert (hall.state(second), hall.forum.gone) == ("confirmed", {POST: "remove"})


def test_ordered_again_before_it_was_undone_it_stays(hall: Hall) -> None:
    first = hall.arrive()
    hall.done(first)
    step(hall, first, "withdrawn", "court")
    second = hall.arrive(reference="R-2")
    hall.orders.execute(SENIOR, second, "remove")
    hall.carry()
    hall.carry()
    hall.orders.keep_up()
    assert (hall.state(second), hall.forum.gone) == ("confirmed", {POST: "remove"})


# ── what a person on call can run into


def test_an_order_to_which_a_strange_address_came_stays_in_sight_until_that_is_left_out(
    hall: Hall,
) -> None:
    order = hall.arrive()
    hall.orders.execute(SENIOR, order, "remove")
    hall.carry()
    hall.receive(urls=["https://forum.example/@mona/1", "https://elsewhere.example/1"])
    hall.orders.keep_up()
    assert [one.order.id for one in hall.orders.running()] == [order]
    assert list(hall.orders.file(SENIOR, order).unsettled) == [2]
    hall.orders.execute(SENIOR, order, "remove", left_out=True)
    assert hall.state(order) == "confirmed"
    assert hall.orders.running() == []


@pytest.mark.parametrize("state", ["confirmed", "refused", "closed"])
def test_nothing_is_joined_where_nothing_can_come_of_it(hall: Hall, state: str) -> None:
    urls = ["https://forum.example/@mona/1", "https://forum.example/odd?id=7"]
    order = hall.arrive(urls=urls)
    if state == "refused":
        step(hall, order, "refused", "not-authentic")
    else:
        hall.orders.execute(SENIOR, order, "remove", left_out=True)
        hall.carry()
        hall.orders.keep_up()
    if state == "closed":
        step(hall, order, "closed", text="")
    fails("order.not-running", hall.orders.locate, SENIOR, order, 2, "post", "forum:7")


ODD = ["https://forum.example/@mona/1", "https://forum.example/odd?id=7"]


def part(hall: Hall, order: int, number: int = 2) -> int:
    """Takes back what an address was said to be about; returns the entry that said so."""
    found = hall.orders.file(SENIOR, order).found
    joined = next(one.item.seq for one in found if one.item.number == number)
    hall.orders.part(SENIOR, order, joined)
    return joined


def test_what_was_joined_by_mistake_is_parted_before_anything_is_done(hall: Hall) -> None:
    order = hall.arrive(urls=ODD)
    hall.orders.locate(SENIOR, order, 2, "post", "forum:8", "forum:karim")
    file = hall.orders.file(SENIOR, order)
    assert (file.by_hand, list(file.lost)) == ({2}, [])
    joined = part(hall, order)
    assert hall.orders.of_case(SENIOR, hall.case("forum:8").id) == []
    assert (hall.case("forum:8").clock, hall.case("forum:8").due_at) == (None, None)
    assert list(hall.orders.file(SENIOR, order).lost) == [2]
    fails("order.not-by-hand", hall.orders.part, SENIOR, order, joined)
    first = hall.orders.file(SENIOR, order).found[0].item
    fails("order.not-by-hand", hall.orders.part, SENIOR, order, first.seq)
    hall.orders.locate(SENIOR, order, 2, "post", "forum:7", "forum:mona")
    fails("order.not-by-hand", hall.orders.part, SENIOR, order, joined)  # of a page loaded before
    hall.done(order)
    assert sorted(hall.forum.asked) == [("remove", "forum:1"), ("remove", "forum:7")]
    assert hall.state(order) == "confirmed"


@pytest.mark.parametrize("seen_done", [False, True])
def test_what_was_done_to_the_wrong_one_is_given_back(hall: Hall, seen_done: bool) -> None:
    order = hall.arrive(urls=ODD)
    hall.orders.locate(SENIOR, order, 2, "post", "forum:8", "forum:karim")
    hall.orders.execute(SENIOR, order, "remove")
    hall.act()
    if seen_done:
        hall.carry()
        hall.orders.keep_up()
        assert hall.state(order) == "confirmed"
    part(hall, order)
    hall.carry()
    assert hall.forum.gone == {"forum:1": "remove"}
    found = hall.orders.file(SENIOR, order)
    assert [one.item.number for one in found.found] == [1]
    if seen_done:  # the order comes again for the address that it was not carried out for
        fails("order.not-running", hall.orders.locate, SENIOR, order, 2, "post", "forum:7")
        again = hall.receive(urls=ODD)
        assert (again.again, again.order.state) == (False, "received")
        return
    hall.orders.keep_up()
    assert hall.state(order) == "in-force"  # an address waits for its subject
    hall.orders.locate(SENIOR, order, 2, "post", "forum:7", "forum:mona")
    hall.done(order)
    assert hall.state(order) == "confirmed"
    assert hall.forum.gone == {"forum:1": "remove", "forum:7": "remove"}


def test_what_another_address_of_the_order_asks_for_stays(hall: Hall) -> None:
    order = hall.arrive(urls=ODD)
    hall.orders.locate(SENIOR, order, 2, "post", "forum:1", "forum:mona")
    hall.orders.execute(SENIOR, order, "remove")
    hall.carry()
    part(hall, order)
    hall.carry()
    assert hall.forum.gone == {"forum:1": "remove"}
    assert hall.case("forum:1").clock == "order"


@pytest.mark.parametrize("carried_out", [False, True])
def test_what_waited_in_a_case_waits_as_before(hall: Hall, carried_out: bool) -> None:
    before = hall.notice("https://forum.example/@karim/8")
    hall.desk.set_clock(SENIOR, before.id, "complaint", hall.clock())
    before = hall.case("forum:8")
    order = hall.arrive(urls=ODD)
    hall.orders.locate(SENIOR, order, 2, "post", "forum:8", "forum:karim")
    assert hall.case("forum:8").clock == "order"
    if carried_out:
        hall.done(order)
        assert hall.case("forum:8").clock is None
    part(hall, order)
    after = hall.case("forum:8")
    names = ("clock", "due_at", "priority", "rank")
    assert [getattr(after, one) for one in names] == [getattr(before, one) for one in names]


def test_nobody_is_erased_while_something_is_given_back(hall: Hall) -> None:
    order = hall.arrive(urls=ODD)
    hall.orders.locate(SENIOR, order, 2, "post", "forum:8", "forum:karim")
    hall.done(order)
    part(hall, order)
    assert [one.number for one in hall.orders.file(SENIOR, order).parted] == [2]
    fails("erase.given-back", hall.desk.erase, ADMIN, "forum:karim")
    hall.carry()
    hall.desk.erase(ADMIN, "forum:karim")
    assert hall.forum.gone == {"forum:1": "remove"}


def test_what_is_about_somebody_erased_is_not_parted(hall: Hall) -> None:
    order = hall.arrive(urls=ODD)
    hall.orders.locate(SENIOR, order, 2, "post", "forum:8", "forum:karim")
    hall.done(order)
    hall.desk.erase(ADMIN, "forum:karim")
    assert hall.orders.file(SENIOR, order).by_hand == frozenset()
    joined = hall.orders.file(SENIOR, order).found[1].item.seq
    fails("order.not-by-hand", hall.orders.part, SENIOR, order, joined)


def test_nobody_is_joined_who_is_on_no_platform_of_ours(hall: Hall) -> None:
    order = hall.arrive(urls=ODD)
    fails("order.platform", hall.orders.locate, SENIOR, order, 2, "post", "froum:7")
    fails("order.platform", hall.orders.locate, SENIOR, order, 2, "post", "forum:7", "x:mona")


def test_what_is_joined_while_no_hour_runs_has_no_clock(hall: Hall) -> None:
    order = hall.arrive(urls=["https://forum.example/@mona/1", "https://forum.example/odd?id=7"])
    step(hall, order, "stopped", "manifest-error")
    hall.orders.locate(SENIOR, order, 2, "post", "forum:7", "forum:mona")
    case = hall.case("forum:7")
    assert (case.clock, case.due_at) == (None, None)
    hall.orders.clear(SENIOR, order, TEXT)
    assert hall.case("forum:7").clock == "order"


@pytest.mark.parametrize("detour", [False, True])
def test_a_second_final_order_alarms_also_where_it_was_refused_by_mistake(
    hall: Hall, detour: bool
) -> None:
    for number in (1, 2):
        order = hall.arrive(reference=f"R-{number}", urls=[f"https://forum.example/@mona/{number}"])
        if number == 2 and detour:
            step(hall, order, "refused", "not-authentic")
            step(hall, order, "reopened")
        hall.done(order)
        step(hall, order, "closed", text="")
    kinds = [one.step.step for one in hall.orders.file(SENIOR, order).lines]
    assert "order-exposed" in kinds


def test_what_was_refused_and_closed_is_an_order_of_its_own_when_it_comes_again(hall: Hall) -> None:
    order = hall.arrive()
    step(hall, order, "refused", "not-authentic")
    step(hall, order, "told", "refusal", text="")
    step(hall, order, "closed", text="")
    again = hall.receive()
    assert not again.again
    assert [one.order.id for one in hall.orders.running()] == [again.order.id]


def test_what_was_taken_back_and_closed_is_an_order_of_its_own_when_it_comes_again(
    hall: Hall,
) -> None:
    order = hall.arrive()
    hall.done(order)
    assert "annex-2" in hall.orders.file(SENIOR, order).documents
    step(hall, order, "withdrawn", "court")
    hall.carry()
    hall.orders.keep_up()
    assert hall.orders.file(SENIOR, order).documents == []  # it would say that nothing was done
    step(hall, order, "closed", text="")
    again = hall.receive()
    assert not again.again
    assert [one.order.id for one in hall.orders.running()] == [again.order.id]


def test_an_order_is_taken_in_and_seen_while_the_list_cannot_be_read(hall: Hall) -> None:
    def broken() -> Authorities:
        raise InputError("order.authorities", file="authorities.json", error="x")

    hall.orders = replace(hall.orders, authorities=broken)
    got = hall.receive(authority={"name": "Some Authority", "state": "DE"})
    assert "unlisted" in got.checks
    assert hall.orders.listed(SENIOR).names[got.order.id] == "Some Authority"
    hall.done(got.order.id)
    assert hall.state(got.order.id) == "confirmed"


def test_what_could_not_be_carried_out_is_closed_once_the_authority_knows(hall: Hall) -> None:
    order = hall.arrive()
    step(hall, order, "stopped", "manifest-error")
    fails("order.not-told", hall.orders.step, SENIOR, order, "order-closed", "", "")
    step(hall, order, "told", "annex-3", text="")
    assert step(hall, order, "closed", text="") == "closed"
    assert hall.receive().again is False


# ── times


def test_a_non_disclosure_ends_sooner_only_for_a_reason(hall: Hall) -> None:
    def said(at: int) -> str:
        return to_datetime(at).isoformat()

    until = hall.clock() + 10 * DAY
    order = hall.arrive(confidential_until=said(until))
    for sooner in (hall.clock() - MINUTE, until - MINUTE):
        fails("order.confidential-sooner", hall.orders.keep_confidential, SENIOR, order,
              said(sooner))  # fmt: skip
    assert hall.order(order).confidential_until == until
    hall.orders.disclose(SENIOR, order, TEXT)
    ended = hall.order(order).confidential_until
    hall.receive(confidential_until=said(until))  # the same words again
    assert hall.order(order).confidential_until == ended
    hall.receive(confidential_until=said(until + DAY))
    assert hall.order(order).confidential_until == until + DAY


def test_an_end_of_a_non_disclosure_that_is_too_far_can_be_set_right(hall: Hall) -> None:
    order = hall.arrive(confidential_until="2126-12-01T00:00:00Z")
    meant = hall.clock() + 20 * DAY
    hall.orders.keep_confidential(SENIOR, order, to_datetime(meant).isoformat())
    assert hall.order(order).confidential_until == meant
    hall.receive(confidential_until="2126-12-01T00:00:00Z")
    assert hall.order(order).confidential_until == meant
    later = hall.clock() + 40 * DAY
    hall.receive(confidential_until=to_datetime(later).isoformat())
    assert hall.order(order).confidential_until == later


def test_the_minute_of_receipt_is_not_before_it(hall: Hall) -> None:
    hall.clock.now += 32 * 1_000_000
    order = hall.arrive()
    minute = to_datetime(hall.clock()).strftime("%Y-%m-%dT%H:%M")
    hall.orders.step(SENIOR, order, "order-noted", "", TEXT, minute)


def test_a_non_disclosure_that_was_over_when_it_came_is_asked_about(hall: Hall) -> None:
    over = to_datetime(hall.clock() - DAY).isoformat()
    assert "confidential-over" in hall.receive(confidential_until=over).checks


def test_a_time_of_receipt_whose_hour_is_over_is_asked_about(hall: Hall) -> None:
    late = to_datetime(hall.clock() - 2 * HOUR).isoformat()
    assert "received-late" in hall.receive(received_at=late).checks
    before = to_datetime(hall.clock() - HOUR // 2).isoformat()
    assert "received-late" not in hall.receive(reference="R-9", received_at=before).checks


def test_no_step_was_before_the_order(hall: Hall) -> None:
    order = hall.arrive()
    before = to_datetime(hall.clock() - MINUTE).isoformat()
    fails("order.earlier", hall.orders.step, SENIOR, order, "order-stopped", "manifest-error",
          TEXT, before)  # fmt: skip
    step(hall, order, "stopped", "manifest-error")
    fails("order.earlier", hall.orders.clear, SENIOR, order, TEXT, (), before)


@pytest.mark.parametrize("name", ["issued_at", "received_at", "confidential_until"])
@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_no_page_could_show_is_none(hall: Hall, name: str, time: str) -> None:
    fails("order.field", hall.receive, **{name: time})


@pytest.mark.parametrize("number", [float("nan"), float("inf"), [{"a": float("-inf")}]])
def test_what_is_no_number_is_refused_as_any_field(hall: Hall, number: Any) -> None:
    fails("order.field", hall.receive, more=number)
