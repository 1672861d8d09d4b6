"""Exports: posts, accounts, edges and findings as files to compute with, under pseudonyms.

The format follows from the ending of the file. A file appears whole or not at all. Rows are put in
the order of their pseudonyms, which says nothing of the ids behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine, views
from marsad.find.signal import Records
from marsad.outputs import coordination, nameless
from marsad.outputs.aside import written_aside
from marsad.outputs.coordination import coordination_graph
from marsad.outputs.edges import nodes_of, weighted_edges
from marsad.outputs.graph import SHARING, Form, write_gexf, write_graphml
from marsad.outputs.identities import names_for, platforms_of, words_of_table
from marsad.outputs.names import Names
from marsad.outputs.tables import write_csv, write_parquet
from marsad.records.errors import InputError
from marsad.records.pseudonyms import Pseudonyms

TABLES: Mapping[str, Callable[[Iterable[pa.RecordBatch], pa.Schema, Path], int]] = {
    ".csv": write_csv,
    ".parquet": write_parquet,
}
Graph = Callable[[Iterable[pa.RecordBatch], Iterable[pa.RecordBatch], Path, Form], int]
GRAPHS: Mapping[str, Graph] = {
    ".graphml": write_graphml,
    ".gexf": write_gexf,
}
WHAT = ("accounts", "coordination", "edges", "findings", "posts")


def export(
    what: str,
    records: Records,
    findings: ir.Table,
    engine: Engine,
    out: Path,
    pseudonyms: Pseudonyms,
    lang: str = "en",
) -> int:
    """Writes one of `WHAT` to ``out``; returns how many rows (for edges: edges) it holds.

    ``records`` holds current versions only. Raises `InputError` for what cannot be exported and
    for an ending that says no format, before anything is read.
    """
    if what == "edges":
        return export_edges(records, findings, engine, out, pseudonyms)
    if what == "coordination":
        return export_coordination(records, findings, engine, out, pseudonyms)
    if what == "findings":
        return export_findings(records, findings, engine, out, pseudonyms, lang)
    if what == "posts":
        return export_posts(records, engine, out, pseudonyms)
    if what == "accounts":
        return export_accounts(records, findings, engine, out, pseudonyms)
    raise InputError("export.what", given=what, valid=list(WHAT), example="findings")


def export_findings(
    records: Records,
    findings: ir.Table,
    engine: Engine,
    out: Path,
    pseudonyms: Pseudonyms,
    lang: str = "en",
) -> int:
    """Findings with their sentences in ``lang``; columns as in `nameless.FINDINGS`."""
    _checked(out, "findings", TABLES)
    subjects = findings.select(platform=findings.subject_id.split(":")[0])
    said = findings.select("subject_id", "account", "values", "evidence")
    names = _names(said, (subjects, records.posts), records, engine, pseudonyms)
    rows = engine.map_batches(nameless.NamelessFindings(names, lang), findings, nameless.FINDINGS)
    return _written(rows.order_by("finding"), nameless.FINDINGS, engine, out)


def export_posts(records: Records, engine: Engine, out: Path, pseudonyms: Pseudonyms) -> int:
    """Posts; columns as in `nameless.POSTS`. Media and HTML originals do not leave."""
    _checked(out, "posts", TABLES)
    posts = records.posts
    names = _names(posts.select(*nameless.NAMING), (posts,), records, engine, pseudonyms)
    kept = ["id", *(name for name in nameless.POSTS.names if name != "post")]
    rows = engine.map_batches(nameless.NamelessPosts(names), posts.select(*kept), nameless.POSTS)
    return _written(rows.order_by("post"), nameless.POSTS, engine, out)


def export_accounts(
    records: Records, findings: ir.Table, engine: Engine, out: Path, pseudonyms: Pseudonyms
) -> int:
    """Accounts that posted or were looked at; columns as in `nameless.ACCOUNTS`."""
    _checked(out, "accounts", TABLES)
    handles = _handles(records, engine)
    known = _accounts(records.posts, records.observations, findings, handles)
    rows = _without_ids(known, engine, nameless.ACCOUNTS, pseudonyms, ("account",))
    return _written(rows.order_by("account"), nameless.ACCOUNTS, engine, out)


def export_edges(
    records: Records, findings: ir.Table, engine: Engine, out: Path, pseudonyms: Pseudonyms
) -> int:
    """The weighted graph of accounts, as a table of edges or as a graph with its nodes.

    Columns as in `nameless.EDGES`; nodes carry those of `nameless.NODES`.
    """
    _checked(out, "edges", {**TABLES, **GRAPHS})
    handles = _handles(records, engine)
    every = views.resolved(records.edges, handles, "source", "target")
    edges = engine.materialise(weighted_edges(every), "edges")
    ends = ("source", "target")
    shown = _without_ids(edges, engine, nameless.EDGES, pseudonyms, ends)
    shown = shown.order_by("source", "target", "kind")
    suffix = out.suffix.lower()
    if suffix not in GRAPHS:
        return _written(shown, nameless.EDGES, engine, out)
    nodes = nodes_of(edges, *_by_account(records.posts, findings, handles))
    nodes = _without_ids(nodes, engine, nameless.NODES, pseudonyms, ("account",))
    with written_aside(out) as aside:
        ordered = nodes.order_by("account")
        return GRAPHS[suffix](engine.run(ordered), engine.run(shown), aside, SHARING)


def export_coordination(
    records: Records, findings: ir.Table, engine: Engine, out: Path, pseudonyms: Pseudonyms
) -> int:
    """Who acts together with whom, as a table of edges or as a graph with its nodes.

    Columns as in `marsad.outputs.coordination`. `InputError` where no group has been found.
    """
    _checked(out, "coordination", {**TABLES, **GRAPHS})
    graph = coordination_graph(findings, _handles(records, engine), engine, pseudonyms)
    if not engine.collect(graph.edges.limit(1)).num_rows:
        raise InputError("export.no-groups")
    suffix = out.suffix.lower()
    if suffix not in GRAPHS:
        return _written(graph.edges, coordination.EDGES, engine, out)
    with written_aside(out) as aside:
        nodes, edges = engine.run(graph.nodes), engine.run(graph.edges)
        return GRAPHS[suffix](nodes, edges, aside, coordination.FORM)


def _checked(out: Path, what: str, formats: Mapping[str, object]) -> None:
    if out.suffix.lower() not in formats:
        raise InputError("export.format", path=str(out), what=what, valid=list(formats))


def _written(rows: ir.Table, schema: pa.Schema, engine: Engine, out: Path) -> int:
    with written_aside(out) as aside:
        batches = (batch.cast(schema) for batch in engine.run(rows))
        return TABLES[out.suffix.lower()](batches, schema, aside)


def _without_ids(
    rows: ir.Table,
    engine: Engine,
    schema: pa.Schema,
    pseudonyms: Pseudonyms,
    accounts: tuple[str, ...],
) -> ir.Table:
    replaced = nameless.WithoutIds(pseudonyms, schema, accounts)
    return engine.map_batches(replaced, rows, schema)


def _names(
    said: ir.Table,
    shown: tuple[ir.Table, ...],
    records: Records,
    engine: Engine,
    pseudonyms: Pseudonyms,
) -> Names:
    """The names for a table of which ``said`` is all that could name somebody."""
    platforms = platforms_of(engine, *shown, records.observations)
    words, known = words_of_table(said, engine), _handles(records, engine)
    return names_for(words, platforms, known, records, engine, pseudonyms)


def _handles(records: Records, engine: Engine) -> ir.Table:
    return engine.materialise(views.handles(records.observations, engine), "handles")


def _by_account(
    posts: ir.Table, findings: ir.Table, handles: ir.Table
) -> tuple[ir.Table, ir.Table]:
    """Posts and findings to be counted, by the accounts that handles stand for."""
    written = views.resolved(posts.select("account", "created_at"), handles, "account")
    return written, views.resolved(findings.select("account"), handles, "account")


def _accounts(
    posts: ir.Table, observations: ir.Table, findings: ir.Table, handles: ir.Table
) -> ir.Table:
    written, found = _by_account(posts, findings, handles)
    seen = views.resolved(views.looks(observations), handles, "account")
    last = views.last_looks(seen).select(
        "account", "state", "observed_at", "followers", "following"
    )
    both = ibis.union(
        written.select(source="account", target="account"),
        last.select(source="account", target="account"),
    )
    nodes = nodes_of(both, written, found)
    return nodes.left_join(last, "account").drop("account_right")
