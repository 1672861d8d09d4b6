"""Fields by path in JSON rows, all read by one pass over the text.

The grammar of a path:

- ``account.acct``: the key ``acct`` of the object at ``account``;
- ``entities.hashtags[].tag``: of every object in the list ``hashtags``, its ``tag``;
- ``text{}``: the JSON of the value as it stands, so that ``"[1]"`` and ``[1]`` stay apart;
- ``"a.b"."c d"``: keys that hold one of ``. [ ] { } | "`` or a space, in double quotes;
- ``full_text | text``: alternatives, the first that is there and not empty.

From all paths of a format one structure is made, and DuckDB's ``from_json`` turns each row into a
struct once; a field is then an access to that struct. Everything is read as text: a number keeps
its digits, an object or list at a path that ends above it is its JSON. Runs on the embedded engine
alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

UNREADABLE = ("malformed-json", "surrogate", "not-an-object")
"""The reasons that `parse` gives."""

Tree = dict[str, Any]
"""A structure as ``from_json`` takes it: ``VARCHAR``, ``JSON``, an object, or a list of one."""

_STEP = re.compile(r'(?:"((?:[^"\\]|\\.)*)"|([^.\[\]{}|"\s]+))(\[\])?')
_PLAIN = re.compile(r'[^.\[\]{}|"\s]+')


@dataclass(frozen=True)
class Step:
    """A key; ``many`` where it holds a list whose items the path goes through."""

    name: str
    many: bool = False

    def __str__(self) -> str:
        plain = _PLAIN.fullmatch(self.name)
        name = self.name if plain else json.dumps(self.name, ensure_ascii=False)
        return name + ("[]" if self.many else "")


@dataclass(frozen=True)
class Path:
    """The steps from a row to a field; ``verbatim`` where its JSON is wanted as it stands."""

    steps: tuple[Step, ...]
    verbatim: bool = False

    def __str__(self) -> str:
        return ".".join(map(str, self.steps)) + ("{}" if self.verbatim else "")

    @property
    def many(self) -> bool:
        """Whether the path leads to a list of texts rather than to one."""
        return any(step.many for step in self.steps)


def path(text: str) -> Path:
    """The path that a text of the grammar above means; ValueError where it means none."""
    rest, steps = text.strip(), []
    verbatim = rest.endswith("{}")
    rest = rest.removesuffix("{}")
    while True:
        match = _STEP.match(rest)
        if not match:
            raise ValueError(f"not a path: {text!r}")
        quoted, bare, many = match.groups()
        name = json.loads(f'"{quoted}"') if quoted is not None else bare
        steps.append(Step(name, bool(many)))
        rest = rest[match.end() :]
        if not rest:
            return Path(tuple(steps), verbatim)
        if not rest.startswith("."):
            raise ValueError(f"not a path: {text!r}")
        rest = rest[1:]


def alternatives(text: str) -> tuple[Path, ...]:
    """The paths of ``a | b``, in order. A bar inside quotes is not supported."""
    return tuple(path(part) for part in text.split("|"))


def structure(paths: Iterable[Path]) -> Tree:
    """The structure that reads all ``paths``.

    ValueError where two cannot be read together: one leads through the other, or their keys differ
    only by case, which the fields of a struct may not.
    """
    tree: Tree = {}
    for one in paths:
        _insert(tree, one)
    return tree


def _insert(tree: Tree, one: Path) -> None:
    for number, step in enumerate(one.steps):
        last = number == len(one.steps) - 1
        node: Any = ("JSON" if one.verbatim else "VARCHAR") if last else {}
        found = tree.setdefault(step.name, [node] if step.many else node)
        inner = found[0] if isinstance(found, list) else found
        alike = sum(name.lower() == step.name.lower() for name in tree)
        if alike > 1 or isinstance(found, list) != step.many or type(inner) is not type(node):
            raise ValueError(f"{one} cannot be read together with the other paths")
        if last and inner != node:
            raise ValueError(f"{one} is wanted both as text and as JSON")
        tree = inner


def readable_together(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The paths that one structure can read, the earlier winning over the later."""
    kept: list[Path] = []
    for one in paths:
        try:
            structure([*kept, one])
        except ValueError:
            continue
        kept.append(one)
    return tuple(kept)


def data_type(node: Any) -> dt.DataType:
    """The Ibis type of a structure's node."""
    if isinstance(node, list):
        return dt.Array(data_type(node[0]))
    if isinstance(node, Mapping):
        return dt.Struct({name: data_type(child) for name, child in node.items()})
    return dt.json if node == "JSON" else dt.string


def read(value: ir.Value, steps: Sequence[Step]) -> ir.Value:
    """The field at ``steps`` below a struct: a text, or a list of texts through lists."""
    for number, step in enumerate(steps):
        value = value[step.name]
        if step.many:
            return _read_items(value, steps[number + 1 :])
    return value.cast("string") if value.type().is_json() else value


