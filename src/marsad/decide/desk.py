"""The desk: taking cases from the queue, looking, noting, deciding."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from marsad.decide import blind, bulk, dossier, exposure, members, overturning, priority
from marsad.decide.actions import hand, listing, proposing
from marsad.decide.desk_quality import DeskQuality
from marsad.decide.dossier import Dossier
from marsad.decide.items import Item, opened
from marsad.decide.members import Member
from marsad.decide.orders import binding
from marsad.decide.outcomes import BANKED
from marsad.decide.preservation import holds
from marsad.decide.recording import record, record_apart
from marsad.decide.roles import Reviewer, require
from marsad.decide.rules import Decision, Facts, check, check_taking, step
from marsad.decide.settings import UNSET, Settings
from marsad.decide.states import WAITING
from marsad.records.errors import ConflictError, InputError
from marsad.records.times import MINUTE
from marsad.records.times import now as clock_of_now
from marsad.store import (
    action_records,
    appeals,
    cases,
    exposures,
    leases,
    log,
    notices,
    outbox,
    persons,
    projections,
    queue,
    summaries,
)
from marsad.store.actions import Action
from marsad.store.cases import Case, Filter
from marsad.store.database import Database, Transaction
from marsad.store.leases import Lease
from marsad.store.queue import Place
from marsad.store.summaries import Summary

LEASE = 20 * MINUTE
LONGEST_NOTE = 10_000
LARGEST_PAGE = 200


@dataclass(frozen=True)
class Desk(DeskQuality):
    """What reviewers do, each act in a transaction of its own that is whole or is not.

    ``policies`` are the references that decisions may rest on. ``clock`` gives µs UTC. Every method
    raises `InputError` for what may not be done and `ConflictError` for what somebody else was
    first to do. ``chance`` draws a number in [0, 1): which decided cases are read again.
    """

    database: Database
    policies: Collection[str]
    clock: Callable[[], int] = clock_of_now
    lease_length: int = LEASE
    settings: Settings = UNSET
    chance: Callable[[], float] = random.random

    def queue(
        self, reviewer: Reviewer, wanted: Filter, limit: int = 50,
        after: Place | None = None, order: str = queue.URGENT,
    ) -> list[Case]:  # fmt: skip
        """A page of cases in one of `queue.ORDERS`; ``after`` is the place of the last one seen
        (`marsad.store.queue.Order.place`)."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            wanted = replace(wanted, viewer=reviewer.id, unaware=blind.unaware(reviewer))
            limit = min(limit, LARGEST_PAGE)
            return queue.page(transaction, wanted, limit, after, queue.ORDERS[order])

    def summaries(self, reviewer: Reviewer, listed: Sequence[Case]) -> list[Summary]:
        """What a queue says of each of its cases."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            return summaries.of(transaction, listed, self.clock())

    def dossier(self, reviewer: Reviewer, case_id: int) -> Dossier:
        """All there is to see of a case."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id, lock=False)
            return dossier.of(transaction, case)

    def take_next(
        self, reviewer: Reviewer, wanted: Filter | None = None
    ) -> tuple[Case, Lease] | None:
        """The most urgent case that this reviewer may decide and nobody holds; it is theirs until
        the lease runs out. None where there is none."""
        require(reviewer, "take")
        states = wanted.states if wanted else WAITING
        if not reviewer.may("decide-escalated"):
            states = tuple(state for state in states if state != "escalated")
        asked = replace(
            wanted or Filter(states), states=states, second_for=reviewer.id, viewer=reviewer.id
        )
        with self.database.writing(apart=True) as transaction:
            while (case := queue.first_free(transaction, asked, self.clock())) is not None:
                # PostgreSQL: it may have been taken between the search and the lock of the row.
                # By the time of the search that lease would begin in the future, and not count.
                now, held = self.clock(), leases.read(transaction, case.id)
                if held is None or not held.holds(now):
                    lease = leases.take(transaction, case.id, reviewer.id, now, self.lease_length)
                    return case, lease
            return None

    def take(self, reviewer: Reviewer, case_id: int, over: bool = False) -> Lease:
        """One case, by its number. Where somebody holds it, only ``over`` takes it, and only who
        may take over; whoever held it can no longer decide with their lease. Taking a case that
        one holds renews the lease. A case that one may not decide cannot be taken."""
        require(reviewer, "take")
        with self.database.writing(apart=True) as transaction:
            check_taking(blind.seen_by(transaction, reviewer, case_id), reviewer)
            check_fresh(transaction, case_id, reviewer)
            now, held = self.clock(), leases.read(transaction, case_id)
            if held is not None and held.holds(now) and held.holder != reviewer.id:
                if not over:
                    raise ConflictError("decide.held", case=case_id)
                require(reviewer, "take-over")
            return leases.take(transaction, case_id, reviewer.id, now, self.lease_length)

    def give_back(self, reviewer: Reviewer, case_id: int) -> None:
        """Ends one's own lease; somebody else's is left alone."""
        with self.database.writing(apart=True) as transaction:
            held = leases.read(transaction, case_id)
            if held is not None and held.holder == reviewer.id:
                leases.end(transaction, case_id)

    def open_item(self, reviewer: Reviewer, case_id: int, item: Item, media: bool = False) -> Case:
        """Records that a reviewer has opened an item: only such an item can carry a decision.
        ``media`` says that there is something to look at beside its words."""
        require(reviewer, "open-item")
        with self.database.writing() as transaction:
            case, now = blind.seen_by(transaction, reviewer, case_id), self.clock()
            looked = media or exposure.is_media(case, item)
            exposures.add(transaction, reviewer.id, now, case.priority, looked)
            return record(transaction, case, "item-opened", at=now, actor=reviewer.id,
                          person=case.person, private={"item": item.to_dict()})[0]  # fmt: skip

    def open_post(self, reviewer: Reviewer, case_id: int, post: str) -> Case:
        """`open_item` for a post that was sealed with the case."""
        shown = self.dossier(reviewer, case_id).exhibits.post(post)
        if shown is None:
            raise InputError("decide.no-exhibit", item=post[:200], case=case_id)
        return self.open_item(reviewer, case_id, shown.item(), bool(shown.media))

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
            case = blind.seen_by(transaction, reviewer, case_id)
            return record(transaction, case, "assigned", at=self.clock(), actor=reviewer.id,
                          person=case.person, data={"to": to})[0]  # fmt: skip

    def set_clock(self, reviewer: Reviewer, case_id: int, clock: str, since: int) -> Case:
        """Starts a clock, one of `priority.CLOCKS`, that began at ``since`` (µs UTC)."""
        require(reviewer, "set-clock")
        if clock not in priority.CLOCKS:
            raise InputError("decide.clock", given=clock[:200], valid=list(priority.CLOCKS))
        with self.database.writing() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id)
            if clock == "threat" and case.copy_of is not None:
                raise InputError("threat.copy", case=case.id)
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
            case = blind.seen_by(transaction, reviewer, decision.case)
            item = None
            if decision.item is not None:
                item = opened(transaction, case.id, reviewer.id, decision.item)
            facts = Facts(case, reviewer, self.policies, self.clock(),
                          leases.read(transaction, case.id), item)  # fmt: skip
            return settle(transaction, decision, facts, again=self._read_again())

    def decide_alike(
        self, reviewer: Reviewer, alike: bulk.Alike, targets: Sequence[bulk.Target]
    ) -> list[Case]:
        """The same decision for several cases, all or none. One against somebody is only for copies
        of one item that the reviewer opened, and each case records its subject's own copy."""
        with self.database.writing() as transaction:
            now, done = self.clock(), []
            lead = bulk.lead_item(transaction, reviewer, alike)
            for target in targets:
                case = blind.seen_by(transaction, reviewer, target.case)
                bulk.take(transaction, reviewer, case, now, self.lease_length)
                lease = leases.read(transaction, case.id)
                decision = bulk.decision(alike, target, lease)
                item = bulk.copy(lead, target) if lead else None
                facts = Facts(case, reviewer, self.policies, now, lease, item)
                again = self._read_again()
                done.append(settle(transaction, decision, facts, alike.lead_item, again))
            return done

    def members(self, reviewer: Reviewer, case_id: int) -> tuple[Case, Sequence[Member]]:
        """A community's case, and its accounts with theirs."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id, lock=False)
            if case.kind != "community":
                raise InputError("decide.no-case", case=case_id)
            return case, members.of(transaction, dossier.of(transaction, case), reviewer)

    def copies(self, reviewer: Reviewer, case_id: int, item: str) -> list[bulk.Copy]:
        """Cases that wait with a copy of an item that the reviewer opened in a case; none where
        they did not open it there."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id, lock=False)
            lead = opened(transaction, case.id, reviewer.id, item)
            return bulk.copies(transaction, reviewer, case, lead) if lead else []

    def decide_copies(
        self, reviewer: Reviewer, alike: bulk.Alike, seen: Mapping[int, int]
    ) -> list[Case]:
        """`decide_alike` for cases by number, each with the version that the reviewer saw: the
        subject's own copy is found among what was sealed with it."""
        lead, item = alike.lead_case, alike.lead_item
        found = self.copies(reviewer, lead, item) if lead and item else ()
        known = {one.case.id: one.post.item() for one in found}
        targets = [
            bulk.Target(case, version, known.get(case)) for case, version in sorted(seen.items())
        ]
        return self.decide_alike(reviewer, alike, targets)

    def overturn(self, reviewer: Reviewer, case_id: int, policy: str, reason: str) -> Case:
        """Takes back a final decision against somebody; the account bank loses what it put in."""
        with self.database.writing() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id)
            facts = Facts(case, reviewer, self.policies, self.clock(), None)
            overturning.check(facts, policy, reason, projections.deciders(transaction, case_id))
            return overturning.take_back(transaction, facts, policy, reason)

    def actions(self, reviewer: Reviewer, case_id: int) -> list[listing.Shown]:
        """What was asked of platforms in a case: state, history, what was seen, next try."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            return listing.of_case(transaction, case_id)

    def to_do(
        self, reviewer: Reviewer, limit: int = 50, after: int = 0, platform: str | None = None
    ) -> list[listing.ToDo]:
        """What people are asked to do on platforms by hand, oldest first."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            most, unaware = min(limit, LARGEST_PAGE), blind.unaware_as(reviewer)
            return listing.to_do(transaction, most, after, platform, unaware)

    def failed_actions(
        self, reviewer: Reviewer, limit: int = 50, before: int | None = None
    ) -> list[listing.ToDo]:
        """Actions that have failed and were not taken back, the newest first; ``before`` is the
        number of the last one of the page before."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            most, unaware = min(limit, LARGEST_PAGE), blind.unaware_as(reviewer)
            return listing.failed(transaction, most, before, unaware)

    def platforms(self, reviewer: Reviewer, states: tuple[str, ...]) -> list[str]:
        """The platforms of the cases in some states."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            return queue.platforms(transaction, states)

    def record_manual(self, reviewer: Reviewer, action_id: int, saw: str, note: str = "") -> Action:
        """Records what a person saw after doing by hand what they were asked for: one of
        `hand.SAW`, with a note of at most 10,000 characters."""
        with self.database.writing() as transaction:
            return hand.record_manual(transaction, reviewer, action_id, saw, note, self.clock())

    def retry_action(self, reviewer: Reviewer, action_id: int, by_hand: bool = False) -> Action:
        """Asks anew for an action that has failed; with ``by_hand`` a person is asked."""
        with self.database.writing() as transaction:
            return hand.retry(transaction, reviewer, action_id, by_hand, self.clock())

    def erase(self, reviewer: Reviewer, name: str) -> int:
        """Erases what the log holds about a person (an account's or a subject's id): their salt,
        id and all private content. Returns how many cases that concerned; the chain stays valid.
        Raises `InputError` where a hold stands against it, or an order is to be carried out."""
        require(reviewer, "erase")
        with self.database.writing() as transaction:
            person = persons.find(transaction, name)
            if person is None:
                raise InputError("decide.no-person")
            holds.refuse(transaction, person, self.clock())
            binding.refuse(transaction, person)
            found = cases.of_person(transaction, person)
            for case in found:
                proposing.close_all(transaction, case, self.clock())
                record(transaction, case, "erased", at=self.clock(), actor=reviewer.id,
                       person=person, data=_gone(transaction, case))  # fmt: skip
                leases.end(transaction, case.id)
            if not found:
                record_apart(transaction, "person-erased", at=self.clock(), actor=reviewer.id,
                             data={"person": person})  # fmt: skip
            projections.blank(transaction, person)
            action_records.forget(transaction, person)
            persons.forget(transaction, person)
        self.database.write_out()
        return len(found)

    def _read_again(self) -> bool:
        """Whether a case decided now is given to somebody else as well, who is not to know."""
        fraction = self.settings.quality.second_readings
        return fraction > 0 and self.chance() < fraction

    def _aside(
        self, reviewer: Reviewer, case_id: int, kind: str, private: dict[str, object]
    ) -> Case:
        with self.database.writing() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id)
            return record(transaction, case, kind, at=self.clock(), actor=reviewer.id,
                          person=case.person, private=private)[0]  # fmt: skip


