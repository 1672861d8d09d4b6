"""Findings of copies within the data: one row of `FOUND` for each post that has a near copy."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from marsad.find.signal import FOUND
from marsad.records.message import Message

EVIDENCE = pa.schema(
    [
        pa.field("centre", pa.int64(), nullable=False),
        pa.field("evidence", pa.string(), nullable=False),
    ]
)


def write_evidence(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The exhibits of stars as JSON: once a star, not once for each of its posts."""
    written = [json.dumps(_evidence(shown), ensure_ascii=False) for shown in _listed(batch)]
    return pa.RecordBatch.from_arrays([batch["centre"], pa.array(written)], schema=EVIDENCE)


def copied_posts(
    carriers: ir.Table, homes: ir.Table, counts: ir.Table, evidence: ir.Table
) -> ir.Table:
    """Each post of a text that has a home, with what its star has to tell."""
    told = homes.join(counts, "centre").join(evidence, "centre")
    posts = carriers.select("text_key", "id", "key", "account")
    return posts.join(told, posts.text_key == told.text).select(
        "id", "key", "account", "centre", "jaccard", "posts", "accounts", "first_post", "evidence"
    )


def render(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rows of `copied_posts` as rows of `FOUND`."""
    count = batch.num_rows
    messages = [_message(row) for row in batch.drop_columns(["evidence", "account"]).to_pylist()]
    names = [f"text:{centre:016x}" for centre in batch["centre"].to_pylist()]
    columns: dict[str, Any] = {
        "subject_kind": ["post"] * count,
        "subject_id": batch["id"],
        "subject_key": batch["key"],
        "account": batch["account"],
        "score": batch["jaccard"],
        "score_kind": ["rank"] * count,
        "message": [message.id for message in messages],
        "values": [message.to_json() for message in messages],
        "evidence": batch["evidence"],
        "evidence_key": names,
        "community": names,
        "opens_case": [False] * count,
    }
    return pa.RecordBatch.from_pydict(columns, schema=FOUND)


def percent(jaccard: float) -> int:
    """A similarity in whole per cent, rounded down: only equal texts are 100 % alike."""
    return math.floor(jaccard * 100 + 1e-9)


def _message(row: Mapping[str, Any]) -> Message:
    values = {"count": row["posts"], "accounts": row["accounts"]}
    if row["id"] == row["first_post"]:
        return Message("copies.first", values)
    alike = percent(row["jaccard"])
    return Message("copies.near", {**values, "first": row["first_post"], "percent": alike})


def _listed(batch: pa.RecordBatch) -> Iterable[list[dict[str, Any]]]:
    shown: list[list[dict[str, Any]]] = batch["shown"].to_pylist()
    return shown


def _evidence(shown: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The posts of a star in the order of time; each ``jaccard`` is with the first of them."""
    return [
        {
            "kind": "copy",
            "post": exhibit["post"],
            "account": exhibit["account"],
            "jaccard": round(exhibit["jaccard"], 4),
        }
        for exhibit in sorted(shown, key=lambda exhibit: int(exhibit["place"]))
    ]
