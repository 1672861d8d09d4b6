"""From outside and to the public: notices, orders, statements, the yearly report

Notices of different people, of a post each and all of one post, each durable before its code is
shown; beside them as many rows of the same words by SQLite's own driver, a transaction each. Orders
for 50 and 500 addresses: taken in (their hour runs from there), decided, and carried out to the
look that confirms the last, on a platform that answers at once. Statements of reasons: made from
decisions, and sent in batches of 100 to the strict stand-in of the transparency database; beside
that the same records posted to it with nothing else. Last, the figures of the report at 10,000 and
100,000 decisions, beside the SQL that counts the same from the exported log and shares nothing with
them: both have to agree, or the benchmark fails.

`python -m benchmarks.public [--notices N N] [--statements N N] [--decisions N N]` runs it alone.
Wanted: an order of 500 addresses done within a minute of its hour, and a report that grows no
faster than its log.
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.filled.places import fill
from marsad.decide.desk import Desk
from marsad.decide.notices.desk import Notices
from marsad.decide.orders.authorities import Authorities
from marsad.decide.orders.desk import Orders
from marsad.decide.orders.duty import Duty
from marsad.decide.statements.desk import Statements
from marsad.decide.statements.sending import LARGEST, MOST, Sender
from marsad.platforms.outward import Outward
from marsad.store import Database, open_database
from marsad.store.export import lines
from marsad.workspace.transparency.checking import check
from marsad.workspace.transparency.figures import account
from marsad.workspace.transparency.span import Span
from tests.decide.conftest import POLICY, START, Clock
from tests.decide.notices.conftest import GIVEN
from tests.decide.notices.conftest import PLACES as FORUM
from tests.decide.orders.conftest import BKA, OPERATOR, PLACES, SENIOR, Hall
from tests.decide.statements import stand_in
from tests.decide.statements.conftest import MAKER, POLICIES, Stated

ADDRESSES = (50, 500)
DECIDED = 0.4
"""Of the cases of a filled database, those that are decided."""
EVER = Span(0, 1 << 62)


def main() -> None:
    options = argparse.ArgumentParser(description="What comes from outside, what goes out.")
    options.add_argument("--notices", type=int, nargs="+", default=[1_000, 10_000],
                         help="notices (1000 10000)")  # fmt: skip
    options.add_argument("--statements", type=int, nargs="+", default=[1_000, 4_000],
                         help="decisions to state (1000 4000)")  # fmt: skip
    options.add_argument("--decisions", type=int, nargs="+", default=[10_000, 100_000],
                         help="decisions of the report (10000 100000)")  # fmt: skip
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notices(folder, given.notices)
        orders(folder)
        statements(folder, given.statements)
        reports(folder, given.decisions)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def growth(sizes: Sequence[int], seconds: Sequence[float]) -> str:
    """The exponent of the time, from the smallest to the largest."""
    return f"{math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0]):.2f}"


# ── Notices


def notices(folder: Path, sizes: Sequence[int]) -> None:
    """Notices a second, and plain rows a second."""
    print("| notices | | a second | rows by the driver, a second | times as slow |")
    print("| ---: | --- | ---: | ---: | ---: |")
    for name in ("of a post each", "all of one post"):
        took = []
        for count in sizes:
            posts = count if name == "of a post each" else 1
            told = [f"https://forum.example/p/{number % posts}" for number in range(count)]
            named = f"{posts}-{count}.db"
            database = open_database(folder / f"notices-{named}")
            ours = timed(lambda to=database, told=told: reported(Notices(to, FORUM), told))
            database.close()
            driver = timed(lambda path=folder / f"rows-{named}", told=told: stored(path, told))
            took.append(ours)
            cells = f"{count / ours:,.0f} | {count / driver:,.0f} | {ours / driver:.1f}"
            print(f"| {count:,} | {name} | {cells} |", flush=True)
        print(f"| | growth exponent | {growth(sizes, took)} | | |" if len(sizes) > 1 else "")
    print()


def reported(to: Notices, addresses: Sequence[str]) -> None:
    for number, address in enumerate(addresses):
        to.receive(replace(GIVEN, address=address, email=f"p{number}@mail.example"))


def stored(path: Path, addresses: Sequence[str]) -> None:
    """The same words as rows, as durable as the desk's."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE notices(address, ground, reasons, email)")
        for number, address in enumerate(addresses):
            row = (address, GIVEN.ground, GIVEN.reasons, f"p{number}@mail.example")
            with connection:
                connection.execute("INSERT INTO notices VALUES (?, ?, ?, ?)", row)


# ── Orders


