"""The audit log

300,000 entries as the desk writes them: 3,000 open a case each, the others are notes with private
content. `verify` in its parts: the chain alone (the bytes as they are stored,
hashed again and compared), then private content against its digests and all projections built anew
and compared. Beside the chain stands what no verification can do without: reading the same rows
with Python's own driver, and hashing them with nothing else. Last, appending, a transaction an
entry and a hundred.

`python -m benchmarks.audit [--entries N]` runs it alone. Wanted: 100,000 entries/s for the chain.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from marsad.decide import rebuilding
from marsad.decide.audit import chain
from marsad.decide.findings import SealedFinding
from marsad.decide.opening import open_cases
from marsad.decide.recording import existing, record
from marsad.store import Database, log, open_database
from marsad.store.chain import Head, canonical, keyed, link
from marsad.store.tables import persons

TURNS = 5
CASES = 3_000
REASON = "The post carries the marker word of the demonstration, twice, and links to its site. "


def main() -> None:
    options = argparse.ArgumentParser(description="Verifying and appending to the audit log.")
    options.add_argument("--entries", type=int, default=300_000, help="entries (%(default)s)")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "review.db"
        database = open_database(path)
        fill(database, path, given.entries)
        verifying(database, path)
        appending(database)
        database.close()


def fill(database: Database, path: Path, entries: int) -> None:
    """A log of that many entries. The notes are written past the desk, which takes its time."""
    open_cases(database, [finding(number) for number in range(CASES)], at=1)
    with database.reading() as transaction:
        head = log.head(transaction)
        salts = dict(transaction.execute(select(persons.c.id, persons.c.salt)).all())
    rows = list(notes(head, salts, entries))
    connection = sqlite3.connect(path)
    connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?)", (row[:4] for row in rows))
    private = ((row[0], row[4], row[5]) for row in rows)
    connection.executemany("INSERT INTO private VALUES (?, ?, ?)", private)
    beside = ((row[0], row[6], row[7], row[0]) for row in rows)
    connection.executemany("INSERT INTO notes VALUES (?, ?, ?, ?)", beside)
    connection.execute("UPDATE audit_head SET seq = ?, hash = ?", (rows[-1][0], rows[-1][3]))
    connection.commit()
    connection.close()


def notes(head: Head, salts: dict[int, bytes], entries: int) -> Iterator[tuple[Any, ...]]:
    """What the desk would have written for a note: its entry, its private content, its row."""
    prev = head.hash
    content = canonical({"text": REASON * 3})
    for seq in range(head.seq + 1, entries + 1):
        case, actor = seq % CASES + 1, f"rev-{seq % 9}"
        sealed = [case, keyed(salts[case], content).hex()]
        said = {"v": 1, "at": seq, "actor": actor, "kind": "noted", "case": case, "data": {}}
        body = canonical(said | {"private": sealed})
        digest = link(prev, body)
        yield seq, prev, body, digest, case, content, case, actor
        prev = digest


def finding(number: int) -> SealedFinding:
    subject = f"x:{number}"
    evidence = [{"kind": "post", "id": f"{subject}-1", "text": REASON}]
    return SealedFinding(f"f{number}", "account", subject, subject, "phrases", 0.5,
                         evidence=evidence)  # fmt: skip


def note(transaction: Any, case_id: int, number: int) -> None:
    case = existing(transaction, case_id)
    record(transaction, case, "noted", at=number, actor=f"rev-{number % 9}", person=case.person,
           private={"text": REASON * 3})  # fmt: skip


def verifying(database: Database, path: Path) -> None:
    """Entries a second of each part, and of what it cannot be faster than."""
    rows = {
        "**chain**": in_database(database, chain),
        "private content and projections": in_database(database, rebuilding.compare),
        "reading with the driver alone": lambda: read(path),
        "hashing alone": hashing(path),
    }
    seconds: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(TURNS):
        for name, work in rows.items():
            seconds[name].append(timed(work))
    end = chain_of(database)
    print(f"{end.seq:,} entries, {path.stat().st_size / 1e6:.0f} MB.\n")
    print("| verify | entries/s | µs an entry |\n| --- | ---: | ---: |")
    for name, times in seconds.items():
        took = median(times)
        print(f"| {name} | {end.seq / took:,.0f} | {took / end.seq * 1e6:.1f} |")
    print()


def appending(database: Database) -> None:
    """Entries a second, durable when the transaction has ended."""
    print("| append | entries/s |\n| --- | ---: |")
    for size, turns in ((1, 300), (100, 10)):
        took = timed(lambda size=size, turns=turns: append(database, size, turns))
        print(f"| {size} a transaction | {size * turns / took:,.0f} |")


def append(database: Database, size: int, turns: int) -> None:
    for _ in range(turns):
        with database.writing() as transaction:
            for number in range(size):
                note(transaction, 1, number)


def in_database(database: Database, work: Callable[[Any], object]) -> Callable[[], object]:
    def run() -> object:
        with database.reading() as transaction:
            found = work(transaction)
        if not isinstance(found, Head | None):
            raise SystemExit(f"the log is broken: {found}")
        return found

    return run


def chain_of(database: Database) -> Head:
    with database.reading() as transaction:
        end = chain(transaction)
    assert isinstance(end, Head)
    return end


def read(path: Path) -> int:
    rows = sqlite3.connect(path).execute("SELECT seq, prev, body, hash FROM audit ORDER BY seq")
    return sum(1 for _ in rows)


def hashing(path: Path) -> Callable[[], object]:
    rows = sqlite3.connect(path).execute("SELECT prev, body FROM audit").fetchall()
    stored = [prev + body for prev, body in rows]
    return lambda: [sha256(one).digest() for one in stored]


def timed(work: Callable[[], object]) -> float:
    """Seconds it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
