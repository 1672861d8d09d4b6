"""Whatever a file holds, it is recognised or refused with an error for people; nothing crashes."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.records.errors import InputError
from marsad.sources.plain.names import NAMES
from marsad.sources.registry import recognise
from marsad.sources.source import Options, Plan, Sample

ENGINE = ibis.duckdb.connect()

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
WORDS = sorted({name for fields in NAMES.values() for names in fields.values() for name in names})
KEYS = (
    st.sampled_from([*WORDS, "user", "type", "@context", "did", "time_us", "kind", "acct"]) | TEXTS
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
ROWS = st.lists(st.dictionaries(KEYS, JSON, max_size=6) | JSON, min_size=1, max_size=4)
VALUES = st.sampled_from(
    ["", "2021-05-01", "2021-05-01 10:00:00", "1620000000", "ann", "@ann", "the plums are ripe",
     "https://a.example/x", "[1, 'a']", "7", "1.5E+17", "true", "follow", "suspended", "NA"]
) | TEXTS  # fmt: skip
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def planned(sample: Sample, options: Options | None = None) -> Plan | None:
    with contextlib.suppress(InputError):
        return recognise(sample, options or Options())
    return None


def counted(plan: Plan, raw: pa.Table) -> list[int]:
    """The lines of all loose rows, in order."""
    tables = plan.loose(ibis.memtable(raw)).values()
    return sorted(line for one in tables for line in ENGINE.to_pyarrow(one)["line"].to_pylist())


@FEW
@given(ROWS)
def test_any_json_is_placed_or_refused(rows: list[Any]) -> None:
    plan = planned(Sample("x", "json", objects=rows))
    if plan is not None:
        texts = [json.dumps(row) for row in rows]
        raw = pa.table({"line": pa.array(range(len(texts)), pa.int64()), "json": texts})
        assert counted(plan, raw) == list(range(len(texts)))


@FEW
@given(st.dictionaries(KEYS, st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=7))
def test_any_table_is_placed_or_refused(columns: dict[str, list[str]]) -> None:
    folded = {name.casefold(): name for name in columns if name.strip() and "\0" not in name}
    folded.pop("line", None)
    table = pa.table({name: columns[name] for name in folded.values()})
    plan = planned(Sample("x", "table", rows=table))
    if plan is not None:
        raw = table.append_column("line", pa.array(range(3), pa.int64()))
        assert counted(plan, raw) == [0, 1, 2]


@FEW
@given(st.dictionaries(TEXTS, TEXTS, max_size=3), TEXTS | st.none(), TEXTS | st.none())
def test_any_choice_is_taken_or_refused(
    mapping: dict[str, str], kind: str | None, name: str | None
) -> None:
    table = pa.table({"account": ["ann"], "created_at": ["2021-05-01"], "text": ["the plums"]})
    options = Options(kind=kind, mapping=mapping, format=name)
    planned(Sample("x", "table", rows=table), options)
    planned(Sample("x", "json", objects=table.to_pylist()), options)
