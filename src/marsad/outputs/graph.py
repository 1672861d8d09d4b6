"""Graphs to files, as a stream: GraphML and GEXF 1.3, readable by Gephi, networkx and igraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TextIO
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

from marsad.outputs.rows import Row

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://gexf.net/1.3"


@dataclass(frozen=True)
class Form:
    """What a graph's nodes and edges carry: names of columns with their types in GraphML.

    Nodes also have the column ``account``, edges ``source`` and ``target``. Edges need ``kind`` and
    ``weight``; both last from ``first`` to ``last`` (µs UTC), where they have these.
    """

    node: Mapping[str, str]
    edge: Mapping[str, str]
    directed: bool = True

    @property
    def direction(self) -> str:
        """What both formats call it."""
        return "directed" if self.directed else "undirected"


SHARING = Form(
    {"platform": "string", "posts": "long", "findings": "long", "first": "string",
     "last": "string"},
    {"kind": "string", "weight": "long", "first": "string", "last": "string"},
)  # fmt: skip
"""Who shares, answers, names, quotes and follows whom."""

# Everything that XML 1.0 does not allow, even as a reference.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """A text that XML 1.0 can hold: what it cannot becomes U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)


def write_graphml(
    nodes: Iterable[pa.RecordBatch],
    edges: Iterable[pa.RecordBatch],
    path: Path,
    form: Form = SHARING,
) -> int:
    """A graph with an edge for each source, target and kind; returns how many."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{GRAPHML}">\n')
        for owner, attributes in (("node", form.node), ("edge", form.edge)):
            for name, kind in attributes.items():
                file.write(
                    f'<key id="{owner}-{name}" for="{owner}" attr.name="{name}"'
                    f' attr.type="{kind}"/>\n'
                )
        file.write(f'<graph id="accounts" edgedefault="{form.direction}">\n')
        for row in _rows(nodes):
            file.write(f"<node id={_quoted(row['account'])}>")
            file.write(_data("node", form.node, row) + "</node>\n")
        count = _write_edges(edges, file, partial(_graphml_edge, form))
        file.write("</graph>\n</graphml>\n")
    return count


def write_gexf(
    nodes: Iterable[pa.RecordBatch],
    edges: Iterable[pa.RecordBatch],
    path: Path,
    form: Form = SHARING,
) -> int:
    """A dynamic graph: nodes and edges last from their first to their last time.

    Returns the number of edges. Edges of several kinds between two accounts are told apart by
    ``kind``, as GEXF 1.3 has it. The format ``date`` allows times of day, and is read by more
    programs than ``dateTime``.
    """
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="{GEXF}" version="1.3">\n')
        file.write("<meta><creator>Marsad</creator></meta>\n")
        file.write(f'<graph defaultedgetype="{form.direction}" mode="dynamic" timeformat="date"')
        file.write(' timerepresentation="interval">\n')
        for owner, attributes in (("node", form.node), ("edge", form.edge)):
            file.write(_gexf_attributes(owner, attributes))
        file.write("<nodes>\n")
        for row in _rows(nodes):
            file.write(_gexf_node(form, row))
        file.write("</nodes>\n<edges>\n")
        count = _write_edges(edges, file, partial(_gexf_edge, form))
        file.write("</edges>\n</graph>\n</gexf>\n")
    return count


_GEXF_OWN = ("weight", "first", "last")
"""Columns that GEXF has names of its own for; that for the kind is passed over by readers."""


def _gexf_attributes(owner: str, attributes: Mapping[str, str]) -> str:
    listed = "".join(
        f'<attribute id="{name}" title="{name}" type="{kind}"/>\n'
        for name, kind in attributes.items()
        if name not in _GEXF_OWN
    )
    return f'<attributes class="{owner}" mode="static">\n{listed}</attributes>\n' if listed else ""


def _gexf_values(attributes: Mapping[str, str], row: Row) -> str:
    values = "".join(
        f'<attvalue for="{name}" value={_quoted(_text(row[name]))}/>'
        for name in attributes
        if name not in _GEXF_OWN and row[name] is not None
    )
    return f"<attvalues>{values}</attvalues>" if values else ""


def _write_edges(edges: Iterable[pa.RecordBatch], file: TextIO, written: Any) -> int:
    count = 0
    for count, row in enumerate(_rows(edges), start=1):
        file.write(written(count, row))
    return count


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[Row]:
    for batch in batches:
        yield from batch.to_pylist()


def _graphml_edge(form: Form, number: int, row: Row) -> str:
    ends = f"source={_quoted(row['source'])} target={_quoted(row['target'])}"
    return f'<edge id="e{number}" {ends}>{_data("edge", form.edge, row)}</edge>\n'


def _data(owner: str, attributes: Mapping[str, str], row: Row) -> str:
    values = {name: _text(row[name]) for name in attributes}
    return "".join(
        f'<data key="{owner}-{name}">{escape(value)}</data>'
        for name, value in values.items()
        if value
    )


def _gexf_node(form: Form, row: Row) -> str:
    name = _quoted(row["account"])
    return f"<node id={name} label={name}{_span(row)}>{_gexf_values(form.node, row)}</node>\n"


def _gexf_edge(form: Form, number: int, row: Row) -> str:
    ends = f"source={_quoted(row['source'])} target={_quoted(row['target'])}"
    own = f'kind={_quoted(row["kind"])} weight="{row["weight"]}"{_span(row)}'
    return f'<edge id="{number}" {ends} {own}>{_gexf_values(form.edge, row)}</edge>\n'


def _span(row: Row) -> str:
    given = {"start": row.get("first"), "end": row.get("last")}
    return "".join(f" {name}={_quoted(_text(time))}" for name, time in given.items() if time)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    if isinstance(value, list):
        return legal(" ".join(map(str, value)))
    return legal(str(value))


def _quoted(text: str) -> str:
    return quoteattr(legal(text))
