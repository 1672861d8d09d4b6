"""Near copies of bank texts: the index against every pair, and what a match says."""

from __future__ import annotations

import json
import pickle
import random
from typing import Any

import pyarrow as pa
import pytest

from marsad.banks import Bank, Entry
from marsad.find.contract import posts_table
from marsad.find.copies import Copies, bank, index
from marsad.find.copies.banding import banding
from marsad.find.copies.bank import TextMatcher
from marsad.find.copies.content import content
from marsad.find.copies.index import TextIndex
from marsad.find.copies.shingles import jaccard, shingle_set
from tests.find.copies_cases import WORDS, texts_bank

TEXT = "The heron carries blue pebbles across the quiet lake before the morning bell rings twice"
OTHER = "A post about the price of onions in the market near the old bridge at the northern gate"


def screen(matcher: TextMatcher, *texts: str | None) -> list[dict[str, Any]]:
    posts = posts_table([{"id": f"x:{n}", "text": text} for n, text in enumerate(texts)])
    return list(matcher.screen(posts.combine_chunks().to_batches()[0]).to_pylist())


def load(*banks: Bank) -> TextMatcher:
    return Copies().load(banks)


def varied(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    texts = [" ".join(rng.choices(WORDS, k=12)) for _ in range(5)]
    while len(texts) < count:
        words = rng.choice(texts).split()
        words[rng.randrange(len(words))] = rng.choice(WORDS)
        texts.append(" ".join(words))
    return texts


# --- the index --------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(4))
def test_matches_are_those_of_comparing_with_every_text(seed: int) -> None:
    listed, posts = varied(80, seed), varied(60, seed)[5:]
    built = TextIndex([texts_bank("b", *listed)], 0.75, 40)
    numbers = {content(text): n for n, text in enumerate(dict.fromkeys(map(content, listed)))}
    for text, matches in zip(posts, built.matches(list(map(content, posts))), strict=True):
        values = {
            numbers[other]: jaccard(shingle_set(content(text)), shingle_set(other))
            for other in numbers
        }
        expected = {number: value for number, value in values.items() if value >= 0.75}
        assert {match.text: match.jaccard for match in matches} == expected
        assert [match.jaccard for match in matches] == sorted(expected.values(), reverse=True)


def test_parts_of_a_batch_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    posts = list(map(content, varied(50, 3)))
    built = TextIndex([texts_bank("b", *varied(40, 3))], 0.7, 40)
    whole = built.matches(posts)
    monkeypatch.setattr(index, "AT_ONCE", 7)
    assert built.matches(posts) == whole


def test_a_crowded_bucket_bounds_the_work_and_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "WIDEST", 1)
    variants = [f"{TEXT} number {n}" for n in range(60)]
    matcher = load(texts_bank("b", *variants))
    assert 50 < matcher.index.crowded <= 60
    (matches,) = matcher.index.matches([content(f"{TEXT} number of birds")])
    assert 1 <= len(matches) <= banding(0.7).bands
    assert [note.id for note in bank.notes(matcher.index)] == ["copies.bank-crowded"]
    # equal to a text, or near one of the crowd: found all the same
    assert len(screen(matcher, *variants, f"{TEXT} number of birds")) == 61


