"""Rows without identities: functions over Arrow batches that workers apply to whole tables.

Keys are left out wherever ids are replaced: they are plain hashes of ids, so whoever can guess an
id could test it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from marsad.outputs.links import nameless_link
from marsad.outputs.names import Names
from marsad.outputs.report.totals import file_name
from marsad.outputs.rows import Row
from marsad.records.message import Message
from marsad.records.pseudonyms import Pseudonyms

TIME = pa.timestamp("us", "UTC")

EDGES = pa.schema(
    [
        ("source", pa.string()), ("target", pa.string()), ("kind", pa.string()),
        ("weight", pa.int64()), ("first", TIME), ("last", TIME),
    ]
)  # fmt: skip

NODES = pa.schema(
    [
        ("account", pa.string()), ("platform", pa.string()), ("posts", pa.int64()),
        ("findings", pa.int64()), ("first", TIME), ("last", TIME),
    ]
)  # fmt: skip

ACCOUNTS = pa.schema(
    [
        ("account", pa.string()), ("platform", pa.string()), ("state", pa.string()),
        ("observed_at", TIME), ("followers", pa.int64()), ("following", pa.int64()),
        ("posts", pa.int64()), ("first", TIME), ("last", TIME), ("findings", pa.int64()),
    ]
)  # fmt: skip

POSTS = pa.schema(
    [
        ("post", pa.string()), ("account", pa.string()), ("platform", pa.string()),
        ("created_at", TIME), ("text", pa.string()), ("language", pa.string()),
        ("kind", pa.string()), ("repost_of", pa.string()), ("repost_of_account", pa.string()),
        ("reply_to", pa.string()), ("reply_to_account", pa.string()), ("quote_of", pa.string()),
        ("hashtags", pa.list_(pa.string())), ("urls", pa.list_(pa.string())),
        ("mentions", pa.list_(pa.string())), ("client", pa.string()), ("likes", pa.int64()),
        ("reposts", pa.int64()), ("replies", pa.int64()), ("run", pa.string()),
        ("file", pa.string()), ("line", pa.int64()),
    ]
)  # fmt: skip

NAMING = (
    "account", "text", "repost_of_account", "reply_to_account", "hashtags", "urls", "mentions",
    "client", "file",
)  # fmt: skip
"""Columns of posts in which an account or post can be named by a handle or a bare id."""

FINDINGS = pa.schema(
    [
        ("finding", pa.string()), ("run", pa.string()), ("signal", pa.string()),
        ("subject_kind", pa.string()), ("subject", pa.string()), ("account", pa.string()),
        ("score", pa.float64()), ("score_kind", pa.string()), ("sentence", pa.string()),
        ("evidence", pa.string()), ("community", pa.string()), ("opens_case", pa.bool_()),
        ("policy", pa.string()), ("found_at", TIME),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class WithoutIds:
    """Replaces columns of account ids; all other columns of ``schema`` stay as they are."""

    pseudonyms: Pseudonyms
    schema: pa.Schema
    accounts: tuple[str, ...]

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        columns = []
        for field in self.schema:
            column = batch.column(field.name)
            if field.name in self.accounts:
                column = _each_once(column, lambda one: self.pseudonyms.of("account", one))
            columns.append(_as(column, field.type))
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)


@dataclass(frozen=True)
class NamelessPosts:
    """Posts with pseudonyms for ids, in texts and in links."""

    names: Names

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return pa.RecordBatch.from_pylist([self._row(row) for row in batch.to_pylist()], POSTS)

    def _row(self, row: Row) -> Row:
        names, platform = self.names, row["platform"]
        for column in ("repost_of", "reply_to", "quote_of"):
            row[column] = row[column] and names.of("post", row[column])
        for column in ("account", "repost_of_account", "reply_to_account"):
            row[column] = row[column] and names.of("account", row[column])
        row["post"] = names.of("post", row["id"])
        row["text"] = row["text"] and names.text(row["text"], platform)
        row["client"] = row["client"] and names.text(row["client"], platform)
        row["hashtags"] = [names.text(tag, platform) for tag in row["hashtags"] or ()]
        row["mentions"] = [names.of("account", one) for one in row["mentions"] or ()]
        row["urls"] = [nameless_link(url, names) for url in row["urls"] or ()]
        row["file"] = names.text(file_name(row["file"]), platform)
        return row


@dataclass(frozen=True)
class NamelessFindings:
    """Findings with pseudonyms for ids, also in sentence and evidence.

    Spans are left out of the evidence: they point into texts that do not leave.
    """

    names: Names
    lang: str

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return pa.RecordBatch.from_pylist([self._row(row) for row in batch.to_pylist()], FINDINGS)

    def _row(self, row: Row) -> Row:
        platform = row["subject_id"].partition(":")[0]
        known = {row["subject_id"]: row["subject_kind"], row["account"] or "": "account"}
        names = replace(self.names, kinds=known)
        message = Message.from_json(row["message"], row["values"])
        safe = {name: names.value(name, one, platform) for name, one in message.values.items()}
        row["sentence"] = Message(message.id, safe).render(self.lang)
        row["evidence"] = _evidence(row["evidence"], names, platform)
        row["finding"] = names.of("finding", row["finding_id"])
        row["subject"] = names.of(row["subject_kind"], row["subject_id"])
        row["account"] = row["account"] and names.of("account", row["account"])
        row["community"] = row["community"] and names.of("community", row["community"])
        row["run"] = row["run_id"]
        return row


def _evidence(stored: str | None, names: Names, platform: str) -> str:
    try:
        items = json.loads(stored or "[]")
    except ValueError:
        return "[]"
    safe = [
        {
            name: names.value(name, value, platform)
            for name, value in item.items()
            if name not in ("spans", "start", "end")
        }
        for item in (items if isinstance(items, list) else [items])
        if isinstance(item, dict)
    ]
    return json.dumps(safe, ensure_ascii=False)


def _each_once(column: pa.Array, fn: Callable[[str], str]) -> pa.Array:
    """``fn`` of a column of strings, called once for each value that occurs."""
    coded = column.dictionary_encode()
    changed: Sequence[str] = [fn(value.as_py()) for value in coded.dictionary]
    return pa.array(changed, pa.string()).take(coded.indices)


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """A column as another type; stored times are numbers of microseconds."""
    return column if column.type == kind else column.cast(kind)
