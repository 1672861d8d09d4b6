"""The views of a workspace: on every engine what a plain loop over the records says."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from marsad.engines import Engine, views
from marsad.records.ids import key
from marsad.records.tables import EDGES, OBSERVATIONS, POSTS, SHARES
from tests.engines.conftest import Both
from tests.engines.rows import assert_same

Rows = list[dict[str, Any]]

NAMES = ["x:@reed", "x:@مها", "x:3", "y:@reed"]
LOOKED_AT = [
    ("x", "@reed"), ("x", "@مها"), ("x", "3"), ("y", "@reed"), ("x", "unheard"), ("x", "4"),
    ("y", "4"),
]  # fmt: skip
HANDLES = [None, "", "@", "reed", "@Reed", "مها", "only-followed"]
OBJECTS = ["https://a.example/1", "نهر", "a\\b", ""]


def post(number: int, version: int = 1, **more: Any) -> dict[str, Any]:
    account = more.pop("account", NAMES[0])
    row = {
        **dict.fromkeys(POSTS.names), "id": f"x:{number}", "key": key(f"x:{number}"),
        "version": version, "platform": "x", "account": account, "account_key": key(account),
        "created_at": number, "precision": 1, "kind": "post", "run": "r1", "file": "f", "line": 1,
    }  # fmt: skip
    return {**row, **more}


def look(account: str, at: int, **more: Any) -> dict[str, Any]:
    row = {
        **dict.fromkeys(OBSERVATIONS.names), "key": key(account), "version": 1, "platform": "x",
        "subject_kind": "account", "subject": account, "observed_at": at, "precision": 1,
        "route": "search", "state": "alive", "run": "r1", "file": "f", "line": 1,
    }  # fmt: skip
    return {**row, **more}


def follow(source: str, target: str) -> dict[str, Any]:
    return {
        **dict.fromkeys(EDGES.names), "key": 1, "version": 1, "kind": "follow", "platform": "x",
        "source": source, "source_key": key(source), "target": target, "target_key": key(target),
        "observed_at": 9,
    }  # fmt: skip


def image(hashed: str | None) -> dict[str, Any]:
    return {"id": None, "kind": "image", "url": None, "hash": hashed, "alt": None}


def some_posts(count: int, seed: int) -> Rows:
    """Posts with everything a view reads, in several versions."""
    rng = random.Random(seed)

    def some(values: Sequence[str]) -> list[str | None] | None:
        return rng.choice([None, [], rng.choices([*values, None], k=rng.randrange(4))])

    return [
        post(
            rng.randrange(count // 2),
            version=number,
            account=rng.choice(NAMES),
            hashtags=some(OBJECTS),
            urls=some(OBJECTS),
            mentions=some(NAMES),
            media=rng.choice([None, [], [image("a1")], [image(None), image("b2")]]),
            repost_of=rng.choice([None, "x:77", "x:0", "x:1"]),
            repost_of_account=rng.choice([None, *NAMES]),
            reply_to=rng.choice([None, "x:88", "x:2", "x:3"]),
            quote_of=rng.choice([None, "x:99", "x:4", "x:5"]),
            reply_to_account=rng.choice([None, *NAMES]),
            run=rng.choice(["r1", "r2"]),
            file=rng.choice(["f", "g"]),
            line=rng.randrange(3),
        )
        for number in range(count)
    ]


def some_looks(count: int, seed: int) -> Rows:
    rng = random.Random(seed)
    return [
        look(
            f"{platform}:{native}", rng.randrange(5), version=number,
            subject_kind=rng.choice(["account", "account", "post"]),
            platform=platform, handle=rng.choice(HANDLES),
            followers=rng.choice([None, number]), run=rng.choice(["r1", "r2"]),
            file=rng.choice(["f", "g"]), line=rng.randrange(2),
        )
        for number in range(count)
        for platform, native in [rng.choice(LOOKED_AT)]
    ]  # fmt: skip


FOLLOWS = [follow(NAMES[0], NAMES[1]), follow(NAMES[1], "x:@only-followed")]
SHARED = [
    {
        **dict.fromkeys(SHARES.names), "key": 1, "version": 1, "platform": "x",
        "account": NAMES[1], "account_key": key(NAMES[1]), "object_kind": "image",
        "object": "hash", "object_key": 5, "shared_at": 3, "precision": 1_000_000,
    }
]  # fmt: skip


def tables(engine: Engine, posts: Rows, looks: Rows = ()) -> dict[str, Any]:  # type: ignore[assignment]
    rows = {
        "posts": (posts, POSTS), "observations": (looks, OBSERVATIONS),
        "edges": (FOLLOWS, EDGES), "shares": (SHARED, SHARES),
    }  # fmt: skip
    return {
        name: engine.table(pa.Table.from_pylist(list(listed), schema=schema), name)
        for name, (listed, schema) in rows.items()
    }


def newest(rows: Rows, order: Sequence[str]) -> Rows:
    found: dict[int, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: [row[name] for name in order]):
        found[row["key"]] = row
    return list(found.values())


POSTED, SEEN = some_posts(60, seed=1), some_looks(60, seed=2)


def test_latest_versions(engine: Engine) -> None:
    found = engine.collect(views.latest_versions(tables(engine, POSTED)["posts"]))
    assert found.schema.names == POSTS.names
    assert_same(found.to_pylist(), newest(POSTED, ("run", "file", "line", "version")))


def test_accounts(engine: Engine) -> None:
    given = tables(engine, POSTED, SEEN)
    found = engine.collect(views.accounts(given["posts"], given["observations"], given["edges"]))
    accounts = [row for row in SEEN if row["subject_kind"] == "account"]
    last = newest(accounts, ("observed_at", "run", "file", "line", "version"))
    facts = {row["subject"]: row for row in last}
    known = {*NAMES, "x:@only-followed", *facts}
    rows = {row["account"]: row for row in found.to_pylist()}
    assert len(rows) == found.num_rows == len(known)
    assert set(rows) == known
    for account, row in rows.items():
        assert row["key"] == key(account)
        told = facts.get(account, {})
        for name in ("handle", "followers", "state", "observed_at", "run", "line"):
            assert row[name] == told.get(name)


def test_shares(engine: Engine) -> None:
    given = tables(engine, POSTED)
    found = engine.collect(views.shares(given["posts"], given["shares"])).to_pylist()
    expected = [_share(row, kind, used) for row in POSTED for kind, used in _uses(row)]
    expected += [{name: SHARED[0][name] for name in expected[0]}]
    assert_same(found, expected)


def _uses(row: Mapping[str, Any]) -> Rows:
    lists = {"hashtag": "hashtags", "url": "urls", "mention": "mentions"}
    uses = [(kind, used) for kind, name in lists.items() for used in row[name] or ()]
    uses += [("repost", row["repost_of"]), ("reply", row["reply_to"])]
    uses += [("image", shown["hash"]) for shown in row["media"] or ()]
    return [use for use in uses if use[1] is not None]  # type: ignore[misc]


def _share(row: Mapping[str, Any], kind: str, used: str) -> dict[str, Any]:
    return {
        "platform": row["platform"], "account": row["account"], "account_key": row["account_key"],
        "object_kind": kind, "object": used, "post": row["id"], "shared_at": row["created_at"],
        "precision": row["precision"],
    }  # fmt: skip


def holders(looks: Rows) -> dict[str, str]:
    """``platform:@handle`` → the account with an id that was last seen under it."""
    order = ("observed_at", "run", "file", "line", "version")
    found = {}
    for row in sorted(looks, key=lambda row: [row[name] for name in order]):
        bare = (row["handle"] or "").removeprefix("@").lower()
        if bare and row["subject_kind"] == "account" and ":@" not in row["subject"]:
            found[f"{row['platform']}:@{bare}"] = row["subject"]
    return found


def test_handles(engine: Engine) -> None:
    found = engine.collect(
        views.handles(tables(engine, [], SEEN)["observations"], engine)
    ).to_pylist()
    assert {f"{row['platform']}:@{row['handle']}": row["account"] for row in found} == holders(SEEN)
    assert len(found) == len(holders(SEEN)) > 2


def test_last_looks(engine: Engine) -> None:
    seen = views.looks(tables(engine, [], SEEN)["observations"])
    found = {
        row["account"]: row["version"] for row in engine.collect(views.last_looks(seen)).to_pylist()
    }
    accounts = [row for row in SEEN if row["subject_kind"] == "account"]
    last = newest(accounts, ("observed_at", "run", "file", "line", "version"))
    assert found == {row["subject"]: row["version"] for row in last}


@pytest.mark.parametrize("looks", [SEEN, []], ids=["handles known", "nobody looked at"])
def test_edges(engine: Engine, looks: Rows) -> None:
    posts = newest(POSTED, ("run", "file", "line", "version"))
    given = tables(engine, posts, looks)
    handles = views.handles(given["observations"], engine)
    found = engine.collect(
        views.resolved(views.edges(given["posts"], given["edges"]), handles, "source", "target")
    ).to_pylist()
    known = holders(looks)
    expected = [
        {**edge, **{end: known.get(edge[end], edge[end]) for end in ("source", "target")}}
        for edge in edges_of(posts)
    ]
    assert {edge["kind"] for edge in expected} == {"follow", "mention", "repost", "reply", "quote"}
    assert_same(found, expected)
    bare = engine.collect(views.edges(given["posts"], given["edges"])).to_pylist()
    assert_same(bare, edges_of(posts))


def edges_of(posts: Rows) -> Rows:
    """The edges of `FOLLOWS` and of posts, as they are named there."""
    author = {row["id"]: row["account"] for row in posts}
    edges = [
        {"kind": "follow", "source": row["source"], "target": row["target"], "at": 9}
        for row in FOLLOWS
    ]
    for row in posts:
        targets = [("mention", name) for name in row["mentions"] or ()]
        targets += [
            (kind, row[account] or author.get(row[post]))
            for kind, account, post in (
                ("repost", "repost_of_account", "repost_of"),
                ("reply", "reply_to_account", "reply_to"),
            )
        ]
        targets.append(("quote", author.get(row["quote_of"])))
        edges += [
            {"kind": kind, "source": row["account"], "target": target, "at": row["created_at"]}
            for kind, target in targets
            if target is not None
        ]
    return edges


def test_a_post_in_two_versions_leads_to_one_author(engine: Engine) -> None:
    posts = [post(1), post(1, version=2, account=NAMES[2]), post(2, quote_of="x:1")]
    given = tables(engine, posts)
    found = engine.collect(views.edges(given["posts"], given["edges"])).to_pylist()
    assert [edge["kind"] for edge in found].count("quote") == 1


@pytest.mark.parametrize("name", ["latest_versions", "accounts", "shares", "edges", "handles"])
def test_no_records_at_all(engine: Engine, name: str) -> None:
    posts, looks = engine.read([], POSTS), engine.read([], OBSERVATIONS)
    follows, shared = engine.read([], EDGES), engine.read([], SHARES)
    view = {
        "latest_versions": lambda: views.latest_versions(posts),
        "accounts": lambda: views.accounts(posts, looks, follows),
        "shares": lambda: views.shares(posts, shared),
        "edges": lambda: views.resolved(
            views.edges(posts, follows), views.handles(looks, engine), "source", "target"
        ),
        "handles": lambda: views.handles(looks, engine),
    }[name]()
    assert engine.collect(view).num_rows == 0


@pytest.mark.java
def test_the_same_rows_with_the_same_types(both: Both) -> None:
    posted, seen = some_posts(3_000, seed=3), some_looks(3_000, seed=4)

    def viewed(engine: Engine) -> list[pa.Table]:
        given = tables(engine, posted, seen)
        current = engine.materialise(views.latest_versions(given["posts"]), "current")
        return [
            engine.collect(current),
            engine.collect(views.accounts(current, given["observations"], given["edges"])),
            engine.collect(views.shares(current, given["shares"])),
            engine.collect(views.handles(given["observations"], engine)),
            engine.collect(
                views.resolved(
                    views.edges(current, given["edges"]),
                    views.handles(given["observations"], engine),
                    "source",
                    "target",
                )
            ),
        ]

    for expected, found in zip(viewed(both.reference), viewed(both.other), strict=True):
        assert found.schema.equals(expected.schema)
        assert_same(found.to_pylist(), expected.to_pylist())
