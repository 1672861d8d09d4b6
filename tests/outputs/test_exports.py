"""Exports from a whole network: the right rows, in every format, without an identity."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx
import pyarrow.parquet as pq
import pytest

from marsad.outputs.exports import WHAT, export
from marsad.records.errors import InputError
from marsad.records.ids import key
from marsad.records.message import Message
from marsad.records.pseudonyms import Pseudonyms
from tests.outputs.network import (
    PSEUDONYMS,
    START,
    Network,
    busy,
    finding,
    follow,
    group,
    look,
    post,
)

A, B, C = "x:11111", "x:22222", "x:@third_person"

SMALL = Network(
    posts=[
        post(0, A, text="=HYPERLINK(1) hello @Second_One https://x.com/second_one/status/9000000001"),
        post(1, B, kind="reply", reply_to="x:9000000000", reply_to_account=A, mentions=[A, C]),
        post(2, B, kind="repost", repost_of="x:9000000000"),
        post(3, B, kind="repost", repost_of="x:9000000000", repost_of_account=A),
        post(4, A, kind="quote", quote_of="x:9000000001", mentions=["x:@second_one"]),
        post(5, A, kind="quote", quote_of="x:777777777", urls=["https://t.me/some_channel/5"]),
    ],
    looks=[
        look(A, "First_One"),
        look(B, "older_name", START, followers=3),
        look(B, "Second_One", START + 1, followers=4, following=5),
        look("x:33333", "older_name", START + 2),
    ],
    follows=[follow(A, B), follow(A, B, START), follow(A, "x:@older_name", START)],
)  # fmt: skip


def acct(identifier: str) -> str:
    return PSEUDONYMS.of("account", identifier)


def exported(network: Network, what: str, path: Path, **options: Any) -> int:
    with network.opened() as (records, findings, engine):
        return export(what, records, findings, engine, path, PSEUDONYMS, **options)


def rows(network: Network, what: str, folder: Path, **options: Any) -> list[dict[str, str]]:
    path = folder / "out.csv"
    count = exported(network, what, path, **options)
    with path.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert len(read) == count
    return read


def test_edges_of_each_kind(tmp_path: Path) -> None:
    edges = {
        (row["source"], row["target"], row["kind"]): (int(row["weight"]), row["first"], row["last"])
        for row in rows(SMALL, "edges", tmp_path)
    }
    time = "2015-06-01T00:{:02d}:00Z".format
    assert edges == {
        (acct(B), acct(A), "reply"): (1, time(1), time(1)),
        (acct(B), acct(A), "mention"): (1, time(1), time(1)),
        (acct(B), acct(C), "mention"): (1, time(1), time(1)),
        # One repost names the author, the other only the post.
        (acct(B), acct(A), "repost"): (2, time(2), time(3)),
        (acct(A), acct(B), "quote"): (1, time(4), time(4)),
        # A handle is the account last seen under it.
        (acct(A), acct(B), "mention"): (1, time(4), time(4)),
        (acct(A), acct(B), "follow"): (2, time(0), time(0)),
        (acct(A), acct("x:33333"), "follow"): (1, time(0), time(0)),
    }


@pytest.mark.parametrize("suffix", [".graphml", ".gexf"])
def test_graphs_hold_what_the_table_holds(tmp_path: Path, suffix: str) -> None:
    table = rows(busy(), "edges", tmp_path)
    path = tmp_path / f"graph{suffix}"
    assert exported(busy(), "edges", path) == len(table)
    read = networkx.read_graphml(path) if suffix == ".graphml" else networkx.read_gexf(
        path, version="1.3"
    )  # fmt: skip
    assert read.number_of_edges() == len(table)
    assert set(read) == {row[end] for row in table for end in ("source", "target")}
    assert sum(data["weight"] for *_, data in read.edges(data=True)) == sum(
        int(row["weight"]) for row in table
    )
    assert sum(data["posts"] for _, data in read.nodes(data=True)) == len(busy().posts)
    assert sum(data["findings"] for _, data in read.nodes(data=True)) == len(busy().findings)


def test_posts(tmp_path: Path) -> None:
    read = {row["post"]: row for row in rows(SMALL, "posts", tmp_path)}
    assert len(read) == len(SMALL.posts)
    first = read[PSEUDONYMS.of("post", "x:9000000000")]
    assert first["account"] == acct(A)
    assert first["created_at"] == "2015-06-01T00:00:00Z"
    assert first["file"] == "posts.csv"
    assert first["text"].startswith("'=HYPERLINK(1) hello @acct-")
    reply = read[PSEUDONYMS.of("post", "x:9000000001")]
    assert reply["reply_to"] == PSEUDONYMS.of("post", "x:9000000000")
    assert reply["mentions"].split() == [acct(A), acct(C)]


def test_findings(tmp_path: Path) -> None:
    about = SMALL.posts[0]
    evidence = [
        {"kind": "copy", "post": "x:9000000001", "account": B, "spans": [[0, 3]]},
        {"kind": "link", "url": "https://x.com/second_one/status/9000000001"},
    ]
    message = Message("phrases.found", {"count": 1, "phrases": ["by @Second_One", B]})
    network = Network(findings=[finding(about, evidence=evidence, message=message, score=0.25)])
    (row,) = rows(network, "findings", tmp_path)
    assert row["finding"] == PSEUDONYMS.of("finding", f"phrases{about['id']}")
    assert (row["subject"], row["account"]) == (PSEUDONYMS.of("post", about["id"]), acct(A))
    assert (row["score"], row["opens_case"], row["signal"]) == ("0.25", "true", "phrases")
    copy, link = json.loads(row["evidence"])
    copied = PSEUDONYMS.of("post", "x:9000000001")
    assert copy == {"kind": "copy", "post": copied, "account": acct(B)}
    assert link["url"].startswith("https://x.com/acct-")


def test_sentences_follow_the_language(tmp_path: Path) -> None:
    message = Message("report.findings.table", {})
    network = Network(findings=[finding(SMALL.posts[0], message=message)])
    (english,) = rows(network, "findings", tmp_path)
    (arabic,) = rows(network, "findings", tmp_path, lang="ar")
    assert english["sentence"] == message.render("en") != arabic["sentence"] == message.render("ar")


def test_accounts(tmp_path: Path) -> None:
    read = {row["account"]: row for row in rows(SMALL, "accounts", tmp_path)}
    assert set(read) == {acct(A), acct(B), acct("x:33333")}
    last = read[acct(B)]
    assert (last["followers"], last["following"], last["posts"]) == ("4", "5", "3")
    assert (last["first"], last["last"]) == ("2015-06-01T00:01:00Z", "2015-06-01T00:03:00Z")


@pytest.mark.parametrize("what", WHAT)
def test_no_identity_leaves(tmp_path: Path, what: str) -> None:
    network = Network(
        SMALL.posts,
        SMALL.looks,
        SMALL.follows,
        [*map(finding, SMALL.posts), group(A, B, C, posts=[one["id"] for one in SMALL.posts])],
    )
    graph = what in ("coordination", "edges")
    endings = [".csv", ".parquet", ".graphml", ".gexf"] if graph else [".csv", ".parquet"]
    for ending in endings:
        path = tmp_path / f"{what}{ending}"
        exported(network, what, path)
        if ending == ".parquet":
            said = json.dumps(pq.read_table(path).to_pylist(), default=str).lower()
        else:
            said = path.read_text("utf-8").lower()
        for secret in (
            "11111", "22222", "33333", "9000000", "777777777", "second_one", "first_one",
            "older_name", "third_person", "some_channel", "private_person", "real name",
            str(key(A)), str(key(B)),
        ):  # fmt: skip
            assert secret not in said, (ending, secret)


def test_another_key_gives_other_names(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with SMALL.opened() as (records, findings, engine):
        export("edges", records, findings, engine, path, Pseudonyms(b"x" * 32))
    assert acct(A) not in path.read_text("utf-8")


def test_an_export_is_the_same_each_time(tmp_path: Path) -> None:
    for what in WHAT:
        one, two = tmp_path / "one.csv", tmp_path / "two.csv"
        made = busy()
        made = replace(made, findings=[*made.findings, group("x:@person_1", "x:@person_2")])
        exported(made, what, one)
        exported(made, what, two)
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("what", sorted({*WHAT} - {"coordination"}))
def test_nothing_is_exported_as_nothing(tmp_path: Path, what: str) -> None:
    assert exported(Network(), what, tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_text("utf-8").count("\n") == 1


@pytest.mark.parametrize(
    ("what", "name", "says"),
    [
        ("posts", "out.xlsx", [".csv", ".parquet", "posts"]),
        ("posts", "out.gexf", [".csv", ".parquet"]),
        ("edges", "out", [".csv", ".parquet", ".graphml", ".gexf"]),
        ("nothing", "out.csv", ["nothing", "accounts", "edges", "findings", "posts"]),
        ("posts", "missing/out.csv", ["missing", "mkdir -p"]),
        ("posts", "folder.csv", ["folder.csv", "is a folder"]),
    ],
)
def test_errors_say_what_would_be_valid(
    tmp_path: Path, what: str, name: str, says: list[str]
) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError) as refused:
        exported(SMALL, what, tmp_path / name)
    for part in says:
        assert part in str(refused.value)


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", "utf-8")
    broken = Network(findings=[finding(post(1), subject_kind="nonsense")])
    with pytest.raises(Exception, match="nonsense"):
        exported(broken, "findings", path)
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
