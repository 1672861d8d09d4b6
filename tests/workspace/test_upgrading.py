"""`marsad upgrade`: a database that the first schema made, with entries in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import MetaData, delete, insert, inspect, select, text

from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.decide.orders import reading
from marsad.decide.orders.desk import Orders
from marsad.decide.places import Places
from marsad.decide.rebuilding import bring
from marsad.records.errors import InputError
from marsad.store import Database, open_database
from marsad.store.addresses import engine_for
from marsad.store.upgrade import HEAD, migrate
from marsad.workspace import Workspace
from marsad.workspace.upgrading import Upgraded, upgrade
from tests.decide.conftest import FIRST, POLICY, SECOND, SENIOR, Clock, Room

PLACES = Places.of(
    {"places": [{"platform": "forum", "host": "forum.example", "account": ["/@{account}"]}]}
)


def busy(place: Path | str) -> Database:
    """Cases in several states, without what the first schema did not know of."""
    database = open_database(place)
    room = Room(Desk(database, (POLICY,), Clock()), Clock())
    room.decide(FIRST, room.case("x:1"), "no-violation")
    room.decide(FIRST, room.case("x:2"), "suspend")
    room.decide(SECOND, room.case("x:3"), "unsure")
    room.desk.note(FIRST, room.case("x:4", kind="post").id, "a note")
    return database


def as_an_old_version_left_it(new: Database, place: Path | str, schema: str) -> None:
    """A database of an old schema with the rows of one of the newest."""
    old = engine_for(place)
    with old.begin() as transaction, new.reading() as source:
        migrate(transaction, schema)
        there, tables = MetaData(), MetaData()
        there.reflect(transaction)
        tables.reflect(source)
        for table in there.sorted_tables:
            if table.name == "alembic_version":
                continue
            columns = [tables.tables[table.name].c[column.name] for column in table.columns]
            rows = [dict(row) for row in source.execute(select(*columns)).mappings()]
            if transaction.execute(select(table)).first():  # what a migration has put there
                transaction.execute(delete(table))
            if rows:
                transaction.execute(insert(table), rows)
    old.dispose()


@pytest.fixture
def old(tmp_path: Path, empty_place: Path | str, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose database is of the first schema, in each of the two places."""
    workspace = Workspace.create(tmp_path / "ws")
    if isinstance(empty_place, Path):
        empty_place = workspace.folder / "review.db"
    else:
        monkeypatch.setenv("MARSAD_DATABASE", empty_place)
    new = busy(tmp_path / "new.db")
    as_an_old_version_left_it(new, empty_place, "0001")
    new.close()
    return workspace


def place_of(workspace: Workspace) -> Path | str:
    from marsad.workspace.reviewing import database_place

    return database_place(workspace)


def test_it_is_refused_until_it_is_upgraded(old: Workspace) -> None:
    with pytest.raises(InputError) as error:
        open_database(place_of(old))
    assert error.value.message.id == "store.older-schema"
    assert "marsad upgrade" in str(error.value)


def test_what_follows_from_the_log_is_made_anew(old: Workspace, tmp_path: Path) -> None:
    done = upgrade(old)
    assert (done.before, done.schema) == ("0001", HEAD)
    database = open_database(place_of(old))
    assert verify(database, None).broken is None
    room = Room(Desk(database, (POLICY,), Clock()), Clock())
    assert room.decide(SECOND, room.read("x:2"), "suspend").state == "decided"
    assert verify(database, None).broken is None
    database.close()
    assert upgrade(old) == Upgraded(done.format, done.database, HEAD)


LANES = (
    "SELECT cases.id, lanes.* FROM cases JOIN lanes ON lanes.lane = cases.lane ORDER BY cases.id",
    "SELECT * FROM lane_signals ORDER BY case_id, signal",
)


def test_lanes_are_those_that_were_written(old: Workspace, tmp_path: Path) -> None:
    upgrade(old)
    rows = []
    for place in (tmp_path / "new.db", place_of(old)):
        database = open_database(place)
        with database.reading() as transaction:
            rows.append([list(transaction.execute(text(query))) for query in LANES])
        database.close()
    assert rows[0] == rows[1]
    assert all(rows[0])


def test_one_that_fails_half_way_changes_nothing(
    old: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marsad.decide import rebuilding

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(rebuilding, "fill", fail)
        with pytest.raises(ZeroDivisionError):
            upgrade(old)
    engine = engine_for(place_of(old))
    with engine.connect() as connection:
        assert not inspect(connection).has_table("users")
    engine.dispose()
    assert upgrade(old).before == "0001"


def test_orders_keep_their_addresses(tmp_path: Path, empty_place: Path | str) -> None:
    """The schema before one in which an address can be parted from an order."""
    new = open_database(tmp_path / "new.db")
    said = {"reference": "R-1", "urls": ["https://forum.example/@mona", "https://a.example/"]}
    order = Orders(new, Clock(), PLACES).receive(SENIOR, reading.of(said)).order.id
    as_an_old_version_left_it(new, empty_place, "0012")
    new.close()
    database = open_database(empty_place, bring=bring)
    desk = Orders(database, Clock(), PLACES)
    assert [one.item.subject for one in desk.file(SENIOR, order).found] == ["forum:mona"]
    assert verify(database, None).broken is None
    database.close()


def test_a_workspace_without_a_database_is_left_without(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "ws")
    assert upgrade(workspace).schema is None
    assert not (workspace.folder / "review.db").exists()
