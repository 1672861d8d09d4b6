"""Links: what matches, what must not, and the fast tables against asking each entry in turn."""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.banks import Bank, Entry
from marsad.engines import open_engine
from marsad.find.contract import posts_table
from marsad.find.links import Links, redirects_seen
from marsad.find.links.listings import Listings, listings, matches_slowly, starts
from marsad.find.links.matcher import MAX_URLS
from marsad.records.urls import normalise_url, read_url


def bank(name: str, kind: str, *values: str, negative: bool = False, **options: Any) -> Bank:
    entries = tuple(Entry(value, options=options) for value in values)
    return Bank(name, kind, entries, 3, negative)


def redirects(**pairs: str) -> Bank:
    entries = (
        Entry(f"https://bit.ly/{short}", options={"target": pairs[short]}) for short in pairs
    )
    return Bank("short", "redirects", tuple(entries))


def found(
    banks: list[Bank], text: str | None, *urls: str, **parameters: Any
) -> list[dict[str, Any]]:
    posts = posts_table([{"id": "x:1", "text": text, "urls": list(urls)}])
    signal = Links(**parameters)
    batch = posts.select(list(signal.reads)).to_batches()[0]
    rows = signal.load(banks).screen(batch).to_pylist()
    return [{**row, "evidence": json.loads(row["evidence"])} for row in rows]


SITES = bank("sites", "domains", "marker.example")
PAGES = bank("pages", "links", "https://files.example/d/1")


def test_a_finding_says_what_was_posted_and_what_it_leads_to() -> None:
    url = "https://l.facebook.com/l.php?u=" + quote("http://www.marker.example/a", safe="")
    rows = found([SITES], f"look: {url} !", "https://marker.example/a")
    assert len(rows) == 1
    row = rows[0]
    assert (row["subject_kind"], row["subject_id"], row["score"]) == ("post", "x:1", 0.6)
    assert row["evidence_key"] == "sites:marker.example"
    assert row["message"] == "links.domain-through"
    assert row["evidence"][0] == {
        "kind": "link",
        "url": url,
        "in": "text",
        "normal": "https://marker.example/a",
        "host": "www.marker.example",
        "matched": "domain",
        "bank": "sites",
        "version": 3,
        "entry": "marker.example",
        "layers": [
            f"posted: {normalise_posted(url)}",
            "redirector: https://marker.example/a",
        ],
        "spans": [[6, 6 + len(url)]],
    }
    assert row["evidence"][1]["in"] == "urls"


def normalise_posted(url: str) -> str:
    reading = read_url(url)
    assert reading is not None
    return reading.steps[0].url


def test_a_host_in_another_script_is_shown_in_it() -> None:
    rows = found([bank("sites", "domains", "xn--mgbe0c3bg.example")], "https://علامة.example/x")
    assert rows[0]["evidence"][0]["host"] == "علامة.example"


def test_scores_order_pages_before_what_lies_below_before_domains() -> None:
    prefix = bank("channels", "links", "https://files.example/d", match="prefix")
    hosts = bank("hosts", "domains", "files.example")
    rows = found([PAGES, prefix, hosts], "https://files.example/d/1")
    assert {row["evidence_key"]: row["score"] for row in rows} == {
        "pages:https://files.example/d/1": 1.0,
        "channels:https://files.example/d": 0.9,
        "hosts:files.example": 0.6,
    }
    rows = found([hosts], "https://files.example/d/1", domain=0.2)
    assert rows[0]["score"] == 0.2


@pytest.mark.parametrize(
    ("url", "matches"),
    [
        ("https://t.me/channel", True),
        ("https://t.me/s/Channel/12", True),
        ("https://t.me/channel?x=1", True),
        ("https://t.me/channels", False),
        ("https://t.me/", False),
    ],
)
def test_a_prefix_covers_pages_below_it(url: str, matches: bool) -> None:
    channel = bank("channels", "links", "t.me/channel", match="prefix")
    assert bool(found([channel], None, url)) == matches


@pytest.mark.parametrize(
    ("entry", "options", "url", "matches"),
    [
        ("marker.example", {}, "https://sub.marker.example/", True),
        ("marker.example", {"match": "exact"}, "https://sub.marker.example/", False),
        ("marker.example", {"match": "exact"}, "https://www.marker.example/", True),
        ("twitter.com", {}, "https://x.com/name", True),
        ("x.com", {}, "https://mobile.twitter.com/name", True),
        ("telegram.me", {}, "https://channel.t.me/1", True),
        ("youtube.com", {}, "https://youtu.be/AbC", True),
        ("192.0.2.1", {}, "http://3221225985/x", True),
        ("2.1.example", {}, "http://192.0.2.1/x", False),
        ("web.archive.org", {}, "https://web.archive.org/web/2015/http://other.example/", True),
    ],
)
def test_domains(entry: str, options: dict[str, Any], url: str, matches: bool) -> None:
    assert bool(found([bank("sites", "domains", entry, **options)], None, url)) == matches


