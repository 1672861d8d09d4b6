"""GraphML and GEXF, read back by another program's reader."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import networkx
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.outputs.graph import GEXF, GRAPHML, legal, write_gexf, write_graphml
from marsad.outputs.nameless import EDGES, NODES

FIRST = datetime(2015, 6, 1, 10, 30, tzinfo=UTC)
LAST = datetime(2015, 6, 2, tzinfo=UTC)


def graph(*names: str) -> tuple[list[pa.RecordBatch], list[pa.RecordBatch]]:
    nodes = [
        {"account": name, "platform": "x", "posts": n, "findings": 0, "first": FIRST, "last": LAST}
        for n, name in enumerate(names)
    ]
    ends = [(a, b) for a in names for b in names if a != b]
    edges = [
        {"source": a, "target": b, "kind": kind, "weight": 3, "first": FIRST, "last": LAST}
        for a, b in ends
        for kind in ("repost", "mention")
    ]
    return (
        [pa.RecordBatch.from_pylist(nodes, NODES)],
        [pa.RecordBatch.from_pylist(edges, EDGES)],
    )


def test_graphml(tmp_path: Path) -> None:
    path = tmp_path / "g.graphml"
    assert write_graphml(*graph("a", "b", "c"), path) == 12
    read = networkx.read_graphml(path)
    assert (read.number_of_nodes(), read.number_of_edges()) == (3, 12)
    assert read.nodes["b"] == {
        "platform": "x", "posts": 1, "findings": 0,
        "first": "2015-06-01T10:30:00.000Z", "last": "2015-06-02T00:00:00.000Z",
    }  # fmt: skip
    assert {data["kind"] for _, _, data in read.edges(data=True)} == {"repost", "mention"}
    assert all(data["weight"] == 3 for _, _, data in read.edges(data=True))


def test_gexf(tmp_path: Path) -> None:
    path = tmp_path / "g.gexf"
    assert write_gexf(*graph("a", "b", "c"), path) == 12
    read = networkx.read_gexf(path, version="1.3")
    assert (read.number_of_nodes(), read.number_of_edges()) == (3, 12)
    assert read.nodes["b"]["posts"] == 1
    assert read.nodes["b"]["start"] == "2015-06-01T10:30:00.000Z"
    _, _, data = next(iter(read.edges(data=True)))
    assert data["weight"] == 3
    assert data["end"] == "2015-06-02T00:00:00.000Z"


@pytest.mark.parametrize("write", [write_graphml, write_gexf])
def test_an_empty_graph_is_a_graph(tmp_path: Path, write: object) -> None:
    path = tmp_path / "g.xml"
    assert write([], [], path) == 0  # type: ignore[operator]
    assert ET.parse(path).getroot().tag in (f"{{{GRAPHML}}}graphml", f"{{{GEXF}}}gexf")


@pytest.mark.parametrize("write", [write_graphml, write_gexf])
@pytest.mark.parametrize("name", ["<&>\"'", "\x00\x08\x1f", "\ufffe\uffff", "سلام", "]]>", "a\nb"])
def test_any_name_stays_xml(tmp_path: Path, write: object, name: str) -> None:
    path = tmp_path / "g.xml"
    write(*graph(name, "b"), path)  # type: ignore[operator]
    root = ET.parse(path).getroot()
    nodes = [node.get("id") for node in root.iter() if node.tag.endswith("}node")]
    assert nodes == [legal(name), "b"]


@given(st.text(st.characters()))
def test_legal_text_is_what_xml_allows(text: str) -> None:
    ET.fromstring(f"<a>{legal(text).translate({38: None, 60: None, 62: None})}</a>")
