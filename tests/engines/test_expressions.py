"""What expressions may hold: the same rows from every engine, and each gap with its error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from ibis import _

from marsad.engines import Engine
from marsad.engines.base import ENGINES, Gap, engine_status
from marsad.engines.duckdb import DuckDBEngine
from marsad.engines.spark_gaps import GAPS, REFUSED, refuse
from marsad.records import ids, times
from marsad.records.errors import MarsadError
from tests.engines.conftest import Both
from tests.engines.rows import MIXED, assert_same, mixed

Scalar = Callable[[ir.Table], ir.Value]
Query = Callable[[ir.Table], ir.Table]

SCALARS: dict[str, Scalar] = {
    "quotient": lambda t: t.number // (t.number - 2).nullif(0),
    "remainder": lambda t: t.number % 4,
    "of_nothing": lambda t: t.number / (t.number - 3).nullif(0),
    "fraction": lambda t: t.number / 7,
    "floor": lambda t: (t.number / 4).floor(),
    "round": lambda t: (t.number / 4).round(),
    "digits": lambda t: (t.number / 7).round(3),
    "power": lambda t: (t.number / 3) ** 2,
    "logarithm": lambda t: (t.number + 1).log(),
    "exponential": lambda t: (-t.number / 3).exp(),
    "root": lambda t: t.number.sqrt(),
    "absolute": lambda t: (t.number - 3).abs(),
    "greatest": lambda t: ibis.greatest(t.number, t.whole),
    "least": lambda t: ibis.least(t.number, t.whole),
    "coalesce": lambda t: ibis.coalesce(t.whole, t.number),
    "choice": lambda t: ibis.ifelse(t.whole > 0, "more", "not more"),
    "between": lambda t: t.number.between(1, 3),
    "among": lambda t: t.group.isin(["a", "c"]),
    "not_among": lambda t: t.group.notin(["a"]),
    "number_text": lambda t: t.whole.cast("string"),
    "flag_number": lambda t: t.flag.cast("int64"),
    "no_number": lambda t: t.text.try_cast("int64"),
    "length": lambda t: t.text.length(),
    "start": lambda t: t.text.substr(1, 3),
    "contains": lambda t: t.text.contains("ع"),
    "begins": lambda t: t.text.startswith("#"),
    "replaced": lambda t: t.text.replace("a", "b"),
    "joined": lambda t: t.text + t.group,
    "split": lambda t: t.text.split(" "),
    "literal": lambda t: ibis.literal("a\\b'c\"d\n%_\t`é") + t.group,
    "equal": lambda t: t.text == ibis.literal("a\\b'c\"d\ne\tf"),
    "digest": lambda t: t.text.hexdigest("sha256"),
    "tags": lambda t: t.tags.length(),
    "tagged": lambda t: t.tags.contains("x"),
    "sorted_tags": lambda t: t.tags.unique().sort(),
    "upper_tags": lambda t: t.tags.map(lambda tag: tag + "!"),
    "struct": lambda t: ibis.struct({"a": t.number, "b": t.text}),
    "inside": lambda t: t.media.map(lambda item: item.url),
    "day": lambda t: t.number * 40 * times.HOUR // times.DAY,
    "first": lambda t: ibis.row_number().over(
        group_by=t.group, order_by=[t.whole.desc(), t.number]
    ),
    "rank": lambda t: ibis.rank().over(order_by=t.group),
    "before": lambda t: t.whole.lag().over(order_by=t.number),
    "running": lambda t: t.number.cumsum(order_by=t.number),
    "in_group": lambda t: t.number.mean().over(group_by=t.group),
    "of_two": lambda t: t.number.sum().over(
        ibis.window(preceding=1, following=0, order_by=t.number)
    ),
}

AGGREGATES: dict[str, Scalar] = {
    "sum": lambda t: t.number.sum(),
    "sum_of_parts": lambda t: (t.number / 7).sum(),
    "mean": lambda t: t.number.mean(),
    "deviation": lambda t: t.number.std(),
    "variance": lambda t: t.number.var(how="pop"),
    "median": lambda t: t.number.median(),
    "least": lambda t: t.text.min(),
    "most": lambda t: t.whole.max(),
    "different": lambda t: t.group.nunique(),
    "known": lambda t: t.whole.count(),
    "positive": lambda t: t.count(where=t.whole > 0),
    "any": lambda t: t.flag.any(),
    "all": lambda t: t.flag.all(),
    "of_most": lambda t: t.text.argmax(t.number),
    "collected": lambda t: t.number.collect().sort(),
    "known_collected": lambda t: t.whole.collect().sort(),
}

QUERIES: dict[str, Query] = {
    "unnest": lambda t: t.select("number", tag=t.tags.unnest()),
    "unnest structs": lambda t: t.select(item=t.media.unnest()).select(url=_.item.url),
    "union": lambda t: t.select("group").union(t.select("group")),
    "union distinct": lambda t: t.select("group").union(t.select("group"), distinct=True),
    "difference": lambda t: t.select("number").difference(t.filter(t.number > 3).select("number")),
    "distinct": lambda t: t.select("group", "flag").distinct(),
    "group by null": lambda t: t.group_by("group").agg(rows=t.count(), most=t.number.max()),
    "having": lambda t: t.group_by("flag").agg(rows=t.count()).filter(_.rows > 1),
    "inner join, null keys": lambda t: t.select("group", a=t.number).join(
        t.select("group", b=t.number), "group"
    ),
    "left join": lambda t: t.select("number", "text").left_join(
        t.filter(t.number > 3).select("number", "group"), "number"
    ),
    "outer join": lambda t: (
        t.filter(t.number < 4)
        .select("number", "text")
        .outer_join(t.filter(t.number > 2).select("number", "group"), "number")
    ),
    "semi join": lambda t: t.semi_join(t.filter(t.number > 2), "group").select("number"),
    "anti join": lambda t: t.anti_join(t.filter(t.number > 2), "group").select("number"),
    "with itself": lambda t: (lambda o: t.join(o, t.number == o.number * 2))(t.view()).select(
        "number"
    ),
    "join in time": lambda t: (
        lambda o: t.join(o, [t.flag == o.flag, o.number > t.number, o.number <= t.number + 3])
    )(t.select("number", "flag").view()).select("number"),
    "cross join": lambda t: t.select("number").cross_join(t.select(other=t.number)),
    "order, nulls, limit": lambda t: (
        t.order_by([t.whole, t.number]).select("whole").limit(4, offset=1)
    ),
    "order of texts": lambda t: t.order_by(t.text.desc()).select("text").limit(3),
    "names that differ in case alone": lambda t: t.select(name=t.number).filter(_.name > 1),
    "wide to long": lambda t: t.select("number", "whole").pivot_longer(["whole"]),
    "drop nulls": lambda t: t.drop_null(["whole"]).select("number"),
}


@pytest.mark.java
class TestSameRows:
    def compare(self, both: Both, query: Query) -> None:
        expected, found = (
            engine.collect(query(engine.table(mixed(), "mixed")))
            for engine in (both.reference, both.other)
        )
        assert found.schema.equals(expected.schema)
        assert_same(found.to_pylist(), expected.to_pylist())

    def test_of_scalars(self, both: Both) -> None:
        self.compare(both, lambda t: t.select("number", **{n: f(t) for n, f in SCALARS.items()}))

    def test_of_aggregates(self, both: Both) -> None:
        self.compare(both, lambda t: t.agg(**{n: f(t) for n, f in AGGREGATES.items()}))

    def test_of_aggregates_of_groups(self, both: Both) -> None:
        self.compare(
            both,
            lambda t: t.group_by("group").agg(**{n: f(t) for n, f in AGGREGATES.items()}),
        )

    def test_of_aggregates_of_no_rows(self, both: Both) -> None:
        def query(table: ir.Table) -> ir.Table:
            none = table.filter(table.number < 0)
            counted = {n: AGGREGATES[n](none) for n in ("sum", "mean", "least", "known", "any")}
            return none.agg(**counted)

        self.compare(both, query)

    @pytest.mark.parametrize("name", QUERIES)
    def test_of_queries(self, both: Both, name: str) -> None:
        self.compare(both, QUERIES[name])

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda t: t.select(v=t.text.cast("int64")),
            lambda t: t.select(v=t.whole + (2**63 - 1)),
            lambda t: t.agg(v=t.whole.abs().sum()),
        ],
        ids=["no number", "too large", "too large a sum"],
    )
    def test_what_has_no_value_is_an_error(self, both: Both, wrong: Query) -> None:
        for engine in (both.reference, both.other):
            with pytest.raises(MarsadError) as raised:
                engine.collect(wrong(engine.table(mixed(), "mixed")))
            assert raised.value.message.id == "engine.failed"


SPARK_GAPS: dict[str, Query] = {
    "import, expire, watch, screen and the desk": lambda t: t.select(v=ids.key_column(t.group)),
    "regular expressions": lambda t: t.select(v=t.text.re_search(r"\w")),
    "hash()": lambda t: t.select(v=t.text.hash()),
    "first(), last(), and collect or group_concat in an order": lambda t: t.agg(
        v=t.number.collect(order_by=t.number)
    ),
    "upper and lower case, and like without case": lambda t: t.select(v=t.text.lower()),
    "reverse()": lambda t: t.select(v=t.text.reverse()),
    "levenshtein()": lambda t: t.select(v=t.text.levenshtein("a")),
    "fractions cast to integers or strings": lambda t: t.select(v=(t.number / 4).cast("int64")),
    "isnan()": lambda t: t.select(v=t.part.isnan()),
    "lists joined to a string": lambda t: t.select(v=t.tags.join("-")),
    "decimals": lambda t: t.select(v=t.number.cast("decimal(9, 2)") / 3),
    "unsigned integers": lambda t: t.select(v=t.number.cast("uint64")),
    "approximate aggregates": lambda t: t.agg(v=t.text.approx_nunique()),
    "random numbers, samples, the present time": lambda t: t.select(v=ibis.random()),
    "ibis.memtable": lambda t: ibis.memtable({"v": [1]}),
    "joins by nearest time (asof_join), mode, kurtosis, bit_xor": lambda t: t.agg(v=t.group.mode()),
    "division by zero": lambda t: t.select(v=t.number / (t.number - 3)),
    "a place in a list beyond its end": lambda t: t.select(v=t.tags[7]),
}

MORE_REFUSED: dict[str, Query] = {
    "a time of the calendar": lambda t: t.select(v=times.month_of(t.number)),
    "first": lambda t: t.agg(v=t.number.first()),
    "last in order": lambda t: t.agg(v=t.number.last(order_by=t.number)),
    "joined in order": lambda t: t.agg(v=t.text.group_concat(order_by=t.number)),
    "upper": lambda t: t.select(v=t.text.upper()),
    "ilike": lambda t: t.select(v=t.text.ilike("%A%")),
    "regular split": lambda t: t.select(v=t.text.re_split(r"\s")),
    "regular extract": lambda t: t.select(v=t.text.re_extract(r"\d", 0)),
    "regular replace": lambda t: t.select(v=t.text.re_replace(r"\d", "")),
    "part as text": lambda t: t.select(v=t.part.cast("string")),
    "present time": lambda t: t.select(v=ibis.now().cast("string")),
    "sample": lambda t: t.sample(0.5),
    "deep in a filter": lambda t: t.filter(t.number.isin(t.filter(t.text.lower() == "a").number)),
}

DUCKDB_GAPS: dict[str, Query] = {
    "logarithm of zero": lambda t: t.select(v=t.number.log()),
    "NUL in a literal": lambda t: t.select(v=t.text == ibis.literal("nul\x00 inside")),
}


def gap(gaps: tuple[Gap, ...], what: str) -> Gap:
    return next(gap for gap in gaps if gap.what == what)


class TestGaps:
    def test_each_is_told_with_its_reason_and_error(self) -> None:
        status = engine_status()
        assert tuple(status) == ENGINES
        assert status["spark"].gaps == GAPS
        assert status["duckdb"].gaps == DuckDBEngine.gaps
        for found in status.values():
            assert all(gap.what and gap.reason and gap.error for gap in found.gaps)

    def test_each_is_tried_here(self) -> None:
        assert [gap.what for gap in GAPS] == list(SPARK_GAPS)
        assert [gap.what for gap in DuckDBEngine.gaps] == list(DUCKDB_GAPS)

    @pytest.mark.parametrize("what", [gap.what for gap in REFUSED])
    def test_what_would_give_other_rows_is_refused(self, what: str) -> None:
        with pytest.raises(MarsadError) as raised:
            refuse(SPARK_GAPS[what](ibis.table(ibis.schema(MIXED), name="mixed")))
        message = raised.value.message
        assert message.id == gap(GAPS, what).error == "engine.gap"
        assert message.values["what"] == what

    @pytest.mark.parametrize("name", MORE_REFUSED)
    def test_other_forms_of_it_too(self, name: str) -> None:
        with pytest.raises(MarsadError, match=r"engine\.gap|spark"):
            refuse(MORE_REFUSED[name](ibis.table(ibis.schema(MIXED), name="mixed")))

    @pytest.mark.parametrize("queries", [SCALARS, AGGREGATES])
    def test_nothing_else_is_refused(self, queries: dict[str, Scalar]) -> None:
        table = ibis.table(ibis.schema(MIXED), name="mixed")
        for expression in queries.values():
            value: Any = expression(table)
            refuse(table.select(v=value) if queries is SCALARS else table.agg(v=value))

    @pytest.mark.parametrize("what", SPARK_GAPS)
    def test_the_embedded_engine_can(self, duckdb: Engine, what: str) -> None:
        duckdb.collect(SPARK_GAPS[what](duckdb.table(mixed(), "mixed")))

    @pytest.mark.java
    @pytest.mark.parametrize("what", SPARK_GAPS)
    def test_spark_gives_the_error_told(self, spark: Engine, what: str) -> None:
        with pytest.raises(MarsadError) as raised:
            spark.collect(SPARK_GAPS[what](spark.table(mixed(), "mixed")))
        assert raised.value.message.id == gap(GAPS, what).error

    @pytest.mark.parametrize("what", DUCKDB_GAPS)
    def test_duckdb_gives_the_error_told(self, duckdb: Engine, what: str) -> None:
        with pytest.raises(MarsadError) as raised:
            duckdb.collect(DUCKDB_GAPS[what](duckdb.table(mixed(), "mixed")))
        assert raised.value.message.id == gap(DuckDBEngine.gaps, what).error

    @pytest.mark.java
    @pytest.mark.parametrize("what", DUCKDB_GAPS)
    def test_spark_can(self, spark: Engine, what: str) -> None:
        spark.collect(DUCKDB_GAPS[what](spark.table(mixed(), "mixed")))


class TestErrors:
    """What fails says on which engine, and the whole query."""

    def failing(self, engine: Engine) -> ir.Table:
        table = engine.table(mixed(), "mixed")
        return table.select(value=table.text.cast("int64"))

    def test_run(self, engine: Engine) -> None:
        with pytest.raises(MarsadError) as raised:
            list(engine.run(self.failing(engine)))
        self.check(raised.value, engine)

    def test_materialise(self, engine: Engine) -> None:
        with pytest.raises(MarsadError) as raised:
            engine.materialise(self.failing(engine), "failing")
        self.check(raised.value, engine)

    def test_map_batches(self, engine: Engine) -> None:
        from tests.engines import functions as f

        schema = pa.schema([("value", pa.int64())])
        with pytest.raises(MarsadError) as raised:
            engine.map_batches(f.same, self.failing(engine), schema)
        self.check(raised.value, engine)

    def check(self, error: MarsadError, engine: Engine) -> None:
        values = error.message.values
        assert error.message.id == "engine.failed"
        assert values["engine"] == engine.name
        assert "SELECT" in values["query"]
        assert "AS BIGINT" in values["query"]
        assert "nul" in values["error"] or "وسم" in values["error"] or "a\\b" in values["error"]
        assert len(values["error"]) < 1_000
        assert "\tat " not in values["error"]
        assert error.__cause__ is not None
