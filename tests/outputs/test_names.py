"""Identities in values and texts."""

from __future__ import annotations

import pickle

import pytest

from marsad.outputs.names import Names, telling
from tests.outputs.network import PSEUDONYMS

NAMES = Names(
    PSEUDONYMS,
    ("x", "bluesky"),
    handles={
        ("x", "rednews"): "x:17",
        ("x", "news"): "x:18",
        ("bluesky", "other_place"): "bluesky:5",
    },
    accounts=frozenset({"bluesky:did:plc:abc"}),
    posts=frozenset({"x:900012345"}),
    kinds={"x:55": "post"},
)


def repr_of_start(text: str) -> str:
    return repr(text[:4])


def acct(identifier: str) -> str:
    return PSEUDONYMS.of("account", identifier)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by @RedNews today", f"by @{acct('x:17')} today"),
        ("by @stranger", f"by @{acct('x:@stranger')}"),
        ("RedNews says", f"{acct('x:17')} says"),
        ("news are news", "news are news"),
        ("see 900012345", f"see {PSEUDONYMS.of('post', 'x:900012345')}"),
        ("plain words", "plain words"),
        ("@news!", f"@{acct('x:18')}!"),
        # Of an unknown handle all that this text says of it.
        ("@who_7 is who_7", f"@{acct('x:@who_7')} is {acct('x:@who_7')}"),
        ("Other_Place", acct("bluesky:5")),
        ("@other_place", f"@{acct('x:@other_place')}"),
    ],
)
def test_texts(text: str, expected: str) -> None:
    assert NAMES.text(text, "x") == expected


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("post", "x:77", PSEUDONYMS.of("post", "x:77")),
        ("first", "x:77", PSEUDONYMS.of("post", "x:77")),
        ("accounts", ["x:1", "x:@Two"], [acct("x:1"), acct("x:@two")]),
        ("anything", "x:55", PSEUDONYMS.of("post", "x:55")),
        ("anything", "x:@who", acct("x:@who")),
        ("account", "@RedNews", acct("x:17")),
        ("account", "x:@RedNews", acct("x:17")),
        ("account", "@", "@"),
        ("phrase", "time: now", "time: now"),
        ("phrase", "x: a letter", "x: a letter"),
        ("count", 3, 3),
        ("nested", {"account": "x:1", "n": 1}, {"account": acct("x:1"), "n": 1}),
        ("author", "bluesky:did:plc:abc", acct("bluesky:did:plc:abc")),
    ],
)
def test_values(field: str, value: object, expected: object) -> None:
    assert NAMES.value(field, value, "x") == expected


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("news", False), ("News", False), ("abc", False), ("TEN_GOP", True), ("news77", True),
        ("RedNews", True), ("longhandles", True),
    ],
)  # fmt: skip
def test_which_words_name_somebody(word: str, names: bool) -> None:
    assert telling(word) == names


LONG = 100_000


@pytest.mark.parametrize(
    "text",
    ["w" * LONG, "@" * LONG, "a." * LONG, "@a" * LONG, "@a " * LONG, " " * LONG, "http://" * LONG,
     "\u200b" * LONG, "-" * LONG, "\u2028" * LONG, "@a-" * LONG, "x:" * LONG],
    ids=repr_of_start,
)  # fmt: skip
def test_long_texts_end(text: str) -> None:
    """With a cost that grows with the square of the length these would take hours."""
    assert NAMES.text(text, "x") is not None
    assert len(NAMES.passage(text, "x").plain) < 5_000


def test_names_travel_to_workers() -> None:
    assert pickle.loads(pickle.dumps(NAMES)) == NAMES
