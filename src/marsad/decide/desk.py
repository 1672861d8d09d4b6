"""The desk: taking cases from the queue, looking, noting, deciding."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from marsad.decide import bulk, overturning, priority
from marsad.decide.items import Item, opened
from marsad.decide.outcomes import BANKED
from marsad.decide.recording import existing, record
from marsad.decide.roles import Reviewer, require
from marsad.decide.rules import Decision, Facts, check, check_taking, step
from marsad.records.errors import ConflictError, InputError
from marsad.records.times import MINUTE
from marsad.records.times import now as clock_of_now
from marsad.store import cases, leases, log, outbox, persons, projections
from marsad.store.cases import Case, Filter
from marsad.store.database import Database, Transaction
from marsad.store.leases import Lease

LEASE = 20 * MINUTE
LONGEST_NOTE = 10_000
LARGEST_PAGE = 200


@dataclass(frozen=True)
class Desk:
    """What reviewers do, each act in a transaction of its own that is whole or is not.

    ``policies`` are the references that decisions may rest on. ``clock`` gives µs UTC. Every method
    raises `InputError` for what may not be done and `ConflictError` for what somebody else was
    first to do.
    """

    database: Database
    policies: Collection[str]
    clock: Callable[[], int] = clock_of_now
    lease_length: int = LEASE

    def queue(
        self, reviewer: Reviewer, wanted: Filter, limit: int = 50,
        after: tuple[int, int] | None = None,
    ) -> list[Case]:  # fmt: skip
        """A page of cases, the most urgent first; ``after`` is (rank, id) of the last one seen."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            return cases.queue(transaction, wanted, min(limit, LARGEST_PAGE), after)

    def take_next(
        self, reviewer: Reviewer, wanted: Filter | None = None
    ) -> tuple[Case, Lease] | None:
        """The most urgent case that this reviewer may decide and nobody holds; it is theirs until
        the lease runs out. None where there is none."""
        require(reviewer, "take")
        states = wanted.states if wanted else ("open", "second", "escalated")
        if not reviewer.may("decide-escalated"):
            states = tuple(state for state in states if state != "escalated")
        asked = replace(wanted or Filter(states), states=states, second_for=reviewer.id)
        with self.database.writing() as transaction:
            now = self.clock()
            while (case := cases.first_free(transaction, asked, now)) is not None:
                held = leases.read(transaction, case.id)
                if held is None or not held.holds(now):
                    lease = leases.take(transaction, case.id, reviewer.id, now, self.lease_length)
                    return case, lease
                # PostgreSQL: taken between the search and the lock of the row; search again.
            return None

    def take(self, reviewer: Reviewer, case_id: int, over: bool = False) -> Lease:
        """One case, by its number. Where somebody holds it, only ``over`` takes it, and only who
        may take over; whoever held it can no longer decide with their lease. Taking a case that
        one holds renews the lease. A case that one may not decide cannot be taken."""
        require(reviewer, "take")
        with self.database.writing() as transaction:
            check_taking(existing(transaction, case_id), reviewer)
            now, held = self.clock(), leases.read(transaction, case_id)
            if held is not None and held.holds(now) and held.holder != reviewer.id:
                if not over:
                    raise ConflictError("decide.held", case=case_id)
                require(reviewer, "take-over")
            return leases.take(transaction, case_id, reviewer.id, now, self.lease_length)

    def give_back(self, reviewer: Reviewer, case_id: int) -> None:
        """Ends one's own lease; somebody else's is left alone."""
        with self.database.writing() as transaction:
            held = leases.read(transaction, case_id)
            if held is not None and held.holder == reviewer.id:
                leases.end(transaction, case_id)

    def open_item(self, reviewer: Reviewer, case_id: int, item: Item) -> Case:
        """Records that a reviewer has opened an item: only such an item can carry a decision."""
        require(reviewer, "open-item")
        return self._aside(reviewer, case_id, "item-opened", {"item": item.to_dict()})

    def note(self, reviewer: Reviewer, case_id: int, text: str) -> Case:
        """Adds a note, of at most 10,000 characters."""
        require(reviewer, "note")
        if not text.strip() or len(text) > LONGEST_NOTE:
            raise InputError("decide.note", length=len(text), high=LONGEST_NOTE)
        return self._aside(reviewer, case_id, "noted", {"text": text})

    def assign(self, reviewer: Reviewer, case_id: int, to: str | None) -> Case:
        """Leaves a case to one reviewer, or with None to everybody again."""
        require(reviewer, "assign")
        with self.database.writing() as transaction:
            case = existing(transaction, case_id)
            return record(transaction, case, "assigned", at=self.clock(), actor=reviewer.id,
                          person=case.person, data={"to": to})[0]  # fmt: skip

    def set_clock(self, reviewer: Reviewer, case_id: int, clock: str, since: int) -> Case:
        """Starts a clock, one of `priority.CLOCKS`, that began at ``since`` (µs UTC)."""
        require(reviewer, "set-clock")
        if clock not in priority.CLOCKS:
            raise InputError("decide.clock", given=clock[:200], valid=list(priority.CLOCKS))
        with self.database.writing() as transaction:
            case = existing(transaction, case_id)
            due = since + priority.CLOCKS[clock]
            level = priority.IMMINENT if clock == "threat" else case.priority
            data = {"clock": clock, "due_at": due, "priority": level,
                    "rank": priority.rank(case.opened_at, level, due)}  # fmt: skip
            return record(transaction, case, "clock-set", at=self.clock(), actor=reviewer.id,
                          person=case.person, data=data)[0]  # fmt: skip

    def decide(self, reviewer: Reviewer, decision: Decision) -> Case:
        """Decides a case that the reviewer holds, as they saw it. It comes back ``decided``, or
        waiting for somebody else."""
        with self.database.writing() as transaction:
            case = existing(transaction, decision.case)
            item = None
            if decision.item is not None:
                item = opened(transaction, case.id, reviewer.id, decision.item)
            facts = Facts(case, reviewer, self.policies, self.clock(),
                          leases.read(transaction, case.id), item)  # fmt: skip
            return settle(transaction, decision, facts)

    def decide_alike(
        self, reviewer: Reviewer, alike: bulk.Alike, targets: Sequence[bulk.Target]
    ) -> list[Case]:
        """The same decision for several cases, all or none. One against somebody is only for copies
        of one item that the reviewer opened, and each case records its subject's own copy."""
        with self.database.writing() as transaction:
            now, done = self.clock(), []
            lead = bulk.lead_item(transaction, reviewer, alike)
            for target in targets:
                case = existing(transaction, target.case)
                bulk.take(transaction, reviewer, case, now, self.lease_length)
                lease = leases.read(transaction, case.id)
                decision = bulk.decision(alike, target, lease)
                item = bulk.copy(lead, target) if lead else None
                facts = Facts(case, reviewer, self.policies, now, lease, item)
                done.append(settle(transaction, decision, facts, alike.lead_item))
            return done

    def overturn(self, reviewer: Reviewer, case_id: int, policy: str, reason: str) -> Case:
        """Takes back a final decision against somebody; the account bank loses what it put in."""
        with self.database.writing() as transaction:
            case = existing(transaction, case_id)
            facts = Facts(case, reviewer, self.policies, self.clock(), None)
            overturning.check(facts, policy, reason, projections.deciders(transaction, case_id))
            changed, event = record(
                transaction, case, "overturned", at=facts.now, actor=reviewer.id,
                person=case.person, data={"policy": policy, "outcome": case.outcome},
                private={"reason": reason},
            )  # fmt: skip
            if case.outcome in BANKED:
                outbox.put(transaction, event.seq, case.person, "withdraw", event.at)
            return changed

    def erase(self, reviewer: Reviewer, name: str) -> int:
        """Erases what the log holds about a person (an account's or a subject's id): their salt,
        id and all private content. Returns how many cases that concerned; the chain stays valid."""
        require(reviewer, "erase")
        with self.database.writing() as transaction:
            person = persons.find(transaction, name)
            if person is None:
                raise InputError("decide.no-person")
            found = cases.of_person(transaction, person)
            for case in found:
                record(transaction, case, "erased", at=self.clock(), actor=reviewer.id,
                       person=person, data={"person": person})  # fmt: skip
                leases.end(transaction, case.id)
            projections.blank(transaction, person)
            persons.forget(transaction, person)
        self.database.write_out()
        return len(found)

    def _aside(
        self, reviewer: Reviewer, case_id: int, kind: str, private: dict[str, object]
    ) -> Case:
        with self.database.writing() as transaction:
            case = existing(transaction, case_id)
            return record(transaction, case, kind, at=self.clock(), actor=reviewer.id,
                          person=case.person, private=private)[0]  # fmt: skip


def settle(
    transaction: Transaction, decision: Decision, facts: Facts, copy_of: str | None = None
) -> Case:
    """Records a decision that the rules let through, tells the account bank, ends the lease."""
    check(decision, facts)
    case, kind = facts.case, step(decision, facts)
    private = {"reason": decision.reason, "item": facts.item.to_dict() if facts.item else None,
               "copy_of": copy_of}  # fmt: skip
    data = {"outcome": decision.outcome, "policy": decision.policy,
            "exemption": decision.exemption, "evidence": _end_of_log(transaction)}  # fmt: skip
    changed, event = record(transaction, case, kind, at=facts.now, actor=facts.reviewer.id,
                            person=case.person, data=data, private=private)  # fmt: skip
    if kind == "decided" and case.kind == "account" and decision.outcome in BANKED:
        outbox.put(transaction, event.seq, case.person, "add", event.at)
    leases.end(transaction, case.id)
    return changed


def _end_of_log(transaction: Transaction) -> str:
    """The hash that seals all that was known when it was decided."""
    return log.head(transaction).hash.hex()