def orders(folder: Path) -> None:
    """Seconds of each step of an order, by its size."""
    print("| addresses | taken in, s | decided, s | carried out and seen, s | all, s |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    took = []
    for size in ADDRESSES:
        database, clock = open_database(folder / f"orders-{size}.db"), Clock(START)
        desk = Orders(database, clock, PLACES, OPERATOR, Duty(), lambda: Authorities((BKA,)))
        hall = Hall(desk, Desk(database, (POLICY,), clock), clock)
        steps = handled(hall, size)
        database.close()
        took.append(sum(steps))
        cells = " | ".join(f"{one:.2f}" for one in (*steps, sum(steps)))
        print(f"| {size} | {cells} |", flush=True)
    print(f"\nGrowth exponent: {growth(ADDRESSES, took)}\n")


def handled(hall: Hall, size: int) -> list[float]:
    urls = [f"https://forum.example/@mona/{number}" for number in range(size)]
    numbers: list[int] = []
    taken = timed(lambda: numbers.append(hall.arrive(urls=urls)))
    decided = timed(lambda: hall.orders.execute(SENIOR, numbers[0], "remove"))
    done = timed(lambda: (hall.carry(), hall.orders.keep_up()))
    if hall.state(numbers[0]) != "confirmed":
        raise SystemExit(f"the order is {hall.state(numbers[0])}")
    return [taken, decided, done]


# ── Statements


def statements(folder: Path, sizes: Sequence[int]) -> None:
    """Statements a second: made, sent in batches, and the same records posted with nothing else."""
    print(f"| statements | made, a second | sent, {MOST} a batch | the same posted, nothing else |")
    print("| ---: | ---: | ---: | ---: |")
    took = []
    for count in sizes:
        seconds = stated(folder / f"statements-{count}.db", count)
        took.append(seconds[0])
        print(f"| {count:,} | {' | '.join(f'{count / one:,.0f}' for one in seconds)} |", flush=True)
    print(f"\nGrowth exponent: {growth(sizes, took)}\n" if len(sizes) > 1 else "")


def stated(path: Path, count: int) -> tuple[float, float, float]:
    """Seconds for so many: making them, sending them, posting them."""
    database, clock = open_database(path), Clock()
    house = Stated(Desk(database, tuple(POLICIES), clock), clock,
                   Statements(database, MAKER, clock))  # fmt: skip
    for number in range(count):
        house.acted(subject=f"x:account-{number}")  # no number that is a year, too
    made = timed(lambda: all_of(house.statements.make))
    with stand_in.listening() as there:
        outward = Outward(True, "", largest=LARGEST)
        sender = Sender(database, outward, there.address, stand_in.TOKEN, clock=clock)
        sent = timed(lambda: all_of(lambda: a_turn(sender, clock)))
        records, there.stored = list(there.stored.values()), {}
        posted = timed(lambda: post(there.address, records))
    database.close()
    if len(records) != count:
        raise SystemExit(f"{len(records)} of {count} were accepted")
    return made, sent, posted


def all_of(turn: Callable[[], object]) -> None:
    while turn():
        pass


def a_turn(sender: Sender, clock: Clock) -> int:
    """Sends a batch, and lets the time pass that is between two."""
    clock.now += 60_000_000
    return sender.send().accepted


def post(address: str, records: Sequence[object]) -> None:
    sent = {"Authorization": f"Bearer {stand_in.TOKEN}", "Content-Type": "application/json"}
    for start in range(0, len(records), MOST):
        body = json.dumps({"statements": records[start : start + MOST]}).encode()
        with urlopen(Request(address, body, sent)) as answer:
            answer.read()


# ── The report


def reports(folder: Path, sizes: Sequence[int]) -> None:
    """Seconds that counting takes, beside the SQL over the export, with what exporting takes."""
    print("| decisions | entries | the report, s | exporting, s | the SQL, s | times as fast |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    took = []
    for size in sizes:
        path = folder / f"report-{size}.db"
        fill(path, math.ceil(size / DECIDED))
        database = open_database(path)
        entries, *seconds = counted(database, folder)
        database.close()
        took.append(seconds[0])
        cells = " | ".join(f"{one:.1f}" for one in (*seconds, seconds[2] / seconds[0]))
        print(f"| {size:,} | {entries:,} | {cells} |", flush=True)
        path.unlink()
    print(f"\nGrowth exponent: {growth(sizes, took)}\n" if len(sizes) > 1 else "")


def counted(database: Database, folder: Path) -> tuple[int, float, float, float]:
    """Entries of the log, and seconds: the figures, the export, the SQL over it."""
    report, log = folder / "figures.json", folder / "log.ndjson"
    figures = timed(lambda: report.write_text(account(database, EVER).to_json()))
    with database.reading() as transaction, log.open("w") as file:
        exporting = timed(lambda: file.writelines(f"{one}\n" for one in lines(transaction)))
    began = time.perf_counter()
    found = check(report, log)
    again = time.perf_counter() - began
    if found.different or not found.same:
        raise SystemExit(f"{len(found.different)} figures differ: {found.different[:3]}")
    return found.entries, figures, exporting, again


if __name__ == "__main__":
    main()
