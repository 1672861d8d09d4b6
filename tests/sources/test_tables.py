"""Plain tables and JSON rows: the loose rows that come of the columns chosen."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marsad.records.errors import InputError
from marsad.sources.plain.choose import propose
from marsad.sources.plain.names import NAMES
from marsad.sources.registry import recognise
from marsad.sources.source import Options, Sample

POSTS = {
    "account": ["ann", "bob"],
    "created_at": ["2021-05-01 10:00", "2021-05-01 10:05"],
    "text": ["the plums are ripe", "the figs are not"],
}


def test_posts(loose_table: Any) -> None:
    rows = loose_table({**POSTS, "hashtags": ["#one #two", ""], "likes": ["3", "NA"]})
    assert rows == {
        "posts": [
            {
                "line": 1,
                "platform": "unknown",
                "handle": "ann",
                "created_at": "2021-05-01 10:00",
                "text": "the plums are ripe",
                "likes": "3",
                "hashtags": ["one", "two"],
            },
            {
                "line": 2,
                "platform": "unknown",
                "handle": "bob",
                "created_at": "2021-05-01 10:05",
                "text": "the figs are not",
            },
        ]
    }


def test_a_platform_column_and_option(loose_table: Any) -> None:
    table = {**POSTS, "platform": ["Twitter", ""]}
    assert [row["platform"] for row in loose_table(table)["posts"]] == ["Twitter", "unknown"]
    named = loose_table(table, Options(platform="fig"))["posts"]
    assert [row["platform"] for row in named] == ["fig", "fig"]


def test_a_platform_that_is_no_word_costs_only_its_row(loose_table: Any) -> None:
    table = {**POSTS, "platform": ["Twitter", "two words"]}
    assert [row["platform"] for row in loose_table(table)["posts"]] == ["Twitter", "two words"]
    rows = loose_table({**POSTS, "platform": ["plum news", "fig news"]})["posts"]
    assert [row["platform"] for row in rows] == ["unknown", "unknown"]


def test_words_for_nothing_are_nothing_but_in_prose(loose_table: Any) -> None:
    table = {**POSTS, "reply_to_id": ["null", "77777"], "text": ["null", "the figs are not"]}
    first = loose_table(table)["posts"][0]
    assert first["text"] == "null"
    assert "reply_to" not in first


def test_typed_columns_are_texts(loose_table: Any) -> None:
    table = pa.table(
        {
            "user_id": pa.array([9000001.0, None], pa.float64()),
            "created_at": pa.array(
                [datetime(2021, 5, 1, 10, tzinfo=UTC), None], pa.timestamp("us", tz="Europe/Berlin")
            ),
            "text": pa.array(["the plums", "are ripe"]).dictionary_encode(),
            "likes": pa.array([3, None], pa.int32()),
            "is_retweet": pa.array([True, False]),
            "collected_at": pa.array([date(2021, 5, 2), None]),
            "hashtags": pa.array([["one", "two"], []], pa.list_(pa.string())),
            "mentions": pa.array(
                [[{"id": 5, "username": "bob"}], None],
                pa.list_(pa.struct([("id", pa.int64()), ("username", pa.string())])),
            ),
            "author": pa.array(
                [{"username": "ann", "public_metrics": {"followers_count": 7}}, None],
                pa.struct(
                    [
                        ("username", pa.string()),
                        ("public_metrics", pa.struct([("followers_count", pa.int64())])),
                    ]
                ),
            ),
        }
    )
    first, second = loose_table(table)["posts"]
    assert first == {
        "line": 1,
        "platform": "unknown",
        "account_id": "9000001",
        "created_at": "2021-05-01 10:00:00Z",
        "text": "the plums",
        "likes": "3",
        "is_repost": "true",
        "observed_at": "2021-05-02",
        "hashtags": ["one", "two"],
        "mentions": ["bob"],
        "handle": "ann",
        "followers": "7",
    }
    assert "account_id" not in second
    assert second["hashtags"] == []
    assert "mentions" not in second


def test_a_float_above_exact_numbers_keeps_its_doubt(loose_table: Any) -> None:
    """2^53 and more as a double has lost digits: the text must not pretend otherwise."""
    table = {**POSTS, "tweet_id": pa.array([1.388e18, 129235.0], pa.float64())}
    ids = [row["id"] for row in loose_table(table)["posts"]]
    assert ids == ["1.388e+18", "129235"]


def test_handles_in_references_are_marked(loose_table: Any) -> None:
    table = {
        **POSTS,
        "user_id": ["9000001", "9000002"],
        "in_reply_to_screen_name": ["bob", ""],
        "retweeted_user_id": ["9000003", ""],
    }
    first = loose_table(table)["posts"][0]
    assert first["reply_to_account"] == "@bob"
    assert first["repost_of_account"] == "9000003"


def test_ids_that_a_spreadsheet_rounded_give_way_to_a_handle(loose_table: Any) -> None:
    table = {**POSTS, "external_author_id": ["9.06E+17", "9.06E+17"]}
    assert "account_id" not in loose_table(table)["posts"][0]
    del table["account"]
    assert loose_table(table)["posts"][0]["account_id"] == "9.06E+17"


def test_messages_are_numbered_within_their_chat(loose_table: Any) -> None:
    table = {
        "id": ["11", "11"],
        "chat": ["plumnews", "fignews"],
        "sender_id": ["9000001", "9000002"],
        "date": ["2021-05-01 10:00", "2021-05-01 10:05"],
        "message": ["the plums are ripe", "the figs are not"],
        "reply_to_msg_id": ["10", ""],
    }
    rows = loose_table(table)["posts"]
    assert [row["id"] for row in rows] == ["plumnews/11", "fignews/11"]
    assert [row.get("reply_to") for row in rows] == ["plumnews/10", None]


def test_a_day_without_a_time_of_day_stays(loose_table: Any) -> None:
    table = {**POSTS, "created_at": ["2021-05-01", "2021-05-02"], "time": ["10:00", ""]}
    times = [row["created_at"] for row in loose_table(table)["posts"]]
    assert times == ["2021-05-01 10:00", "2021-05-02"]


def test_html_is_told_from_text(loose_table: Any) -> None:
    marked = {**POSTS, "text": ["<p>the plums</p>", "<p>the <b>figs</b></p>"]}
    assert loose_table(marked)["posts"][0]["is_html"] is True
    assert "is_html" not in loose_table({**POSTS, "text": ["a < b", "2 <3 you"]})["posts"][0]


def test_shares_of_several_kinds(loose_table: Any) -> None:
    rows = loose_table(
        {
            "account_id": ["fb_12670", "tw_5966"],
            "post_id": pa.array([129235, 84441]),
            "url_id": pa.array([23678, None], pa.int64()),
            "hashtags": ["#one #two", ""],
            "timestamp": pa.array([1629589836.0, 1629589069.5]),
        }
    )
    assert rows["shares"] == [
        {
            "line": 1,
            "platform": "unknown",
            "account_id": "fb_12670",
            "post_id": "129235",
            "shared_at": "1629589836",
            "objects": [
                {"kind": "url", "object": "23678"},
                {"kind": "hashtag", "object": "one"},
                {"kind": "hashtag", "object": "two"},
            ],
        },
        {
            "line": 2,
            "platform": "unknown",
            "account_id": "tw_5966",
            "post_id": "84441",
            "shared_at": "1629589069.5",
            "objects": [],
        },
    ]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["https://a.example/x", "https://a.example/y"], "url"),
        (["#one", "#two"], "hashtag"),
        (["a.example", "b.example"], "domain"),
        (["85d2d12251a735ce", "9aa2d12251a735ce"], "object"),
    ],
)
def test_a_generic_object_is_what_it_looks_like(
    values: list[str], kind: str, loose_table: Any
) -> None:
    rows = loose_table(
        {
            "object_id": values,
            "account_id": ["9000001", "9000002"],
            "content_id": ["1", "2"],
            "timestamp_share": ["1623881091", "1623881092"],
        }
    )["shares"]
    assert rows[0]["objects"] == [{"kind": kind, "object": values[0]}]


def test_edges(loose_table: Any) -> None:
    rows = loose_table({"Source": ["9000001"], "Target": ["bob"], "relation": ["Follows"]})
    assert rows["edges"] == [
        {
            "line": 1,
            "platform": "unknown",
            "kind": "follow",
            "source_id": "9000001",
            "target_handle": "bob",
        }
    ]
    other = loose_table({"from": ["ann"], "to": ["bob"], "type": ["mention"]})["edges"]
    assert other[0]["kind"] == "mention"


@pytest.mark.parametrize(
    ("names", "kind", "told"),
    [
        (("Source", "Target"), None, True),
        (("from", "to"), None, True),
        (("Source", "Target"), "edges", False),
        (("follower", "followee"), None, False),
        (("follower", "followed"), None, False),
        (("user", "friend_id"), None, False),
        (("source", "target", "relation"), None, False),
    ],
)
def test_pairs_of_which_nothing_says_what_joins_them(
    names: tuple[str, ...], kind: str | None, told: bool
) -> None:
    table = pa.table(dict(zip(names, [["9000001"], ["9000002"], ["follows"]], strict=False)))
    plan: Any = recognise(Sample("x.csv", "table", rows=table), Options(kind=kind))
    assert plan.kinds == ("edges",)
    said = [(warning.id, dict(warning.values)) for warning in plan.warnings]
    values = {"file": "x.csv", "source": names[0], "target": names[1]}
    assert said == ([("sources.edges-unsaid", values)] if told else [])


@pytest.mark.parametrize("way", ['="{}"', "'{}"])
def test_ids_are_known_as_such_whatever_a_spreadsheet_wrote_around_them(
    way: str, loose_table: Any
) -> None:
    rows = loose_table({"Source": [way.format("9000001")], "Target": [way.format("ann")]})
    assert set(rows["edges"][0]) == {"line", "platform", "kind", "source_id", "target_handle"}


def test_observations(loose_table: Any) -> None:
    rows = loose_table(
        {
            "screen_name": ["ann", "bob", "cat"],
            "date": ["2021-05-01", "2021-05-01", "2021-05-01"],
            "status": ["Active", "suspended", "not found"],
            "followers_count": ["340", "20", ""],
        }
    )["observations"]
    assert [row["state"] for row in rows] == ["alive", "suspended", "missing"]
    assert rows[0]["observed_at"] == "2021-05-01"
    assert rows[0]["followers"] == "340"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("active", "alive"),
        ("ok", "alive"),
        ("banned", "suspended"),
        ("deleted", "removed"),
        ("410", "removed"),
        ("404", "missing"),
        ("private", "protected"),
        ("inactive", "dormant"),
        ("withheld", "withheld"),
    ],
)
def test_states_by_other_words(word: str, state: str, loose_table: Any) -> None:
    rows = loose_table({"handle": ["ann"], "checked_at": ["2021-05-01"], "status": [word]})
    assert rows["observations"][0]["state"] == state


def test_a_column_of_suspensions_is_a_state(loose_table: Any) -> None:
    rows = loose_table({"handle": ["ann", "bob"], "suspended": pa.array([True, False])})
    assert [row["state"] for row in rows["observations"]] == ["suspended", "alive"]


def test_labels(loose_table: Any) -> None:
    posts = loose_table({"tweet_id": ["77777"], "label": ["fruit"]})["labels"]
    assert posts[0]["subject_kind"] == "post"
    assert posts[0]["subject_id"] == "77777"
    accounts = loose_table({"handle": ["ann"], "label": ["fruit"], "coder": ["c1"]})["labels"]
    assert accounts[0]["subject_kind"] == "account"
    assert accounts[0]["subject_handle"] == "ann"
    named = loose_table(
        {"subject": ["https://a.example"], "subject_kind": ["site"], "label": ["fruit"]}
    )["labels"]
    assert named[0]["subject_kind"] == "site"


def test_series_wide_and_long(loose_table: Any) -> None:
    wide = loose_table(
        {
            "date": ["2021-01-01", "2021-01-02"],
            "posts": pa.array([875.0, None]),
            "stat": ["total", "total"],
            "group": ["plums", "plums"],
        }
    )["series"]
    assert wide == [
        {
            "line": 1,
            "platform": "unknown",
            "group": "plums/total",
            "day": "2021-01-01",
            "outcomes": [{"outcome": "posts", "value": "875"}],
        },
        {"line": 2, "platform": "unknown", "group": "plums/total", "day": "2021-01-02",
         "outcomes": []},
    ]  # fmt: skip
    long = loose_table(
        {
            "day": ["2021-01-01", "2021-01-01"],
            "metric": ["posts", "users"],
            "value": ["875", "4390"],
        }
    )["series"]
    assert [row["outcomes"] for row in long] == [
        [{"outcome": "posts", "value": "875"}],
        [{"outcome": "users", "value": "4390"}],
    ]


def test_totals_need_the_group_that_tells_their_rows_apart() -> None:
    table = pa.table(
        {
            "date": ["2021-01-01", "2021-01-01"],
            "region": ["north", "south"],
            "posts": ["5", "7"],
        }
    )
    sample = Sample("x.csv", "table", rows=table)
    with pytest.raises(InputError) as error:
        recognise(sample, Options(kind="series"))
    assert error.value.message.values["missing"] == ["group"]
    plan = recognise(sample, Options(mapping={"group": "region"}))
    assert plan.mapping["group"] == "region"


@pytest.mark.parametrize(
    "steps",
    [("place", "id"), ("author", "location", "name"), ("user", "location"), ("geo", "text")],
)
def test_nothing_inside_a_place_is_read(steps: tuple[str, ...]) -> None:
    assert [found for kind in NAMES for found in propose(kind, steps)] == []


def test_a_place_is_not_taken_for_a_text() -> None:
    place = ["a house at the end of a long street", "another house at the end of another one"]
    table = pa.table({**POSTS, "location": place}).drop(["text"])
    with pytest.raises(InputError) as error:
        recognise(Sample("x.csv", "table", rows=table), Options(kind="posts"))
    assert error.value.message.values["missing"][0].startswith("text | repost_of")


def test_a_table_of_accounts_is_not_of_posts() -> None:
    table = pa.table(
        {
            "id": ["9000001", "9000002"],
            "username": ["ann", "bob"],
            "description": ["likes maps and plums", "likes figs"],
            "created_at": ["2012-01-02", "2013-01-02"],
            "followers_count": ["340", "20"],
        }
    )
    plan = recognise(Sample("x.csv", "table", rows=table), Options())
    assert plan.kinds == ("observations",)
    assert plan.mapping["account_id"] == "id"
    assert plan.mapping["account_created_at"] == "created_at"


def test_nested_json_of_unknown_origin(loose_json: Any) -> None:
    rows = loose_json(
        [
            json.dumps(
                {
                    "post": {
                        "uri": "urn:post:did:plc:aaaa/3l",
                        "author": {"did": "did:plc:aaaa", "handle": "ann.example", "name": "Ann"},
                        "record": {
                            "createdAt": "2024-05-01T10:00:00Z",
                            "text": "the plums",
                            "langs": ["en", "ar"],
                        },
                        "likeCount": 3,
                    },
                    "tags": [{"name": "one"}, {"name": "two"}],
                    "quoted_status": {"text": "of another", "user": {"screen_name": "bob"}},
                }
            ),
            json.dumps({"post": "of another shape"}),
        ]
    )["posts"]
    assert rows[0] == {
        "line": 1,
        "platform": "unknown",
        "id": "urn:post:did:plc:aaaa/3l",
        "account_id": "did:plc:aaaa",
        "handle": "ann.example",
        "name": "Ann",
        "created_at": "2024-05-01T10:00:00Z",
        "text": "the plums",
        "language": "en",
        "likes": "3",
        "hashtags": ["one", "two"],
    }
    assert rows[1] == {"line": 2, "platform": "unknown"}


def test_keys_with_dots_and_both_cases(loose_json: Any) -> None:
    row = {"author.username": "ann", "created_at": "2021-05-01 10:00", "Text": "a", "text": "b"}
    found = loose_json([json.dumps({**row, "Text": "the plums", "text": "the figs"})] * 2)
    assert found["posts"][0]["handle"] == "ann"
    assert found["posts"][0]["text"] == "the plums"


def test_map_overrides_names_and_values(loose_table: Any) -> None:
    table = {**POSTS, "who": ["9000001", "9000002"], "note": ["x y", "z w"]}
    rows = loose_table(table, Options(mapping={"text": "note", "account": "WHO"}))["posts"]
    assert rows[0]["text"] == "x y"
    assert rows[0]["account_id"] == "9000001"


def test_as_asks_for_another_kind(loose_table: Any) -> None:
    table = {**POSTS, "followers": ["340", "20"], "url": ["https://a.example", ""]}
    assert set(loose_table(table, Options(kind="accounts"))) == {"observations"}
    shares = loose_table(table, Options(kind="shares"))["shares"]
    assert shares[0]["objects"] == [{"kind": "url", "object": "https://a.example"}]


def test_a_column_that_could_be_as_well_is_told() -> None:
    table = pa.table({**POSTS, "Text": ["of another", "of another too"]})
    plan = recognise(Sample("x.csv", "table", rows=table), Options())
    assert plan.mapping["text"] == "text"
    assert plan.unused == ("Text",)
    assert plan.rivals == {"text": ("Text",)}  # type: ignore[attr-defined]


def test_a_date_that_is_none_is_not_taken_for_one() -> None:
    table = pa.table({**POSTS, "date": ["soon", "later"], "created_at": ["x", "y"]})
    table = table.append_column("when", pa.array(["2021-05-01 10:00", "2021-05-01 10:05"]))
    plan = recognise(Sample("x.csv", "table", rows=table), Options())
    assert plan.mapping["created_at"] == "when"


def test_the_reader_s_line_is_no_column() -> None:
    table = pa.table({**POSTS, "line": [1, 2]})
    plan = recognise(Sample("x.csv", "table", rows=table), Options())
    assert "line" not in (*plan.unused, *plan.mapping.values())


SHARED = {
    "networks/trolls_2015_2016.parquet": ("posts", 424_653),
    "networks/russian_coord_tweets.parquet": ("shares", 35_125),
    "networks/german_elections.parquet": ("shares", 218_971),
    "networks/deplatforming_2021_daily.parquet": ("series", 32_968),
}


@pytest.mark.parametrize("name", SHARED)
def test_shared_networks(name: str, shared_data: Path) -> None:
    table = pq.read_table(shared_data / name)
    plan = recognise(Sample(name, "table", rows=table.slice(0, 200)), Options())
    kind, rows = SHARED[name]
    assert plan.kinds == (kind,)
    assert table.num_rows == rows


def test_groups_of_shared_totals_are_named_by_both_columns(
    shared_data: Path, loose_table: Any
) -> None:
    table = pq.read_table(shared_data / "networks/deplatforming_2021_daily.parquet")
    rows = loose_table(table.slice(0, 500))["series"]
    assert rows[0]["group"] == "fns/total"
    assert len(rows[0]["outcomes"]) == 26


def test_csv_ndjson_and_parquet_of_the_same_posts_agree(
    shared_data: Path, loose_table: Any, loose_json: Any
) -> None:
    table = pq.read_table(shared_data / "networks/trolls_2015_2016.parquet").slice(0, 300)
    texts = table.set_column(
        table.column_names.index("created_at"), "created_at", table["created_at"].cast("string")
    )
    as_csv = pa.table({name: texts[name].cast("string") for name in texts.column_names})
    as_json = [json.dumps(row) for row in texts.to_pylist()]
    typed, csv_rows, json_rows = (
        loose_table(table), loose_table(as_csv), loose_json(as_json)
    )  # fmt: skip

    def same(rows: dict[str, Any]) -> list[Any]:
        times = ("created_at",)
        return [{k: v[:16] if k in times else v for k, v in row.items()} for row in rows["posts"]]

    assert same(typed) == same(csv_rows) == same(json_rows)


def test_a_post_never_answers_itself(loose_table: Any) -> None:
    """Some tables give the first post of a thread as its own parent."""
    table = {**POSTS, "id": ["777771", "777772"], "parent_id": ["777771", "777771"]}
    rows = loose_table(table)["posts"]
    assert [row.get("reply_to") for row in rows] == [None, "777771"]


def test_what_was_deleted_is_nobody_and_says_nothing(loose_table: Any) -> None:
    table = {
        "author": ["ann", "[deleted]", "[removed]", "bob"],
        "created_at": ["2021-05-01 10:00"] * 4,
        "text": ["the plums", "the figs", "the pears", "[removed]"],
    }
    rows = loose_table(table)["posts"]
    assert [row.get("handle") for row in rows] == ["ann", None, None, "bob"]
    assert [row.get("text") for row in rows] == ["the plums", "the figs", "the pears", None]


def test_a_title_stands_above_its_text(loose_table: Any) -> None:
    table = {
        "author": ["ann", "bob", "cat"],
        "created_at": ["2021-05-01 10:00"] * 3,
        "title": ["Plums", "Figs", ""],
        "selftext": ["are ripe in all gardens", "", "and pears are not"],
    }
    texts = [row["text"] for row in loose_table(table)["posts"]]
    assert texts == ["Plums\n\nare ripe in all gardens", "Figs", "and pears are not"]


def test_a_title_is_left_over_where_the_text_is_whole_or_given(loose_table: Any) -> None:
    table = {**POSTS, "title": ["the plums", "the figs"]}
    assert loose_table(table)["posts"][0]["text"] == "the plums are ripe"
    table["body"] = table.pop("text")
    rows = loose_table(table, Options(mapping={"text": "body"}))["posts"]
    assert rows[0]["text"] == "the plums are ripe"


def chat(first: str, answered: str) -> dict[str, list[str]]:
    """Two messages of a chat; the second answers another."""
    return {
        "id": [first, "12"],
        "chat": ["plumnews", "plumnews"],
        "author": ["9000001", "9000002"],
        "timestamp": ["2021-05-01 10:00", "2021-05-01 10:05"],
        "body": ["the plums are ripe", "the figs are not"],
        "reply_to": ["", answered],
    }


def test_answers_are_numbered_within_the_chat_even_where_the_sample_has_none(
    loose_of: Any,
) -> None:
    table = chat("11", "")
    plan = recognise(Sample("x.csv", "table", rows=pa.table(table)), Options())
    later = pa.table({"line": [1, 2], **table, "reply_to": ["", "11"]})
    rows = loose_of(plan, later)["posts"]
    assert [row.get("reply_to") for row in rows] == [None, "plumnews/11"]


@pytest.mark.parametrize(("first", "answered"), [("11", "11"), ("11", "11.0"), ("1", "1")])
def test_an_answer_names_its_chat(loose_table: Any, first: str, answered: str) -> None:
    """Numbers may be written as decimals, and all may answer the first message."""
    rows = loose_table(chat(first, answered))["posts"]
    assert [row.get("reply_to") for row in rows] == [None, f"plumnews/{first}"]


def test_the_video_of_a_comment_is_not_its_id(loose_table: Any) -> None:
    comments = {
        "videoId": ["vvvvvvvvvv1"] * 3,
        "author": ["ann", "bob", "cat"],
        "publishedAt": ["2021-05-01 10:00"] * 3,
        "text": ["the plums", "the figs", "the pears"],
    }
    assert all("id" not in row for row in loose_table(comments)["posts"])
    numbered = {**comments, "id": ["Ug1", "Ug2", "Ug3"]}
    assert [row["id"] for row in loose_table(numbered)["posts"]] == ["Ug1", "Ug2", "Ug3"]
    videos = {**comments, "videoId": ["vvvvvvvvvv1", "vvvvvvvvvv2", "vvvvvvvvvv3"]}
    assert loose_table(videos)["posts"][0]["id"] == "vvvvvvvvvv1"


SUBMISSIONS = {
    "author": ["ann_plum", "bob_fig", "[deleted]"],
    "author_fullname": ["t2_aaaaa", "NA", ""],
    "created_utc": [1575194400, 1575194460, 1575194520],
    "id": ["e4aaaa", "e4aaab", "e4aaac"],
    "title": ["Plums &amp; figs", "Look", "NA"],
    "selftext": ["are ripe", "[removed]", ""],
    "subreddit": ["plums"] * 3,
    "url": [
        "https://www.reddit.com/r/plums/comments/e4aaaa/x/",
        "https://example.org/a",
        "https://i.redd.it/plum.jpg",
    ],
    "is_self": [True, False, None],
}


def test_submissions_of_reddit_in_a_table(loose_table: Any) -> None:
    rows = loose_table(SUBMISSIONS)["posts"]
    assert {row["platform"] for row in rows} == {"reddit"}
    assert [row["id"] for row in rows] == ["t3_e4aaaa", "t3_e4aaab", "t3_e4aaac"]
    assert [row.get("account_id") for row in rows] == ["t2_aaaaa", None, None]
    assert [row.get("handle") for row in rows] == ["ann_plum", "bob_fig", None]
    assert [row["text"] for row in rows] == ["Plums & figs\n\nare ripe", "Look", "NA"]
    assert [row.get("urls") for row in rows] == [None, ["https://example.org/a"], None]
    assert rows[2]["media_urls"] == ["https://i.redd.it/plum.jpg"]


def test_comments_of_reddit_as_4cat_has_them(loose_table: Any) -> None:
    table = {
        "thread_id": ["e4aaaa", "e4aaaa"],
        "id": ["e4aaaa", "f9aaaa1"],
        "timestamp": ["2021-05-01 10:00:00", "2021-05-01 10:01:00"],
        "body": ["are ripe", "not yet"],
        "subject": ["Plums", ""],
        "author": ["ann_plum", "bob_fig"],
        "subreddit": ["plums", "plums"],
        "parent": ["", "t3_e4aaaa"],
        "score": ["3", "1"],
    }
    first, second = loose_table(table)["posts"]
    assert (first["id"], first["text"]) == ("t3_e4aaaa", "Plums\n\nare ripe")
    assert "reply_to" not in first
    assert (second["id"], second["reply_to"]) == ("t1_f9aaaa1", "t3_e4aaaa")
    assert second["text"] == "not yet"


def test_a_mapping_is_for_the_plain_table(loose_table: Any) -> None:
    rows = loose_table(SUBMISSIONS, Options(mapping={"text": "title"}))["posts"]
    assert (rows[0]["text"], rows[0]["platform"]) == ("Plums &amp; figs", "unknown")


def test_a_column_of_flags_names_no_message(loose_table: Any) -> None:
    table = chat("1", "1")
    flags: dict[str, Any] = {**table, "is_reply_to": table["reply_to"]}
    del flags["reply_to"]
    assert all("reply_to" not in row for row in loose_table(flags)["posts"])


@pytest.mark.parametrize("words", [["frozen", "thawed", "frozen"], ["x9", "x8", ""]])
def test_states_of_which_no_word_is_known_are_none_of_the_living(
    words: list[str], loose_table: Any
) -> None:
    rows = loose_table(
        {"handle": ["ann", "bob", "cat"], "checked_at": ["2021-05-01"] * 3, "followers": [1, 2, 3],
         "state": words}
    )["observations"]  # fmt: skip
    assert [row["state"] for row in rows] == [word or "unknown" for word in words]


def test_a_column_with_a_known_word_is_the_state_before_one_without(loose_table: Any) -> None:
    """``state`` may be where an account says to be."""
    rows = loose_table(
        {"handle": ["ann", "bob"], "followers": [1, 2], "state": ["North", "South"],
         "status": ["active", "suspended"]}
    )["observations"]  # fmt: skip
    assert [row["state"] for row in rows] == ["alive", "suspended"]