def test_redirect_banks_lead_on_and_loops_end() -> None:
    chain = redirects(
        a="https://bit.ly/b",
        b="https://l.facebook.com/l.php?u=https%3A%2F%2Fbit.ly%2Fc",
        c="https://marker.example/x",
        d="https://bit.ly/e",
        e="https://bit.ly/d",
    )
    rows = found([SITES, chain], "bit.ly/a")
    assert rows[0]["evidence"][0]["layers"] == [
        "posted: https://bit.ly/a",
        "redirect (short): https://bit.ly/b",
        "redirect (short): https://l.facebook.com/l.php?u=https%3A%2F%2Fbit.ly%2Fc",
        "redirector: https://bit.ly/c",
        "redirect (short): https://marker.example/x",
    ]
    assert found([SITES, chain], "bit.ly/a", redirects=2) == []
    assert found([SITES, chain], "bit.ly/d bit.ly/unknown") == []
    assert len(found([bank("s", "domains", "bit.ly"), chain], "bit.ly/d")) == 1


@pytest.mark.parametrize(
    ("never", "url", "matches"),
    [
        (("domains", "news.marker.example"), "https://news.marker.example/x", False),
        (("domains", "news.marker.example"), "https://marker.example/x", True),
        (("links", "https://marker.example/x"), "https://marker.example/x", False),
        (("links", "https://marker.example/x"), "https://marker.example/x/y", True),
        # the wrapper itself is harmless: what it carries counts
        (
            ("domains", "facebook.com"),
            "https://l.facebook.com/l.php?u=https://marker.example/x",
            True,
        ),
        # what it carries is harmless: the wrapper does not count
        (
            ("domains", "news.example"),
            "https://web.archive.org/web/2015/http://news.example/",
            False,
        ),
    ],
)
def test_negative_banks_win(never: tuple[str, str], url: str, matches: bool) -> None:
    kind, value = never
    banks = [SITES, bank("archives", "domains", "archive.org"), PAGES,
             bank("never", kind, value, negative=True)]  # fmt: skip
    assert bool(found(banks, None, url)) == matches
    assert bool(found(banks[::-1], None, url)) == matches


def test_withdrawn_entries_and_other_kinds_do_not_match() -> None:
    gone = Bank("gone", "domains", (Entry("marker.example", withdrawn="2026-01-01"),))
    phrases = bank("phrases", "phrases", "marker.example")
    assert found([gone, phrases], "https://marker.example/") == []


def test_one_finding_for_each_entry_however_often_it_is_linked() -> None:
    text = " ".join(f"https://marker.example/{n}" for n in range(20)) + " https://files.example/d/1"
    rows = found([SITES, PAGES], text)
    assert sorted(row["evidence_key"] for row in rows) == [
        "pages:https://files.example/d/1",
        "sites:marker.example",
    ]
    assert all(len(row["evidence"]) <= 3 for row in rows)


def test_what_is_looked_up_of_one_post_is_bounded() -> None:
    text = " ".join(f"https://other.example/{n}" for n in range(MAX_URLS)) + " marker[.]example/x"
    assert found([SITES], text) == []
    long = "https://marker.example/" + "a" * 8_000
    evidence = found([SITES], long)[0]["evidence"]
    assert len(json.dumps(evidence)) < 4_000


def test_posts_without_lists_or_texts() -> None:
    assert found([SITES], None) == []
    table = posts_table([{"id": "x:1", "text": "https://marker.example/", "urls": None}])
    batch = table.select(list(Links.reads)).to_batches()[0]
    assert Links().load([SITES]).screen(batch).num_rows == 1


# --- the fast tables ---------------------------------------------------------------------------
LABELS = ("a", "b", "marker", "xn--mgbe0c3bg", "example", "www", "m")
WAYS = {"links": (None, "exact", "prefix"), "domains": (None, "under", "exact")}


def random_url(generator: random.Random) -> str:
    labels = generator.choices(LABELS, k=generator.randint(1, 3))
    host = generator.choice(
        [".".join([*labels, "example"]), "t.me", "twitter.com", "x.com", "youtu.be", "192.0.2.1",
         "marker.t.me", "علامة.example"]
    )  # fmt: skip
    path = "/".join(generator.choices(("a", "b", "c"), k=generator.randint(0, 3)))
    query = generator.choice(("", "", "?a=1", "?b=2&utm_source=x"))
    url = f"https://{host}/{path}{query}"
    if generator.random() < 0.3:
        wrapper = generator.choice(("l.facebook.com/l.php?u=", "out.other.example/?url="))
        return f"https://{wrapper}{quote(url, safe='')}"
    return url.upper() if generator.random() < 0.1 else url


