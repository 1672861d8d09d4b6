"""`marsad label sample` and `label decisions`: into the desk's queue, and back as labels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.store.cases import Filter
from marsad.workspace import Workspace
from marsad.workspace.reviewing import desk
from tests.cli.conftest import Command
from tests.workspace.conftest import ndjson, posts, take

WHO = Reviewer("rev-1", frozenset({"moderator"}), frozenset({"en"}))


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    workspace = Workspace.create(tmp_path / "ws")
    workspace.policies.add("research")
    rows = posts(*({"id": f"{n}", "text": f"a quiet day {n}"} for n in range(12)))
    take(workspace, ndjson(tmp_path / "posts.ndjson", rows), platform="simulated")
    return workspace


@pytest.mark.long
def test_a_sample_goes_to_the_desk_and_comes_back_as_labels(marsad: Command, ws: Workspace) -> None:
    asked = ("label", "sample", "--n", "5", "--seed", "2", "-w", ws.folder, "--json")
    drawn = json.loads(marsad(*asked).out)
    assert (drawn["drawn"], drawn["frame"], drawn["opened"]) == (5, 12, 5)
    room = desk(ws)
    case = room.queue(WHO, Filter(("open",)))[0]
    lease = room.take(WHO, case.id)
    said = Decision(
        case.id, case.version, lease.token, "no-violation", "research@1", "all is quiet here"
    )
    room.decide(WHO, said)
    ended = marsad("label", "decisions", "-w", ws.folder, "--json")
    told = json.loads(ended.out)
    assert (ended.code, told["taken"]) == (0, 1)
    assert told["draws"] == [{"draw": drawn["draw"], "kind": "post", "drawn": 5, "labelled": 1,
                              "labellers": 1, "other": 0}]  # fmt: skip
    again = marsad("label", "decisions", "-w", ws.folder)
    assert (again.code, bool(again.out)) == (0, True)


def test_in_words(marsad: Command, ws: Workspace) -> None:
    ended = marsad("label", "sample", "--n", "1", "-w", ws.folder)
    assert ended.code == 0
    assert "one subject out of 12" in ended.out


@pytest.mark.parametrize(
    "wrong", [("sample", "--n", "13"), ("sample", "--by", "score"), ("decisions",)]
)
def test_what_cannot_be_done_is_the_users_input(
    marsad: Command, ws: Workspace, wrong: tuple[str, ...]
) -> None:
    ended = marsad("label", *wrong, "-w", ws.folder)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err
