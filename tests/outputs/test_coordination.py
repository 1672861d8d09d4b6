"""Groups that act together: their network in the report and as a file, under pseudonyms."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import networkx
import pytest

from marsad.find.coordination import Automation, Coordination
from marsad.find.coordination.examples import APP, TOGETHER
from marsad.outputs.exports import export
from marsad.outputs.report import write_report
from marsad.outputs.report.data import Bin, Network, Tie, Volume
from marsad.outputs.report.network import EDGE, HIGH, WIDE, layout, network_chart
from marsad.outputs.report.wording import Words
from marsad.records import tables
from marsad.records.errors import InputError
from marsad.records.ids import key
from marsad.records.times import DAY
from tests.outputs.network import PSEUDONYMS, START, context, look, post
from tests.outputs.network import Network as Made

GROUP = [
    post(n, one["account"], created_at=one["created_at"], precision=1, urls=one["urls"])
    for n, one in enumerate(TOGETHER[0].posts)
]
NAMES = [f"x:@together-{n}" for n in range(6)]


@pytest.fixture(scope="module")
def found() -> Made:
    """Posts, looks that tie one member's handle to an id, and what `coordination` finds in them."""
    looks = [look("x:4711", "together-0")]
    with Made(posts=GROUP, looks=looks).opened() as (records, _, engine):
        rows = engine.collect(Coordination().find(records, engine)).to_pylist()
    blank = dict.fromkeys(tables.FINDINGS.names)
    fixed = {"run_id": "r", "signal": "coordination", "policy": "demo@1", "found_at": START}
    findings = [{**blank, **row, **fixed, "finding_id": f"f{n:02}"} for n, row in enumerate(rows)]
    return Made(posts=GROUP, looks=looks, findings=findings)


def exported(made: Made, path: Path) -> int:
    with made.opened() as (records, findings, engine):
        return export("coordination", records, findings, engine, path, PSEUDONYMS)


def test_every_edge_with_all_that_was_measured(found: Made, tmp_path: Path) -> None:
    assert exported(found, tmp_path / "out.csv") == 15
    rows = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    ends = {name for row in rows for name in (row["source"], row["target"])}
    names = ["x:4711", *NAMES[1:]]
    assert ends == {PSEUDONYMS.of("account", name) for name in names}
    posts = {PSEUDONYMS.of("post", row["id"]): row for row in GROUP}
    for row in rows:
        assert int(row["weight"]) == int(row["common"]) == 15
        assert float(row["p"]) <= float(row["q"]) <= 0.05
        assert 0 < float(row["expected"]) < 15
        assert int(row["source_first"]) + int(row["target_first"]) <= 15
        assert len({tuple(posts[one]["urls"]) for one in row["posts"].split()}) == 8


@pytest.mark.parametrize("ending", ["graphml", "gexf"])
def test_a_graph_carries_it_as_attributes(found: Made, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    assert exported(found, path) == 15
    read = (
        networkx.read_graphml(path)
        if ending == "graphml"
        else networkx.read_gexf(path, version="1.3")
    )
    assert (read.number_of_nodes(), read.number_of_edges()) == (6, 15)
    assert not read.is_directed()
    assert {data["partners"] for _, data in read.nodes(data=True)} == {5}
    for _, _, data in read.edges(data=True):
        told = {"signal", "community", "reading", "common", "expected", "p", "q", "delay", "spread"}
        assert told <= set(data)
        assert len(data["posts"].split()) == 16


def test_without_a_group_there_is_no_network(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        exported(Made(posts=GROUP), tmp_path / "out.graphml")
    assert "marsad find coordination" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_report_draws_it_and_names_nobody(found: Made, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "report.html"
    with found.opened() as (records, findings, engine):
        write_report(records, findings, engine, path, lang, context())
    page = path.read_text("utf-8")
    assert page.count('class="tie"') == 15
    assert "together-" not in page
    assert "4711" not in page
    words = Words(lang)  # type: ignore[arg-type]
    for fact in ("partner_account", "close", "common", "expected", "p", "q", "came_first"):
        assert words.fact(fact) in page
    assert words.either("report.reading", "audience") in page
    assert words("meetings.table") in page


def network(ties: list[tuple[int, int]], size: int) -> Network:
    days = (Bin(START, 2, 0), Bin(START + DAY, 0, 0), Bin(START + 2 * DAY, 1, 0))
    return Network(
        tuple(f"acct-{n}" for n in range(size)),
        tuple(Tie(u, v, 1 + u) for u, v in ties),
        frozenset([0]), size, len(ties), Volume("day", days),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ties", "size"),
    [
        ([(0, 1)], 2),
        ([(0, 1), (2, 3)], 5),
        ([], 3),
        ([(a, b) for a in range(60) for b in range(a + 1, 60)], 60),
    ],
)
def test_a_layout_keeps_within_the_drawing_and_is_the_same_each_time(
    ties: list[tuple[int, int]], size: int
) -> None:
    drawn = network(ties, size)
    places = layout(drawn)
    assert (places == layout(drawn)).all()
    assert places.shape == (size, 2)
    assert ((places >= EDGE - 1e-6) & (places <= [WIDE - EDGE + 1e-6, HIGH - EDGE + 1e-6])).all()
    assert len({tuple(place) for place in places.round(3)}) == size


def test_the_table_counts_what_the_drawing_shows() -> None:
    chart = network_chart("n", network([(0, 1), (1, 2)], 3), Words("en"))
    assert chart.table.rows == (
        ("1", "acct-0", "1", "1", "yes"),
        ("2", "acct-1", "2", "3", ""),
        ("3", "acct-2", "1", "2", ""),
    )


def test_what_an_app_explains_is_drawn_too(tmp_path: Path) -> None:
    posts = [
        post(n, one["account"], created_at=one["created_at"], precision=1, urls=one["urls"],
             client=one.get("client"))
        for n, one in enumerate(APP[0].posts)
    ]  # fmt: skip
    with Made(posts=posts).opened() as (records, _, engine):
        rows: list[dict[str, Any]] = engine.collect(Automation().find(records, engine)).to_pylist()
    (group,) = [row for row in rows if row["subject_kind"] == "community"]
    assert json.loads(group["evidence"])[1]["kind"] == "network"
    assert key(group["subject_id"]) == group["subject_key"]
