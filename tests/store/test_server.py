"""A server that is not there, does not let one in, goes away, or is somebody else's."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from marsad.records.errors import ConflictError, InputError, MarsadError, OutsideError
from marsad.store import Database, addresses, has_database, log, open_database
from marsad.store.database import LOG_LOCK
from tests import postgres
from tests.conftest import ROOT
from tests.decide.full_server import fill_server
from tests.store.conftest import add

pytestmark = pytest.mark.postgres
SECRET = "s3cret-word"


@pytest.fixture
def url(postgres_url: str) -> object:
    with postgres.database(postgres_url) as made:
        yield made


@pytest.fixture
def server(url: str) -> object:
    opened = open_database(url)
    yield opened
    opened.close()


def refused(where: str) -> MarsadError:
    with pytest.raises(MarsadError) as error:
        open_database(where)
    assert SECRET not in str(error.value)
    assert SECRET not in repr(error.value.message)
    return error.value


def test_nothing_answers() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    error = refused(f"postgresql+psycopg://marsad:{SECRET}@127.0.0.1:{port}/desk")
    assert (error.message.id, error.exit_code) == ("store.unreachable", 3)
    assert f"127.0.0.1:{port}/desk" in str(error)


@pytest.mark.parametrize("given", [SECRET, f"wrong-{SECRET}"])
def test_only_the_right_password_is_let_in(postgres_url: str, url: str, given: str) -> None:
    postgres.run(
        postgres_url,
        "DROP ROLE IF EXISTS marsad_locked",
        f"CREATE ROLE marsad_locked LOGIN SUPERUSER PASSWORD '{SECRET}'",
    )
    where = url.replace("marsad@", f"marsad_locked:{given}@")
    if given == SECRET:
        open_database(where).close()
    else:
        assert refused(where).message.id == "store.refused"
    postgres.run(postgres_url, "DROP ROLE marsad_locked")


def test_a_database_that_is_not_there(postgres_url: str) -> None:
    where = postgres.url_of(postgres_url, "nowhere")
    assert refused(where).message.id == "store.no-database"
    with pytest.raises(OutsideError):
        has_database(where)


@pytest.mark.parametrize("table", ["orders", "alembic_version"])
def test_somebody_elses_tables(postgres_url: str, table: str) -> None:
    with postgres.empty_database(postgres_url) as where:
        other = addresses.engine_for(where)
        with other.begin() as transaction:
            transaction.execute(text(f"CREATE TABLE {table} (version_num text)"))
            transaction.execute(text(f"INSERT INTO {table} VALUES ('77ab')"))
        other.dispose()
        error = refused(where)
        assert error.message.id == "store.foreign"
        assert table in str(error)


def test_a_database_of_another_encoding(postgres_url: str) -> None:
    name = "test_latin"
    postgres.run(
        postgres_url,
        f"DROP DATABASE IF EXISTS {name}",
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING SQL_ASCII LOCALE_PROVIDER libc "
        "LC_COLLATE 'C' LC_CTYPE 'C'",
    )
    assert refused(postgres.url_of(postgres_url, name)).message.id == "store.encoding"
    postgres.run(postgres_url, f"DROP DATABASE {name}")


def end_connections(server: str, database: Database) -> None:
    name = database.engine.url.database
    postgres.run(
        server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )


def test_a_server_that_goes_away_in_mid_transaction(postgres_url: str, server: Database) -> None:
    with server.writing() as transaction:
        add(transaction)

    def write() -> None:
        with server.writing() as transaction:
            add(transaction)
            end_connections(postgres_url, server)
            add(transaction)

    with pytest.raises(OutsideError) as error:
        write()
    assert error.value.message.id == "store.lost"
    with server.writing() as transaction:  # the next one connects anew
        assert log.head(transaction).seq == 1
        assert add(transaction).seq == 2


def test_a_server_that_went_away_between_two(postgres_url: str, server: Database) -> None:
    with server.writing() as transaction:
        add(transaction)
    end_connections(postgres_url, server)
    with server.reading() as transaction:
        assert log.head(transaction).seq == 1


def test_a_full_disk(server: Database) -> None:
    fill_server(server, True)
    with pytest.raises(OutsideError) as error, server.writing() as transaction:
        add(transaction)
    assert error.value.message.id == "disk.full"
    fill_server(server, False)
    with server.writing() as transaction:
        assert add(transaction).seq == 1


def test_a_statement_that_takes_too_long(server: Database) -> None:
    both = text("SET LOCAL statement_timeout = 20; SELECT pg_sleep(10)")
    with pytest.raises(OutsideError) as error, server.reading() as transaction:
        transaction.execute(both)
    assert error.value.message.id == "store.slow"


def test_a_lock_that_is_not_given_up(server: Database) -> None:
    both = text(f"SET LOCAL lock_timeout = 20; SELECT pg_advisory_xact_lock({LOG_LOCK})")
    with server.writing(), pytest.raises(OutsideError) as error, server.writing(apart=True) as two:
        two.execute(both)
    assert error.value.message.id == "store.busy"


def test_what_looks_changes_nothing(server: Database) -> None:
    with pytest.raises(OutsideError), server.reading() as transaction:
        add(transaction)


def test_a_text_that_it_has_no_place_for(server: Database) -> None:
    with pytest.raises(InputError) as error, server.writing() as transaction:
        add(transaction, name="x:\0")
    assert error.value.message.id == "store.not-text"


def test_what_was_to_be_written_stands_in_no_error(server: Database) -> None:
    twice = text("INSERT INTO persons (name) VALUES (:name), (:name)")
    with pytest.raises(ConflictError) as error, server.writing() as transaction:
        transaction.execute(twice, {"name": SECRET})
    assert SECRET not in str(error.value)
    assert SECRET not in str(error.value.__cause__).partition("DETAIL")[0]


def test_without_the_extra_it_says_which(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from marsad.store import open_database\n"
        "open_database('postgresql://a:word@localhost/b')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert "store.no-driver" in done.stderr
