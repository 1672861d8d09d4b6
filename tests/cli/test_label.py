"""`marsad label`: a sample with known chances goes out, labels come back."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from marsad.banks import Entry
from marsad.records import times
from marsad.workspace import Workspace
from marsad.workspace.expiry import expire
from marsad.workspace.finding import find
from tests.cli.conftest import Command
from tests.workspace.conftest import ndjson, posts, table, take

ACCOUNTS, FOUND = 300, 60
Row = dict[str, str]


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """Three hundred accounts with two posts each; sixty have a finding."""
    workspace = Workspace.create(tmp_path / "ws")
    workspace.policies.add("research")
    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    rows = posts(
        *({"id": f"{n}-{k}", "account_id": f"a{n}", "text": f"{'amber lantern' * (n < FOUND)} {n}",
           "language": "ar" if n % 2 else "en"} for n in range(ACCOUNTS) for k in range(2))
    )  # fmt: skip
    take(workspace, ndjson(tmp_path / "posts.ndjson", rows), platform="simulated")
    find(workspace, ["phrases"])
    return workspace


def drawn(marsad: Command, ws: Workspace, *more: str, out: str = "sheet.csv") -> list[Row]:
    path = ws.folder.parent / out
    ended = marsad("label", "next", "-w", ws.folder, "-o", path, *more)
    assert ended.code == 0, ended.err
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def filled(ws: Workspace, rows: list[Row], name: str = "filled.csv", **more: str) -> Path:
    path = ws.folder.parent / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, **more} for row in rows)
    return path


def read_back(marsad: Command, ws: Workspace, path: Path, code: int = 0) -> dict[str, Any]:
    ended = marsad("label", "import", "-w", ws.folder, "--json", path)
    assert ended.code == code, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


def test_the_sheet_shows_what_to_judge_and_no_score(ws: Workspace, marsad: Command) -> None:
    rows = drawn(marsad, ws, "--n", "80")
    assert len(rows) == len({row["subject"] for row in rows}) == 80
    assert set(rows[0]) == {
        "draw",
        "subject_kind",
        "platform",
        "subject",
        "shows",
        "label",
        "labeller",
        "note",
    }
    assert all(row["label"] == "" and row["shows"] for row in rows)
    # by chance, not by score: those that were found are spread over the sheet
    places = [at for at, row in enumerate(rows) if "lantern" in row["shows"]]
    assert min(places) < 20 < 60 < max(places)


def test_chances_are_those_of_the_strata(ws: Workspace, marsad: Command) -> None:
    drawn(marsad, ws, "--n", "80")
    frame = _draws(ws)
    assert len(frame) == ACCOUNTS
    strata = {row["stratum"] for row in frame}
    assert len(strata) == 2
    for stratum in strata:
        units = [row for row in frame if row["stratum"] == stratum]
        picked = [row for row in units if row["subject"]]
        assert {row["probability"] for row in picked} == {len(picked) / len(units)}
    assert sum(1 / row["probability"] for row in frame if row["subject"]) == pytest.approx(ACCOUNTS)


def test_those_not_drawn_are_not_named(ws: Workspace, marsad: Command) -> None:
    drawn(marsad, ws, "--n", "80")
    named = [row for row in _draws(ws) if row["place"] is None]
    assert len(named) == ACCOUNTS - 80
    assert {(row["subject"], row["probability"]) for row in named} == {(None, None)}


def test_labels_come_back_and_the_rest_is_asked_again(ws: Workspace, marsad: Command) -> None:
    rows = drawn(marsad, ws, "--n", "80", "--labeller", "dana")
    done = [{**row, "label": "no"} for row in rows[:50]] + rows[50:]
    told = read_back(marsad, ws, filled(ws, done))
    assert (told["taken"], told["rejected"]) == (50, {"no-label": 30})
    (progress,) = told["draws"]
    assert (progress["drawn"], progress["labelled"], progress["labellers"]) == (80, 50, 1)
    left = drawn(marsad, ws, "--n", "80")
    assert [row["subject"] for row in left] == [row["subject"] for row in rows[50:]]
    assert {row["draw"] for row in left} == {rows[0]["draw"]}
    other = drawn(marsad, ws, "--labeller", "sami")
    assert [row["subject"] for row in other] == [row["subject"] for row in rows]


def test_a_new_draw_where_none_is_left_or_where_asked(ws: Workspace, marsad: Command) -> None:
    rows = drawn(marsad, ws, "--n", "40")
    assert drawn(marsad, ws, "--n", "40") == rows
    again = drawn(marsad, ws, "--n", "40", "--again", "--seed", "7")
    assert again[0]["draw"] != rows[0]["draw"]
    read_back(marsad, ws, filled(ws, [{**row, "label": "yes"} for row in again]))
    assert drawn(marsad, ws, "--n", "40")[0]["draw"] not in (rows[0]["draw"], again[0]["draw"])


def test_labels_of_subjects_that_were_not_drawn_are_counted(ws: Workspace, marsad: Command) -> None:
    rows = drawn(marsad, ws, "--n", "40")
    drawn_ids = {row["subject"] for row in rows}
    outside = next(f"simulated:a{n}" for n in range(ACCOUNTS) if f"simulated:a{n}" not in drawn_ids)
    mixed = [{**rows[0], "label": "yes"}, {**rows[1], "subject": outside, "label": "yes"}]
    (progress,) = read_back(marsad, ws, filled(ws, mixed))["draws"]
    assert (progress["labelled"], progress["other"]) == (1, 1)


def test_posts_can_be_drawn(ws: Workspace, marsad: Command) -> None:
    rows = drawn(marsad, ws, "--kind", "post", "--n", "50")
    assert {row["subject_kind"] for row in rows} == {"post"}
    assert len({row["subject"] for row in rows}) == 50


def test_drawn_accounts_are_no_bystanders(ws: Workspace, marsad: Command) -> None:
    """Their posts stay until they are labelled; others expire."""
    rows = drawn(marsad, ws, "--n", "80")
    expire(ws, dry_run=False, now=times.now() + 10 * 365 * times.DAY)
    left = set(table(ws, "posts")["account"].to_pylist())
    assert {row["subject"] for row in rows} <= left < {f"simulated:a{n}" for n in range(ACCOUNTS)}


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--n", "5"), 2, "30"),
        (("--n", "301"), 2, "300"),
        (("--kind", "site"), 2, "account"),
        (("--n", "0"), 2, "--n"),
    ],
)
def test_draws_that_cannot_be(
    options: tuple[str, ...], code: int, words: str, ws: Workspace, marsad: Command
) -> None:
    ended = marsad("label", "next", "-w", ws.folder, *options)
    assert ended.code == code
    assert words in ended.err


def test_nothing_to_draw_from(tmp_path: Path, marsad: Command) -> None:
    empty = Workspace.create(tmp_path / "empty")
    assert marsad("label", "next", "-w", empty.folder).code == 2  # no policy
    empty.policies.add("research")
    ended = marsad("label", "next", "-w", empty.folder)
    assert (ended.code, "marsad import" in ended.err) == (2, True)


def test_a_hostile_text_does_no_harm_in_a_spreadsheet(tmp_path: Path, marsad: Command) -> None:
    workspace = Workspace.create(tmp_path / "ws")
    workspace.policies.add("research")
    rows = posts(*({"id": str(n), "account_id": f"a{n}", "text": "=1+1\n\"x\",<b>"}
                   for n in range(40)))  # fmt: skip
    take(workspace, ndjson(tmp_path / "posts.ndjson", rows))
    sheet = drawn(marsad, workspace, "--n", "30")
    assert all(row["shows"].startswith("'=") for row in sheet)


def _draws(ws: Workspace) -> list[dict[str, Any]]:
    from marsad.engines import open_engine

    with open_engine() as engine:
        rows = ws.table(engine, ws.log.snapshot(), "draws")
        found = engine.collect(rows).to_pylist()
    assert np.isfinite([row["score"] for row in found]).all()
    return found
