"""A server whose disk is full: every entry is refused as PostgreSQL refuses it then."""

from __future__ import annotations

from sqlalchemy import text

from marsad.store import Database

_REFUSE = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION 'could not extend file "base/1": No space left on device' USING ERRCODE = '53100';
END $$
"""


def fill_server(database: Database, full: bool) -> None:
    """Fills the disk, or gives the room back."""
    with database.engine.begin() as transaction:
        if full:
            transaction.execute(text(_REFUSE))
            each = "BEFORE INSERT ON audit EXECUTE FUNCTION no_room()"
            transaction.execute(text(f"CREATE TRIGGER no_room {each}"))
        else:
            transaction.execute(text("DROP FUNCTION no_room() CASCADE"))
