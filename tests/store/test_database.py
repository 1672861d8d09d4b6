"""Opening: made privately, upgraded once, newer ones refused, the log append-only."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from marsad.records.errors import InputError, MarsadError, OutsideError
from marsad.store import Database, decoys, open_database, users
from marsad.store.tables import metadata
from marsad.store.upgrade import FOLDER, HEAD
from tests.store.conftest import add


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    open_database(tmp_path / "review.db").close()
    assert stat.S_IMODE((tmp_path / "review.db").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 15_000),
     ("secure_delete", 1)],
)  # fmt: skip
def test_how_sqlite_is_set_up(in_a_file: Database, pragma: str, value: object) -> None:
    with in_a_file.reading() as transaction:
        assert transaction.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    assert users.users.metadata is decoys.decoys.metadata is metadata  # all are compared
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_migration_is_named() -> None:
    assert max(path.stem.split("_")[0] for path in FOLDER.glob("versions/0*.py")) == HEAD


def test_several_open_a_new_one_at_once(empty_place: Path | str) -> None:
    with ThreadPoolExecutor(8) as pool:
        for opened in pool.map(open_database, [empty_place] * 8):
            with opened.writing() as transaction:
                add(transaction)
            opened.close()


def test_what_a_newer_version_wrote_is_refused(place: Path | str, database: Database) -> None:
    with database.writing() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InputError) as error:
        open_database(place)
    assert error.value.message.id == "store.newer-schema"
    assert {"9999", HEAD} <= set(error.value.message.values.values())


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "review.db"
    path.write_text("this is a text of more than a hundred letters" * 10)
    with pytest.raises(OutsideError) as error:
        open_database(path)
    assert error.value.message.id == "store.failed"
    assert str(path) in str(error.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutsideError):
        open_database(tmp_path / "none" / "review.db")


@pytest.mark.parametrize("statement", ["UPDATE audit SET seq = 9", "DELETE FROM audit"])
def test_entries_are_only_added(database: Database, statement: str) -> None:
    with database.writing() as transaction:
        add(transaction)
    with pytest.raises(MarsadError, match="append-only"), database.writing() as transaction:
        transaction.execute(text(statement))


def test_an_error_undoes_the_whole_transaction(database: Database) -> None:
    def fail_halfway() -> None:
        with database.writing() as transaction:
            add(transaction)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with database.reading() as transaction:
        assert transaction.execute(text("SELECT count(*) FROM audit")).scalar() == 0
        assert transaction.execute(text("SELECT count(*) FROM persons")).scalar() == 0


def test_a_lock_that_is_not_given_up_is_told(tmp_path: Path, in_a_file: Database) -> None:
    database = in_a_file
    holder = sqlite3.connect(tmp_path / "review.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with database.engine.connect() as connection:  # the pool hands this connection out again
        connection.exec_driver_sql("PRAGMA busy_timeout = 1")
    with pytest.raises(OutsideError) as error, database.writing():
        pass
    assert error.value.message.id == "store.busy"
    holder.close()
