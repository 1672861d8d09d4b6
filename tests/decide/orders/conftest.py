"""A desk that takes orders in: its clock, its places, its list of authorities, its people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from marsad.decide.actions.carrying import Carrier
from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.decide.notices.desk import Notices
from marsad.decide.notices.notice import Given
from marsad.decide.operator import Operator
from marsad.decide.orders import reading
from marsad.decide.orders.authorities import Authorities, Listed
from marsad.decide.orders.desk import Orders
from marsad.decide.orders.duty import Duty, Turn
from marsad.decide.orders.hour import Hours
from marsad.decide.orders.receiving import Received
from marsad.decide.places import Places
from marsad.decide.roles import Reviewer
from marsad.platforms.base import Answer, Asked, Platform, Sight, Subject
from marsad.platforms.settings import Configured
from marsad.records.times import to_datetime
from marsad.store import cases, open_database, orders
from marsad.store.cases import Case
from marsad.store.orders import Order
from tests.decide.conftest import POLICY, SENIOR, START, Clock

BKA = Listed("de-example", "Example Authority", "DE", phone="+49 1", email="a@authority.example",
             domains=("authority.example",))  # fmt: skip
FRENCH = Listed("fr-example", "Autre Autorité", "FR", phone="+33 1")
PLACES = Places.of({"places": [{
    "platform": "forum", "host": "forum.example", "account": ["/@{account}"],
    "post": ["/@{account}/{post}"], "media": ["/files/{media}"],
}]})  # fmt: skip
OPERATOR = Operator(name="Forum", email="c@forum.example", country="DE", languages=("en", "de"))
NIGHT = Turn("Night duty", "night@forum.example", "ar")


class Forum(Platform):
    """A platform in memory: what is asked is done at once, and seen when somebody looks."""

    name = "forum"

    def __init__(self) -> None:
        self.gone: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []
        self.works = self.obeys = True
        self.acts = frozenset({"hide", "remove", "warn"})

    @classmethod
    def open(cls, settings: Any, place: Any) -> Forum:
        return cls()

    def can(self, kind: str) -> frozenset[str]:
        return self.acts

    def request(self, asked: Asked, key: str) -> Answer:
        self.asked.append((asked.act, asked.subject.id))
        if not self.works:
            return Answer("later", "down")
        if self.obeys:
            self.gone[asked.subject.id] = asked.act
        return Answer("accepted")

    def undo(self, asked: Asked, key: str) -> Answer:
        self.asked.append((f"undo {asked.act}", asked.subject.id))
        self.gone.pop(asked.subject.id, None)
        return Answer("accepted")

    def look(self, subject: Subject) -> Sight:
        act = self.gone.get(subject.id)
        if act == "remove":
            return Sight("removed")
        return Sight("alive", frozenset({act} if act else ()))


@dataclass
class Hall:
    """Everything that has to do with an order."""

    orders: Orders
    desk: Desk
    clock: Clock
    forum: Forum = field(default_factory=Forum)

    def given(self, **more: Any) -> reading.Given:
        """An order as a file would have it."""
        said: dict[str, Any] = {
            "authority": {"id": "de-example"}, "reference": "R-1", "grounds": ["incites"],
            "issued_at": to_datetime(self.clock()).isoformat(), "lang": "en",
            "urls": ["https://forum.example/@mona/1"], "explanation": "marker words",
        }  # fmt: skip
        return reading.of(json.loads(json.dumps(said | more)))

    def receive(self, who: Reviewer = SENIOR, **more: Any) -> Received:
        return self.orders.receive(who, self.given(**more))

    def notice(self, url: str) -> Case:
        """The case of a post that somebody reports."""
        Notices(self.desk.database, PLACES, self.clock).receive(
            Given(url, "terrorist-content", "It calls for an attack.", name="A reporter",
                  email="r@c.example", good_faith=True)
        )  # fmt: skip
        found = PLACES.find(url)
        assert found is not None
        return self.case(found.subject, found.kind)

    def arrive(self, **more: Any) -> int:
        return self.receive(**more).order.id

    def state(self, order: int) -> str:
        return self.order(order).state

    def order(self, order: int) -> Order:
        return self.orders.file(SENIOR, order).order

    def case(self, subject: str, kind: str = "post") -> Case:
        with self.desk.database.reading() as transaction:
            found = cases.of_subject(transaction, kind, subject)
        assert found is not None
        return found

    def case_of(self, order: int) -> Case:
        """The case of an order's first item."""
        with self.desk.database.reading() as transaction:
            found = cases.read(transaction, orders.items(transaction, order)[0].case_id)
        assert found is not None
        return found

    def later(self, minutes: float) -> None:
        """Time goes by."""
        self.clock.pass_by(round(minutes * 60_000_000))

    def again(self) -> Hall:
        """The same after a restart: nothing is kept but what is stored."""
        orders = replace(self.orders, hours=Hours(lambda: self.clock.gone))
        return replace(self, orders=orders, desk=replace(self.desk))

    def act(self, limit: int = 500) -> list[str]:
        """Asks the platform, and looks, as far as that is due; the subjects it was about."""
        chosen = Configured("forum", self.forum, an_hour=10)
        carrier = Carrier(self.desk.database, lambda _: chosen, self.clock)
        return [one.subject for one in carrier.carry_out(limit).steps]

    def carry(self) -> None:
        """Asks the platform, and looks at once."""
        self.act()
        self.clock.pass_by(11_000_000)
        self.act()

    def done(self, order: int) -> None:
        """Carries an order out to its end."""
        self.orders.execute(SENIOR, order, "remove")
        self.carry()
        self.orders.keep_up()

    def whole(self) -> None:
        """The log is whole, and all rows are what it says."""
        assert verify(self.desk.database, None).broken is None


@pytest.fixture
def hall(place: Path | str) -> Iterator[Hall]:
    clock = Clock(START)
    database = open_database(place)
    authorities = Authorities((BKA, FRENCH))
    made = Orders(database, clock, PLACES, OPERATOR, Duty((NIGHT,)), lambda: authorities)
    hall = Hall(made, Desk(database, (POLICY,), clock), clock).again()
    yield hall
    hall.whole()
    database.close()
