"""Screening one post while its author waits: what item signals find in it, and what is known of the
account. Nothing of the post is stored.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from marsad.records import ids
from marsad.records.errors import InputError
from marsad.records.language import language_code
from marsad.records.platforms import platform_named
from marsad.records.times import now
from marsad.store import Database, cases
from marsad.workspace.finding import finding_id
from marsad.workspace.folder import Workspace
from marsad.workspace.matchers import EMPTY, KeptMatchers
from marsad.workspace.standing_findings import KeptStanding

LONGEST_TEXT = 20_000
"""Characters of a post: longer than any platform takes, and short enough to keep nobody waiting."""

LONGEST_ID = 300
MOST_URLS = 100
LONGEST_URL = 4_000

UNPOSTED = "unposted"
"""The native id of a post that has none yet."""


@dataclass(frozen=True)
class Asked:
    """A post to screen. ``account`` is the platform's own id, or ``@handle``; ``id`` that of the
    post, None where it has none yet; ``created_at`` µs UTC."""

    platform: str
    account: str
    text: str
    id: str | None = None
    urls: Sequence[str] = ()
    language: str | None = None
    created_at: int | None = None


@dataclass(frozen=True)
class InPost:
    """A finding in the post, as `find` would have it: the same id, where the post has one."""

    finding_id: str | None
    signal: str
    score: float
    score_kind: str
    message: str
    values: Mapping[str, Any]
    evidence: Sequence[Mapping[str, Any]]
    opens_case: bool


@dataclass(frozen=True)
class Screened:
    """What was found: in the post, and about the account by network signals. ``cases`` has number
    and state of the case of the account and of the post, where there is one."""

    post: str | None
    account: str
    findings: Sequence[InPost]
    standing: Sequence[Mapping[str, Any]]
    cases: Mapping[str, tuple[int, str]]
    banks: Mapping[str, tuple[int, int]]


@dataclass
class Served:
    """How many posts were screened, and how long that took; seconds."""

    posts: int = 0
    with_findings: int = 0
    seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, found: bool, seconds: float) -> None:
        """Counts a post."""
        with self.lock:
            self.posts += 1
            self.with_findings += found
            self.seconds += seconds


class Screener:
    """Screens posts for as long as a server runs; threads may share it."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self.matchers = KeptMatchers(workspace.banks)
        self.standing = KeptStanding(workspace)
        self.served = Served()
        self._database = database

    def warm(self) -> None:
        """Loads everything, so that nobody has to wait for it."""
        self.matchers.now()
        self.standing.now()

    def warm_aside(self) -> None:
        """`warm` in a thread of its own; a bank that cannot be read is told to whoever screens."""
        threading.Thread(target=self._quietly, name="screener", daemon=True).start()

    def screen(self, asked: Asked) -> Screened:
        """What is found in a post. Raises `InputError` for one that is none."""
        began = perf_counter()
        post = row(asked)
        matchers = self.matchers.now()
        named = asked.id is not None
        found = [
            one for name, rows in matchers.screen(post)
            for one in _in_post(name, rows.to_pylist(), named)
        ]  # fmt: skip
        found.sort(key=lambda one: (not one.opens_case, -one.score, one.signal))
        account, identity = str(post["account"]), str(post["id"])
        known = self._cases(account, identity if named else None)
        standing = self.standing.now().of(account)
        self.served.add(bool(found), perf_counter() - began)
        said = identity if named else None
        return Screened(said, account, found, standing, known, matchers.versions)

    def _cases(self, account: str, post: str | None) -> dict[str, tuple[int, str]]:
        subjects = {"account": account} | ({"post": post} if post else {})
        with self._database.reading() as transaction:
            found = {
                kind: cases.of_subjects(transaction, kind, [subject]).get(subject)
                for kind, subject in subjects.items()
            }
        return {kind: (case.id, case.state) for kind, case in found.items() if case is not None}

    def _quietly(self) -> None:
        with suppress(Exception):  # the next post asks again, and says what is wrong
            self.warm()


def row(asked: Asked) -> dict[str, object]:
    """A post as a row of `marsad.records.tables.POSTS`, as import would make it."""
    platform = platform_named(asked.platform)
    _check_text(asked)
    account = _account(platform, asked.account)
    identity = ids.subject_id(platform, _id("id", asked.id) if asked.id is not None else UNPOSTED)
    at = now() if asked.created_at is None else asked.created_at
    return {
        **EMPTY, "id": identity, "key": ids.key(identity), "platform": platform,
        "account": account, "account_key": ids.key(account), "created_at": at, "precision": 1,
        "text": asked.text, "language": language_code(asked.language or ""),
        "urls": list(asked.urls), "version": 1,
    }  # fmt: skip


def _check_text(asked: Asked) -> None:
    long = [len(asked.text) > LONGEST_TEXT, len(asked.urls) > MOST_URLS,
            any(len(url) > LONGEST_URL for url in asked.urls)]  # fmt: skip
    if any(long):
        raise InputError("screen.too-long", text=LONGEST_TEXT, urls=MOST_URLS, url=LONGEST_URL)


def _account(platform: str, given: str) -> str:
    name = _id("account", given)
    if not name.startswith("@"):
        return ids.subject_id(platform, name)
    return ids.subject_id(platform, handle=_id("account", name.lstrip("@")))


def _id(field_: str, given: str) -> str:
    if not 1 <= len(given.strip()) <= LONGEST_ID or not given.isprintable():
        raise InputError("screen.id", field=field_, given=ascii(given[:100]), longest=LONGEST_ID)
    return given.strip()


def _in_post(signal: str, rows: Sequence[Mapping[str, Any]], named: bool) -> list[InPost]:
    return [
        InPost(
            finding_id(signal, one["subject_id"], one["evidence_key"]) if named else None,
            signal, one["score"], one["score_kind"], one["message"],
            json.loads(one["values"]), json.loads(one["evidence"]), one["opens_case"],
        )
        for one in rows
    ]  # fmt: skip