# --- which posts match ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "matches"),
    [
        (TEXT, True),
        (f"look: {TEXT.upper()} https://t.co/x 🙂", True),
        (f"RT @omar: {TEXT}", True),
        (TEXT.replace("quiet", "frozen"), True),
        (TEXT[: len(TEXT) // 2], False),
        (OTHER, False),
        ("", False),
        (None, False),
        ("🙂 https://t.co/x", False),
    ],
)
def test_which_posts_match(text: str | None, matches: bool) -> None:
    assert bool(screen(load(texts_bank("b", TEXT)), text)) is matches


def test_a_repost_of_a_listed_text_matches() -> None:
    """It is no copy by itself, but it spreads what the bank lists."""
    posts = posts_table([{"id": "x:1", "text": TEXT, "kind": "repost"}])
    batch = posts.combine_chunks().to_batches()[0]
    assert load(texts_bank("b", TEXT)).screen(batch).num_rows == 1


def test_a_short_text_matches_only_as_the_whole_post() -> None:
    matcher = load(texts_bank("b", "The blue heron"))
    found = screen(matcher, "the BLUE heron!", "the blue herons", f"the blue heron {TEXT}")
    assert [row["subject_id"] for row in found] == ["x:0"]


def test_an_entry_without_words_matches_nothing_and_is_counted() -> None:
    matcher = load(texts_bank("b", "https://t.co/x", "...", TEXT))
    assert [row["subject_id"] for row in screen(matcher, "https://t.co/y", TEXT)] == ["x:1"]
    assert [note.id for note in bank.notes(matcher.index)] == ["copies.bank-wordless"]
    assert bank.notes(matcher.index)[0].values == {"count": 2}


def test_withdrawn_entries_and_other_kinds_match_nothing() -> None:
    gone = Bank("b", "texts", (Entry(TEXT, withdrawn="2024-01-01"),))
    assert screen(load(gone, Bank("p", "phrases", (Entry(OTHER),))), TEXT, OTHER) == []


@pytest.mark.parametrize("negative", [TEXT, TEXT.replace("quiet", "frozen"), f"{TEXT} and again"])
def test_a_near_copy_of_a_negative_text_matches_nothing(negative: str) -> None:
    matcher = load(texts_bank("b", TEXT), texts_bank("n", negative, negative=True))
    assert screen(matcher, TEXT) == []


def test_no_banks() -> None:
    assert screen(load(), TEXT, None) == []


# --- what a match says ------------------------------------------------------------------------
def test_what_a_match_says() -> None:
    near = TEXT.replace("twice", "again")
    (row,) = screen(load(texts_bank("second", near), texts_bank("first", TEXT)), TEXT)
    assert (row["score"], row["score_kind"], row["opens_case"]) == (1.0, "rank", True)
    assert (row["message"], json.loads(row["values"])) == (
        "copies.bank", {"bank": "first", "percent": 100},
    )  # fmt: skip
    shown = json.loads(row["evidence"])
    assert [item["bank"] for item in shown] == ["first", "second"]
    assert shown[0]["entry"] == TEXT
    assert row["evidence_key"] == f"first:{shown[0]['entry_key']}"
    assert shown[1]["jaccard"] == round(
        jaccard(shingle_set(content(TEXT)), shingle_set(content(near))), 4
    )


def test_evidence_is_bounded() -> None:
    long = f"{TEXT} " * 500
    listed = [f"{long}{n}" for n in range(40)]
    (row,) = screen(load(texts_bank("b", *listed), texts_bank("c", *listed)), long)
    assert len(json.loads(row["evidence"])) == bank.SHOWN
    assert len(row["evidence"]) < 3_000


def test_one_post_alone_is_found_as_in_a_batch() -> None:
    matcher = load(texts_bank("b", *varied(50, 1)))
    texts = [*varied(40, 1), OTHER, None]
    posts = posts_table([{"id": f"x:{n}", "text": text} for n, text in enumerate(texts)])
    batch = posts.combine_chunks().to_batches()[0]
    alone = [matcher.screen(batch.slice(n, 1)) for n in range(batch.num_rows)]
    assert pa.Table.from_batches(alone).equals(pa.Table.from_batches([matcher.screen(batch)]))


def test_a_pickled_matcher_is_its_banks() -> None:
    matcher = load(texts_bank("b", TEXT))
    screen(matcher, TEXT)
    copy = pickle.loads(pickle.dumps(matcher))
    assert "index" not in vars(copy)
    assert screen(copy, TEXT) == screen(matcher, TEXT)
