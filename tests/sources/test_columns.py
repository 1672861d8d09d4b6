"""Names folded, and what values look like."""

from __future__ import annotations

import pyarrow as pa
import pytest

from marsad.sources.plain import looks
from marsad.sources.plain.columns import flattened, fold, of_table, steps_of


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Tweet-ID", "tweetid"),
        ("tweetId", "tweetid"),
        (" Número de  seguidores", "numerodeseguidores"),
        ("#domain", "domain"),
        ("إعادة التغريد", "اعادهالتغريد"),
        ("الــنص", "النص"),
        ("ＩＤ", "id"),
        ("…", ""),
    ],
)
def test_names_are_folded(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_names_have_parts() -> None:
    assert steps_of("author.public_metrics/Followers") == ("author", "publicmetrics", "followers")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-05-01", True),
        ("2021-05-01T10:00:00.123Z", True),
        ("2021-05-01 10:00:00+02:00", True),
        ("2021/5/1 9:03", True),
        ("10/1/2017 19:58", True),
        ("01.05.2021, 10:00", True),
        ("1/6/15", True),
        ("Wed Oct 10 20:19:24 +0000 2018", True),
        ("Sat, 01 May 2021 10:00:00 GMT", True),
        ("May 1, 2021 at 10:00 PM", True),
        ("1 May 2021", True),
        ("20210501", True),
        ("20210501T100000Z", True),
        ("٢٠٢١-٠٥-٠١", True),
        ("1620000000", True),
        ("1620000000.5", True),
        ("1620000000000", True),
        ("1620000000000000", True),
        ("9.06E+17", False),
        ("77777", False),
        ("914580356430536707", False),
        ("the plums of May were ripe", False),
        ("10:00:00", False),
        ("2021", False),
        ("1.2.3.4", False),
        ("", False),
    ],
)
def test_times(text: str, expected: bool) -> None:
    assert looks.is_time(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-05-01", True),
        ("2021-05-01 00:00:00", True),
        ("2021-05-01T00:00:00Z", True),
        ("1619827200", True),
        ("2021-05-01 10:00:00", False),
        ("2021-05-01 10:00:00 CEST", False),
        ("1619827201", False),
        ("plums", False),
    ],
)
def test_days(text: str, expected: bool) -> None:
    assert looks.is_day(text) is expected


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        (looks.is_number, ["7", "-1.5", "1,234", "1e5", "٧"], ["", ".", "a7", "1.2.3", "e5"]),
        (looks.is_whole, ["7", "1,234", "7.0"], ["7.5", "a", ""]),
        (
            looks.is_id,
            ["9000001", "fb_12670", "did:plc:x", "0fb4232d1b7b37069c"],
            ["ann", "12", ""],
        ),
        (looks.is_name, ["ann", "@ann", "ann@a.example"], ["", "@", "Ann Plum"]),
        (looks.is_address, ["https://a.example", "a.example/x"], ["ann", "a.", "the plums."]),
        (looks.is_boolean, ["TRUE", "no", "0", "نعم"], ["2", "maybe", ""]),
        (looks.is_html, ["<p>x</p>", '<p class="a">x</p>'], ["x < y", "<3", ""]),
        (looks.is_prose, ["the plums", "البرقوق"], ["plums", "2021-05-01 10:00", "https://a.b c"]),
        (looks.is_missing, ["", " ", "NA", "null", "\\N"], ["0", "nobody", "n/a?"]),
        (looks.is_time_of_day, ["10:00", "9:03:07 PM"], ["2021-05-01 10:00", "10"]),
    ],
)
def test_looks(question, yes: list[str], no: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert [text for text in yes if not question(text)] == []
    assert [text for text in no if question(text)] == []


def test_json_rows_have_paths() -> None:
    rows = [
        {"a": 1, "b": {"c": True, "d": [{"e": None}, {"e": "x"}]}, "f": [], "g.h": 1.0},
        {"a": None, "f": ["y", 2], "b": 3, "": 4},
    ]
    found = {column.label: column.values for column in flattened(rows)}
    assert found == {
        "a": ("1",),
        "b.c": ("true",),
        "b.d[].e": ("x",),
        "f[]": ("y", "2"),
        '"g.h"': ("1",),
        "b": ("3",),
    }


def test_deep_json_ends() -> None:
    row: dict[str, object] = {}
    inner = row
    for _ in range(500):
        inner["a"] = {}
        inner = inner["a"]  # type: ignore[assignment]
    inner["b"] = 1
    assert flattened([row]) == []


def test_columns_of_a_table() -> None:
    table = pa.table(
        {
            "n": [1.0, None],
            "s": [{"x": "a", "y": ["b"]}, None],
            "bytes": [b"a", b"b"],
            "line": [1, 2],
            "many": [["c", "d"], None],
        }
    )
    found = {column.label: (column.many, column.values) for column in of_table(table)}
    assert found == {
        "n": (False, ("1",)),
        "s.x": (False, ("a",)),
        "s.y[]": (True, ("b",)),
        "many": (True, ("c", "d")),
    }
