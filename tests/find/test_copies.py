"""The signal `copies` within the data: against every pair, and case by case."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from marsad.engines import Engine, open_engine
from marsad.find.contract import posts_table
from marsad.find.copies import Copies, leaders, links, stars
from marsad.find.copies.content import content
from marsad.find.copies.similarity import Sets, similarity_matrix
from marsad.find.copies.texts import carriers, distinct_texts
from marsad.records.errors import InputError
from tests.find.copies_cases import Row, drifting_posts, find, plainly, texts_bank

TEXT = "The heron carries blue pebbles across the quiet lake before the morning bell rings twice"
OTHER = "A post about the price of onions in the market near the old bridge at the northern gate"


@pytest.fixture
def engine() -> Iterator[Engine]:
    with open_engine("duckdb") as opened:
        yield opened


def post(number: int, account: str, text: str, **more: Any) -> dict[str, Any]:
    row = {"id": f"x:{number}", "account": f"x:@{account}", "text": text, "created_at": number}
    return {**row, **more}


def flagged(rows: Sequence[Row]) -> set[str]:
    return {row["subject_id"] for row in rows}


def told(rows: Sequence[Row]) -> dict[str, tuple[str, str, int, int, float]]:
    """Findings in the form of `plainly`."""
    found = {}
    for row in rows:
        values = json.loads(row["values"])
        first = values.get("first", row["subject_id"])
        counts = values["count"], values["accounts"]
        found[row["subject_id"]] = (row["community"], first, *counts, row["score"])
    return found


# --- against every pair -----------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("least", [(2, 2), (4, 3)])
def test_it_finds_what_comparing_every_pair_finds(
    engine: Engine, seed: int, least: tuple[int, int]
) -> None:
    posts = drifting_posts(120, seed)
    signal = Copies(threshold=0.75, min_posts=least[0], min_accounts=least[1])
    rows = find(engine, posts_table(posts), signal=signal)
    expected = plainly(posts, 0.75, *least)
    assert expected
    assert told(rows) == expected
    assert len(rows) == len(expected)


@pytest.mark.parametrize("seed", range(4))
def test_large_buckets_flag_the_same_posts(
    engine: Engine, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an account a post, that is: a link with any copy is one with another's."""
    monkeypatch.setattr(links, "ORDINARY", 2)
    posts = drifting_posts(120, seed, accounts=10**9)
    rows = find(engine, posts_table(posts))
    assert flagged(rows) == set(plainly(posts))


def test_recall_on_real_posts(engine: Engine, shared_data: Any) -> None:
    """5,000 real posts with planted copies, every pair compared; 20,000 in `make bench`."""
    table = pq.read_table(shared_data / "networks" / "trolls_2015_2016.parquet", columns=["text"])
    texts = list(dict.fromkeys(text for text in table["text"].to_pylist()[::30] if text))
    long = [text for text in texts if len(content(text)) >= 40 and not text.startswith("RT")]
    posts = planted(long, 5_000, seed=5)
    posts = [row for row in posts if len(content(row["text"])) >= 40]
    contents = [content(row["text"]) for row in posts]
    wanted = copied_between_accounts(contents, [row["account"] for row in posts])
    rows = find(engine, posts_table(posts))
    places = {row["id"]: place for place, row in enumerate(posts)}
    got = {places[name] for name in flagged(rows)}
    assert len(wanted) > 500
    assert got <= wanted
    assert len(got & wanted) >= 0.98 * len(wanted)


