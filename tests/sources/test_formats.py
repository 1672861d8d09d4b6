"""Each platform's format: an example file and the loose rows that are expected of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pytest

from marsad.records.errors import InputError
from marsad.records.tables import STATES
from marsad.sources import registry
from marsad.sources.documents import Documents, Fields, Object
from marsad.sources.registry import recognise
from marsad.sources.source import Options, Sample

ROOT = Path(__file__).resolve().parents[2]

FORMATS = {
    "mastodon": ("mastodon", "mastodon"),
    "activitystreams": ("activitystreams", "activitypub"),
    "jetstream": ("jetstream", "bluesky"),
    "twitter_v2": ("twitter-v2", "twitter"),
    "twitter_v1": ("twitter-v1", "twitter"),
    "telegram": ("telegram", "telegram"),
    "bluesky": ("bluesky", "bluesky"),
    "youtube": ("youtube", "youtube"),
    "reddit": ("reddit", "reddit"),
    "powertrack": ("powertrack", "twitter"),
}
"""File → the format it is taken for, and the platform of its rows."""


def lines_of(files: Path, name: str) -> list[str]:
    return (files / f"{name}.ndjson").read_text("utf-8").splitlines()


def without_raw(rows: dict[str, Any]) -> dict[str, Any]:
    return {
        kind: [{k: v for k, v in row.items() if k != "raw"} for row in found]
        for kind, found in rows.items()
    }


@pytest.mark.parametrize("name", FORMATS)
def test_an_example_gives_the_expected_rows(name: str, files: Path, loose_json: Any) -> None:
    expected = json.loads((files / f"{name}.expected.json").read_text("utf-8"))
    assert without_raw(loose_json(lines_of(files, name))) == expected


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_and_its_platform_are_recognised(name: str, files: Path, loose_json: Any) -> None:
    lines = lines_of(files, name)
    objects = [json.loads(line) for line in lines]
    format_name, platform = FORMATS[name]
    assert recognise(Sample("x", "json", objects=objects), Options()).source == format_name
    rows = [row for found in loose_json(lines).values() for row in found]
    assert {row["platform"] for row in rows} == {platform}
    named = loose_json(lines, Options(platform="fig"))
    assert {row["platform"] for found in named.values() for row in found} == {"fig"}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("asked", ["posts", "accounts", "observations", "edges"])
def test_a_format_is_recognised_whatever_is_asked_of_it(name: str, asked: str, files: Path) -> None:
    objects = [json.loads(line) for line in lines_of(files, name)]
    source = registry.sources()[FORMATS[name][0]]
    kind = "observations" if asked == "accounts" else asked
    expected = FORMATS[name][0] if kind in source.kinds else "json"
    found = source.recognise(Sample("x", "json", objects=objects), Options(kind=asked))
    assert (found.source if found else "json") == expected


@pytest.mark.parametrize("name", FORMATS)
def test_every_row_appears_once_whatever_stands_beside_it(
    name: str, files: Path, loose_json: Any
) -> None:
    """Broken rows cost themselves alone, unknown fields cost nothing."""
    lines = lines_of(files, name)
    strange = [json.dumps({**json.loads(line), "unheard-of": {"x": [1]}}) for line in lines]
    broken = ['{"cut', "[1, 2]", "7", '{"half": "\\ud83d"}', "", "{}"]
    rows = loose_json([*lines, *strange, *broken])
    listed = sorted(row["line"] for found in rows.values() for row in found)
    assert listed == list(range(1, len(lines) * 2 + len(broken) + 1))
    reasons = {row["line"]: row.get("reason") for found in rows.values() for row in found}
    after = len(lines) * 2
    assert [reasons[after + n] for n in range(1, 7)] == [
        "malformed-json", "not-an-object", "not-an-object", "surrogate", "malformed-json",
        "kind-not-kept",
    ]  # fmt: skip
    alone = without_raw(loose_json(lines))
    for kind, found in without_raw(rows).items():
        assert [row for row in found if row["line"] <= len(lines)] == alone[kind]


STRANGE = (None, 7, "fig", "", "[", [], {}, ["fig"], [None], {"fig": 1}, "{")


def broken_everywhere(value: Any) -> Iterator[Any]:
    """A value with each of its parts replaced in turn by what does not belong there."""
    yield from STRANGE
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: other for name, other in value.items() if name != key}
            yield from ({**value, key: other} for other in broken_everywhere(inner))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            for other in broken_everywhere(inner):
                yield [*value[:number], other, *value[number + 1 :]]


@pytest.mark.parametrize("name", FORMATS)
def test_no_part_of_a_row_is_taken_for_granted(name: str, files: Path, loose_json: Any) -> None:
    """Missing fields, null and values of another shape cost a field or a row, never the file."""
    lines = lines_of(files, name)
    broken = [json.dumps(one) for line in lines for one in broken_everywhere(json.loads(line))]
    rows = loose_json([*lines, *broken], Options(format=FORMATS[name][0]))
    listed = sorted(row["line"] for found in rows.values() for row in found)
    assert listed == list(range(1, len(lines) + len(broken) + 1))


@pytest.mark.parametrize("name", FORMATS)
def test_states_are_our_words(name: str, files: Path, loose_json: Any) -> None:
    rows = loose_json(lines_of(files, name))
    states = {row["state"] for found in rows.values() for row in found if "state" in row}
    assert states <= set(STATES)


def test_what_is_not_public_leaves_no_copy(files: Path, loose_json: Any) -> None:
    for name in FORMATS:
        rows = loose_json(lines_of(files, name))
        hidden = [row for row in rows["posts"] if row.get("reason") == "not-public"]
        kept = {"line", "platform", "reason", "raw", "is_html"}
        assert all(set(row) <= kept and row["raw"] == "" for row in hidden)


def test_text_that_cannot_be_read_is_kept_cut(loose_json: Any) -> None:
    good = '{"account": "ann", "created_at": "2021-05-01", "text": "the plums are ripe"}'
    short, long = '{"text": "' + "p" * 65_000, '{"text": "' + "ü" * 65_000
    rows = loose_json([good, short, long])["posts"]
    assert rows[1]["raw"] == short
    assert rows[2]["raw"] == long[: 16 * 1024]
    assert len(rows[2]["raw"].encode()) <= 64 * 1024
    assert "raw" not in rows[0]


def test_shared_jetstream_events_are_all_placed(shared_data: Path, loose_json: Any) -> None:
    lines = (shared_data / "platforms" / "bluesky_jetstream_v1.jsonl").read_text().splitlines()
    rows = loose_json(lines)
    taken = {kind: sum("reason" not in row for row in found) for kind, found in rows.items()}
    # 17 posts, 15 reposts, 6 follows, a deletion and what became of an account
    assert taken == {"posts": 32, "edges": 6, "observations": 2}
    assert sum(map(len, rows.values())) == len(lines) == 152


def test_shared_activitystreams_objects(shared_data: Path, loose_json: Any) -> None:
    folder = shared_data / "platforms" / "activitypub"
    texts = [path.read_text() for path in sorted(folder.glob("*.json"))]
    rows = without_raw(loose_json(texts))
    assert rows["observations"] == [
        {
            "line": 1,
            "platform": "activitypub",
            "account_id": "tag:example.com,2011:martin",
            "handle": "yoozer",
            "name": "Martin Smith",
            "bio": "this is my bio",
            "avatar": "http://example.com/martin/image",
        }
    ]
    assert rows["posts"][0]["reply_to"] == "http://one/post"
    assert [row.get("reason") for row in rows["posts"]] == [None, "kind-not-kept", None]


def test_map_overrides_a_path_of_a_format(files: Path, loose_json: Any) -> None:
    lines = lines_of(files, "mastodon")
    options = Options(mapping={"name": "account.username", "client": "reblog.application.name"})
    post = loose_json(lines, options)["posts"]
    assert post[0]["name"] == "ann"
    assert [row.get("client") for row in post if "reason" not in row] == [
        None, None, None, "Web", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mapping", "message", "near"),
    [
        ({"txt": "content"}, "sources.map-field", "text"),
        ({"text": "contnt"}, "sources.map-column", "content"),
        ({"text": "a..b"}, "sources.map-column", None),
    ],
)
def test_map_of_a_format_says_what_would_be_valid(
    mapping: dict[str, str], message: str, near: str | None, files: Path, loose_json: Any
) -> None:
    with pytest.raises(InputError) as error:
        loose_json(lines_of(files, "mastodon"), Options(mapping=mapping))
    assert error.value.message.id == message
    assert near is None or near in error.value.message.values["near"]
    assert error.value.message.values["valid"]


def test_a_table_is_of_no_json_format() -> None:
    table = pa.table({"did": ["a"], "time_us": ["1"], "kind": ["commit"]})
    with pytest.raises(InputError) as error:
        recognise(Sample("x.csv", "table", rows=table), Options(format="jetstream"))
    assert error.value.message.id == "sources.not-of-format"
    assert error.value.message.values["valid"] == ["reddit-table", "table"]


def test_the_example_of_the_documentation_works(
    loose_json: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "adding-a-source.md").read_text("utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {
        "Documents": Documents,
        "Fields": Fields,
        "Object": Object,
        "ClassVar": ClassVar,
        "Mapping": Mapping,
    }
    exec(code, names)  # the page is the project's own
    monkeypatch.setattr(registry, "sources", lambda: {"minutes": names["Minutes"]})
    row = {"at": "2021-05-01", "speech": {"number": 7, "speaker": {"id": 5}, "said": "the plums"}}
    assert loose_json([json.dumps(row), json.dumps({"speech": 1})])["posts"] == [
        {
            "line": 1,
            "platform": "club",
            "id": "7",
            "created_at": "2021-05-01",
            "account_id": "5",
            "text": "the plums",
        },
        {"line": 2, "platform": "club"},
    ]


def test_no_post_answers_itself(loose_json: Any) -> None:
    status = {
        "id": "1", "uri": "https://plum.example/users/ann/statuses/1", "content": "the plums",
        "account": {"id": "1", "acct": "ann", "url": "https://plum.example/@ann"},
        "in_reply_to_id": "1", "in_reply_to_account_id": "1",
        "quote": {"uri": "https://plum.example/users/ann/statuses/1"},
    }  # fmt: skip
    answer = {**status, "id": "2", "uri": "https://plum.example/users/ann/statuses/2"}
    first, second = loose_json([json.dumps(status), json.dumps(answer)])["posts"]
    assert "reply_to" not in first
    assert "quote_of" not in first
    assert second["reply_to"] == second["quote_of"] == status["uri"]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("bluesky", "post.author.did"),
        ("bluesky", "author.did"),
        ("bluesky", "thread.post.author.did"),
        ("reddit", "data.subreddit"),
        ("reddit", "subreddit"),
    ],
)
def test_map_names_a_path_with_what_wraps_it_or_without(
    name: str, column: str, files: Path, loose_json: Any
) -> None:
    lines = lines_of(files, name)
    posts = loose_json(lines, Options(mapping={"client": column}))["posts"]
    assert posts[0]["client"] == posts[1]["client"].replace(":bob", ":ann")


def test_what_a_format_reads_is_not_said_to_be_left_over(files: Path) -> None:
    for name in ("bluesky", "reddit"):
        objects = [json.loads(line) for line in lines_of(files, name)]
        plan = recognise(Sample("x", "json", objects=objects), Options())
        left = {label.removeprefix("post.").removeprefix("data.") for label in plan.unused}
        assert left & {"cid", "permalink"}
        assert not left & {"uri", "author.did", "record.text", "author", "title", "name"}
