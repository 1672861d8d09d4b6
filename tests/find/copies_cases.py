"""Posts and the plain form of the signal `copies`, which the fast form must equal."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from marsad.banks import Bank, Entry
from marsad.engines import Engine
from marsad.find.contract import posts_table, records_of
from marsad.find.copies import Copies
from marsad.find.copies.content import content, is_marked_repost
from marsad.find.copies.reference import near_pairs
from marsad.records.ids import key

WORDS = [
    *("heron", "pebble", "quiet", "lake", "morning", "bell", "stone", "river", "window", "cloud"),
    *("paper", "garden", "lamp", "market", "مالك", "الحزين", "حصى", "أزرق", "البحيرة", "الهادئة"),
    *("جرس", "الصباح", "نافذة", "غيمة"),
]

Row = Mapping[str, Any]


def drifting_posts(count: int, seed: int, accounts: int = 6) -> list[dict[str, Any]]:
    """Posts that copy one another with a word changed now and then; times often equal."""
    rng = random.Random(seed)
    texts = [rng.choices(WORDS, k=14) for _ in range(3)]
    posts = []
    for number in range(count):
        words = list(rng.choice(texts))
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            words[rng.randrange(len(words))] = rng.choice(WORDS)
        texts.append(words)
        posts.append(
            {
                "id": f"x:{number}",
                "account": f"x:@a{rng.randrange(accounts)}",
                "created_at": rng.randrange(count // 2),
                "text": " ".join(words) + rng.choice(["", " https://t.co/a", "!"]),
                "kind": rng.choice(["post", "post", "reply", "quote", "repost"]),
            }
        )
    return posts


def texts_bank(name: str, *values: str, negative: bool = False) -> Bank:
    return Bank(name, "texts", tuple(Entry(value) for value in values), negative=negative)


def find(
    engine: Engine, posts: pa.Table, banks: Sequence[Bank] = (), signal: Copies | None = None
) -> list[Row]:
    """What the signal finds within the data, in order of subject."""
    records = records_of(engine, banks, posts=posts)
    rows = engine.collect((signal or Copies()).find(records, engine)).to_pylist()
    return sorted(rows, key=lambda row: str(row["subject_id"]))


def plainly(
    posts: Sequence[Row], threshold: float = 0.7, min_posts: int = 2, min_accounts: int = 2
) -> dict[str, tuple[str, str, int, int, float]]:
    """By post: centre, first post, posts, accounts, similarity to the first; from every pair."""
    rows = posts_table(posts).to_pylist()
    carriers: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["created_at"], row["key"])):
        if row["kind"] != "repost" and not is_marked_repost(row["text"]):
            carriers[content(row["text"])].append(row)
    texts = [text for text in carriers if len(text) >= 40]  # in the order of their first posts
    stars = {place: {place: 1.0} for place in range(len(texts))}
    for i, j, value in near_pairs(texts, threshold):
        stars[i][j] = value
    told = {}
    for place in sorted(stars, reverse=True):  # the earliest last, so that it decides
        members = [row for member in stars[place] for row in carriers[texts[member]]]
        accounts = len({row["account"] for row in members})
        if len(members) < min_posts or accounts < min_accounts:
            continue
        centre, first = f"text:{key(texts[place]):016x}", carriers[texts[place]][0]["id"]
        for member, value in stars[place].items():
            for row in carriers[texts[member]]:
                told[row["id"]] = (centre, first, len(members), accounts, value)
    return told