def planted(texts: Sequence[str], count: int, seed: int) -> list[dict[str, Any]]:
    """Posts of which a quarter are others of them with one to four words changed."""
    rng = np.random.default_rng(seed)
    made = texts[: 3 * count // 4]
    for text in rng.choice(made, count - len(made), replace=False).tolist():
        words = text.split()
        words[: rng.integers(1, 4)] = ["changed"]
        made.append(" ".join(words))
    return [post(n, f"a{rng.integers(count // 10)}", text) for n, text in enumerate(made)]


def copied_between_accounts(contents: Sequence[str], accounts: Sequence[str]) -> set[int]:
    """Places of texts with a near copy by another account, from all pairs."""
    sets, everything, found = Sets.of(contents), np.arange(len(contents)), set[int]()
    names = np.array(accounts)
    for start in range(0, len(contents), 500):
        block = everything[start : start + 500]
        near = similarity_matrix(sets, block, everything) >= 0.7
        other = names[block][:, None] != names[None, :]
        found.update(block[(near & other).any(axis=1)].tolist())
    return found


# --- what counts ------------------------------------------------------------------------------
def changed(text: str, count: int) -> str:
    """The text with its last ``count`` words changed."""
    words = text.split()
    return " ".join([*words[:-count], *(f"word{n}" for n in range(count))]) if count else text


CASES: list[tuple[str, list[dict[str, Any]], set[str]]] = [
    ("one post", [post(1, "a", TEXT)], set()),
    ("two accounts", [post(1, "a", TEXT), post(2, "b", TEXT)], {"x:1", "x:2"}),
    ("one account", [post(1, "a", TEXT), post(2, "a", f"{TEXT}!")], set()),
    ("a changed word", [post(1, "a", TEXT), post(2, "b", changed(TEXT, 1))], {"x:1", "x:2"}),
    ("half changed", [post(1, "a", TEXT), post(2, "b", changed(TEXT, 7))], set()),
    ("a repost", [post(1, "a", TEXT), post(2, "b", TEXT, kind="repost")], set()),
    ("a marked repost", [post(1, "a", TEXT), post(2, "b", f"RT @a: {TEXT}")], set()),
    ("a reply", [post(1, "a", TEXT), post(2, "b", f"@a {TEXT}", kind="reply")], {"x:1", "x:2"}),
    ("only the link in common", [
        post(1, "a", "what a calm picture of the lake is this https://t.co/a"),
        post(2, "b", "i do not believe one line of this story https://t.co/a"),
    ], set()),
    ("a greeting", [
        post(n, f"a{n}", "Good morning everyone, have a great day!") for n in range(9)
    ], set()),
    ("no text", [post(n, f"a{n}", text) for n, text in enumerate([None, None, "", ""])], set()),
    ("a self-copier is told of once another account copies it", [
        post(1, "a", TEXT), post(2, "a", changed(TEXT, 1)), post(3, "b", f"{TEXT} now"),
    ], {"x:1", "x:2", "x:3"}),
]  # fmt: skip


@pytest.mark.parametrize(("about", "posts", "expected"), CASES)
def test_what_is_a_copy(
    engine: Engine, about: str, posts: list[dict[str, Any]], expected: set[str]
) -> None:
    assert flagged(find(engine, posts_table(posts))) == expected, about


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"min_posts": 3}, set()),
        ({"min_accounts": 3}, set()),
        ({"threshold": 0.95}, set()),
        ({"min_characters": 200}, set()),
        ({"threshold": 0.5}, {"x:1", "x:2"}),
    ],
)
def test_parameters(engine: Engine, parameters: dict[str, Any], expected: set[str]) -> None:
    posts = [post(1, "a", TEXT), post(2, "b", changed(TEXT, 1))]
    assert flagged(find(engine, posts_table(posts), signal=Copies(**parameters))) == expected


def test_a_chain_of_changes_does_not_run_away(engine: Engine) -> None:
    """Each post copies the one before; the first and the last share nothing."""
    words = TEXT.split()
    posts = []
    for number in range(len(words) + 1):
        text = [*(f"other{n}" for n in range(number)), *words[number:]]
        posts.append(post(number, f"a{number}", " ".join(text)))
    rows = find(engine, posts_table(posts))
    assert flagged(rows) == {row["id"] for row in posts}
    assert all(row["score"] >= 0.7 for row in rows)
    assert len({row["community"] for row in rows}) > 2


# --- what a finding says ----------------------------------------------------------------------
def test_what_the_findings_say(engine: Engine) -> None:
    posts = [
        post(5, "a", TEXT),
        post(7, "b", f"{TEXT} https://t.co/a"),
        post(9, "c", changed(TEXT, 1)),
    ]
    first, same, near = find(engine, posts_table(posts))
    assert (first["message"], first["values"]) == ("copies.first", '{"accounts": 3, "count": 3}')
    assert (first["score"], first["score_kind"], first["opens_case"]) == (1.0, "rank", False)
    assert (same["message"], same["score"]) == ("copies.near", 1.0)
    assert json.loads(same["values"])["percent"] == 100
    percent = int(near["score"] * 100)
    values = {"accounts": 3, "count": 3, "first": "x:5", "percent": percent}
    assert json.loads(near["values"]) == values
    assert json.loads(near["evidence"]) == [
        {"kind": "copy", "post": "x:5", "account": "x:@a", "jaccard": 1.0},
        {"kind": "copy", "post": "x:7", "account": "x:@b", "jaccard": 1.0},
        {"kind": "copy", "post": "x:9", "account": "x:@c", "jaccard": round(near["score"], 4)},
    ]
    assert len({row["community"] for row in (first, same, near)}) == 1


