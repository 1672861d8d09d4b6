"""Cases that went through the desk, each to be written again under many names.

What differs from case to case is marked in the texts (`S` the subject's number, `P` its platform),
and known by its column everywhere else: numbers of entries, cases and persons, and times.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, select

from marsad.decide.desk import Desk
from marsad.decide.exhibits import Exhibits, Post, Profile
from marsad.decide.findings import SealedFinding
from marsad.decide.items import content_of
from marsad.decide.opening import open_cases
from marsad.decide.priority import CLOCKS
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.records.times import MINUTE
from marsad.store import Database, Transaction, open_database
from marsad.store.cases import Case, of_subject
from marsad.store.chain import canonical
from marsad.store.log import with_private

EVENTS, MOST, START = 10, 50, 1_600_000_000_000_000
POLICY = "demo@1"
REASON = "The post carries the marker word of the demonstration, twice."
PLATFORM, SUBJECT = "@P@", "@S@"
SIGNALS = ("phrases", "links", "copies", "coordination", "returns", "bursts", "text", "media")
KINDS = ("account",) * 6 + ("post", "post", "media", "site")
STATES = ("open",) * 10 + ("decided",) * 8 + ("second", "escalated")
TABLES = ("case_events", "case_findings", "decisions", "opened_items", "notes", "case_keys",
          "case_signals", "verdicts", "lane_signals")  # fmt: skip
"""What a case has rows in, besides `cases` and the log."""

SENIOR = Reviewer("r-senior", frozenset({"senior"}), frozenset({"en"}))
REVIEWERS = tuple(Reviewer(f"r-{number}", frozenset({"moderator"}), frozenset({"en"}))
                  for number in range(8))  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """An entry of the log to be stamped: its body and private content (None for none), and its
    times after the case opened (µs): when it was made, and what it says of rank and clock."""

    body: str
    content: str | None
    at: int
    rank: int
    due_at: int


@dataclass(frozen=True)
class Pattern:
    """A case: its entries, its row, and its rows beside it: table → column → values."""

    case: Case
    account: str
    entries: Sequence[Entry]
    signals: frozenset[str]
    rows: Mapping[str, Mapping[str, Sequence[Any]]]


@cache
def made(count: int) -> list[Pattern]:
    """Patterns with 1 to 50 findings, as many of each order of magnitude."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder) / "review.db")
        draw = random.Random(1)
        names = [_played(database, draw, number, count) for number in range(count)]
        with database.reading() as transaction:
            tables = MetaData()
            tables.reflect(transaction)
            written = _written(transaction)
            patterns = [_read(transaction, tables, written, *name) for name in names]
        database.close()
    return patterns


class _Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


def _played(
    database: Database, draw: random.Random, number: int, count: int
) -> tuple[str, str, str]:
    """Takes a case through the desk in ten entries; its kind, subject and account."""
    clock = _Clock()
    desk = Desk(database, (POLICY,), clock)
    kind = draw.choice(KINDS)
    subject = f"{PLATFORM}:{SUBJECT}-{number}-"
    account = subject if kind == "account" else f"{subject}author"
    size = round(MOST ** (number / (count - 1)))
    first, later = _findings(draw, kind, subject, account, number, size)
    posts = [_post(draw, account, number, one) for one in range(min(4, size))]
    shown = Exhibits(posts, (Profile(account, "someone", "A name", REASON, 120, 80, 900),))
    open_cases(database, first, START, {(kind, subject): shown})
    with database.reading() as transaction:
        case = of_subject(transaction, kind, subject)
    assert case is not None
    if later:
        clock.now += MINUTE
        open_cases(database, later, clock.now)
    _worked_on(desk, clock, draw, case.id, [post.id for post in posts], 9 - bool(later))
    return kind, subject, account


def _findings(
    draw: random.Random, kind: str, subject: str, account: str, number: int, size: int
) -> tuple[list[SealedFinding], list[SealedFinding]]:
    signals = draw.sample(SIGNALS, min(size, draw.randrange(1, 5)))
    found = [
        SealedFinding(
            f"{one:022x}{SUBJECT}-{number}-", kind, subject, account,
            signals[one % len(signals)], draw.random(), message="phrases.found",
            values={"count": 2, "phrases": ["marker word"]},
            evidence=[{"kind": "phrase", "bank": "markers", "entry": f"word {number}-{one % 3}",
                       "post": f"{subject}post-{one % 4}", "spans": [[4, 15]]}],
        )
        for one in range(size)
    ]  # fmt: skip
    cut = size if size < 2 or number % 3 else size - size // 3
    return found[:cut], found[cut:]


