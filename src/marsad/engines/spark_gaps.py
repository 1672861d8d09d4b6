"""What Spark cannot do, or does otherwise than the embedded engine.

What would give other rows is refused before it runs: a difference that nobody sees is worse than an
error. What Spark or Ibis refuses by itself is only named here.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.expr.operations.udf import AggUDF

from marsad.engines.base import Gap
from marsad.records.errors import MarsadError

Found = Callable[[ops.Node], bool]

_REGULAR = (
    ops.RegexSearch, ops.RegexExtract, ops.RegexReplace, ops.RegexSplit,
)  # fmt: skip
_CASED = (ops.Lowercase, ops.Uppercase, ops.Capitalize, ops.StringSQLILike)
_APPROXIMATE = (ops.ApproxCountDistinct, ops.ApproxMedian, ops.ApproxQuantile)


def _is(*kinds: type[ops.Node]) -> Found:
    return lambda node: isinstance(node, kinds)


def _ordered(node: ops.Node) -> bool:
    if isinstance(node, (ops.First, ops.Last)):
        return True
    return isinstance(node, (ops.ArrayCollect, ops.GroupConcat)) and bool(node.order_by)


def _rounds(node: ops.Node) -> bool:
    return isinstance(node, (ops.Cast, ops.TryCast)) and bool(
        node.arg.dtype.is_floating() and (node.to.is_integer() or node.to.is_string())
    )


def _unsigned(node: ops.Node) -> bool:
    return isinstance(node, ops.Value) and bool(node.dtype.is_unsigned_integer())


def _decimal(node: ops.Node) -> bool:
    return isinstance(node, ops.Value) and bool(node.dtype.is_decimal())


def _random(node: ops.Node) -> bool:
    return isinstance(node, (ops.Impure, ops.Sample)) and not isinstance(node, ops.ScalarUDF)


def _gap(what: str, reason: str, error: str = "engine.gap") -> Gap:
    return Gap(what, reason, error)


REFUSED: dict[Gap, Found] = {
    _gap(
        "import, expire, watch, screen and the desk",
        "they answer in milliseconds or use functions of the embedded engine, such as those for "
        "keys and the calendar: in expressions Spark knows only its own (map_batches takes any)",
    ): _is(ops.ScalarUDF, AggUDF),
    _gap(
        "regular expressions",
        "Java and RE2 read classes, \\b and letters outside ASCII differently",
    ): _is(*_REGULAR),
    _gap("hash()", "each engine has a hash of its own: join by the stored keys"): _is(ops.Hash),
    _gap(
        "first(), last(), and collect or group_concat in an order",
        "Spark has no ordered aggregates: number the rows with a window and take the first",
    ): _ordered,
    _gap(
        "upper and lower case, and like without case",
        "letters such as İ and ß are folded differently: normalise in map_batches",
    ): _is(*_CASED),
    _gap("reverse()", "DuckDB keeps an emoji of several code points whole"): _is(ops.Reverse),
    _gap("levenshtein()", "DuckDB counts bytes, Spark characters"): _is(ops.Levenshtein),
    _gap(
        "fractions cast to integers or strings",
        "DuckDB rounds and writes nan, Spark cuts off and writes NaN: use floor() or round()",
    ): _rounds,
    _gap("isnan()", "for a null DuckDB says null, Spark says no"): _is(ops.IsNan),
    _gap("lists joined to a string", "of an empty list DuckDB makes '', Spark null"): _is(
        ops.ArrayStringJoin
    ),
    _gap("decimals", "DuckDB divides them as floats, Spark to fixed places"): _decimal,
    _gap("unsigned integers", "Spark has none"): _unsigned,
    _gap("approximate aggregates", "each engine has a sketch of its own"): _is(*_APPROXIMATE),
    _gap("random numbers, samples, the present time", "no two runs agree"): _random,
    _gap("ibis.memtable", "Spark's executors do not see it: use Engine.table"): _is(
        ops.InMemoryTable
    ),
}

NAMED = (
    _gap(
        "joins by nearest time (asof_join), mode, kurtosis, bit_xor",
        "Ibis has no form of them for Spark",
        "engine.failed",
    ),
    _gap(
        "division by zero",
        "an error; DuckDB gives infinity: divide by x.nullif(0)",
        "engine.failed",
    ),
    _gap("a place in a list beyond its end", "an error; DuckDB gives null", "engine.failed"),
)

GAPS = (*REFUSED, *NAMED)


def refuse(expr: ir.Table) -> None:
    """Raises if an expression holds anything that would give other rows on Spark."""
    node = expr.op()
    for gap, found in REFUSED.items():
        if node.find(found):
            raise MarsadError("engine.gap", engine="spark", what=gap.what, reason=gap.reason)