def test_evidence_names_the_first_post_of_the_first_accounts(engine: Engine) -> None:
    posts = [post(n, f"a{n // 3}", f"{TEXT} {'x' * (n % 2)}") for n in range(60)]
    rows = find(engine, posts_table(posts))
    assert len(rows) == 60
    shown = json.loads(rows[0]["evidence"])
    assert [item["post"] for item in shown] == [f"x:{3 * n}" for n in range(stars.SHOWN)]
    assert json.loads(rows[0]["values"])["accounts"] == 20


def test_a_later_copy_leaves_the_finding_its_name(engine: Engine) -> None:
    posts = [post(1, "a", TEXT), post(2, "b", changed(TEXT, 1))]
    before = {row["subject_id"]: row["evidence_key"] for row in find(engine, posts_table(posts))}
    more = [*posts, post(3, "c", changed(TEXT, 2))]
    after = {row["subject_id"]: row["evidence_key"] for row in find(engine, posts_table(more))}
    assert before.items() <= after.items()


def test_posts_at_the_same_time_are_told_apart_by_key(engine: Engine) -> None:
    posts = [post(n, f"a{n}", changed(TEXT, n % 2), created_at=1) for n in range(8)]
    forward = find(engine, posts_table(posts))
    assert find(engine, posts_table(posts[::-1])) == forward


# --- negative banks ---------------------------------------------------------------------------
def test_what_a_negative_bank_holds_is_no_copy(engine: Engine) -> None:
    posts = [post(1, "a", TEXT), post(2, "b", TEXT), post(3, "c", changed(TEXT, 1)),
             post(4, "a", OTHER), post(5, "b", OTHER)]  # fmt: skip
    negative = texts_bank("well-known", TEXT, negative=True)
    positive = texts_bank("listed", OTHER)
    rows = find(engine, posts_table(posts), [negative, positive])
    assert flagged(rows) == {"x:4", "x:5"}


# --- hot texts --------------------------------------------------------------------------------
def test_a_text_that_many_posts_carry_is_compared_once(engine: Engine) -> None:
    posts = posts_table([post(n, f"a{n % 5_000}", TEXT) for n in range(20_000)])
    texts = distinct_texts(carriers(engine, engine.table(posts, "hot"), 40))
    assert engine.collect(texts.select("posts"))["posts"].to_pylist() == [20_000]
    rows = find(engine, posts)
    assert len(rows) == 20_000
    assert json.loads(rows[0]["values"])["accounts"] == 5_000
    assert max(len(row["evidence"]) for row in rows) < 2_000


def test_what_was_not_compared_is_counted(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "ORDINARY", 2)
    monkeypatch.setattr(leaders, "COMPARISONS", 0)
    monkeypatch.setattr(leaders, "LEAST_LEADERS", 1)
    ends = (random.Random(n).choices(string.ascii_lowercase, k=20) for n in range(40))
    posts = [post(n, f"a{n}", f"{TEXT[:60]} {''.join(end)}") for n, end in enumerate(ends)]
    signal = Copies()
    find(engine, posts_table(posts), signal=signal)
    (note,) = signal.notes
    assert note.id == "copies.uncompared"
    assert note.values["count"] > 0
    find(engine, posts_table([post(1, "a", TEXT)]), signal=signal)
    assert signal.notes == []


# --- settings ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"threshold": 0.4}, "copies.threshold"),
        ({"threshold": 1.1}, "copies.threshold"),
        ({"min_posts": 1}, "copies.least"),
        ({"min_accounts": 1}, "copies.least"),
        ({"min_characters": 3}, "copies.least"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as refused:
        Copies(**parameters)
    assert refused.value.message.id == message


def test_an_empty_table(engine: Engine) -> None:
    empty = posts_table([post(1, "a", TEXT)]).slice(0, 0)
    assert find(engine, empty) == []
