"""Pages of the X API: what `includes` hold goes back to the posts it belongs to."""

from __future__ import annotations

import json

import pytest

from marsad.sources.readers import Limits
from marsad.sources.readers.pages import is_page, rows_of_page
from tests.sources.readers.reading import SMALL, read

USERS = [{"id": "10", "username": "a", "name": "A"}, {"id": "20", "username": "b", "name": "B"}]
QUOTED = {"id": "9", "author_id": "20", "text": "original"}
POST = {
    "id": "1",
    "author_id": "10",
    "text": "x😀",
    "in_reply_to_user_id": "20",
    "referenced_tweets": [{"type": "retweeted", "id": "9"}, {"type": "quoted", "id": "8"}],
    "attachments": {"media_keys": ["3_1", "3_2"], "poll_ids": ["5"]},
    "geo": {"place_id": "p"},
    "entities": {"mentions": [{"username": "b", "start": 0}, {"username": "z"}]},
}
PAGE = {
    "data": [POST, {"id": "2", "author_id": "30", "text": "y"}],
    "includes": {
        "users": USERS,
        "tweets": [QUOTED],
        "media": [{"media_key": "3_1", "url": "u"}],
        "polls": [{"id": "5", "options": []}],
        "places": [{"id": "p", "full_name": "Cairo"}],
    },
    "meta": {"result_count": 2},
    "__twarc": {"url": "https://example.org"},
}
WHOLE = {
    **POST,
    "author": USERS[0],
    "in_reply_to_user": USERS[1],
    "referenced_tweets": [
        {"type": "retweeted", **QUOTED, "author": USERS[1]},
        {"type": "quoted", "id": "8"},
    ],
    "attachments": {
        **POST["attachments"],
        "media": [{"media_key": "3_1", "url": "u"}],
        "poll": {"id": "5", "options": []},
    },
    "geo": {"place_id": "p", "id": "p", "full_name": "Cairo"},
    "entities": {
        "mentions": [{"username": "b", "start": 0, "id": "20", "name": "B"}, {"username": "z"}]
    },
    "__twarc": PAGE["__twarc"],
}
OTHER = {"id": "2", "author_id": "30", "text": "y", "__twarc": PAGE["__twarc"]}


def test_a_page_becomes_its_posts() -> None:
    assert rows_of_page(PAGE) == [WHOLE, OTHER]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("limits", [Limits(), SMALL])
def test_a_document_that_is_a_page(indent, limits) -> None:
    found = read(json.dumps(PAGE, indent=indent).encode(), limits)
    assert found.values == [WHOLE, OTHER]
    assert [row["line"] for row in found.rows] == [1, 1]


def test_pages_on_lines() -> None:
    flat = {"id": "7", "author_id": "10", "text": "already flat"}
    empty = {"meta": {"result_count": 0}}
    text = "\n".join(map(json.dumps, [PAGE, flat, empty, PAGE, {"data": POST, "includes": {}}]))
    for limits in (Limits(), SMALL, Limits(block_bytes=16, line_bytes=1 << 12)):
        found = read((text + '\n{"cut').encode(), limits)
        rows = [(row["line"], row["json"]) for row in found.rows]
        assert [line for line, _ in rows] == [1, 1, 2, 4, 4, 5]
        assert [json.loads(text) for _, text in rows] == [
            WHOLE, OTHER, flat, WHOLE, OTHER, POST,
        ]  # fmt: skip
        assert found.reasons == [(3, "no-records"), (6, "json-cut-off")]


def test_pages_in_an_array_and_pages_one_after_another() -> None:
    for text in (json.dumps([PAGE, PAGE], indent=1), json.dumps(PAGE, indent=1) * 2):
        assert read(text.encode(), SMALL).values == [WHOLE, OTHER, WHOLE, OTHER]


def test_a_page_too_long_to_be_taken_whole() -> None:
    page = {**PAGE, "data": [POST] * 50, "errors": [{"value": "8"}]}
    for text in (json.dumps(page), json.dumps(PAGE, indent=1) + json.dumps(page, indent=1)):
        found = read(text.encode(), Limits(block_bytes=100, line_bytes=3000))
        without = {name: value for name, value in WHOLE.items() if name != "__twarc"}
        assert found.values[-50:] == [without] * 50
        assert found.rejected == []


def test_a_broken_post_costs_only_itself() -> None:
    text = json.dumps(PAGE).replace('"text": "y"', '"text": "y"z"')
    found = read(text.encode(), SMALL)
    assert [value["author"] for value in found.values] == [USERS[0]]
    assert found.reasons == [(1, "malformed-json")]


def test_references_are_not_followed_without_bound() -> None:
    tweets = [
        {"id": str(i), "referenced_tweets": [{"id": str(i - 1)}, {"id": str(i - 1)}]}
        for i in range(60)
    ]
    page = {"data": [tweets[-1]], "includes": {"tweets": tweets}}
    [row] = rows_of_page(page)
    assert len(json.dumps(row)) < 1000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (PAGE, True),
        ({"data": [], "meta": {}}, True),
        ({"data": POST, "matching_rules": []}, True),
        ({"meta": {"result_count": 0}}, True),
        ({"id": "1", "data": [], "meta": {}}, False),
        ({"data": {"videos": []}, "meta": {}}, False),
        ({"data": [1], "meta": {}}, False),
        ({"data": [POST]}, False),
        ([PAGE], False),
        ("data", False),
    ],
)
def test_what_is_a_page(value, expected) -> None:
    assert is_page(value) is expected


@pytest.mark.parametrize(
    "includes",
    [None, [], {"users": None}, {"users": [1, {"id": None}, {}]}, {"media": {"media_key": "3_1"}}],
)
def test_odd_includes_crash_nothing(includes) -> None:
    odd = {**POST, "referenced_tweets": [None, {"id": []}], "entities": {"mentions": "x"}}
    assert len(rows_of_page({"data": [odd, POST], "includes": includes})) == 2
