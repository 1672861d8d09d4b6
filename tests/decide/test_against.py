"""What speaks against a finding is said for each kind of doubt, and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from marsad.decide.against import against
from marsad.decide.dossier import Dossier
from marsad.decide.exhibits import Exhibits, Post
from marsad.decide.findings import SealedFinding
from marsad.find.copies.findings import percent
from tests.decide.conftest import APPEALS, FIRST, POLICY, REASON, Room

TWO = ({"kind": "phrase", "entry": "amber"}, {"kind": "phrase", "entry": "lantern"})
SURE = SealedFinding("f", "account", "x:1", "x:1", "phrases", 0.5, "probability", evidence=TWO)


def dossier_of(room: Room, *findings: SealedFinding, posts: tuple[Post, ...] = ()) -> Dossier:
    """An open case with these findings and posts instead of its own."""
    known = room.desk.dossier(FIRST, room.case().id)
    return replace(known, findings=findings, exhibits=Exhibits(posts))


def said(dossier: Dossier) -> list[str]:
    return [one.id.removeprefix("against.") for one in against(dossier)]


def test_where_there_is_no_doubt_none_is_made_up(room: Room) -> None:
    assert said(dossier_of(room, SURE)) == []


def part(**more: Any) -> dict[str, Any]:
    return {"evidence": [{"kind": "return", **more}, *TWO]}


def test_how_much_differs_and_how_much_is_alike_are_the_whole(room: Room) -> None:
    for jaccard in (0.9797, 0.98, 0.999, 0.5):
        near = replace(SURE, evidence=[*TWO, {"kind": "bank", "jaccard": jaccard}])
        (doubt,) = against(dossier_of(room, near))
        assert doubt.values == {"percent": 100 - percent(jaccard)}


@pytest.mark.parametrize(
    ("change", "doubts"),
    [
        ({"score_kind": "rank"}, ["rank"]),
        ({"score_kind": "rank", "signal": "notice"}, []),
        ({"opens_case": False}, ["opens-none"]),
        ({"evidence": TWO[:1]}, ["one-phrase"]),
        ({"evidence": TWO[:1], "signal": "links"}, []),
        ({"evidence": [*TWO, {"kind": "bank", "jaccard": 0.83}]}, ["not-same"]),
        ({"evidence": [*TWO, {"kind": "bank", "jaccard": 1}]}, []),
        (part(claim="unsure"), ["unsure"]),
        (part(claim="clear"), []),
        (part(features=[{"name": "hours", "weight": -1.5}, {"name": "handle", "weight": 2}]),
         ["features"]),
        (part(features=[{"name": "handle", "weight": 2}]), []),
        (part(rivals=["x:3", "x:4"]), ["rivals"]),
    ],
)  # fmt: skip
def test_doubts_about_a_finding(room: Room, change: dict[str, Any], doubts: list[str]) -> None:
    assert said(dossier_of(room, replace(SURE, **change))) == doubts


def test_what_is_contrary_is_named_with_its_number(room: Room) -> None:
    near = replace(SURE, evidence=[*TWO, {"kind": "bank", "jaccard": 0.83}])
    features = [{"name": "hours", "weight": -1.5}, {"name": "handle", "weight": 2}]
    contrary = replace(SURE, **part(features=features))
    assert [one.values for one in against(dossier_of(room, near, contrary))] == [
        {"percent": 17}, {"features": {"words": ["report.feature.hours"]}},
    ]  # fmt: skip


def test_the_same_doubt_is_said_once(room: Room) -> None:
    rank = replace(SURE, score_kind="rank")
    assert said(dossier_of(room, rank, replace(rank, finding_id="g"))) == ["rank"]


def test_a_signal_that_opened_the_case_is_not_said_to_have_opened_none(room: Room) -> None:
    also = replace(SURE, finding_id="g", opens_case=False)
    assert said(dossier_of(room, SURE, also)) == []
    assert said(dossier_of(room, SURE, replace(also, signal="links"))) == ["opens-none"]


@pytest.mark.parametrize("kind", ["repost", "quote", "reply"])
def test_words_that_are_somebody_elses(room: Room, kind: str) -> None:
    found = Post("x:p", "x:1", "amber", kind=kind, signals=("phrases",))
    assert said(dossier_of(room, SURE, posts=(found,))) == ["flagged", kind]
    unsuspected = replace(found, signals=())
    assert said(dossier_of(room, SURE, posts=(unsuspected,))) == ["flagged"]
    others = replace(found, account="x:2")
    assert said(dossier_of(room, SURE, posts=(others,))) == []


def test_how_few_of_its_posts_were_found(room: Room) -> None:
    posts = tuple(Post(f"x:p{n}", "x:1", "amber", signals=("phrases",) * (n < 2)) for n in range(9))
    doubt = against(dossier_of(room, SURE, posts=posts))[0]
    assert doubt.values == {"flagged": 2, "count": 9}


def test_network_findings_alone(room: Room) -> None:
    assert said(room.desk.dossier(FIRST, room.case("x:9", "coordination").id))[0] == "network-only"


def test_what_was_decided_for_a_subject_speaks_when_it_is_looked_at_again(room: Room) -> None:
    case = room.decide(FIRST, room.case(), "exempt", exemption="news")
    assert "decided" not in said(room.desk.dossier(FIRST, case.id))  # not against itself
    again = room.case(number="2")
    assert again.state == "open"
    assert said(room.desk.dossier(FIRST, again.id))[0] == "decided"


def test_what_was_overturned_speaks_when_it_is_looked_at_again(room: Room) -> None:
    case = room.suspended()
    room.desk.overturn(APPEALS, case.id, POLICY, REASON)
    assert "overturned" not in said(room.desk.dossier(FIRST, case.id))
    assert said(room.desk.dossier(FIRST, room.case(number="2").id))[0] == "overturned"
