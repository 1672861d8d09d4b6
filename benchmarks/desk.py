"""Pages of the desk with a million cases

1 million cases with 1 to 50 findings (12.5 on average, as many cases with few as with many on a
logarithmic scale) and 10 entries of the log each, 12 platforms, 600 lanes; 500 copies for quality
wait, and the reviewer had part in 450 of the cases that they show; 1,000 cases are assigned to
them, 12,000 are in a crisis. A server process of its own answers, one request after another, over
HTTP; a page is timed from asking to its last byte, HTML included. Beside it stands the processor
time of the server's process (PostgreSQL's own apart), for the machine is shared. The queue is asked
for by each filter, pairs of filters, three and four, also such as nothing passes, in each order,
the first page, the next, and one far on; cases with 1, 12 and 50 findings. Last, the chain is
verified.

`python -m benchmarks.desk [--cases N …] [--only sqlite]` runs it alone. Wanted: 100 ms at the 95th
percentile, and for the chain 100,000 entries/s.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple
from urllib.parse import urlencode

import httpx
from sqlalchemy import text

from benchmarks.filled.places import fill, server_database
from benchmarks.filled.rows import PLATFORMS
from benchmarks.filled.serving import NAME, Served, browser, served, user, workspace
from marsad.decide import blind
from marsad.decide.audit import chain
from marsad.decide.crises import Wanted
from marsad.decide.desk import Desk
from marsad.decide.recording import existing, record
from marsad.decide.roles import Reviewer
from marsad.records.times import now
from marsad.store import Database, open_database
from marsad.store.chain import Head
from scripts.test_all import find_postgres, postgres_server

SIZES = (10_000, 100_000, 1_000_000)
TURNS, SOME = 3, 40
COPIES, PARTS, MINE = 500, 450, 1_000
FILTERS: Mapping[str, Sequence[str]] = {
    "state": ("open", "second", "escalated", "decided", "overturned"),
    "kind": ("account", "post", "media", "site", "community"),
    "level": ("0", "1", "2", "3", "4"),
    "signal": ("phrases", "links", "copies", "coordination", "returns", "automation"),
    "clock": ("order", "hidden", "complaint", "threat"),
    "platform": (*PLATFORMS[::3], PLATFORMS[-1], "nowhere"),
    "mine": ("1",),
}
ORDERS = ("urgent", "newest", "oldest")


class Timed(NamedTuple):
    """Milliseconds and address of each page that was asked for, and the milliseconds that a page
    took the server's process on average, PostgreSQL's own apart."""

    times: Sequence[tuple[float, str]]
    worked: float


def main() -> None:
    options = argparse.ArgumentParser(description="Pages of the desk.")
    options.add_argument("--cases", type=int, nargs="+", default=SIZES, help="cases (%(default)s)")
    options.add_argument("--only", choices=("sqlite", "postgresql"), help="one database")
    given = options.parse_args()
    if given.only != "postgresql":
        print("### SQLite\n")
        told({count: on_file(count) for count in given.cases})
    programs = find_postgres() if given.only != "sqlite" else None
    if programs:
        print("\n### PostgreSQL\n")
        with postgres_server(Path(programs)) as server:
            told({count: on_server(count, server) for count in given.cases})


def on_file(count: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        made = workspace(Path(folder) / "workspace").folder
        fill(made / "review.db", count)
        return measured(made, made / "review.db")


def on_server(count: int, server: str) -> Measured:
    with tempfile.TemporaryDirectory() as folder, server_database(server, f"n{count}") as url:
        fill(url, count)
        return measured(workspace(Path(folder) / "workspace").folder, url)


Measured = tuple[Mapping[str, Timed], float]
"""Pages by kind, and entries a second of the chain."""


def measured(folder: Path, place: Path | str) -> Measured:
    """Measures on a database that is filled."""
    database = open_database(place)
    crisis = prepared(database)
    sought = cases_with(database)
    said("asking")
    with served(folder, place) as server:
        client = browser(server.address)
        asked = {**queues(client, crisis), **sought}
        times = {name: timed(server, client, pages) for name, pages in asked.items()}
    said("verifying")
    speed = entries_a_second(database)
    database.close()
    return times, speed


def prepared(database: Database) -> int:
    """A reviewer, what is assigned to them, copies, and a crisis, whose number is returned."""
    said("preparing")
    reviewer = user(database, NAME, "moderator")
    senior = Reviewer("r-senior", frozenset({"senior"}), frozenset({"en"}))
    desk = Desk(database, ("demo@1",))
    with database.reading() as transaction:
        last = transaction.execute(text("SELECT max(id) FROM cases")).scalar_one()
        query = "SELECT id FROM cases WHERE state = :state AND id > :first ORDER BY id LIMIT :most"
        open_, decided = (
            list(transaction.execute(
                text(query), {"state": state, "first": last // 2, "most": most}).scalars())
            for state, most in (("open", MINE), ("decided", COPIES))
        )  # fmt: skip
    with database.writing() as transaction:
        for case_id in open_:
            case = existing(transaction, case_id)
            record(transaction, case, "assigned", at=now(), actor=senior.id, person=case.person,
                   data={"to": reviewer.id})  # fmt: skip
        for place, case_id in enumerate(decided):
            case = existing(transaction, case_id)
            blind.read_again(transaction, case, now())
            if place < PARTS:
                record(transaction, case, "noted", at=now(), actor=reviewer.id,
                       person=case.person, private={"text": "a note"})  # fmt: skip
    wanted = Wanted(signal="bursts", platform=PLATFORMS[3])
    crisis = desk.open_crisis(senior, "an event", senior.id, wanted).id
    with database.writing(apart=True) as transaction:
        transaction.execute(text("ANALYZE"))  # as a server does by itself after so many changes
    return crisis


def cases_with(database: Database) -> dict[str, list[str]]:
    """Addresses of cases by how many findings they have."""
    found: dict[str, list[str]] = {}
    query = text(
        "SELECT case_id FROM case_findings WHERE case_id > :first AND case_id < :last "
        "GROUP BY case_id HAVING count(*) = :count ORDER BY case_id LIMIT :most"
    )
    with database.reading() as transaction:
        last = transaction.execute(text("SELECT max(id) FROM cases")).scalar_one()
        for count in (1, 12, 50):
            given = {"first": last // 3, "last": last // 3 + 200_000, "count": count, "most": SOME}
            numbers = transaction.execute(query, given).scalars()
            found[f"case, {count} findings"] = [f"/cases/{number}" for number in numbers]
    return found


def queues(client: httpx.Client, crisis: int) -> dict[str, list[str]]:
    """Addresses of queues by kind; later pages are found by going there."""
    filters = {**FILTERS, "crisis": (str(crisis),)}
    single = [{name: value} for name, values in filters.items() for value in values]
    draw = random.Random(1)
    kinds = {
        "queue, no filter": [{}],
        "queue, one filter": single,
        "queue, two filters": [chosen(filters, draw, 2) for _ in range(SOME)],
        "queue, three or four": [chosen(filters, draw, 3 + one % 2) for one in range(SOME)],
    }
    found: dict[str, list[str]] = {}
    for name, every in kinds.items():
        first = [at({**one, "order": order}) for one in every for order in ORDERS]
        if len(every) == SOME:
            first = draw.sample(first, SOME)
        found[name] = first
        found[f"{name}, next page"] = list(filter(None, (later(client, one) for one in first)))
    far = [at({**one, "order": order, "after": place}) for one in single
           for order, place in (("urgent", FAR), ("newest", FAR), ("oldest", FAR))]  # fmt: skip
    return {**found, "queue, far on": far}


FAR = "1789999000000000.1"
"""Some hundred thousand cases on, of a million."""


def chosen(filters: Mapping[str, Sequence[str]], draw: random.Random, count: int) -> dict[str, str]:
    return {name: draw.choice(filters[name]) for name in draw.sample(sorted(filters), count)}


def at(query: Mapping[str, str]) -> str:
    return f"/?{urlencode(query)}"


def later(client: httpx.Client, address: str) -> str | None:
    """The address of the next page."""
    found = re.search(r'href="(/\?[^"]*after=[^"]+)"', client.get(address).text)
    return unescape(found[1]) if found else None


def timed(server: Served, client: httpx.Client, pages: Sequence[str]) -> Timed:
    times = []
    worked = server.worked()
    for turn in range(-1, TURNS):  # the first turn fills the caches
        for page in pages:
            began = time.perf_counter()
            answer = client.get(page)
            took = (time.perf_counter() - began) * 1000
            assert answer.status_code == 200, (page, answer.status_code)
            if turn >= 0:
                times.append((took, page))
    worked = (server.worked() - worked) / (TURNS + 1) / max(len(pages), 1)
    return Timed(times, worked)


def entries_a_second(database: Database) -> float:
    began = time.perf_counter()
    with database.reading() as transaction:
        end = chain(transaction)
    assert isinstance(end, Head), end
    return end.seq / (time.perf_counter() - began)


def told(results: Mapping[int, Measured]) -> None:
    """The table of a database: the 95th percentile by number of cases; of the most the median, the
    server's processor time, and the address with the highest median."""
    most = max(results)
    heads = "".join(f" {count:,} |" for count in results)
    print(f"| page, 95th percentile ms |{heads} median | CPU | slowest, its median |")
    print(f"| --- |{' ---: |' * len(results)} ---: | ---: | --- |")
    for name, (times, worked) in results[most][0].items():
        if not times:  # of few cases nothing has a next page
            continue
        cells = "".join(f" {ninety_five(results[count][0][name].times)} |" for count in results)
        middle = median(took for took, _ in times)
        address, its = slowest(times)
        kind = f"{name} ({len(times) // TURNS})"
        print(f"| {kind} |{cells} {middle:.0f} | {worked:.0f} | `{address}` {its:.0f} |")
    speeds = "".join(f" {speed:,.0f} |" for _, speed in results.values())
    print(f"| chain, entries/s |{speeds} | | |", flush=True)


def ninety_five(times: Sequence[tuple[float, str]]) -> str:
    """The 95th percentile; of few cases some sorts have none."""
    return f"{quantiles((took for took, _ in times), n=20)[-1]:.0f}" if len(times) > 1 else "–"


def slowest(times: Sequence[tuple[float, str]]) -> tuple[str, float]:
    """The address with the highest median."""
    by_address: dict[str, list[float]] = defaultdict(list)
    for took, address in times:
        by_address[address].append(took)
    found = {address: median(its) for address, its in by_address.items()}
    address = max(found, key=lambda one: found[one])
    return re.sub(r"(?<=[?&])\w+=&", "", address), found[address]


def said(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
