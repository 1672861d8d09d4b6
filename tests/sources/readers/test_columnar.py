"""Parquet and Arrow files: types kept, rows numbered, what is broken said."""

from __future__ import annotations

import datetime
import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from marsad.records.errors import InputError
from marsad.sources.readers import Limits, columnar, files, open_reader
from tests.sources.readers.reading import Content, content
from tests.sources.readers.test_files import zipped

WHEN = datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)
TABLE = pa.table(
    {
        "id": pa.array(range(1000), pa.uint64()),
        "at": pa.array([WHEN] * 1000, pa.timestamp("us", "UTC")),
        "text": pa.array([f"text {i}" for i in range(1000)]),
        "kind": pa.array(["a", "b"] * 500).dictionary_encode(),
        "tags": pa.array([["x", None], []] * 500, pa.list_(pa.string())),
        "more": pa.array([{"a": 1, "b": ["c"]}] * 1000),
        "none": pa.nulls(1000),
        "line": pa.array(range(1000)),
        "Text": pa.array(["again"] * 1000, pa.large_string()),
    }
)
COLUMNS = ("id", "at", "text", "kind", "tags", "more", "none", "line (2)", "Text (2)")
WRITE = {
    "parquet": lambda path: pq.write_table(TABLE, path, row_group_size=300),
    "arrow": lambda path: feather.write_feather(TABLE, path, compression="zstd", chunksize=300),
    "arrow plain": lambda path: feather.write_feather(TABLE, path, "uncompressed", chunksize=300),
}


def read(path: Path, limits: Limits = Limits(chunk_rows=70)) -> Content:  # noqa: B008 - frozen
    [file] = files([path])
    return content(file, limits)


@pytest.mark.parametrize("form", WRITE)
def test_rows_are_those_of_the_table(tmp_path: Path, form: str) -> None:
    WRITE[form](tmp_path / "x")
    found = read(tmp_path / "x")
    expected = TABLE.rename_columns(COLUMNS).to_pylist()
    assert found.rows == [{"line": i, **row} for i, row in enumerate(expected, 1)]
    assert found.rejected == []
    assert found.reader.columns == COLUMNS
    assert [(warning.id, warning.values.get("columns")) for warning in found.reader.warnings] == [
        ("read.line_column", None),
        ("read.duplicate_columns", ["Text"]),
    ]


def test_types_are_kept_and_dictionaries_decoded(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "x")
    rows = open_reader(files([tmp_path / "x"])[0]).sample(10).rows
    assert rows.num_rows == 10
    types = dict(zip(rows.column_names, rows.schema.types, strict=True))
    assert types["id"] == pa.uint64()
    assert types["at"] == pa.timestamp("us", "UTC")
    assert types["kind"] == pa.string()
    assert types["tags"] == pa.list_(pa.string())
    assert types["none"] == pa.string()
    assert pa.types.is_struct(types["more"])


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_inside_archives(tmp_path: Path, form: str) -> None:
    WRITE[form](tmp_path / "x")
    data = (tmp_path / "x").read_bytes()
    (tmp_path / "x.gz").write_bytes(gzip.compress(data))
    (tmp_path / "x.zip").write_bytes(zipped({"x": data}))
    for name in ("x.gz", "x.zip"):
        assert read(tmp_path / name).rows == read(tmp_path / "x").rows


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_what_unpacks_to_too_much_is_refused(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    WRITE[form](tmp_path / "x")
    data = (tmp_path / "x").read_bytes()
    (tmp_path / "x.gz").write_bytes(gzip.compress(data))
    monkeypatch.setattr(columnar, "MOST_SPOOLED", len(data))
    assert read(tmp_path / "x.gz").rows
    monkeypatch.setattr(columnar, "MOST_SPOOLED", len(data) - 1)
    with pytest.raises(InputError) as error:
        read(tmp_path / "x.gz")
    assert error.value.message.id == "input.unpacked-too-large"


@pytest.mark.parametrize("form", ["parquet", "arrow"])
@pytest.mark.parametrize("share", [0.1, 0.6, 0.99])
def test_without_its_footer_a_file_cannot_be_read(tmp_path: Path, form: str, share: float) -> None:
    WRITE[form](tmp_path / "x")
    data = (tmp_path / "x").read_bytes()
    (tmp_path / "x").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InputError) as error:
        read(tmp_path / "x")
    assert error.value.message.id == "input.corrupt"
    assert error.value.message.values["path"] == "x"


@pytest.mark.parametrize(
    "options", [{}, {"compression": "none", "use_dictionary": False, "write_page_checksum": True}]
)
def test_a_row_group_that_is_broken_costs_its_own_rows(tmp_path: Path, options) -> None:
    """Without compression, only the checksum tells that letters are others."""
    path = tmp_path / "x"
    pq.write_table(TABLE.select(["id", "text"]), path, row_group_size=300, **options)
    about = pq.ParquetFile(path).metadata.row_group(1).column(1)
    data = bytearray(path.read_bytes())
    if options:
        data = data.replace(b"text 450", b"next 450")
    else:
        place = about.dictionary_page_offset + 400
        data[place : place + 40] = bytes(40)
    path.write_bytes(data)
    found = read(path)
    assert [row["line"] for row in found.rows] == [*range(1, 301), *range(601, 1001)]
    [(line, reason, raw)] = found.rejected
    assert (line, reason) == (301, "corrupt-file")
    assert raw is not None
    assert raw.startswith("301–600: ")


def test_a_broken_record_batch_costs_its_own_rows(tmp_path: Path) -> None:
    path = tmp_path / "x"
    table = pa.table({"text": [f"row {i} " * 20 for i in range(1000)]})
    feather.write_feather(table, path, compression="lz4", chunksize=300)
    data = bytearray(path.read_bytes())
    place = len(data) * 2 // 5
    data[place : place + 200] = bytes(200)
    path.write_bytes(data)
    found = read(path)
    assert [reason for _, reason in found.reasons] == ["corrupt-file"]
    assert len(found.rows) == 700


def test_a_file_without_rows(tmp_path: Path) -> None:
    pq.write_table(TABLE.slice(0, 0), tmp_path / "x")
    found = read(tmp_path / "x")
    assert (found.rows, found.rejected) == ([], [])
    assert found.reader.columns == COLUMNS
