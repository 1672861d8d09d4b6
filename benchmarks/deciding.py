"""Fifty reviewers who decide at once

50 clients with tokens of their own, shared out among two server processes on one database of 20,000
cases: each takes the next case over the API, decides it, and takes the next, without a pause. Then
the log is read: every decision that was acknowledged is in it exactly once, no case was decided
twice, and the log is verified with all that follows from it.

`python -m benchmarks.deciding [--cases N] [--seconds S] [--only sqlite]` runs it alone. Wanted: no
decision lost or doubled.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import httpx

from benchmarks.filled.places import fill, server_database
from benchmarks.filled.serving import served, user, workspace
from marsad.decide.audit import verify
from marsad.decide.projection import DECIDING
from marsad.decide.signing_in import SCOPES, Door, Visitor
from marsad.store import Database, log, open_database
from scripts.test_all import find_postgres, postgres_server

CLIENTS, SERVERS = 50, 2
POLICY, REASON = "demo@1", "an ordinary post of the day"


class Decided(NamedTuple):
    """A decision that was acknowledged: its case, its entry of the log, and the milliseconds that
    taking the case and deciding it took."""

    case: int
    seq: int
    taking: float
    deciding: float


def main() -> None:
    options = argparse.ArgumentParser(description="Fifty clients decide at once.")
    options.add_argument("--cases", type=int, default=20_000, help="cases (%(default)s)")
    options.add_argument("--seconds", type=int, default=60, help="for how long (%(default)s)")
    options.add_argument("--only", choices=("sqlite", "postgresql"), help="one database")
    given = options.parse_args()
    print("| database | decisions | a second | taking, median ms | 95th percentile ms "
          "| deciding, median ms | 95th percentile ms |")  # fmt: skip
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name, ExitStack() as cleanup:
        folder = workspace(Path(name) / "workspace").folder
        programs = find_postgres() if given.only != "sqlite" else None
        if given.only != "postgresql":
            row("SQLite", folder, folder / "review.db", given.cases, given.seconds)
        if programs:
            server = cleanup.enter_context(postgres_server(Path(programs)))
            url = cleanup.enter_context(server_database(server, "deciding"))
            row("PostgreSQL", folder, url, given.cases, given.seconds)


def row(name: str, folder: Path, place: Path | str, cases: int, seconds: int) -> None:
    fill(place, cases)
    database = open_database(place)
    keys = tokens(database, CLIENTS)
    before = end_of(database)
    with ExitStack() as running:
        addresses = [running.enter_context(served(folder, place)).address
                     for _ in range(SERVERS)]  # fmt: skip
        began = time.monotonic()
        done = decided_at_once(addresses, keys, began + seconds)
        took = time.monotonic() - began
    check(database, done, before)
    database.close()
    cells = "".join(
        f" {median(times):.0f} | {quantiles(times, n=20)[-1]:.0f} |"
        for times in ([one.taking for one in done], [one.deciding for one in done])
    )
    print(f"| {name} | {len(done):,} | {len(done) / took:.0f} |{cells}", flush=True)


def tokens(database: Database, count: int) -> list[str]:
    """The keys of reviewers' tokens for the API, each one's own."""
    people = [user(database, f"reviewer-{number}", "moderator") for number in range(count)]
    return [Door(database).new_token(Visitor(one), "benchmark", SCOPES, 1)[1] for one in people]


def decided_at_once(addresses: Sequence[str], keys: Sequence[str], until: float) -> list[Decided]:
    """What clients decide, one for each key, until a time or until there is no case left."""

    def work(number: int) -> list[Decided]:
        return decided(addresses[number % len(addresses)], keys[number], until)

    with ThreadPoolExecutor(len(keys)) as pool:
        return [one for found in pool.map(work, range(len(keys))) for one in found]


def decided(address: str, key: str, until: float) -> list[Decided]:
    found = []
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{address}/api/v1", headers=headers, timeout=300) as client:
        while time.monotonic() < until:
            began = time.perf_counter()
            taken = client.post("/next").raise_for_status().json()["taken"]
            if taken is None:
                break
            held = time.perf_counter()
            said = {"outcome": "no-violation", "policy": POLICY, "reason": REASON,
                    "version": taken["version"], "token": taken["lease"]["token"]}  # fmt: skip
            answer = client.post(f"/cases/{taken['case']}/decide", json=said)
            assert answer.status_code == 200, (taken, answer.text)
            times = ((held - began) * 1000, (time.perf_counter() - held) * 1000)
            found.append(Decided(taken["case"], answer.json()["version"], *times))
    return found


def end_of(database: Database) -> int:
    """The last entry of the log."""
    with database.reading() as transaction:
        return log.head(transaction).seq


def check(database: Database, done: Sequence[Decided], before: int) -> None:
    """Raises `AssertionError` where what was acknowledged is not what the log has since ``before``:
    one decision is not there, or is there twice, or nobody was told of it."""
    with database.reading() as transaction:
        since = log.after(transaction, before, 10_000_000)
    # of a suspension that somebody else proposed, who finds no violation dissents
    logged = [(event.case, event.seq) for event in since if event.kind in DECIDING]
    assert sorted(logged) == sorted((one.case, one.seq) for one in done), "lost or doubled"
    assert len({case for case, _ in logged}) == len(logged), "a case was decided twice"
    verdict = verify(database, None)
    assert verdict.broken is None, verdict


if __name__ == "__main__":
    main()