def _post(draw: random.Random, account: str, number: int, one: int) -> Post:
    text = f"the marker word, said for the {draw.randrange(10_000)}th time, with a link to it"
    subject = f"{PLATFORM}:{SUBJECT}-{number}-"
    return Post(f"{subject}post-{one}", account, text, "en", START - one * MINUTE,
                marks=((4, 15),), signals=("phrases",), content=content_of(text))  # fmt: skip


def _worked_on(
    desk: Desk, clock: _Clock, draw: random.Random, case: int, posts: Sequence[str], left: int
) -> None:
    """The entries that are ``left`` to make: posts opened, notes, a clock, and how it ended."""
    who, state = draw.choice(REVIEWERS), draw.choice(STATES)
    for turn in range(left - 1):
        clock.now += MINUTE
        if turn == 3 and draw.random() < 0.2:
            clock_name = draw.choice(sorted(set(CLOCKS) - {"threat"}))
            desk.set_clock(SENIOR, case, clock_name, clock.now)
        elif turn % 3:
            desk.open_post(who, case, posts[turn % len(posts)])
        else:
            desk.note(who, case, REASON)
    clock.now += MINUTE
    seen = desk.case(who, case)
    if state == "second" and seen.kind != "account":
        state = "escalated"
    if state == "open":
        desk.assign(SENIOR, case, draw.choice(REVIEWERS).id if draw.random() < 0.02 else None)
        return
    outcome = {"decided": "no-violation", "second": "suspend", "escalated": "escalate"}[state]
    item = posts[1 % len(posts)] if outcome == "suspend" else None
    lease = desk.take(who, case)
    desk.decide(who, Decision(case, seen.version, lease.token, outcome, POLICY, REASON, item))


def _read(
    transaction: Transaction, tables: MetaData, written: _Written, kind: str, subject: str,
    account: str,
) -> Pattern:  # fmt: skip
    """What the desk has written of a case."""
    mark = subject.removeprefix(f"{PLATFORM}:{SUBJECT}-").removesuffix("-")
    case = of_subject(transaction, kind, subject)
    assert case is not None
    made = [_entry(*one, mark) for one in written[case.id]]
    rows = {name: _rows(transaction, tables.tables[name], case, mark) for name in TABLES}
    assert len(made) == EVENTS, (len(made), subject)
    signals = frozenset(rows["case_signals"]["signal"])
    return Pattern(case, stamp(account, mark), made, signals, rows)


_Written = Mapping[int, Sequence[tuple[bytes, bytes | None]]]
"""Case → its entries: body and private content."""


def _written(transaction: Transaction) -> _Written:
    found: dict[int, list[tuple[bytes, bytes | None]]] = defaultdict(list)
    for entry in with_private(transaction):
        found[json.loads(entry.body)["case"]].append((entry.body, entry.content))
    return found


def _entry(body: bytes, content: bytes | None, mark: str) -> Entry:
    said = json.loads(body)
    data = said["data"]
    times = (
        said["at"] - START,
        data.get("rank", START) - START,
        (data.get("due_at") or START) - START,
    )
    said |= {"at": "@at@", "case": "@case@"}
    for name, place in (("rank", "@rank@"), ("due_at", "@due@"), ("platform", PLATFORM)):
        if data.get(name) is not None:
            data[name] = place
    if content is not None:
        said["private"] = ["@person@", "@digest@"]
    private = stamp(content.decode(), mark) if content is not None else None
    return Entry(stamp(canonical(said).decode(), mark), private, *times)


NUMBERS = ("at", "case", "rank", "due", "person")


def stamp(text: str, mark: str) -> str:
    """A text that `%` fills in."""
    text = text.replace("%", "%%").replace(f"{SUBJECT}-{mark}-", "%(s)d")
    for name in NUMBERS:
        text = text.replace(f'"@{name}@"', f"%({name})d")
    return text.replace("@digest@", "%(digest)s").replace(PLATFORM, "%(p)s")


def _rows(
    transaction: Transaction, table: Table, case: Case, mark: str
) -> Mapping[str, Sequence[Any]]:
    found = transaction.execute(select(table).where(table.c.case_id == case.id)).all()
    return {
        column.name: [stamp(value, mark) if isinstance(value, str) and "@" in value else value
                      for value in (row[place] for row in found)]
        for place, column in enumerate(table.columns)
    }  # fmt: skip