def random_banks(generator: random.Random) -> list[Bank]:
    banks = []
    for number in range(4):
        kind = generator.choice(("links", "domains"))
        entries = []
        for _ in range(generator.randint(1, 12)):
            value = random_url(generator)
            value = value if kind == "links" else value.split("/")[2].lower()
            way = generator.choice(WAYS[kind])
            entries.append(Entry(value, options={"match": way} if way else {}))
        banks.append(
            Bank(f"bank-{number}", kind, tuple(entries), negative=generator.random() < 0.3)
        )
    return banks


def test_lookups_find_what_asking_each_entry_finds() -> None:
    generator = random.Random(3)
    hits = 0
    for _ in range(300):
        every = [listing for each in random_banks(generator) for listing in listings(each)]
        tables = Listings()
        for listing in every:
            tables.add(listing)
        for _ in range(20):
            reading = read_url(random_url(generator))
            assert reading is not None
            for step in reading.steps:
                fast = {id(listing) for listing in tables.matches(step)}
                assert fast == {id(listing) for listing in matches_slowly(every, step)}
                hits += len(fast)
    assert hits > 1_000


def test_the_screen_finds_what_asking_each_entry_finds() -> None:
    generator = random.Random(5)
    hits = 0
    for _ in range(150):
        banks = random_banks(generator)
        matcher = Links().load(banks)
        wanted = [item for each in banks if not each.negative for item in listings(each)]
        never = [item for each in banks if each.negative for item in listings(each)]
        for _ in range(30):
            url = random_url(generator)
            reading = read_url(url)
            assert reading is not None
            barred = [bool(list(matches_slowly(never, step))) for step in reading.steps]
            expected = {
                (listing.bank, listing.key)
                for place, step in enumerate(reading.steps)
                if not any(barred[place:])
                for listing in matches_slowly(wanted, step)
            }
            traced = matcher.trace(url)
            got = {(hit.listing.bank, hit.listing.key) for hit in traced.hits} if traced else set()
            assert got == expected, url
            hits += len(got)
    assert hits > 500


@given(st.text(st.sampled_from(list("htps:/.@?#%a0[]() marker.example\u200f。"))))
def test_no_address_is_skipped_that_would_match(text: str) -> None:
    matcher = Links().load([SITES])
    url = f"https://{text}"
    reading = read_url(url)
    under = reading is not None and any(
        step.host == "marker.example" or step.host.endswith(".marker.example")
        for step in reading.steps
    )
    assert (matcher.trace(url) is not None) == under


def test_starts_of_an_address() -> None:
    assert list(starts("https://a.example/b/c?d=1")) == [
        "https://a.example/b/c?d=1",
        "https://a.example/b/c",
        "https://a.example/b",
        "https://a.example/",
    ]
    assert list(starts("https://a.example/")) == ["https://a.example/"]


# --- pairs seen in the data --------------------------------------------------------------------
def test_pairs_that_platforms_show_become_redirects() -> None:
    posts = [
        (
            "see https://t.co/a and https://t.co/b",
            ["https://marker.example/1", "https://b.example/"],
        ),
        ("see https://t.co/a", ["http://www.marker.example/1?utm_source=x"]),
        ("two say https://t.co/c", ["https://one.example/"]),
        ("two say https://t.co/c", ["https://two.example/"]),
        ("short to short https://t.co/d", ["https://bit.ly/d"]),
        ("more listed https://t.co/e", ["https://one.example/", "https://two.example/"]),
        ("nothing listed https://t.co/f", []),
        ("no short https://marker.example/", ["https://one.example/"]),
    ]
    rows = [{"id": f"x:{n}", "text": text, "urls": urls} for n, (text, urls) in enumerate(posts)]
    with open_engine("duckdb") as engine:
        seen = redirects_seen(engine.table(posts_table(rows), "posts"), engine)
    assert {entry.value: entry.options["target"] for entry in seen.entries} == {
        "https://t.co/a": "https://marker.example/1",
        "https://t.co/b": "https://b.example/",
    }
    assert seen.kind == "redirects"
    assert found([SITES, seen], "https://t.co/a")
    assert normalise_url("https://t.co/a") == "https://t.co/a"


def test_the_schema_of_an_empty_screen() -> None:
    empty = pa.RecordBatch.from_pylist([], schema=posts_table([]).select(list(Links.reads)).schema)
    assert Links().load([SITES]).screen(empty).num_rows == 0
