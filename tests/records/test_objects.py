"""Hashtags, mentions and URLs in a text: a table of cases, and one rule in Python and DuckDB."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.records.letters import DIGITS, ENCLOSING, LETTERS
from marsad.records.objects import (
    hashtags,
    hashtags_column,
    mentions,
    mentions_column,
    urls,
    urls_column,
)

HASHTAGS = [
    ("#tag", ["tag"]),
    ("a #tag, (#other). #third!", ["tag", "other", "third"]),
    ("＃full", ["full"]),
    ("#وسم و #وسم_ثان", ["وسم", "وسم_ثان"]),
    ("#مَرْصَد", ["مَرْصَد"]),
    ("#می\u200cخواهم", ["می\u200cخواهم"]),
    ("#tag\u200c next", ["tag"]),
    ("#一二三 #한국어 #हिन्दी #ไทย", ["一二三", "한국어", "हिन्दी", "ไทย"]),
    ("#2015year #year2015 #_x", ["2015year", "year2015", "_x"]),
    ("#2015 #١٢٣ #_ # #!", []),
    ("&#123; &#x1F600; &#tag", []),
    ("&amp;#tag", ["tag"]),
    ("C# C#major word#tag 1#tag", []),
    ("https://marker.example/#part https://marker.example/a#b", []),
    ("marker.example/#part", []),
    ("www.marker.example/x?#part t.me/name#part", []),
    ("#a#b #c/#d", ["a", "b", "c", "d"]),
    ("##a", ["a"]),
    ("#️⃣ 1#️⃣ #\u20e3", []),
    ("🔥#tag🔥", ["tag"]),
    ("#tag's #tag-name", ["tag", "tag"]),
    ("#tag#123", ["tag"]),
    ("#l·l #中・文", ["l·l", "中・文"]),
    ("no sign", []),
    ("", []),
]

MENTIONS = [
    ("@name", ["name"]),
    ("hi @name, .@other (@third) -@fourth", ["name", "other", "third", "fourth"]),
    ("＠full", ["full"]),
    ("RT@name: x RT @other:", ["name", "other"]),
    ("@a@server.example and @b@sub.server.example.", ["a@server.example", "b@sub.server.example"]),
    ("@first.last@server.example", ["first.last@server.example"]),
    ("@name.bsky.social @name.example", ["name.bsky.social", "name.example"]),
    ("@name.Then a sentence @name.", ["name", "name"]),
    ("somebody@server.example first.last@server.example", []),
    ("https://server.example/@name server.example/@name", []),
    ("شكرا@name لك", ["name"]),
    ("@name_1 @1", ["name_1", "1"]),
    ("@ @! a@", []),
    ("@name's @name-x", ["name", "name"]),
    ("@@name", ["name"]),
]  # fmt: skip

URLS = [
    ("https://marker.example", ["https://marker.example"]),
    ("see https://marker.example/a.", ["https://marker.example/a"]),
    ("(https://marker.example/a)", ["https://marker.example/a"]),
    ("https://a.example/a_(b)_c, https://a.example/a_(b).",
     ["https://a.example/a_(b)_c", "https://a.example/a_(b)"]),
    ('"https://a.example/a" «https://a.example/b» <https://a.example/c>',
     ["https://a.example/a", "https://a.example/b", "https://a.example/c"]),
    ("https://marker.example/a?x=1&y=2#z!", ["https://marker.example/a?x=1&y=2#z"]),
    ("HTTP://MARKER.EXAMPLE/A", ["HTTP://MARKER.EXAMPLE/A"]),
    ("https://t.co/Abchttps://t.co/Def", ["https://t.co/Abc", "https://t.co/Def"]),
    ("شاهدhttps://t.co/Abcتابعوا", ["https://t.co/Abc"]),
    ("https://marker.example/wiki/مرصد، ثم", ["https://marker.example/wiki/مرصد"]),
    ("https://مثال.إختبار/صفحة", ["https://مثال.إختبار/صفحة"]),
    ("https://t.co/Ab… https://t.co/Ab... https://t.…", []),
    ("https://web.archive.org/web/2015/http://marker.example/a",
     ["https://web.archive.org/web/2015/http://marker.example/a"]),
    ("www.marker.example/a, WWW.marker.example", ["www.marker.example/a", "WWW.marker.example"]),
    ("t.me/name T.me/name/1 t.me/s/name?x=1", ["t.me/name", "T.me/name/1", "t.me/s/name?x=1"]),
    ("bit.ly/AbC قناةt.me/name", ["bit.ly/AbC", "t.me/name"]),
    ("awww.cute not.me/x me@t.me/x xbit.ly/a at.me/x", []),
    ("marker.example/a is bare", []),
    ("hxxp://marker[.]example/a hxxps[:]//a.example/b hxxp[://]a.example",
     ["hxxp://marker[.]example/a", "hxxps[:]//a.example/b", "hxxp[://]a.example"]),
    ("marker[.]example/a sub[.]marker[.]example", ["marker[.]example/a", "sub[.]marker[.]example"]),
    ("http://[::1]:80/x", ["http://[::1]:80/x"]),
    ("tg://resolve?domain=name ftp://marker.example", ["tg://resolve?domain=name", "ftp://marker.example"]),
    ("http:// https:// ://", []),
    ("https://marker.example/\u200f\u202c next", ["https://marker.example/"]),
    ("https://a.example/x www.b.example t.me/c",
     ["https://a.example/x", "www.b.example", "t.me/c"]),
]  # fmt: skip

FUNCTIONS: dict[
    str, tuple[Callable[[str], list[str]], Callable[[ir.StringValue], ir.ArrayValue]]
] = {
    "hashtags": (hashtags, hashtags_column),
    "mentions": (mentions, mentions_column),
    "urls": (urls, urls_column),
}
CASES = {"hashtags": HASHTAGS, "mentions": MENTIONS, "urls": URLS}


@pytest.mark.parametrize(("text", "found"), HASHTAGS)
def test_hashtags(text: str, found: list[str]) -> None:
    assert hashtags(text) == found


@pytest.mark.parametrize(("text", "found"), MENTIONS)
def test_mentions(text: str, found: list[str]) -> None:
    assert mentions(text) == found


@pytest.mark.parametrize(("text", "found"), URLS)
def test_urls(text: str, found: list[str]) -> None:
    assert urls(text) == found


@pytest.fixture(scope="module")
def connection() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


def in_columns(
    connection: ibis.BaseBackend, name: str, texts: Sequence[str | None]
) -> list[list[str]]:
    """What the column function finds in texts."""
    table = ibis.memtable(
        pa.table({"place": range(len(texts)), "text": pa.array(texts, pa.string())})
    )
    found = table.order_by("place").select(found=FUNCTIONS[name][1](table.text))
    values: list[list[str]] = connection.to_pyarrow(found)["found"].to_pylist()
    return values


@pytest.mark.parametrize("name", FUNCTIONS)
def test_columns_find_what_python_finds_in_the_cases(
    connection: ibis.BaseBackend, name: str
) -> None:
    every = [text for cases in CASES.values() for text, _ in cases]
    texts = [*every, *(f"{a} {b}" for a, b in zip(every, reversed(every), strict=True))]
    assert in_columns(connection, name, texts) == [FUNCTIONS[name][0](text) for text in texts]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_text_has_no_objects(connection: ibis.BaseBackend, name: str) -> None:
    assert in_columns(connection, name, [None, "", "plain"]) == [[], [], []]


PIECES = [
    "#", "＃", "@", "＠", "/", "://", "http", "https", "HTTP", "hxxps", "[:]//", "[://]", "[.]",
    ".", "www.", "Www.", "t.me/", "T.me/", "bit.ly/", "t.co/", "example", "org", "a", "B", "1",
    "١", "_", "-", "و", "سم", "\u064e", "ـ", "é", "я", "中", "\u200c", "\u200f", " ", "\n", "\t",
    "\x00", "\xa0", "…", "...", "(", ")", "[", "]", ",", "،", "&", "&amp;", "&#1;", ";", "?", "=",
    "%20", "'", '"', "«", "»", "RT", "🔥", "\ufe0f", "\u20e3", "·", "\U0001d7d8", "\U0001d4d0",
    "\U00020000", "+", "*", "~", "\ud7ff", "\ue000", "\U0010ffff",
]  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_columns_find_what_python_finds_in_random_texts(
    connection: ibis.BaseBackend, name: str
) -> None:
    generator = random.Random(7)
    texts = ["".join(generator.choices(PIECES, k=generator.randint(1, 14))) for _ in range(20_000)]
    expected = [FUNCTIONS[name][0](text) for text in texts]
    assert sum(map(bool, expected)) > 500
    got = in_columns(connection, name, texts)
    differ = [row for row in zip(texts, expected, got, strict=True) if row[1] != row[2]]
    assert differ == []


@settings(max_examples=25)
@given(st.lists(st.text(), min_size=50, max_size=50))
@pytest.mark.parametrize("name", FUNCTIONS)
def test_columns_find_what_python_finds_in_any_texts(
    connection: ibis.BaseBackend, name: str, texts: list[str]
) -> None:
    signs = [f"{a}{b}" for a, b in zip(texts, ["#", "@", "://", "www.", "t.me/"] * 10, strict=True)]
    mixed = ["".join(signs[i : i + 5]) for i in range(0, 50, 5)]
    assert in_columns(connection, name, mixed) == [FUNCTIONS[name][0](text) for text in mixed]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_every_url_stands_in_its_text(text: str) -> None:
    assert all(url in text for url in urls(text))
    assert all(tag in text for tag in hashtags(text))
    assert all(name in text for name in mentions(text))


@pytest.mark.parametrize(
    "unit",
    ["a", "#", "@", "_", "a.", "A.", "-", "(", ")", "[", "[.]", "a[.]", "/", "://", "http://", "&#",
     "#_", "@a.", "@a-", "@a@", "t.me/", "www.", "t.me/.", "https://a/(", "https://a/.", "،", "َ"],
)  # fmt: skip
def test_long_texts_take_no_longer_than_their_length(unit: str) -> None:
    """A pattern that goes back and forth over half a million characters would not return."""
    text = unit * (500_000 // len(unit))
    for look_in in (hashtags, mentions, urls):
        assert isinstance(look_in(text), list)
        assert isinstance(look_in("#@https://www." + text), list)


def test_letters_are_those_of_unicode() -> None:
    """Up to U+FFFF; a newer Unicode than the table's may have added some."""
    letters, digits = members(LETTERS) | members(ENCLOSING), members(DIGITS)
    known = {code: unicodedata.category(chr(code)) for code in range(0x10000)}
    are_letters = {code for code, category in known.items() if category[0] in "LM"}
    are_digits = {code for code, category in known.items() if category == "Nd"}
    unassigned = {code for code, category in known.items() if category in ("Cn", "Cs")}
    assert letters - are_letters - unassigned == set()
    assert digits - are_digits - unassigned == set()
    if unicodedata.unidata_version == "14.0.0":
        assert are_letters <= letters
        assert are_digits <= digits
    assert len(are_letters - letters) + len(are_digits - digits) < 500
    assert letters & digits == set()


def members(ranges: str) -> set[int]:
    """The code points up to U+FFFF in the inside of a character class."""
    found: set[int] = set()
    place = 0
    while place < len(ranges):
        last = place + 2 if ranges[place + 1 : place + 2] == "-" else place
        found.update(range(ord(ranges[place]), min(ord(ranges[last]), 0xFFFF) + 1))
        place = last + 1
    return found
