"""What people do with removal orders, each act in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from marsad.decide.operator import Operator
from marsad.decide.orders import alarms, by_hand, carrying, hour, listing, receiving
from marsad.decide.orders.authorities import Authorities
from marsad.decide.orders.clocks import FOR_ASKING
from marsad.decide.orders.duty import Duty
from marsad.decide.orders.hour import Hours
from marsad.decide.orders.reading import Given, time_of
from marsad.decide.orders.receiving import Ground, Received
from marsad.decide.orders.recording import DESK, existing, step
from marsad.decide.orders.states import DONE, PRESSING, RUNNING
from marsad.decide.places import Places
from marsad.decide.recording import record_apart
from marsad.decide.roles import Reviewer, require
from marsad.records.errors import InputError
from marsad.records.times import now as clock_of_now
from marsad.store import orders
from marsad.store.database import Database, Transaction
from marsad.store.orders import Order

FOLLOWED = (*PRESSING, "scrutiny")
"""States in which an order is looked at for as long as it is in them."""


@dataclass(frozen=True)
class Orders:
    """The desk's part for orders. ``authorities`` reads the kept list anew each time, ``clock``
    gives µs UTC, ``hours`` is one for a process. Every method raises `InputError` for what may not
    be done and `ConflictError` for what somebody else was first to do."""

    database: Database
    clock: Callable[[], int] = clock_of_now
    places: Places = field(default_factory=Places)
    operator: Operator = field(default_factory=Operator)
    duty: Duty = field(default_factory=Duty)
    authorities: Callable[[], Authorities] = Authorities
    hours: Hours = field(default_factory=Hours)

    @property
    def _ground(self) -> Ground:
        return Ground(self.places, self.operator, self._listed(), self.hours)

    def _listed(self) -> Authorities:
        """The kept list; none is on one that cannot be read. No hour waits for a typing error."""
        try:
            return self.authorities()
        except InputError:
            return Authorities()

    # ── coming in

    def receive(self, reviewer: Reviewer, given: Given) -> Received:
        """Takes in an order that somebody has typed in."""
        require(reviewer, "handle-orders")
        return self._receive(given, reviewer.id, "form")

    def import_(self, given: Given, signature: tuple[bytes, bytes] | None = None) -> Received:
        """Takes in an order out of a file; ``signature`` are the file's bytes and the signature
        over them."""
        return self._receive(given, DESK, "file", signature)

    def _receive(
        self, given: Given, actor: str, way: str, signature: tuple[bytes, bytes] | None = None
    ) -> Received:
        ground = self._ground
        with self.database.writing() as transaction:
            at = self.clock()
            done = receiving.receive(transaction, given, ground, at=at, actor=actor, way=way,
                                     signature=signature)  # fmt: skip
            if done.order.state in RUNNING:
                now = self.hours.now(transaction, done.order, at)
                after = alarms.give(transaction, done.order, at, now, self.duty)
                if done.again and done.new:
                    alarms.tell_more(transaction, after, done.new, at, now, self.duty)
            return done

    def informed(self, reviewer: Reviewer, authority: str, at: str = "") -> None:
        """Records that an authority's information under Article 3(2) came, now or at a time."""
        require(reviewer, "handle-orders")
        known = self.authorities().find(authority)
        if known is None:
            raise InputError("order.no-authority", given=authority[:100])
        with self.database.writing() as transaction:
            now = self.clock()
            came = min(time_of("at", at) or now, now)
            record_apart(transaction, "authority-informed", at=now, actor=reviewer.id,
                         data={"authority": known.id, "informed_at": came})  # fmt: skip

    # ── acting

    def execute(
        self, reviewer: Reviewer, order_id: int, wanted: str, *,
        numbers: Collection[int] | None = None, left_out: bool = False,
    ) -> Order:  # fmt: skip
        """Decides that an order is carried out, for all its items or for some by number."""

        def act(transaction: Transaction, order: Order, now: int) -> Order:
            return carrying.execute(transaction, order, wanted, numbers, at=now, actor=reviewer.id,
                                    left_out=left_out)  # fmt: skip

        return self._act(reviewer, order_id, act)

    def step(
        self, reviewer: Reviewer, order_id: int, kind: str, ground: str = "", text: str = "",
        at: str = "",
    ) -> Order:  # fmt: skip
        """Records what a person did or heard: one of `by_hand.STEPS`, with its ground, in words
        where that is asked for, now or at a time before."""

        def act(transaction: Transaction, order: Order, now: int) -> Order:
            said = by_hand.Said(kind, ground, text, time_of("at", at))
            return by_hand.take(transaction, order, said, now, reviewer.id, self.duty)

        return self._act(reviewer, order_id, act)

    def clear(
        self, reviewer: Reviewer, order_id: int, text: str, urls: Sequence[str] = (), at: str = "",
    ) -> Order:  # fmt: skip
        """Records that what hindered an order is cleared up: the hour begins anew, in full."""

        def act(transaction: Transaction, order: Order, now: int) -> Order:
            return by_hand.clear(transaction, order, text, urls, self.places, now,
                                 time_of("at", at), reviewer.id)  # fmt: skip

        return self._act(reviewer, order_id, act)

    def keep_confidential(self, reviewer: Reviewer, order_id: int, until: str) -> Order:
        """Sets the end of a non-disclosure."""

        def act(transaction: Transaction, order: Order, now: int) -> Order:
            end = by_hand.end_of_confidence(order, time_of("until", until), now)
            return step(transaction, order, "order-confidential", at=now, actor=reviewer.id,
                        data={"until": end})  # fmt: skip

        return self._act(reviewer, order_id, act)

    def disclose(self, reviewer: Reviewer, order_id: int, text: str) -> Order:
        """Ends a non-disclosure now, for a reason in words: whoever is concerned is told."""

        def act(transaction: Transaction, order: Order, now: int) -> Order:
            by_hand.check_words(text)
            return step(transaction, order, "order-confidential", at=now, actor=reviewer.id,
                        data={"until": now}, private={"text": text.strip()})  # fmt: skip

        return self._act(reviewer, order_id, act)

    def locate(
        self, reviewer: Reviewer, order_id: int, number: int, kind: str, subject: str,
        account: str = "",
    ) -> Order:  # fmt: skip
        """Says by hand what an address is about that the settings do not know."""

        def act(transaction: Transaction, order: Order, now: int) -> Order:
            place = by_hand.place(kind, subject, account, self.places)
            by_hand.locate(transaction, order, number, place, now, reviewer.id)
            return order

        return self._act(reviewer, order_id, act)

    def part(self, reviewer: Reviewer, order_id: int, joined: int) -> Order:
        """Takes back that an address was said to be about somebody, by the entry (``joined``) that
        says so, and what was done to them."""

        def act(transaction: Transaction, order: Order, now: int) -> Order:
            by_hand.part(transaction, order, joined, now, reviewer.id)
            return order

        return self._act(reviewer, order_id, act)

    def _act(
        self, reviewer: Reviewer, order_id: int,
        act: Callable[[Transaction, Order, int], Order],
    ) -> Order:  # fmt: skip
        require(reviewer, "handle-orders")
        with self.database.writing() as transaction:
            at = self.clock()
            order = act(transaction, existing(transaction, order_id), at)
            return carrying.follow(transaction, order, at, self.hours.now(transaction, order, at))

    # ── looking

    def running(self) -> list[listing.Running]:
        """The orders whose hour runs and is not met, the one with the least time first; for
        everybody who is logged in, without a word of what they are about."""
        with self.database.reading() as transaction:
            return listing.running(transaction, self.hours, self.clock())

    def listed(self, reviewer: Reviewer, limit: int = 200) -> listing.Listed:
        """All orders: those whose hour runs by time left, then those that wait for something, then
        the others."""
        require(reviewer, "read-orders")
        with self.database.reading() as transaction:
            known = self._listed()
            return listing.listed(transaction, known, self.hours, self.clock(), limit)

    def file(self, reviewer: Reviewer, order_id: int) -> listing.File:
        """All there is to see of an order."""
        require(reviewer, "read-orders")
        with self.database.reading() as transaction:
            order = existing(transaction, order_id)
            return listing.file(transaction, order, self._listed(), self.hours, self.clock())

    def of_case(self, reviewer: Reviewer, case_id: int) -> list[orders.OrderOfCase]:
        """The orders that a case is about, for who may read them."""
        if not reviewer.may("read-orders"):
            return []
        with self.database.reading() as transaction:
            return [one for one in orders.of_case(transaction, case_id) if one.joined]

    # ── by itself

    def keep_up(self) -> int:
        """Looks at every order of which a clock runs, or that is being taken back: how far it is,
        whether somebody is to be alarmed. Returns how many entries were written. Several processes
        may do so at once, and again changes nothing."""
        since = self.clock() - FOR_ASKING
        with self.database.reading() as transaction:
            some = orders.to_follow(transaction, FOLLOWED, DONE, since)
        wrote, failed = 0, None
        for one in some:
            try:
                wrote += self._keep_up(one)
            except Exception as error:  # whatever it is, the others have their hours, too
                failed = error
        if failed is not None:
            raise failed
        return wrote

    def _keep_up(self, order_id: int) -> bool:
        with self.database.reading() as transaction:
            order = existing(transaction, order_id)
            now = self.hours.now(transaction, order, self.clock())
            seen = orders.watched(transaction, order_id)
            moves = carrying.may_move(transaction, order, now)
            moves = moves or bool(alarms.missing(transaction, order, now))
        if order.state in RUNNING and now >= seen + hour.WRITTEN_EVERY:
            with self.database.writing(apart=True) as transaction:
                orders.watch(transaction, order_id, now)
        if not moves:
            return False
        with self.database.writing() as transaction:
            before, at = existing(transaction, order_id), self.clock()
            now = self.hours.now(transaction, before, at)
            after = carrying.follow(transaction, before, at, now)
            return alarms.give(transaction, after, at, now, self.duty).version != before.version
