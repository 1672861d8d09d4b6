"""Ids and platforms of every kind of rows: what is taken, what is rejected and why."""

from __future__ import annotations

from typing import Any

import pytest

from marsad.records.errors import InputError
from tests.sources.strict.staging import reasons, staged

POST, ACCOUNT = "id-in-scientific-notation", "account-in-scientific-notation"
NO_POST, NO_ACCOUNT = "id-is-no-id", "account-is-no-id"


@pytest.mark.parametrize(
    ("kind", "field", "column"),
    [
        ("posts", "id", "id"), ("posts", "account_id", "account"),
        ("posts", "reply_to", "reply_to"), ("posts", "repost_of", "repost_of"),
        ("posts", "quote_of", "quote_of"),
        ("posts", "reply_to_account", "reply_to_account"),
        ("posts", "repost_of_account", "repost_of_account"),
        ("observations", "account_id", "subject"), ("observations", "subject", "subject"),
        ("edges", "source_id", "source"), ("edges", "target_id", "target"),
        ("shares", "account_id", "account"), ("shares", "post_id", "post"),
        ("labels", "subject_id", "subject"),
    ],
)  # fmt: skip
def test_ids_as_spreadsheets_write_them(kind: str, field: str, column: str) -> None:
    ways = ['="123"', "'123", "١٢٣", "123.0", "123"]
    rows = staged(kind, *({field: way} for way in ways))
    assert [(row[column], row["reason"]) for row in rows] == [("plum:123", None)] * 5


@pytest.mark.parametrize(
    ("kind", "field", "rounded", "no_id"),
    [
        ("posts", "id", POST, NO_POST),
        ("posts", "account_id", ACCOUNT, NO_ACCOUNT),
        ("posts", "reply_to", POST, NO_POST),
        ("posts", "reply_to_account", ACCOUNT, NO_ACCOUNT),
        ("observations", "account_id", ACCOUNT, NO_ACCOUNT),
        ("edges", "source_id", ACCOUNT, NO_ACCOUNT),
        ("edges", "target_id", ACCOUNT, NO_ACCOUNT),
        ("shares", "account_id", ACCOUNT, NO_ACCOUNT),
        ("shares", "post_id", POST, NO_POST),
        ("labels", "subject_id", POST, NO_POST),
    ],
)
def test_ids_that_are_lost(kind: str, field: str, rounded: str, no_id: str) -> None:
    written = ["1.5e18", "1.5E+18", "1.5e18.0", "1500000000000000000.0"]
    assert reasons(kind, *({field: way} for way in written)) == [rounded] * 4
    assert reasons(kind, *({field: way} for way in ("true", '["1"]', '{"a": 1}'))) == [no_id] * 3


def test_a_handle_may_be_any_word_but_no_list() -> None:
    by_handle: dict[str, Any] = {"account_id": None}
    rows = staged("posts", *({**by_handle, "handle": name} for name in ("true", "'@Ann", '["a"]')))
    assert [row["account"] for row in rows][:2] == ["plum:@true", "plum:@ann"]
    assert [row["reason"] for row in rows] == [None, None, NO_ACCOUNT]


def test_no_reference_is_written_in_several_ways() -> None:
    rows = staged("posts", *({"reply_to": way} for way in ("false", "[]", "{}", "", None)))
    assert [(row["reply_to"], row["kind"], row["reason"]) for row in rows] == (
        [(None, "post", None)] * 5
    )


@pytest.mark.parametrize("kind", ["posts", "observations", "edges", "shares", "labels"])
def test_a_platform_has_one_id(kind: str) -> None:
    ids = {"posts": "account", "shares": "account", "edges": "source"}
    names = ["X", "x.com", " Twitter ", "twitter.com", "twitter", None, "", "Fig"]
    rows = staged(kind, *({"platform": name} for name in names), platform="X.com")
    expected = ["twitter:7"] * 7 + ["fig:7"]
    assert [row[ids.get(kind, "subject")] for row in rows] == expected
    assert [row["reason"] for row in rows] == [None] * 8


@pytest.mark.parametrize("kind", ["posts", "observations", "edges", "shares", "labels"])
def test_what_can_be_no_platform_costs_its_row(kind: str) -> None:
    names = ["a b", "a/b", "a" * 41, "fig"]
    assert reasons(kind, *({"platform": name} for name in names)) == (
        ["platform-not-understood"] * 3 + [None]
    )


def test_a_platform_that_a_person_names_is_checked_at_once() -> None:
    with pytest.raises(InputError) as error:
        staged("posts", {}, platform="my platform")
    assert error.value.message.id == "platform.name"


def test_a_subject_may_be_labelled_by_its_subject_id() -> None:
    named = ["7", "X:7", "twitter:7", "did:plc:7", "https://a.example/7"]
    rows = staged("labels", *({"subject_id": name} for name in named), platform="twitter")
    assert [row["subject"] for row in rows] == (
        ["twitter:7"] * 3 + ["twitter:did:plc:7", "twitter:https://a.example/7"]
    )
