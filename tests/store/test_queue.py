"""Pages of the queue: whatever the filter and the order, what a look through all cases finds."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from marsad.store import Database, Transaction, cases, crises, lanes, open_database, queue
from marsad.store.cases import Case, Filter
from marsad.store.leases import take
from marsad.store.queue import ORDERS
from marsad.store.tables import case_findings, decisions, notes
from tests.store.conftest import add

KINDS, PLATFORMS, SIGNALS = ("account", "post"), ("x", "y", 'a|"b'), ("links", "phrases", "copies")
STATES, CLOCKS = ("open", "second", "decided"), (None, "order")
PEOPLE = ("rev-1", "rev-2")
CASES, COPIES, CRISIS = 150, 50, 7


def case(draw: random.Random, number: int, copy_of: int | None) -> Case:
    """A case like many others: few ranks and times, so that many places differ by number alone."""
    return Case(
        number, draw.choice(KINDS), None if copy_of else f"x:{number}", 1, draw.choice(PLATFORMS),
        draw.choice(STATES), draw.randrange(3), draw.choice(CLOCKS), None, draw.randrange(9),
        draw.randrange(9), number, False, proposed_by=draw.choice(PEOPLE), copy_of=copy_of,
        shown_to=draw.choice((None, None, *PEOPLE)) if copy_of else None,
    )  # fmt: skip


def changed(draw: random.Random, one: Case) -> Case:
    return replace(
        one, state=draw.choice(STATES), priority=draw.randrange(3), rank=draw.randrange(9),
        clock=draw.choice(CLOCKS), version=one.version + 1, proposed_by=draw.choice(PEOPLE),
        assigned_to=draw.choice((None, None, *PEOPLE)),
    )  # fmt: skip


def fill(transaction: Transaction) -> None:
    """Cases, copies of them, findings and what reviewers had to do with them."""
    draw = random.Random(1)
    seq = add(transaction).seq
    for number in range(1, CASES + COPIES + 1):
        one = case(draw, number, draw.randrange(1, CASES) if number > CASES else None)
        cases.write(transaction, None, one)
        if draw.random() < 0.5:
            old, one = one, changed(draw, one)
            cases.write(transaction, old, one)
        of_case(transaction, draw, seq, one)
        if draw.random() < 0.3:
            cases.write(transaction, one, changed(draw, one))
    some = draw.sample(range(1, CASES), 60)
    crises.put(transaction, some, CRISIS)
    crises.put(transaction, some[:10], 0)


def of_case(transaction: Transaction, draw: random.Random, seq: int, one: Case) -> None:
    signals = draw.choices(SIGNALS, k=draw.randrange(4))
    for number, signal in enumerate(signals):
        row = {"seq": seq, "finding_id": f"{one.id}-{number}", "case_id": one.id, "score": 0.5}
        transaction.execute(insert(case_findings).values(**row, signal=signal))
    lanes.found(transaction, one, signals)
    if draw.random() < 0.3:
        seq = add(transaction).seq
        row = {"seq": seq, "case_id": one.id}
        said = {"step": "unsure", "outcome": "unsure", "policy": "p", "decided_at": 1}
        by = draw.choice(PEOPLE)
        if draw.random() < 0.5:
            transaction.execute(insert(decisions).values(**row, **said, reviewer=by))
        else:
            transaction.execute(insert(notes).values(**row, writer=by, written_at=1))


@pytest.fixture
def filled(database: Database) -> Database:
    with database.writing() as transaction:
        fill(transaction)
    return database


def some(values: tuple[object, ...]) -> st.SearchStrategy[object]:
    return st.sampled_from((None, None, *values))


FILTERS = st.builds(
    Filter, st.lists(st.sampled_from(STATES), unique=True).map(tuple), some(KINDS),
    some(PLATFORMS), some((0, 1, 2)), some(("order",)), some(SIGNALS), some(PEOPLE), st.none(),
    some((*PEOPLE, "rev-3")), some((0, CRISIS)), st.booleans(),
)  # fmt: skip


def looked_through(transaction: Transaction, wanted: Filter, order: str) -> list[int]:
    found = [Case(*row) for row in transaction.execute(queue.filtered(wanted))]
    way = ORDERS[order]
    return [one.id for one in sorted(found, key=way.place, reverse=way.falls)]


def in_pages(transaction: Transaction, wanted: Filter, order: str, size: int) -> list[int]:
    found: list[Case] = []
    after = None
    while part := queue.page(transaction, wanted, size, after, ORDERS[order]):
        found += part
        after = ORDERS[order].place(part[-1])
    return [one.id for one in found]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILTERS, st.sampled_from(sorted(ORDERS)), st.sampled_from([3, 50, 500]))
def test_any_filter_in_any_order_page_by_page(
    filled: Database, wanted: Filter, order: str, size: int
) -> None:
    with filled.reading() as transaction:
        expected = looked_through(transaction, wanted, order)
        assert in_pages(transaction, wanted, order, size) == expected


@pytest.mark.parametrize("viewer", PEOPLE)
def test_who_asks_for_the_next_gets_what_is_free_and_theirs(filled: Database, viewer: str) -> None:
    wanted = Filter(("open", "second"), second_for=viewer, viewer=viewer)
    taken = []
    with filled.writing(apart=True) as transaction:
        while (one := queue.first_free(transaction, wanted, 5)) is not None:
            take(transaction, one.id, viewer, 5, 10)
            taken.append(one)
        every = [Case(*row) for row in transaction.execute(queue.filtered(wanted))]
        query = text("SELECT case_id FROM decisions WHERE reviewer = :viewer")
        unsure = set(transaction.execute(query, {"viewer": viewer}).scalars())
    assert taken == sorted(taken, key=ORDERS["urgent"].place)
    assert {one.id for one in taken} == {
        one.id for one in every
        if one.assigned_to in (None, viewer) and one.id not in unsure
        and (one.state, one.proposed_by) != ("second", viewer)
    }  # fmt: skip


def test_rows_that_were_moved_are_where_new_ones_would_be(filled: Database) -> None:
    with filled.reading() as transaction:
        assert lanes.wrong(transaction) is None


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("UPDATE cases SET lane = 1", "id = 3"),
        ("UPDATE cases SET platform = 'z'", "id = 3"),
        ("UPDATE cases SET clock = 'hidden'", "id = 3"),
        ("UPDATE cases SET crisis = 99", "id = 3"),
        ("UPDATE lane_signals SET rank = 77", "case_id = (SELECT min(case_id) FROM lane_signals)"),
        ("UPDATE lane_signals SET signal = 'bursts'", "signal = 'links'"),
        ("DELETE FROM lane_signals", "signal = 'links'"),
        ("UPDATE lanes SET platform = 'z'", "platform = 'x'"),
        ("DELETE FROM lanes", "platform = 'x'"),
    ],
)
def test_rows_that_somebody_changed_show(filled: Database, change: str, where: str) -> None:
    with filled.writing() as transaction:
        transaction.execute(text(f"{change} WHERE {where}"))
        assert lanes.wrong(transaction) is not None


def test_platforms_are_those_of_cases(tmp_path: Path) -> None:
    database = open_database(tmp_path / "review.db")
    with database.writing() as transaction:
        add(transaction)
        one = case(random.Random(1), 1, None)
        cases.write(transaction, None, replace(one, state="open", platform="x"))
        cases.write(transaction, replace(one, state="open", platform="x"),
                    replace(one, state="decided", platform="x"))  # fmt: skip
        assert queue.platforms(transaction, ("open",)) == []
        assert queue.platforms(transaction, ("open", "decided")) == ["x"]
    database.close()
