"""CSV and Parquet files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.outputs.tables import harmless, write_csv, write_parquet

SCHEMA = pa.schema(
    [
        ("text", pa.string()), ("count", pa.int64()), ("at", pa.timestamp("us", "UTC")),
        ("tags", pa.list_(pa.string())), ("sure", pa.bool_()), ("score", pa.float64()),
    ]
)  # fmt: skip
AT = datetime(2015, 6, 1, 0, 3, tzinfo=UTC)


def batch(*texts: str | None) -> pa.RecordBatch:
    rows = [
        {"text": text, "count": -1, "at": AT, "tags": ["a", "وسم"], "sure": True, "score": 0.5}
        for text in texts
    ]
    return pa.RecordBatch.from_pylist(rows, SCHEMA)


def written(path: Path, *texts: str | None) -> list[dict[str, str]]:
    assert write_csv(iter([batch(*texts)]), SCHEMA, path) == len(texts)
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_values_of_a_csv(tmp_path: Path) -> None:
    (row,) = written(tmp_path / "t.csv", 'سلام, "world"\nline')
    assert row == {
        "text": 'سلام, "world"\nline', "count": "-1", "at": "2015-06-01T00:03:00Z",
        "tags": "a وسم", "sure": "true", "score": "0.5",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        " =1",
        "\u200b=cmd|'!A0",
        "\x00=1",
        "\u202e=1",
        "\u2067 =1",
        "\u2060\u061c+1",
    ],
)
def test_no_text_is_a_formula(tmp_path: Path, text: str) -> None:
    (row,) = written(tmp_path / "t.csv", text)
    assert row["text"].startswith("'")


@given(st.text())
def test_harmless_texts_keep_their_letters(text: str) -> None:
    safe = harmless(text)
    assert safe.lstrip("'")[:1] not in ("=", "+", "@") or safe.startswith("'")
    assert "".join(filter(str.isalnum, text)) == "".join(filter(str.isalnum, safe))


def test_what_is_not_known_is_an_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    schema = pa.schema([("text", pa.string())])
    data = pa.RecordBatch.from_arrays([pa.array(["plain", None])], schema=schema)
    assert write_csv([data], schema, path) == 2
    assert path.read_bytes() == b'text\r\nplain\r\n""\r\n'


def test_parquet_keeps_types(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    assert write_parquet(iter([batch("a"), batch(None)]), SCHEMA, path) == 2
    table = pq.read_table(path)
    assert table.schema.equals(SCHEMA)
    assert table["text"].to_pylist() == ["a", None]


def test_no_rows_still_make_a_file(tmp_path: Path) -> None:
    assert write_csv([], SCHEMA, tmp_path / "t.csv") == 0
    assert write_parquet([], SCHEMA, tmp_path / "t.parquet") == 0
    assert (tmp_path / "t.csv").read_bytes() == b"text,count,at,tags,sure,score\r\n"
    assert pq.read_table(tmp_path / "t.parquet").num_rows == 0
