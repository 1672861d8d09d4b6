"""Graphs to files, as a stream: GraphML and GEXF 1.3, readable by Gephi, networkx and igraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

from marsad.outputs.rows import Row

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://gexf.net/1.3"

NODE_ATTRIBUTES = {
    "platform": "string", "posts": "long", "findings": "long", "first": "string", "last": "string",
}  # fmt: skip
EDGE_ATTRIBUTES = {"kind": "string", "weight": "long", "first": "string", "last": "string"}

# Everything that XML 1.0 does not allow, even as a reference.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """A text that XML 1.0 can hold: what it cannot becomes U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)


def write_graphml(
    nodes: Iterable[pa.RecordBatch], edges: Iterable[pa.RecordBatch], path: Path
) -> int:
    """A directed graph with an edge for each source, target and kind; returns how many."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{GRAPHML}">\n')
        for owner, attributes in (("node", NODE_ATTRIBUTES), ("edge", EDGE_ATTRIBUTES)):
            for name, kind in attributes.items():
                file.write(
                    f'<key id="{owner}-{name}" for="{owner}" attr.name="{name}"'
                    f' attr.type="{kind}"/>\n'
                )
        file.write('<graph id="accounts" edgedefault="directed">\n')
        for row in _rows(nodes):
            file.write(f"<node id={_quoted(row['account'])}>")
            file.write(_data("node", NODE_ATTRIBUTES, row) + "</node>\n")
        count = _write_edges(edges, file, _graphml_edge)
        file.write("</graph>\n</graphml>\n")
    return count


def write_gexf(nodes: Iterable[pa.RecordBatch], edges: Iterable[pa.RecordBatch], path: Path) -> int:
    """A dynamic directed graph: nodes and edges last from their first to their last time.

    Returns the number of edges. Edges of several kinds between two accounts are told apart by
    ``kind``, as GEXF 1.3 has it. The format ``date`` allows times of day, and is read by more
    programs than ``dateTime``.
    """
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="{GEXF}" version="1.3">\n')
        file.write("<meta><creator>Marsad</creator></meta>\n")
        file.write('<graph defaultedgetype="directed" mode="dynamic" timeformat="date"')
        file.write(' timerepresentation="interval">\n<attributes class="node" mode="static">\n')
        for name in _GEXF_VALUES:
            file.write(f'<attribute id="{name}" title="{name}" type="{NODE_ATTRIBUTES[name]}"/>\n')
        file.write("</attributes>\n<nodes>\n")
        for row in _rows(nodes):
            file.write(_gexf_node(row))
        file.write("</nodes>\n<edges>\n")
        count = _write_edges(edges, file, _gexf_edge)
        file.write("</edges>\n</graph>\n</gexf>\n")
    return count


_GEXF_VALUES = ("platform", "posts", "findings")


def _write_edges(edges: Iterable[pa.RecordBatch], file: TextIO, written: Any) -> int:
    count = 0
    for count, row in enumerate(_rows(edges), start=1):
        file.write(written(count, row))
    return count


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[Row]:
    for batch in batches:
        yield from batch.to_pylist()


def _graphml_edge(number: int, row: Row) -> str:
    ends = f"source={_quoted(row['source'])} target={_quoted(row['target'])}"
    return f'<edge id="e{number}" {ends}>{_data("edge", EDGE_ATTRIBUTES, row)}</edge>\n'


def _data(owner: str, attributes: Mapping[str, str], row: Row) -> str:
    values = {name: _text(row[name]) for name in attributes}
    return "".join(
        f'<data key="{owner}-{name}">{escape(value)}</data>'
        for name, value in values.items()
        if value
    )


def _gexf_node(row: Row) -> str:
    name = _quoted(row["account"])
    values = "".join(
        f'<attvalue for="{key}" value={_quoted(_text(row[key]))}/>' for key in _GEXF_VALUES
    )
    return f"<node id={name} label={name}{_span(row)}><attvalues>{values}</attvalues></node>\n"


def _gexf_edge(number: int, row: Row) -> str:
    ends = f"source={_quoted(row['source'])} target={_quoted(row['target'])}"
    kind = _quoted(row["kind"])
    return f'<edge id="{number}" {ends} kind={kind} weight="{row["weight"]}"{_span(row)}/>\n'


def _span(row: Row) -> str:
    given = {"start": row["first"], "end": row["last"]}
    return "".join(f" {name}={_quoted(_text(time))}" for name, time in given.items() if time)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return legal(str(value))


def _quoted(text: str) -> str:
    return quoteattr(legal(text))
