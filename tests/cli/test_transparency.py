"""`marsad transparency`: written, counted again from the exported log, and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from marsad.decide.desk import Desk
from marsad.decide.orders.authorities import Authorities
from marsad.decide.orders.desk import Orders
from marsad.decide.orders.duty import Duty
from marsad.store import open_database
from tests.cli.conftest import Command
from tests.cli.test_act import decided
from tests.decide.conftest import POLICY, START, Clock
from tests.decide.orders.conftest import BKA, OPERATOR, PLACES, Hall

__all__ = ["decided"]


def test_a_report_and_its_check(marsad: Command, decided: Path, tmp_path: Path) -> None:
    report, log = tmp_path / "report", tmp_path / "log.ndjson"
    days = ("--from", "2024-01-01", "--to", "2099-12-31")
    ended = marsad("transparency", "report", *days, "--internal", "-o", report, "-w", decided)
    assert ended.code == 0
    assert "These days are not over yet" in ended.err
    assert {path.name for path in report.iterdir()} == {
        "report.html", "report-ar.html", "figures.csv", "figures.json",
    }  # fmt: skip
    marsad("audit", "export", "-o", log, "-w", decided)
    ended = marsad("transparency", "check", report / "figures.json", log)
    assert ended.code == 0
    assert "figures are the same" in ended.out
    said = json.loads((report / "figures.json").read_text())
    next(one for one in said["figures"] if one["figure"] == "decisions")["count"] += 1
    (report / "figures.json").write_text(json.dumps(said))
    ended = marsad("transparency", "check", report / "figures.json", log)
    assert ended.code == 1
    assert "One figure is not what the log says" in ended.err
    assert "decisions of all: the report says count 4; counted again: count 3" in ended.out
    ended = marsad("transparency", "check", report / "figures.json", log, "--json")
    assert ended.code == 1
    assert len(json.loads(ended.out)["different"]) == 1


def test_an_order_that_was_carried_out_is_no_hindrance(
    marsad: Command, decided: Path, tmp_path: Path
) -> None:
    clock, authorities = Clock(START), Authorities((BKA,))
    database = open_database(decided / "review.db")
    orders = Orders(database, clock, PLACES, OPERATOR, Duty(()), lambda: authorities)
    hall = Hall(orders, Desk(database, (POLICY,), clock), clock)
    order = hall.arrive()
    hall.done(order)
    assert hall.state(order) == "confirmed"
    database.close()
    log = tmp_path / "log.ndjson"
    marsad("audit", "export", "-o", log, "-w", decided)
    for option in (("--internal", "-o", tmp_path / "report"), ("--publish",)):
        ended = marsad("transparency", "report", "--year", "2023", *option, "-w", decided, "--json")
        assert ended.code == 0
        figures = json.loads(ended.out)["files"][2]
        assert marsad("transparency", "check", figures, log).code == 0


def test_publishing_leaves_out_small_cells(marsad: Command, decided: Path) -> None:
    ended = marsad("transparency", "report", "--year", "2026", "--publish", "-w", decided, "--json")
    assert ended.code == 0
    folder = decided / "transparency" / "2026-01-01--2026-12-31"
    assert json.loads(ended.out)["files"][0].startswith(str(folder))
    assert '"threshold": 5' in (folder / "figures.json").read_text()


@pytest.mark.parametrize(
    "options",
    [(), ("--year", "2026", "--from", "2026-01-01"), ("--from", "2026-01-01"),
     ("--year", "1"), ("--year", "2026", "--internal", "--publish")],
)  # fmt: skip
def test_which_days_has_to_be_said(
    marsad: Command, decided: Path, options: tuple[str, ...]
) -> None:
    ended = marsad("transparency", "report", *options, "-w", decided)
    assert ended.code == 2
    assert ended.out == ""
