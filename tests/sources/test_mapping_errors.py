"""What the user is told when a table cannot be placed, or a choice does not exist."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from marsad.outputs import nameless
from marsad.records.errors import InputError
from marsad.records.pseudonyms import Pseudonyms
from marsad.sources.plain.needs import ORDER
from marsad.sources.registry import recognise
from marsad.sources.source import Options, Sample

POSTS = {
    "account": ["ann"],
    "created_at": ["2021-05-01 10:00"],
    "text": ["the plums are ripe"],
}


def refusal(columns: dict[str, list[str]], **options: Any) -> tuple[str, dict[str, Any]]:
    """The id and values of the error for a table."""
    sample = Sample("table.csv", "table", rows=pa.table(columns))
    with pytest.raises(InputError) as error:
        recognise(sample, Options(**options))
    assert error.value.exit_code == 2
    return error.value.message.id, dict(error.value.message.values)


NEEDS = [
    "posts: (account_id | handle) + created_at + (text | repost_of)",
    "edges: source + target",
    "shares: (account_id | handle) + shared_at + (url | hashtag | domain | image | repost | "
    "reply | mention | text | object)",
    "labels: (subject | post_id | account_id | handle) + label",
    "observations: (account_id | handle) + (state | followers | following | account_posts | bio | "
    "avatar | account_created_at)",
    "series: day + value",
]


def test_texts_without_account_and_time() -> None:
    message, values = refusal({"HITId": ["1"], "tweet": ["the plums are ripe"], "sentiment": ["x"]})
    assert message == "sources.unrecognised"
    assert values == {
        "path": "table.csv",
        "kind": "posts",
        "columns": ["HITId", "tweet", "sentiment"],
        "found": ["text=tweet"],
        "missing": ["account_id | handle", "created_at"],
        "needs": NEEDS,
        "next": "marsad import table.csv --as posts --map handle=COLUMN --map created_at=COLUMN",
    }


def test_the_next_command_names_a_column_that_may_do() -> None:
    _, values = refusal({"stamp x": ["1620000000"], "text": ["the plums"], "x": ["Ann Plum"]})
    assert values["next"] == (
        "marsad import table.csv --as posts --map handle=COLUMN --map 'created_at=stamp x'"
    )


def test_a_dozen_columns_are_named_and_the_others_counted() -> None:
    _, values = refusal({f"plum {i}": ["x"] for i in range(50)})
    assert values["columns"] == [*(f"plum {i}" for i in range(12)), "… +38"]
    _, values = refusal({f"plum {i}": ["x"] for i in range(12)}, kind="posts")
    assert values["columns"] == [f"plum {i}" for i in range(12)]


@pytest.mark.parametrize("kind", [None, "posts"])
def test_columns_without_names_are_said_to_be_so(kind: str | None) -> None:
    columns = {"c1": ["ann", "bob"], "c2": ["2021-05-01 10:00"] * 2, "c3": ["plums are ripe"] * 2}
    if kind is None:
        columns["c3"] = ["x", "y"]
    message, values = refusal(columns, kind=kind)
    assert message == "sources.no-header"
    assert values["columns"] == ["c1", "c2", "c3"]
    assert "--map" in values["next"]
    assert "first line" in InputError(message, **values).message.render("en")


def test_lines_of_prose_are_no_columns_without_names() -> None:
    message, _ = refusal({"c1": ["the plums that were in the icebox", "and the figs"]})
    assert message == "sources.unrecognised"


EXPORTS = {
    "accounts": (nameless.ACCOUNTS, {"account": "account"}),
    "posts": (nameless.POSTS, {"account": "account", "post": "post"}),
    "findings": (nameless.FINDINGS, {"finding": "finding", "account": "account"}),
    "edges": (nameless.EDGES, {"source": "account", "target": "account"}),
}


@pytest.mark.parametrize("what", EXPORTS)
@pytest.mark.parametrize("kind", [None, "edges"])
def test_what_marsad_exported_is_not_read_back(what: str, kind: str | None) -> None:
    schema, named = EXPORTS[what]
    pseudonyms = Pseudonyms(b"a key for nobody else")
    columns = {
        name: [pseudonyms.of(named[name], str(i)) if name in named else "1" for i in range(3)]
        for name in schema.names
    }
    message, values = refusal(columns, kind=kind)
    assert message == "sources.own-export"
    assert values["column"] in named


def test_as_a_kind_that_lacks_something() -> None:
    message, values = refusal(POSTS, kind="edges")
    assert message == "sources.kind-unfit"
    assert values["kind"] == "edges"
    assert values["missing"] == ["source", "target"]
    assert values["next"].startswith("marsad import table.csv --as edges --map source=")


def test_as_an_unknown_kind() -> None:
    message, values = refusal(POSTS, kind="post")
    assert message == "sources.unknown-kind"
    assert values["near"][0] == "posts"
    assert values["valid"] == [
        "posts", "observations", "edges", "shares", "labels", "series", "accounts",
    ]  # fmt: skip


def test_an_unknown_field() -> None:
    message, values = refusal(POSTS, mapping={"txt": "text"})
    assert message == "sources.map-field"
    assert values["given"] == "txt"
    assert values["near"][0] == "text"
    assert {"text", "created_at", "source_id", "outcome"} <= set(values["valid"])


def test_an_unknown_field_of_the_kind_asked_for() -> None:
    message, values = refusal(POSTS, kind="posts", mapping={"outcome": "text"})
    assert message == "sources.map-field"
    assert "outcome" not in values["valid"]


def test_an_unknown_column() -> None:
    message, values = refusal(POSTS, mapping={"text": "txet"})
    assert message == "sources.map-column"
    assert values == {
        "given": "txet",
        "near": ["text"],
        "valid": ["account", "created_at", "text"],
    }


def test_fields_of_no_one_kind() -> None:
    message, values = refusal(POSTS, mapping={"outcome": "text", "reply_to": "account"})
    assert message == "sources.map-mixed"
    assert values == {"fields": ["outcome", "reply_to"]}


def test_an_unknown_format() -> None:
    message, values = refusal(POSTS, format="mastodn")
    assert message == "sources.unknown-format"
    assert values["near"][0] == "mastodon"
    assert {"mastodon", "table", "json"} <= set(values["valid"])


def test_a_format_that_the_file_is_not_of() -> None:
    sample = Sample("rows.ndjson", "json", objects=[{"a": 1}])
    with pytest.raises(InputError) as error:
        recognise(sample, Options(format="telegram"))
    assert error.value.message.id == "sources.not-of-format"
    assert error.value.message.values["format"] == "telegram"


@pytest.mark.parametrize(
    "sample",
    [
        Sample("x.ndjson", "json"),
        Sample("x.csv", "table"),
        Sample("x.csv", "table", rows=pa.table({})),
    ],
)
def test_nothing_to_recognise(sample: Sample) -> None:
    with pytest.raises(InputError) as error:
        recognise(sample, Options())
    assert error.value.message.id == "sources.empty"


def test_rows_without_columns() -> None:
    with pytest.raises(InputError) as error:
        recognise(Sample("x.ndjson", "json", objects=[1, "a", [], {}]), Options())
    assert error.value.message.id == "sources.no-columns"


@pytest.mark.parametrize(
    "name",
    ["mlma_ar.csv", "mlma_en.csv", "hatecheck_en.csv", "hatecheck_fr.csv", "arsarcasm_ar.csv",
     "quran_ar.csv"],
)  # fmt: skip
def test_shared_texts_have_no_account_and_time(name: str, shared_data: Path) -> None:
    with (shared_data / "text" / name).open(newline="", encoding="utf-8") as file:
        header, *rows = [row for row, _ in zip(csv.reader(file), range(300), strict=False)]
    columns = dict(zip([name or "c1" for name in header], map(list, zip(*rows, strict=True)),
                       strict=True))  # fmt: skip
    message, values = refusal(columns)
    assert message == "sources.unrecognised"
    assert values["missing"] == ["account_id | handle", "created_at"]
    assert values["found"][0].startswith("text=")


def test_all_kinds_say_what_they_need() -> None:
    assert [need.split(":")[0] for need in NEEDS] == list(ORDER)
