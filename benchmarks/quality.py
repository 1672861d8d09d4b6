"""History, similar cases and the dashboard

1 million cases, half of them decided, each with 8 things to share: some rare, some common, and one
of ten that 100,000 cases have. What is timed are the questions that a page asks: the history of a
subject and its lineage, decided cases like it, its strikes, and the figures of the dashboard. The
case that is asked for has 50 findings, and every hot key.

`python -m benchmarks.quality [--cases N]` runs it alone. Wanted: 20 ms for the history and similar
cases, 100 ms for the dashboard.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from marsad.decide import facets
from marsad.decide.crises import Wanted
from marsad.decide.desk import Desk
from marsad.decide.findings import SealedFinding
from marsad.decide.opening import open_cases
from marsad.decide.roles import Reviewer
from marsad.decide.sharing import entry_key
from marsad.records.times import HOUR, MINUTE
from marsad.store import Database, open_database
from marsad.store.cases import Filter
from marsad.store.lanes import Lane
from marsad.workspace.dashboard import figures

HOT, KEYS, TURNS = 10, 8, 40
NOW = 1_700_000_000_000_000
SIGNALS = ("phrases", "links", "copies", "coordination")
SENIOR = Reviewer("sen-1", frozenset({"senior"}), frozenset({"en"}))


def lane(state: str, level: int) -> Lane:
    return Lane(state, "account", "x", level, "", 0, False, "")


LANES = {(state, level): lane(state, level).number for state in ("open", "decided")
         for level in range(5)}  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description="History, similar cases, figures.")
    options.add_argument("--cases", type=int, default=1_000_000, help="cases (%(default)s)")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "review.db"
        open_database(path).close()
        fill(path, given.cases)
        database = open_database(path)
        asked(database, given.cases)
        database.close()


def fill(path: Path, count: int) -> None:
    """The rows that the desk would have written, past the desk, which takes its time."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = OFF")
    counters: Counter[tuple[str, str]] = Counter()
    names = "(id, kind, subject, person, platform, state, priority, rank, opened_at, version,"
    names += " network_only, outcome, policy, decided_at, lane)"
    insert = f"INSERT INTO cases {names} VALUES ({','.join('?' * 15)})"
    every = ((LANES[state, level], *lane(state, level)) for state, level in LANES)
    connection.executemany("INSERT INTO lanes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", every)
    connection.executemany(insert, (case(number, count, counters) for number in numbers(count)))
    persons = ((number, f"x:{number}", b"s" * 32) for number in numbers(count))
    connection.executemany("INSERT INTO persons VALUES (?, ?, ?)", persons)
    connection.execute("DROP INDEX case_keys_shared")  # made again at the end, which is faster
    rows = (row for number in numbers(count) for row in keys(number, count))
    connection.executemany("INSERT INTO case_keys VALUES (?, ?, 'entry', ?, ?)", rows)
    connection.execute("CREATE INDEX case_keys_shared ON case_keys (key, decided, case_id)")
    verdicts = (
        (number, number, number, "decided", outcome(number), None, "demo@1", "rev-1", NOW)
        for number in numbers(count) if number % 2
    )  # fmt: skip
    connection.executemany("INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", verdicts)
    totals = ((name, bucket, number) for (name, bucket), number in counters.items())
    connection.executemany("INSERT INTO facets VALUES (?, ?, ?)", totals)
    connection.execute("INSERT INTO audit VALUES (?, x'00', x'7B7D', x'00')", (count,))
    connection.execute("INSERT INTO audit_head VALUES (1, ?, ?)", (count, bytes(32)))
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def numbers(count: int) -> Iterator[int]:
    return iter(range(1, count + 1))


def outcome(number: int) -> str:
    return "warn" if number % 3 else "no-violation"


def opened_at(number: int, count: int) -> int:
    return NOW - (count - number) * MINUTE // 20


def case(number: int, count: int, counters: Counter[tuple[str, str]]) -> tuple[Any, ...]:
    at, level, decided = opened_at(number, count), number % 5, bool(number % 2)
    if decided:
        right = "yes" if number % 3 else "no"
        counters[facets.DECIDED, facets.bucket(at, outcome(number))] += 1
        counters[facets.JUDGED, f"{SIGNALS[number % 4]}|{right}|signal"] += 1
    else:
        counters[facets.WAITS, f"{level}|{at // HOUR:012d}"] += 1
    said = (outcome(number), "demo@1", NOW) if decided else (None, None, None)
    state = "decided" if decided else "open"
    row = (number, "account", f"x:{number}", number, "x", state, level, at, at, number, False)
    return (*row, *said, LANES[state, level])


def keys(number: int, count: int) -> Iterator[tuple[int, int, int, bool]]:
    draw = random.Random(number)
    entries = {f"hot-{number % HOT}", *(f"own-{draw.randrange(count)}" for _ in range(5)),
               *(f"common-{draw.randrange(200)}" for _ in range(2))}  # fmt: skip
    for one in sorted(entries):
        yield number, entry_key("markers", one).number, number, bool(number % 2)


def finding(subject: str, number: int) -> SealedFinding:
    shown = [{"kind": "phrase", "bank": "markers", "entry": name} for name in
             (f"hot-{number % HOT}", f"own-{number}", f"common-{number}")]  # fmt: skip
    return SealedFinding(f"f{number}", "account", subject, subject, "phrases", 0.5, evidence=shown)


def asked(database: Database, count: int) -> None:
    desk = Desk(database, ["demo@1"], lambda: NOW)
    open_cases(database, [finding("x:new", number) for number in range(50)], NOW)
    with database.reading() as transaction:
        from marsad.store import cases

        found = cases.of_subject(transaction, "account", "x:new")
    assert found is not None
    began = time.perf_counter()
    hot = tuple(("markers", f"own-{number}") for number in range(100))
    crisis = desk.open_crisis(SENIOR, "one", SENIOR.id, Wanted(entries=hot))
    took = time.perf_counter() - began
    questions: dict[str, Callable[[], object]] = {
        "history and lineage": lambda: desk.history(SENIOR, found.id),
        "similar decided cases": lambda: desk.similar(SENIOR, found.id),
        "strikes": lambda: desk.standing(SENIOR, found.id, "demo@1"),
        "queue of a crisis": lambda: desk.queue(SENIOR, Filter(("open",), crisis=crisis.id)),
        "dashboard": lambda: figures(database, NOW),
        "surges": lambda: desk.suggest_crisis(SENIOR),
    }
    assert len(desk.similar(SENIOR, found.id)) == 10
    print(f"{count:,} cases. Opening a crisis of 100 rare entries: {took:.2f} s.\n")
    print("| question | median ms | 95th percentile ms |\n| --- | ---: | ---: |")
    for name, ask in questions.items():
        times = [timed(ask) * 1000 for _ in range(TURNS)]
        print(f"| {name} | {median(times):.1f} | {quantiles(times, n=20)[-1]:.1f} |")


def timed(work: Callable[[], object]) -> float:
    """Seconds it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
