"""Many at once, each doing something else: nobody waits for ever, and nothing is lost."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from marsad.decide.audit import verify
from marsad.decide.crises import Wanted
from marsad.decide.desk import Desk
from marsad.decide.opening import open_cases
from marsad.decide.rules import Decision
from marsad.records.errors import ConflictError, InputError
from marsad.store import log, open_database
from marsad.store.cases import Filter
from tests.decide.conftest import ADMIN, FIRST, POLICY, REASON, SECOND, SENIOR, Clock, finding

SUBJECTS, ROUNDS = 12, 8
OPEN = Filter(("open",))


def test_of_many_who_do_different_things_none_stops_another(place: Path | str) -> None:
    """Deciding locks one case, opening and crises many in any order, erasing all of a person: if
    they locked in different orders, PostgreSQL would end one of them as a deadlock."""
    database = open_database(place)
    desk = Desk(database, (POLICY,), Clock())
    open_cases(database, [finding(f"x:{number}") for number in range(SUBJECTS)], 5)
    acts = (note, note, more, more_in_turn, decide, decide, crisis, take_over, erase)
    barrier, refused = Barrier(len(acts)), Counter[str]()

    def run(number: int) -> None:
        barrier.wait()
        for turn in range(ROUNDS):
            try:
                acts[number](desk, turn)
            except (ConflictError, InputError) as error:
                refused[error.message.id] += 1
                said = str(error.message.values.get("error", ""))
                assert "deadlock" not in said, said

    with ThreadPoolExecutor(len(acts)) as pool:
        for _ in pool.map(run, range(len(acts))):
            pass
    assert "store.conflict" not in refused
    assert verify(database, None).broken is None
    database.close()


def note(desk: Desk, turn: int) -> None:
    for case in number_of_cases(desk):
        desk.note(FIRST, case, f"note {turn}")


def more(desk: Desk, turn: int) -> None:
    subjects = [f"x:{number}" for number in range(SUBJECTS)]
    open_cases(desk.database, [finding(one, "links", number=str(turn)) for one in subjects], 9)


def more_in_turn(desk: Desk, turn: int) -> None:
    for number in reversed(range(SUBJECTS)):
        open_cases(desk.database, [finding(f"x:{number}", "bursts", number=str(turn))], 9)


def decide(desk: Desk, turn: int) -> None:
    taken = desk.take_next(SECOND)
    if taken is not None:
        case, lease = taken
        decision = Decision(case.id, case.version, lease.token, "no-violation", POLICY, REASON)
        desk.decide(SECOND, decision)


def crisis(desk: Desk, turn: int) -> None:
    opened = desk.open_crisis(SENIOR, f"event {turn}", SENIOR.id, Wanted(signal="phrases"))
    desk.close_crisis(SENIOR, opened.id)


def take_over(desk: Desk, turn: int) -> None:
    for case in number_of_cases(desk):
        desk.take(SENIOR, case, over=True)
        desk.give_back(SENIOR, case)


def erase(desk: Desk, turn: int) -> None:
    desk.erase(ADMIN, f"x:{turn}")


def number_of_cases(desk: Desk) -> list[int]:
    return [case.id for case in desk.queue(FIRST, OPEN)]


def test_who_said_not_to_write_to_the_log_cannot(place: Path | str) -> None:
    """On either database, so that what would lock in another order there shows here."""
    database = open_database(place)
    with pytest.raises(RuntimeError), database.writing(apart=True) as transaction:
        log.append(transaction, at=1, actor="a", kind="noted", case=1)
    database.close()
