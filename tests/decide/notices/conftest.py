"""A desk that takes notices: a forum with addresses, people who report, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from marsad.decide import audit
from marsad.decide.notices.desk import FORM, Notices
from marsad.decide.notices.notice import Given
from marsad.decide.notices.receiving import Receipt, Sender
from marsad.decide.places import Places
from marsad.store import notices as stored
from marsad.store.cases import Case
from marsad.store.notices import Notice
from tests.decide.conftest import Room

FORUM = {
    "platform": "forum", "host": "forum.example", "account": ["/@{account}"],
    "post": ["/@{account}/{post}", "/p/{post}"], "media": ["/files/{media}"],
    "community": ["/g/{community}"],
}  # fmt: skip
PLACES = Places.of({"places": [FORUM]})
POST = "https://forum.example/@ann/12"
ACCOUNT = "https://forum.example/@ann"
GIVEN = Given(POST, "terrorist-content", "It calls for an attack on a market.", good_faith=True)
FLAGGER = Sender("flagger", "r-flagger")


@dataclass
class Counter:
    """Where notices come in, with the room behind it."""

    room: Room
    notices: Notices

    def send(self, email: str = "", sender: Sender = FORM, **more: Any) -> Receipt:
        return self.notices.receive(replace(GIVEN, email=email, **more), sender)

    def case(self, subject: str = "forum:12", kind: str = "post") -> Case:
        return self.room.read(subject, kind)

    def stored(self, receipt: Receipt) -> Notice:
        with self.room.desk.database.reading() as transaction:
            found = stored.read(transaction, receipt.notice)
        assert found is not None
        return found

    def state(self, receipt: Receipt) -> tuple[str, str | None]:
        found = self.notices.status(receipt.code)
        assert found is not None
        return found.state, found.outcome

    def whole(self) -> bool:
        """Whether the log is, and all follows from it."""
        return audit.verify(self.room.desk.database, None).broken is None


@pytest.fixture
def counter(room: Room) -> Counter:
    return Counter(room, Notices(room.desk.database, PLACES, room.clock))


@pytest.fixture
def room(desk_file: Any) -> Any:
    """On SQLite alone, but for what `test_together` does on both."""
    from marsad.decide.desk import Desk
    from marsad.store import open_database
    from tests.decide.conftest import POLICY, Clock

    clock = Clock()
    database = open_database(desk_file)
    yield Room(Desk(database, (POLICY,), clock), clock)
    database.close()
