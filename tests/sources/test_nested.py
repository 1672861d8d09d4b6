"""Records inside one another: each is a row, in the order of the file; all else is left alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from marsad.sources.nested import holds_rows, rows_within
from tests.sources.readers.reading import read


def post(number: int) -> dict[str, Any]:
    return {
        "uri": f"at://did:plc:ann/app.bsky.feed.post/{number}",
        "author": {"did": "did:plc:ann", "handle": "ann.example.org"},
        "record": {"text": f"plum {number}", "createdAt": "2024-09-01T10:00:00Z"},
    }


def reddit(number: int, replies: Any = "") -> dict[str, Any]:
    data = {"id": f"f{number}", "author": "ann", "body": "plums", "replies": replies}
    return {"kind": "t1", "data": data}


def listing(*children: Any) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": None, "children": list(children)}}


def youtube(number: int) -> dict[str, Any]:
    return {"kind": "youtube#comment", "id": f"Ug{number}", "snippet": {"textOriginal": "plums"}}


MISSING = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": "at://x/y/z", "notFound": True}
THREAD = {"kind": "youtube#commentThread", "id": "Ug1", "snippet": {"topLevelComment": youtube(1)}}

NESTED = {
    "a thread of Bluesky": (
        {"thread": {"post": post(2), "parent": {"post": post(1), "parent": MISSING},
                    "replies": [{"post": post(3), "replies": [{"post": post(4)}, MISSING]}, None]},
         "threadgate": {"post": "at://x"}},
        [MISSING, {"post": post(1)}, {"post": post(2)}, {"post": post(3)}, {"post": post(4)},
         MISSING],
    ),
    "a post that was not found": ({"thread": MISSING}, [MISSING]),
    "a page of a feed": ({"feed": [{"post": post(1)}], "cursor": "2"}, [{"post": post(1)}]),
    "a page of a search": ({"posts": [post(1), post(2)], "hitsTotal": 2}, [post(1), post(2)]),
    "a page without anything": ({"feed": []}, []),
    "a comment with answers": (
        {**THREAD, "replies": {"comments": [youtube(2), None]}}, [THREAD, youtube(2)],
    ),
    "a page of threads": (
        {"kind": "youtube#commentThreadListResponse", "pageInfo": {},
         "items": [THREAD, {**THREAD, "replies": {"comments": [youtube(2)]}}]},
        [THREAD, THREAD, youtube(2)],
    ),
    "a listing of Reddit": (
        listing(reddit(1, listing(reddit(2, listing(reddit(3))), {"kind": "more"})), reddit(4)),
        [{"kind": "t1", "data": {"id": f"f{n}", "author": "ann", "body": "plums", **rest}}
         for n, rest in ((1, {}), (2, {}), (3, {"replies": ""}))]
        + [{"kind": "more"}, reddit(4)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NESTED)
def test_each_record_is_a_row(name: str) -> None:
    value, expected = NESTED[name]
    assert holds_rows(value)
    assert list(rows_within(value)) == expected


ALONE = [
    {"post": post(1)},
    {"post": post(1), "reply": {"parent": post(2)}},
    post(1),
    THREAD,
    {**THREAD, "replies": {"comments": None}},
    reddit(1),
    reddit(1, listing()["data"]),
    {"thread": "t", "text": "plums"},
    {"thread": None, "post": {"text": "plums"}, "replies": [{"text": "figs"}]},
    {"id": 1, "posts": [{"text": "plums"}]},
    {"post_id": 1, "posts": [{"post_id": 2, "text": "plums"}]},
    {"post_id": 1, "text": "plums", "posts": []},
    {"username": "ann", "posts": ["1", "2"]},
    {"posts": [{"post_id": 2, "text": "plums"}]},
    {"id": "1", "text": "plums", "thread": {"id": "t9", "name": "topic", "text": "x"}},
    {"author": "ann", "content": "plums", "thread": {"id": "t9", "name": "topic"}},
    {"feed": [1], "posts": [2]},
    {"items": [{"text": "plums"}]},
    {"data": {"children": [{"text": "plums"}]}},
    {},
]


@pytest.mark.parametrize("value", ALONE, ids=json.dumps)
def test_a_row_is_left_as_it_is(value: dict[str, Any]) -> None:
    assert not holds_rows(value)
    assert list(rows_within(value)) == [value]


@pytest.mark.parametrize("value", [None, [], [{"feed": []}], "feed", 7])
def test_what_is_no_object_holds_no_rows(value: Any) -> None:
    assert not holds_rows(value)


def test_a_thread_may_be_deeper_than_python_calls() -> None:
    thread: dict[str, Any] = {"post": post(0)}
    for number in range(1, 5_000):
        thread = {"post": post(number), "replies": [thread]}
    assert sum(1 for _ in rows_within({"thread": thread})) == 5_000


OTHERS = (
    "mastodon", "activitystreams", "jetstream", "powertrack", "telegram", "twitter_v1",
    "twitter_v2",
)  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_other_formats_are_not_taken_apart(name: str, files: Path) -> None:
    lines = (files / f"{name}.ndjson").read_text("utf-8").splitlines()
    assert not any(holds_rows(json.loads(line)) for line in lines)


@pytest.mark.parametrize("name", NESTED)
def test_a_file_of_them_gives_each_as_a_row(name: str) -> None:
    """As one document, over several lines too, and as one of several lines of NDJSON."""
    whole, rows = NESTED[name]
    other = {"id": "1", "text": "pears"}
    lines = f"{json.dumps(whole)}\n{json.dumps(other)}\n"
    for text, expected in (
        (json.dumps(whole), rows),
        (json.dumps(whole, indent=1), rows),
        (lines, [*rows, other]),
    ):
        found = read(text.encode())
        assert found.values == expected
        assert found.reasons == ([] if rows else [(1, "no-records")])
