"""One account is one pseudonym in all that leaves, and its handle stands nowhere in clear."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from marsad.outputs.exports import WHAT, export
from marsad.outputs.report import write_report
from tests.outputs.network import (
    PSEUDONYMS,
    START,
    Network,
    Row,
    context,
    finding,
    follow,
    group,
    look,
    post,
)

ID, HANDLE = "x:11", "x:@alice_news77"
WRITER = "x:22"


def acct(identifier: str) -> str:
    return PSEUDONYMS.of("account", identifier)


def about(text: str, number: int = 0, **columns: object) -> Row:
    return post(number, WRITER, text=text, **columns)


def everything(*texts: Row, looks: tuple[Row, ...], findings: tuple[Row, ...] = ()) -> Network:
    found = [finding(one, evidence=[{"kind": "quote", "text": one["text"]}]) for one in texts]
    return Network(texts, looks, findings=[*found, *findings])


def left(network: Network, folder: Path) -> Iterator[tuple[str, str]]:
    """All that can leave: (what, its text)."""
    posts = [one["id"] for one in network.posts]
    network = replace(network, findings=[*network.findings, group(ID, HANDLE, posts=posts)])
    with network.opened() as (records, findings, engine):
        for what in WHAT:
            graph = what in ("coordination", "edges")
            endings = (".csv", ".graphml", ".gexf") if graph else (".csv",)
            for ending in endings:
                path = folder / f"{what}{ending}"
                export(what, records, findings, engine, path, PSEUDONYMS)
                yield path.name, path.read_text("utf-8")
        path = folder / "report.html"
        write_report(records, findings, engine, path, "en", context())
        yield path.name, path.read_text("utf-8")


def rows(network: Network, what: str, folder: Path) -> list[dict[str, str]]:
    path = folder / f"{what}.csv"
    with network.opened() as (records, findings, engine):
        export(what, records, findings, engine, path, PSEUDONYMS)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MENTIONED = about(
    "hello @alice_news77 how are you alice_news77", mentions=[HANDLE],
    hashtags=["alice_news77"], client="for Alice_News77", file="/tmp/alice_news77.csv",
    urls=["https://x.com/alice_news77/status/9", "x.com/alice_news77", "https://a.example/%61lice_news77"],
)  # fmt: skip
HERS = post(1, ID, text="a text of hers", kind="reply", reply_to_account=HANDLE)


def test_an_account_that_is_known_by_its_id(tmp_path: Path) -> None:
    network = everything(MENTIONED, HERS, looks=(look(ID, "alice_news77"),))
    for name, text in left(network, tmp_path):
        assert "alice_news77" not in text.lower(), name
        assert acct(HANDLE) not in text, name
        assert acct(ID) in text, name


def test_the_columns_of_posts(tmp_path: Path) -> None:
    network = everything(MENTIONED, HERS, looks=(look(ID, "alice_news77"),))
    mentioning, hers = sorted(rows(network, "posts", tmp_path), key=lambda row: row["created_at"])
    her = acct(ID)
    assert mentioning["text"] == f"hello @{her} how are you {her}"
    assert mentioning["mentions"] == mentioning["hashtags"] == her == hers["account"]
    assert hers["reply_to_account"] == her
    assert mentioning["urls"].count(her) == 3


@pytest.mark.parametrize("named", ["@alice_news77 and alice_news77", "@Alice_News77, ALICE_NEWS77"])
def test_a_handle_that_nobody_was_seen_under(tmp_path: Path, named: str) -> None:
    for name, text in left(everything(about(named), looks=()), tmp_path):
        assert "alice_news77" not in text.lower(), name
        if name.startswith(("posts", "report", "findings")):
            assert acct(HANDLE) in text, name


def test_a_handle_that_only_another_post_mentions(tmp_path: Path) -> None:
    network = everything(about("alice_news77 again"), about("x", 1, mentions=[HANDLE]), looks=())
    for name, text in left(network, tmp_path):
        assert "alice_news77" not in text.lower(), name


def test_plain_words_stay_outside_mentions_and_links(tmp_path: Path) -> None:
    network = everything(about("news by @news"), looks=(look(ID, "news"),))
    (row,) = rows(network, "posts", tmp_path)
    assert row["text"] == f"news by @{acct(ID)}"


def test_who_was_last_seen_under_a_handle(tmp_path: Path) -> None:
    looks = (look("x:99", "alice_news77", START), look(ID, "alice_news77", START + 1))
    network = everything(about("@alice_news77", mentions=[HANDLE]), looks=looks)
    for name, text in left(network, tmp_path):
        if not name.startswith("accounts"):
            assert acct("x:99") not in text, name
            assert acct(HANDLE) not in text, name
            assert acct(ID) in text, name
    assert "@" + acct(ID) in (tmp_path / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"run": "r1", "line": 9}, {"run": "r2", "line": 1}),
        ({"run": "r1", "file": "a", "line": 9}, {"run": "r1", "file": "b", "line": 1}),
        ({"run": "r1", "file": "a", "line": 1}, {"run": "r1", "file": "a", "line": 2}),
    ],
)
def test_looks_of_one_time_count_as_they_were_taken(tmp_path: Path, older: Row, newer: Row) -> None:
    looks = (look(ID, "alice_news77", **newer), look("x:10", "alice_news77", **older))
    network = everything(about("@alice_news77", mentions=[HANDLE]), looks=looks)
    (row,) = rows(network, "posts", tmp_path)
    (edge,) = rows(network, "edges", tmp_path)
    assert row["text"].lstrip("'@") == row["mentions"] == edge["target"] == acct(ID)


def test_one_handle_on_two_platforms(tmp_path: Path) -> None:
    looks = (look(ID, "alice_news77"), look("y:99", "alice_news77", START + 9, platform="y"))
    text = "hi @alice_news77 alice_news77"
    network = everything(
        about(text, mentions=[HANDLE]),
        post(1, "y:5", platform="y", id="y:1", text=text, mentions=["y:@alice_news77"]),
        post(
            2, "z:5", platform="z", id="z:1", text="by @alice_news77", mentions=["z:@alice_news77"]
        ),
        looks=looks,
    )
    shown = {row["platform"]: row for row in rows(network, "posts", tmp_path)}
    for platform, who in (("x", acct(ID)), ("y", acct("y:99"))):
        assert shown[platform]["text"] == f"hi @{who} {who}"
        assert shown[platform]["mentions"] == who
    assert shown["z"]["text"] == "by @" + acct("z:@alice_news77")
    page = dict(left(network, tmp_path))["report.html"]
    for who in (ID, "y:99", "z:@alice_news77"):
        assert "@" + acct(who) in page


def test_an_account_that_posts_under_its_handle(tmp_path: Path) -> None:
    looks = (look(ID, "alice_news77", followers=3), look(HANDLE, "alice_news77", START + 9))
    by_handle, by_id = post(0, HANDLE), post(1, ID)
    network = Network(
        [by_handle, by_id], looks, [follow(HANDLE, WRITER)], [finding(by_handle), finding(by_id)]
    )
    (account,) = rows(network, "accounts", tmp_path)
    assert (account["account"], account["posts"], account["findings"]) == (acct(ID), "2", "2")
    assert {row["account"] for row in rows(network, "posts", tmp_path)} == {acct(ID)}
    assert {row["account"] for row in rows(network, "findings", tmp_path)} == {acct(ID)}
    files = dict(left(network, tmp_path))
    assert all(acct(HANDLE) not in text for text in files.values())
    assert files["edges.graphml"].count(f'<node id="{acct(ID)}">') == 1
    assert '<data key="node-posts">2</data>' in files["edges.graphml"]


@pytest.mark.parametrize("handle", ["bob", "b"])
def test_short_handles_in_stored_json(tmp_path: Path, handle: str) -> None:
    evidence = [{"kind": "quote", "text": f"a line\n@{handle} said"}]
    network = Network(
        [about("x")], (look(ID, handle),), findings=[finding(about("x"), evidence=evidence)]
    )
    (row,) = rows(network, "findings", tmp_path)
    assert json.loads(row["evidence"])[0]["text"] == f"a line\n@{acct(ID)} said"
    assert "@" + acct(ID) in dict(left(network, tmp_path))["report.html"]