def settle(
    transaction: Transaction, decision: Decision, facts: Facts, copy_of: str | None = None,
    again: bool = False,
) -> Case:  # fmt: skip
    """Records a decision that the rules let through, tells the account bank, proposes what is to be
    done on the platform, ends the lease. What is decided in a copy has no further effect;
    ``again``: it is read by somebody else as well."""
    check(decision, facts)
    check_fresh(transaction, decision.case, facts.reviewer)
    case, kind = facts.case, step(decision, facts)
    private = {"reason": decision.reason, "item": facts.item.to_dict() if facts.item else None,
               "copy_of": copy_of}  # fmt: skip
    data = {"outcome": decision.outcome, "policy": decision.policy,
            "exemption": decision.exemption, "evidence": _end_of_log(transaction),
            "language": facts.item.language if facts.item else None}  # fmt: skip
    changed, event = record(transaction, case, kind, at=facts.now, actor=facts.reviewer.id,
                            person=case.person, data=data, private=private)  # fmt: skip
    real = case.copy_of is None
    if real and kind == "decided" and case.kind == "account" and decision.outcome in BANKED:
        outbox.put(transaction, event.seq, case.person, "add", event.at)
    if real:
        proposing.follow(transaction, changed, event)
    if again and kind == "decided":
        blind.read_again(transaction, changed, facts.now)
    leases.end(transaction, case.id)
    return changed


def _gone(transaction: Transaction, case: Case) -> dict[str, object]:
    """Who is erased with a case, and the entries of notices that go with them: what others said of
    somebody is theirs, too."""
    said = notices.forget(transaction, case.id) if case.copy_of is None else []
    return {"person": case.person, **({"notices": said} if said else {})}


def check_fresh(transaction: Transaction, case_id: int, reviewer: Reviewer) -> None:
    """Raises `InputError` where a complaint has led to another look, which is for somebody who has
    not decided in the case before."""
    if appeals.is_barred(transaction, case_id, reviewer.id):
        raise InputError("appeal.fresh-look", case=case_id)


def _end_of_log(transaction: Transaction) -> str:
    """The hash that seals all that was known when it was decided."""
    return log.head(transaction).hash.hex()
