"""A small made-up network for the tests of outputs: posts, looks, findings, and an engine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine, open_engine
from marsad.find.signal import Records
from marsad.outputs.report import BankLine, Context, PolicyLine, RunLine
from marsad.records import tables
from marsad.records.estimate import proportion
from marsad.records.ids import key
from marsad.records.message import Message
from marsad.records.pseudonyms import Pseudonyms
from marsad.records.times import DAY, MINUTE

START = 1_433_116_800_000_000
"""2015-06-01, a Monday."""
PSEUDONYMS = Pseudonyms(b"a key for tests alone, 32 bytes!")

Row = Mapping[str, Any]


def post(number: int, account: str = "x:@someone_1", **columns: Any) -> Row:
    """A post; ``number`` is its native id, and minutes since `START` unless a time is given."""
    identifier = f"x:9000{number:06d}"
    plain = {
        "id": identifier, "key": key(identifier), "version": 0, "platform": "x",
        "account": account, "account_key": key(account), "created_at": START + number * MINUTE,
        "precision": MINUTE, "text": f"text number {number}", "language": "en", "kind": "post",
        "hashtags": [], "urls": [], "mentions": [], "client": "a client",
        "run": "20150601T000000-import-aaaa", "file": "/home/private_person/posts.csv",
        "line": number + 1,
    }  # fmt: skip
    return {**dict.fromkeys(tables.POSTS.names), **plain, **columns}


def look(account: str, handle: str, at: int = START, **columns: Any) -> Row:
    """An observation of an account."""
    plain = {
        "key": key(account), "version": 0, "subject_kind": "account", "subject": account,
        "platform": "x", "observed_at": at, "precision": MINUTE, "route": "unknown",
        "state": "alive", "handle": handle, "name": "A Real Name", "bio": "a bio",
    }  # fmt: skip
    return {**dict.fromkeys(tables.OBSERVATIONS.names), **plain, **columns}


def follow(source: str, target: str, at: int | None = None) -> Row:
    """A stored follow edge."""
    plain = {
        "key": key(source + target), "version": 0, "kind": "follow", "platform": "x",
        "source": source, "source_key": key(source), "target": target, "target_key": key(target),
        "observed_at": at,
    }  # fmt: skip
    return {**dict.fromkeys(tables.EDGES.names), **plain}


def finding(about: Row, signal: str = "phrases", **columns: Any) -> Row:
    """A finding about a post. ``evidence`` is a list, ``message`` a `Message`."""
    message = columns.pop("message", Message("phrases.found", {"count": 1, "phrases": ["text"]}))
    evidence = columns.pop("evidence", [{"kind": "phrase", "bank": "b", "spans": [[0, 4]]}])
    plain = {
        "finding_id": f"{signal}{about['id']}", "run_id": "20150701T000000-find-bbbb",
        "subject_kind": "post", "subject_id": about["id"], "subject_key": about["key"],
        "account": about["account"], "signal": signal, "score": 0.5, "score_kind": "rank",
        "message": message.id, "values": message.to_json(),
        "evidence": json.dumps(evidence, ensure_ascii=False), "opens_case": True,
        "policy": "demo@1", "found_at": START + 30 * DAY,
    }  # fmt: skip
    return {**dict.fromkeys(tables.FINDINGS.names), **plain, **columns}


def group(*accounts: str, posts: Sequence[str] = (), signal: str = "coordination") -> Row:
    """A finding about accounts that act together, each with the next, met on two posts."""
    ties = len(accounts) - 1
    one = {
        "object_kind": "url", "reading": "timing", "count": 5, "common": 6, "expected": 0.5,
        "p": 1e-6, "q": 1e-3, "delay": 2.0, "spread": 1.0, "u_first": 3, "v_first": 2,
    }  # fmt: skip
    picture = {
        "kind": "network", "accounts": list(accounts), "edges": ties, "pairs": ties,
        "u": list(range(ties)), "v": list(range(1, ties + 1)),
        **{name: [value] * ties for name, value in one.items()},
        "posts": [list(posts)] * ties, "days": [[START, 3], [START + 2 * DAY, 2]],
    }  # fmt: skip
    told = {
        "kind": "group", "size": len(accounts), "objects": [{"url": "https://site.example/1"}],
        "density": 0.5, "since": START, "until": START + 2 * DAY,
        "first_movers": [{"account": accounts[0], "objects": 4}],
    }  # fmt: skip
    values = {"count": len(accounts), "objects": 5, "window": 60,
              "since": "2015-06-01", "until": "2015-06-03"}  # fmt: skip
    about = {"id": f"community:{accounts[0]}", "key": key(accounts[0]), "account": None}
    return finding(
        about, signal, subject_kind="community", evidence=[told, picture],
        message=Message("coordination.group", values),
    )  # fmt: skip


@dataclass(frozen=True)
class Network:
    """Rows of a workspace."""

    posts: Sequence[Row] = ()
    looks: Sequence[Row] = ()
    follows: Sequence[Row] = ()
    findings: Sequence[Row] = ()

    @contextmanager
    def opened(self) -> Iterator[tuple[Records, ir.Table, Engine]]:
        """The tables in an engine."""
        with open_engine("duckdb") as engine:

            def table(name: str, rows: Sequence[Row]) -> ir.Table:
                schema = tables.TABLES[name]
                return engine.table(pa.Table.from_pylist([*rows], schema=schema), name)

            records = Records.of(
                table("posts", self.posts),
                table("observations", self.looks),
                table("edges", self.follows),
                table("shares", ()),
            )
            yield records, table("findings", self.findings), engine


def context(**given: Any) -> Context:
    """What a report needs besides the tables, with something in each part."""
    plain: dict[str, Any] = {
        "pseudonyms": PSEUDONYMS,
        "workspace": "a-workspace",
        "generated_at": START + 40 * DAY,
        "policies": (PolicyLine("demo", "1", "Marker words."),),
        "banks": (BankLine("b", "phrases", 3), BankLine("never", "texts", 1, 1, True)),
        "runs": (RunLine("20150601T000000-import-aaaa", "import", START),),
        "rejected": {"no-time": 3, "no-text": 1},
        "estimates": tuple(
            proportion(hits, of, name=f"{measure}:{signal}", frame="a made-up network")
            for measure, signal, hits, of in (
                ("precision", "phrases", 9, 10), ("precision", "copies", 4, 8),
                ("recall", "phrases", 0, 7), ("recall", "copies", 6, 6),
            )
        ),
        "version": "1.2.3",
    }  # fmt: skip
    return Context(**{**plain, **given})


def busy(count: int = 300) -> Network:
    """A network with something in every section of the report."""
    accounts = [f"x:@person_{n}" for n in range(12)]
    languages, kinds = ["en", "ar", "ru", None], ["post", "repost", "reply", "quote"]
    posts = [
        post(
            n,
            accounts[n * n % 12],
            created_at=START + n * DAY // 4,
            text=f"text number {n % 40} for @Person_{n % 12} and #tag{n % 9}",
            language=languages[n % 7 % 4],
            kind=kinds[n % 4],
            repost_of=f"x:9000{n % 5:06d}" if n % 4 == 1 else None,
            hashtags=[f"tag{n % 9}", "وسم"],
            urls=[f"https://www.site{n % 6}.example/story/{n % 20}"],
            mentions=[f"x:@person_{n % 12}"],
            client=["a client", "another", None][n % 3],
        )
        for n in range(count)
    ]
    findings = [
        finding(one, signal, score=0.3 + n % 7 / 10)
        for n, one in enumerate(posts[: count // 3])
        for signal in ("phrases", "copies", "links")[: n % 3 + 1]
    ]
    looks = [look(account, account.removeprefix("x:@")) for account in accounts]
    return Network(posts, looks, [follow(accounts[0], accounts[1], START)], findings)
