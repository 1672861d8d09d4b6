"""Screening one post while its author waits

100,000 phrases, 10,000 domains, 100,000 known texts and 1 million cases; network signals have said
something of 100,000 accounts, and the server, just started, adds it to their cases meanwhile. Posts
of 5 to 80 words: a third holds a phrase, a fifth is a near copy of a known text, a fifth links to a
listed domain. Timed from a program that asks one post after another: the screener alone, and over
HTTP with a token, through a server of its own.

`python -m benchmarks.screen [--cases N] [--entries N]` runs it alone. Wanted: 20 ms at the median.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.quality import fill
from marsad.banks import Entry
from marsad.decide import users
from marsad.decide.signing_in import SCOPES, Door, Visitor
from marsad.records.ids import key
from marsad.records.tables import FINDINGS
from marsad.store import open_database
from marsad.store import users as stored
from marsad.web.server import serve
from marsad.web.site import Site
from marsad.workspace import Workspace
from marsad.workspace.folder import begin
from marsad.workspace.screening import Asked, Screener

POSTS, WARMING = 1_000, 50
PLATFORM = "elsewhere"
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def main() -> None:
    options = argparse.ArgumentParser(description="Screening one post.")
    options.add_argument("--cases", type=int, default=1_000_000, help="cases (%(default)s)")
    options.add_argument(
        "--entries", type=int, default=100_000, help="phrases, texts (%(default)s)"
    )
    options.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        serve(Site.of(Workspace.open(given.serve)), "127.0.0.1", 0, say)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workspace"
        workspace = made(path, given.cases, given.entries)
        said("loading")
        posts = [post(number, given.entries, given.cases) for number in range(POSTS + WARMING)]
        print("| way | median ms | 95th percentile ms | CPU ms, mean | found something |")
        print("| --- | ---: | ---: | ---: | ---: |")
        alone(workspace, posts)
        over_http(path, token(path), posts)


def said(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def say(address: str) -> None:
    print(address, flush=True)


def made(path: Path, cases: int, entries: int) -> Workspace:
    """A workspace with banks, cases and findings."""
    workspace = Workspace.create(path)
    said("banks")
    phrases = (Entry(phrase(number)) for number in range(entries))
    workspace.banks.add("phrases", phrases, kind="phrases")
    domains = (Entry(domain(number)) for number in range(entries // 10))
    workspace.banks.add("domains", domains, kind="domains")
    texts = (Entry(text(number)) for number in range(entries))
    workspace.banks.add("texts", texts, kind="texts")
    said("cases")
    open_database(path / "review.db").close()
    fill(path / "review.db", cases)
    with sqlite3.connect(path / "review.db") as connection:
        connection.execute(f"UPDATE cases SET subject = '{PLATFORM}:' || id")
    said("findings")
    with begin(workspace, "find coordination", {}) as run:
        file = run.staging.folder / "findings.parquet"
        pq.write_table(pa.Table.from_pylist(
            [finding(number) for number in range(1, entries + 1)], FINDINGS), file)  # fmt: skip
        run.add("findings", file, entries, name="coordination")
    return workspace


def word(draw: random.Random) -> str:
    return "".join(draw.choices(LETTERS, k=draw.randint(2, 7)))


def words(seed: str, count: int) -> str:
    draw = random.Random(seed)
    return " ".join(word(draw) for _ in range(count))


def phrase(number: int) -> str:
    return words(f"phrase {number}", 2 + number % 3)


def text(number: int) -> str:
    return words(f"text {number}", 10 + number % 50)


def domain(number: int) -> str:
    return f"listed-{number}.example"


def finding(number: int) -> dict[str, object]:
    account = f"{PLATFORM}:{number * 7}"
    return {
        "finding_id": f"{number:032x}", "run_id": "r", "subject_kind": "account",
        "subject_id": account, "subject_key": key(account), "account": account,
        "signal": "coordination", "score": 0.7, "score_kind": "rank",
        "message": "coordination.account.timing",
        "values": json.dumps({"partners": 4, "count": 12, "seconds": 30}),
        "evidence": "[]", "community": None, "opens_case": False, "policy": "demo@1",
        "found_at": 1_700_000_000_000_000,
    }  # fmt: skip


def post(number: int, entries: int, cases: int) -> Asked:
    """A post of an account that has a case, as all have."""
    draw = random.Random(number)
    parts = words(f"post {number}", draw.randint(5, 80)).split()
    if draw.random() < 0.33:
        parts.insert(draw.randrange(len(parts)), phrase(draw.randrange(entries)))
    if draw.random() < 0.2:
        parts = text(draw.randrange(entries)).split()
        parts[draw.randrange(len(parts))] = word(draw)
    if draw.random() < 0.2:
        parts.append(f"https://{domain(draw.randrange(entries // 10))}/page/{number}")
    account = str(draw.randrange(1, cases + 1))
    return Asked(PLATFORM, account, " ".join(parts), f"post-{number}")


def alone(workspace: Workspace, posts: list[Asked]) -> None:
    database = open_database(workspace.folder / "review.db")
    screener = Screener(workspace, database)
    began = time.perf_counter()
    screener.warm()
    said(f"loaded in {time.perf_counter() - began:.1f} s")
    row("screener alone", posts, lambda one: bool(screener.screen(one).findings), time.process_time)
    database.close()


def token(path: Path) -> str:
    database = open_database(path / "review.db")
    users.add(
        database, "program", ("analyst",), at=int(time.time() * 1e6), password="long enough 1"
    )
    with database.reading() as transaction:
        user = stored.by_name(transaction, "program")
    assert user is not None
    key = Door(database).new_token(Visitor(user), "benchmark", SCOPES, 1)[1]
    database.close()
    return key


def over_http(path: Path, key: str, posts: list[Asked]) -> None:
    command = [sys.executable, "-m", "benchmarks.screen", "--serve", str(path)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip().removeprefix("http://").rstrip("/")
        connection = HTTPConnection(address, timeout=600)
        wait_for(connection)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

        def ask(one: Asked) -> bool:
            body = {"platform": one.platform, "account": one.account, "text": one.text,
                    "id": one.id}  # fmt: skip
            connection.request("POST", "/api/v1/screen", json.dumps(body), headers)
            answer = connection.getresponse()
            found = json.loads(answer.read())
            assert answer.status == 200, found
            return bool(found["findings"])

        process = psutil.Process(server.pid)
        row("over HTTP", posts, ask, lambda: sum(process.cpu_times()[:2]))
    finally:
        server.terminate()
        server.wait()


def wait_for(connection: HTTPConnection) -> None:
    """The address is known a moment before anybody listens there."""
    for _ in range(600):
        try:
            connection.connect()
            return
        except ConnectionRefusedError:
            time.sleep(0.1)


def row(
    name: str, posts: list[Asked], ask: Callable[[Asked], bool], cpu: Callable[[], float]
) -> None:  # fmt: skip
    """``cpu`` gives the seconds that whoever answers has worked: the machine may be shared."""
    for one in posts[:WARMING]:
        ask(one)
    times, found, worked = [], 0, cpu()
    for one in posts[WARMING:]:
        began = time.perf_counter()
        found += ask(one)
        times.append((time.perf_counter() - began) * 1000)
    each = (cpu() - worked) / POSTS * 1000
    said_ = f"{median(times):.1f} | {quantiles(times, n=20)[-1]:.1f} | {each:.1f}"
    print(f"| {name} | {said_} | {found} of {POSTS} |", flush=True)


if __name__ == "__main__":
    main()