def inner_or_itself(doc: ir.StructValue, places: Sequence[str], tree: Tree) -> ir.StructValue:
    """Of rows that have their fields inside or as they stand: the first struct at ``places`` that
    is there, else the fields of ``tree`` in the row itself. All are read as ``tree``."""
    inside = [read(doc, path(place).steps) for place in places]
    return ibis.coalesce(*inside, ibis.struct({name: doc[name] for name in tree}))


def _read_items(items: ir.ArrayValue, steps: Sequence[Step]) -> ir.Value:
    if not steps:
        return items
    below = items.map(lambda item: read(item, steps))
    return below.flatten() if any(step.many for step in steps) else below


@ibis.udf.scalar.builtin(name="json_valid")
def json_valid(text: str) -> bool:
    """Whether a text is JSON (DuckDB)."""


@ibis.udf.scalar.builtin(name="json_extract_string")
def json_text(text: str, path: str) -> str:
    """The value at a JSONPath as text (DuckDB); raises where ``text`` is not JSON."""


@ibis.udf.scalar.builtin(name="json_extract_string")
def json_texts(text: str, path: str) -> list[str]:
    """The same for a JSONPath with a wildcard, which gives a list."""


def from_json(text: ir.StringValue, tree: Any) -> ir.Value:
    """``text`` as a value of the structure ``tree`` (DuckDB); raises where it is not JSON.

    What does not have the shape that ``tree`` says is NULL there, and an object or list where a
    text is wanted is its JSON.
    """

    def declared(text: str, tree: str) -> None: ...

    signature = ((dt.string, dt.string), data_type(tree))
    function = ibis.udf.scalar.builtin(declared, name="from_json", signature=signature)
    return function(text, json.dumps(tree))


def _try_from_json(text: ir.StringValue, tree: Tree) -> ir.Value:
    """`from_json`, but NULL where the text is not JSON: cheaper than to ask first."""

    def declared(value: None) -> None: ...

    kind = data_type(tree)
    function = ibis.udf.scalar.builtin(declared, name="try", signature=((kind,), kind))
    return function(from_json(text, tree))


def once(value: ir.Value) -> ir.Value:
    """``value``, computed once for each row whatever is asked of it later.

    DuckDB moves a filter below the columns it names, and so computes a column again for every
    mention of it in the condition: for a stream of several kinds tenfold the time. It does not
    where a random number is involved; this one, never below 0, changes nothing.
    """
    return ibis.cases((ibis.random() >= 0, value))


def parse(raw: ir.Table, tree: Tree) -> ir.Table:
    """Rows ``line, json, doc, reason`` of raw rows: ``doc`` is the struct that ``tree`` says.

    Where ``json`` is no JSON object there is nothing in ``doc`` and ``reason`` says why:
    ``malformed-json``, ``surrogate`` (half a surrogate pair, which UTF-8 cannot hold) or
    ``not-an-object``.
    """
    docs = raw.select("line", "json", doc=once(_try_from_json(raw["json"], tree)))
    text = docs["json"]
    return docs.mutate(
        reason=ibis.cases(
            (docs["doc"].notnull() & _begins_object(text), ibis.null("string")),
            (json_valid(text), "not-an-object"),
            (_has_lone_surrogate(text), "surrogate"),
            else_="malformed-json",
        )
    )


def _begins_object(text: ir.StringValue) -> ir.BooleanValue:
    return text.startswith("{") | text.lstrip().startswith("{")


def _has_lone_surrogate(text: ir.StringValue) -> ir.BooleanValue:
    """Whether text that is not JSON becomes it once escapes of surrogates are taken out."""
    without = text.re_replace(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}", "?")
    return text.lower().contains(r"\ud") & json_valid(without)


class Document:
    """A parsed row, read by paths."""

    def __init__(self, value: ir.Value) -> None:
        self.value = value

    def text(self, paths: str) -> ir.StringValue:
        """The first of some alternatives that is there and not empty."""
        found = [read(self.value, one.steps).nullif("") for one in alternatives(paths)]
        return ibis.coalesce(*found) if len(found) > 1 else found[0]

    def texts(self, paths: str) -> ir.ArrayValue:
        """The first list of texts that is there, empty or not."""
        found = [read(self.value, one.steps) for one in alternatives(paths)]
        return ibis.coalesce(*found) if len(found) > 1 else found[0]

    def items(self, name: str) -> ir.ArrayValue:
        """The objects of the list at a path such as ``tags[]``."""
        return read(self.value, path(name).steps)

    def has(self, paths: str) -> ir.BooleanValue:
        """Whether one of some alternatives is there."""
        found = [read(self.value, one.steps).notnull() for one in alternatives(paths)]
        return reduce(lambda one, other: one | other, found)
