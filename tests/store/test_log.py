"""Appending and reading back; persons and what is private."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from marsad.records.errors import MarsadError
from marsad.store import Database, log, persons
from marsad.store.chain import EMPTY, Head, walk
from marsad.store.log import Event
from tests.store.conftest import add

HOSTILE = [
    "<script>alert(1)</script>", "\u202egnirts\u202c", "=HYPERLINK(1)", "a\nb\r\0c", "\ud800",
    "م" * 10_000, "'; DROP TABLE audit; --",
]  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_comes_back_as_it_was(database: Database, said: str) -> None:
    with database.writing() as transaction:
        written = add(transaction, text=said)
    with database.reading() as transaction:
        assert log.event(transaction, written.seq) == written
        assert isinstance(walk(log.entries(transaction)), Head)


def test_numbers_follow_one_another_and_the_head_is_the_last(database: Database) -> None:
    with database.writing() as transaction:
        assert log.head(transaction) == EMPTY
        assert [add(transaction).seq for _ in range(3)] == [1, 2, 3]
    with database.reading() as transaction:
        assert log.head(transaction) == walk(log.entries(transaction))


def test_a_case_that_opens_is_numbered_after_its_entry(database: Database) -> None:
    with database.writing() as transaction:
        add(transaction)
        event = log.append(transaction, at=1, actor="a", kind="opened", case=0)
    assert (event.seq, event.case) == (2, 2)


def test_many_at_once_make_one_chain(database: Database) -> None:
    def write(_: int) -> int:
        with database.writing() as transaction:
            return add(transaction).seq

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(write, range(80)))
    assert numbers == list(range(1, 81))
    with database.reading() as transaction:
        end = walk(log.entries(transaction))
        assert end == log.head(transaction)
        assert isinstance(end, Head)


def test_nothing_private_stands_in_the_chain(tmp_path: Path, database: Database) -> None:
    with database.writing() as transaction:
        add(transaction, name="x:secret-name", text="quoted words")
        body = transaction.execute(text("SELECT body FROM audit")).scalar()
    assert body is not None
    assert b"secret-name" not in body
    assert b"quoted" not in body


def test_the_same_words_about_two_people_have_two_digests(database: Database) -> None:
    with database.writing() as transaction:
        first, second = (add(transaction, name=name) for name in ("x:1", "x:2"))
        bodies = transaction.execute(text("SELECT body FROM audit ORDER BY seq")).scalars().all()
    assert first.person != second.person
    assert bodies[0][-70:] != bodies[1][-70:]


def test_who_is_forgotten_leaves_no_byte_in_the_file(tmp_path: Path, in_a_file: Database) -> None:
    database = in_a_file
    with database.writing() as transaction:
        event = add(transaction, name="x:secret-name", text="quoted words")
        add(transaction, name="x:other", text="kept words")
        assert event.person is not None
        persons.forget(transaction, event.person)
    database.write_out()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"secret-name" not in content
    assert b"quoted" not in content
    assert b"kept words" in content
    no_more_is_known(database, event)


def test_who_is_forgotten_is_somebody_else_when_seen_again(database: Database) -> None:
    with database.writing() as transaction:
        event = add(transaction, name="x:secret-name", text="quoted words")
        assert event.person is not None
        persons.forget(transaction, event.person)
    database.write_out()
    no_more_is_known(database, event)


def no_more_is_known(database: Database, event: Event) -> None:
    assert event.person is not None
    with database.writing() as transaction:
        assert log.event(transaction, event.seq).private is None
        assert persons.find(transaction, "x:secret-name") is None
        assert persons.number_of(transaction, "x:secret-name") != event.person
        with pytest.raises(MarsadError):
            log.append(
                transaction, at=1, actor="a", kind="noted", case=1, person=event.person,
                private_data={"text": "again"},
            )  # fmt: skip
