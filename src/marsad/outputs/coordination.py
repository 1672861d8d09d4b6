"""The network of accounts that act together, out of the findings of its groups.

Of each pair of accounts and kind of object one edge with all that was measured of it, as
`marsad.find.coordination.picture` stores it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine, views
from marsad.outputs.graph import Form
from marsad.outputs.nameless import WithoutIds
from marsad.outputs.report.proposals import evidence_of
from marsad.outputs.report.ties import KIND
from marsad.outputs.rows import Row, collected
from marsad.records.pseudonyms import Pseudonyms

EDGES = pa.schema(
    [
        ("source", pa.string()), ("target", pa.string()), ("kind", pa.string()),
        ("weight", pa.int64()), ("signal", pa.string()), ("community", pa.string()),
        ("reading", pa.string()), ("common", pa.int64()), ("expected", pa.float64()),
        ("p", pa.float64()), ("q", pa.float64()), ("delay", pa.float64()),
        ("spread", pa.float64()), ("source_first", pa.int64()), ("target_first", pa.int64()),
        ("posts", pa.list_(pa.string())),
    ]
)  # fmt: skip
"""``kind`` is that of the objects, of which ``weight`` were shared close together of those in
``common``, where λ = ``expected`` would be chance. ``delay`` and ``spread`` in seconds; ``posts``
are those of the first meetings, the source's and the target's in turn."""

NODES = pa.schema(
    [
        ("account", pa.string()), ("signal", pa.string()), ("community", pa.string()),
        ("partners", pa.int64()),
    ]
)  # fmt: skip

_TYPES = {pa.string(): "string", pa.int64(): "long", pa.float64(): "double"}

FORM = Form(
    {field.name: _TYPES[field.type] for field in NODES if field.name != "account"},
    {field.name: _TYPES.get(field.type, "string") for field in EDGES
     if field.name not in ("source", "target")},
    directed=False,
)  # fmt: skip

_COLUMNS = {
    "kind": "object_kind", "weight": "count", "reading": "reading", "common": "common",
    "expected": "expected", "p": "p", "q": "q", "delay": "delay", "spread": "spread",
    "source_first": "u_first", "target_first": "v_first",
}  # fmt: skip
"""Columns of `EDGES`, and what the evidence calls them."""


@dataclass(frozen=True)
class CoordinationGraph:
    """Edges and nodes, with the schemas `EDGES` and `NODES`, under pseudonyms."""

    edges: ir.Table
    nodes: ir.Table


def coordination_graph(
    findings: ir.Table, handles: ir.Table, engine: Engine, pseudonyms: Pseudonyms
) -> CoordinationGraph:
    """The graph of all groups that were found; ``handles`` as `views.handles` has them."""
    groups = findings.filter(findings.subject_kind == "community").order_by("finding_id")
    rows = [row for found in collected(engine, groups) for row in _edges(found, pseudonyms)]
    edges = engine.table(pa.Table.from_pylist(rows, EDGES), "coordination_edges")
    resolved = views.resolved(edges, handles, "source", "target")
    ends = ("source", "target")
    shown = engine.map_batches(WithoutIds(pseudonyms, EDGES, ends), resolved, EDGES)
    shown = engine.materialise(shown, "coordination_shown")
    return CoordinationGraph(shown.order_by("source", "target", "kind"), _nodes(shown, engine))


def _edges(found: Row, pseudonyms: Pseudonyms) -> Iterator[Row]:
    community = pseudonyms.of("community", found["subject_id"])
    for item in evidence_of(found):
        if item.get("kind") != KIND:
            continue
        for place, (u, v) in enumerate(zip(item["u"], item["v"], strict=True)):
            yield {
                "source": item["accounts"][u],
                "target": item["accounts"][v],
                "signal": found["signal"],
                "community": community,
                **{name: item[stored][place] for name, stored in _COLUMNS.items()},
                "posts": [pseudonyms.of("post", post) for post in item["posts"][place]],
            }


def _nodes(edges: ir.Table, engine: Engine) -> ir.Table:
    """The accounts of the edges; one in several groups, as two runs may have it, is shown in that
    of most partners."""
    rows = engine.collect(edges.select("source", "target", "signal", "community").distinct())
    partners = Counter(
        (row[end], row["signal"], row["community"])
        for row in rows.to_pylist()
        for end in ("source", "target")
    )
    nodes: dict[str, Row] = {}
    for (account, signal, community), count in sorted(partners.items(), key=lambda one: -one[1]):
        node = {"account": account, "signal": signal, "community": community, "partners": count}
        nodes.setdefault(account, node)
    ordered = [nodes[account] for account in sorted(nodes)]
    return engine.table(pa.Table.from_pylist(ordered, NODES), "coordination_nodes")
