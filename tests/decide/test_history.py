"""What was decided before: about the person, its lineage, and cases that share something rare."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from marsad.decide import history, rebuilding, sharing, similar
from marsad.decide.audit import verify
from marsad.decide.crises import Wanted
from marsad.decide.findings import SealedFinding
from marsad.decide.opening import open_cases
from marsad.decide.sharing import Key, entry_key, hashtag_key, lineage_name
from marsad.store import case_keys, projections
from marsad.store.cases import Case
from tests.decide.conftest import (
    ADMIN,
    APPEALS,
    FIRST,
    POLICY,
    REASON,
    SECOND,
    SENIOR,
    Room,
    finding,
)  # fmt: skip


def phrase(entry: str, subject: str = "x:1", **more: Any) -> SealedFinding:
    shown = [{"kind": "phrase", "bank": "markers", "entry": entry}]
    return replace(finding(subject, number=entry, **more), evidence=shown)


def returned(child: str, parent: str, root: str, bank: str = "decisions") -> SealedFinding:
    shown = [{"kind": "return", "parent": parent, "bank": bank}]
    return replace(finding(child, "returns"), evidence=shown, community=lineage_name(root))


def opened(room: Room, *found: SealedFinding) -> Case:
    open_cases(room.desk.database, found, room.clock())
    return room.read(found[0].subject_id, found[0].subject_kind)


def told(room: Room, case: Case) -> history.History:
    with room.desk.database.reading() as transaction:
        return history.of_case(transaction, case)


def like(room: Room, case: Case, limit: int = 10) -> list[tuple[int, list[str]]]:
    with room.desk.database.reading() as transaction:
        found = similar.decided_like(transaction, case, limit)
    return [(one.case, [key.kind for key in one.shares]) for one in found]


# ── keys


@pytest.mark.parametrize(
    ("evidence", "community", "keys"),
    [
        ([{"bank": "b", "entry": "e"}], None, [entry_key("b", "e")]),
        ([{"bank": "b", "entry": "e", "entry_key": "k"}], None, [entry_key("b", "k")]),
        ([{"bank": "b", "entry": "e"}] * 3, None, [entry_key("b", "e")]),
        ([{"host": "marker.example", "bank": "b", "entry": "e"}], None,
         [entry_key("b", "e"), Key("domain", "marker.example")]),
        ([{"object_kind": "hashtag", "object": "#Marker"}], None, [hashtag_key("marker")]),
        ([{"objects": [{"hashtag": "marker"}, {"url": "u"}]}], None, [hashtag_key("#MARKER")]),
        ([], "text:00ff", [Key("text", "text:00ff")]),
        ([], "lineage:00ff", [Key("lineage", "lineage:00ff")]),
        ([], "group:00ff", [Key("community", "group:00ff")]),
        ([{"bank": "decisions", "parent": "x:2"}], None, []),
        ([None, 5, "text", {"bank": 1, "entry": []}, {"host": ""}], "", []),
        ("no list", 7, []),
    ],
)  # fmt: skip
def test_what_findings_give_to_share(evidence: Any, community: Any, keys: list[Key]) -> None:
    assert sharing.of_findings([{"evidence": evidence, "community": community}]) == keys


def test_no_evidence_gives_more_keys_than_are_kept() -> None:
    many = [{"bank": "b", "entry": str(number)} for number in range(5_000)]
    found = sharing.of_findings([{"evidence": [*many, {"host": "h.example"}]}])
    assert len(found) == sharing.MOST_AN_ENTRY


def test_a_case_has_each_key_once_and_the_log_makes_them_again(room: Room) -> None:
    case = opened(room, phrase("amber"))
    opened(room, phrase("amber"), phrase("lantern"), replace(phrase("amber"), finding_id="other"))
    with room.desk.database.reading() as transaction:
        kept = case_keys.of_case(transaction, case.id)
    assert sorted(kept.values()) == ["entry", "entry", "lineage"]
    assert verify(room.desk.database, None).broken is None


@pytest.mark.parametrize(
    ("forge", "what"),
    [
        ("DELETE FROM case_keys WHERE kind = 'entry'", "case_keys"),
        ("UPDATE case_keys SET key = key + 1", "case_keys"),
        ("UPDATE case_keys SET decided = NOT decided", "case_keys"),
        ("DELETE FROM verdicts", "verdicts"),
        ("UPDATE verdicts SET outcome = 'hide'", "verdicts"),
        ("UPDATE case_signals SET signal = 'links'", "case_signals"),
        ("UPDATE facets SET count = count + 1", "facets decided"),
        ("INSERT INTO facets VALUES ('decided', '99', 1)", "facets decided 99"),
    ],
)
def test_what_is_not_as_the_log_says_is_named(room: Room, forge: str, what: str) -> None:
    case = opened(room, phrase("amber"))
    room.decide(FIRST, case, "warn")
    assert verify(room.desk.database, None).broken is None
    with room.desk.database.writing() as transaction:
        transaction.execute(text(forge))
    broken = verify(room.desk.database, None).broken
    assert broken is not None
    assert broken.what.startswith(what)


# ── the same person


def test_history_is_of_the_account_and_its_posts(room: Room) -> None:
    first = room.decide(FIRST, opened(room, finding("x:1-a", kind="post", account="x:1")), "hide")
    room.decide(FIRST, opened(room, finding("x:9")), "warn")
    case = opened(room, finding("x:1"))
    said = told(room, case)
    assert [(one.case_id, one.outcome, one.subject) for one in said.verdicts] == [
        (first.id, "hide", "x:1-a")
    ]
    assert said.overturned == frozenset()
    room.desk.overturn(APPEALS, first.id, POLICY, REASON)
    again = told(room, case)
    assert [one.step for one in again.verdicts] == ["overturned", "decided"]
    assert again.overturned == {again.verdicts[1].seq}


def test_a_decision_after_an_overturned_one_stands(room: Room) -> None:
    case = room.decide(FIRST, opened(room, finding("x:1")), "warn")
    room.desk.overturn(APPEALS, case.id, POLICY, REASON)
    again = opened(room, finding("x:1", number="new"))
    room.decide(SECOND, again, "hide")
    said = told(room, again)
    assert [one.outcome for one in said.verdicts if one.seq in said.overturned] == ["warn"]


def test_who_was_erased_has_no_history_and_shares_nothing(room: Room) -> None:
    case = room.decide(FIRST, opened(room, phrase("amber")), "warn")
    other = opened(room, phrase("amber", "x:2"))
    assert [number for number, _ in like(room, other)] == [case.id]
    room.desk.erase(ADMIN, "x:1")
    assert like(room, other) == []
    with room.desk.database.reading() as transaction:
        assert case_keys.of_case(transaction, case.id) == {}
    assert verify(room.desk.database, None).broken is None


# ── the lineage


def test_the_lineage_is_told_from_root_child_and_grandchild(room: Room) -> None:
    room.suspended("x:1")
    room.suspended("x:2")
    opened(room, returned("x:2", "x:1", "x:1"))
    third = opened(room, returned("x:3", "x:2", "x:1"))
    opened(room, finding("x:4"))
    for subject, others in {"x:1": {"x:2", "x:3"}, "x:2": {"x:1", "x:3"}, "x:3": {"x:1", "x:2"},
                            "x:4": set()}.items():  # fmt: skip
        relatives = told(room, room.read(subject)).lineage
        assert {one.subject for one in relatives} == others
    root = next(one for one in told(room, third).lineage if one.subject == "x:1")
    assert root.verdict is not None
    assert root.verdict.outcome == "suspend"


@pytest.mark.parametrize(("bank", "left"), [("decisions", set()), ("partners", {"x:2"})])
def test_an_overturned_decision_dissolves_the_lineage(
    room: Room, bank: str, left: set[str]
) -> None:
    parent = room.suspended("x:1")
    opened(room, returned("x:2", "x:1", "x:1", bank))
    room.desk.overturn(APPEALS, parent.id, POLICY, REASON)
    assert {one.subject for one in told(room, room.read("x:1")).lineage} == left
    back = {"x:1"} if left else set()
    assert {one.subject for one in told(room, room.read("x:2")).lineage} == back


def test_the_history_of_a_post_has_its_accounts_lineage(room: Room) -> None:
    room.suspended("x:1")
    opened(room, returned("x:2", "x:1", "x:1"))
    post = opened(room, finding("x:2-a", kind="post", account="x:2"))
    assert {one.subject for one in told(room, post).lineage} == {"x:1"}


# ── similar ones


def test_the_rarer_what_is_shared_the_nearer(room: Room) -> None:
    common = [opened(room, phrase("common", f"x:{number}")) for number in range(10, 16)]
    rare = opened(room, phrase("rare", "x:9"))
    for case in (*common, rare):
        room.decide(FIRST, case, "warn")
    case = opened(room, phrase("common"), phrase("rare"))
    found = like(room, case)
    assert found[0] == (rare.id, ["entry"])
    assert {number for number, _ in found} == {rare.id, *(one.id for one in common)}
    assert len(like(room, case, 3)) == 3


def test_only_what_is_decided_and_of_others_is_similar(room: Room) -> None:
    waiting = opened(room, phrase("amber", "x:2"))
    own = opened(room, replace(phrase("amber", "x:1-a", kind="post"), account="x:1"))
    room.decide(FIRST, own, "hide")
    done = room.decide(FIRST, opened(room, phrase("amber", "x:3")), "hide")
    case = opened(room, phrase("amber"))
    assert like(room, case) == [(done.id, ["entry"])]
    room.desk.overturn(APPEALS, done.id, POLICY, REASON)
    assert like(room, case) == []
    room.decide(FIRST, waiting, "no-violation")
    assert like(room, case) == [(waiting.id, ["entry"])]
    opened(room, phrase("more", "x:2"))  # opened again
    assert like(room, case) == []


def test_the_text_of_an_opened_item_is_shared(room: Room) -> None:
    first = opened(room, finding("x:1"))
    room.decide(FIRST, first, "warn")
    second = opened(room, finding("x:2"))
    assert like(room, second) == []
    room.open(SECOND, second)
    assert like(room, second) == [(first.id, ["text"])]


def test_a_key_that_very_many_share_is_not_followed_to_the_end(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        room.decide(FIRST, opened(room, phrase("hot", f"x:{number + 10}")), "warn")
    monkeypatch.setattr(similar, "OF_A_KEY", 4)
    monkeypatch.setattr(similar, "COUNTED", 5)
    assert len(like(room, opened(room, phrase("hot")))) == 4


# ── made anew


def test_all_can_be_made_anew_from_the_log(room: Room) -> None:
    """As for a database of a version that had none of it."""
    first = room.decide(FIRST, opened(room, phrase("amber"), finding("x:1", "links")), "warn")
    opened(room, phrase("amber", "x:2"))
    opened(room, phrase("lantern", "x:2"))
    room.desk.overturn(APPEALS, first.id, POLICY, REASON)
    room.suspended("x:3")
    opened(room, phrase("amber", "x:3"))
    room.desk.mark_golden(SENIOR, room.read("x:3").id, ["suspend"])
    room.desk.raise_threat(FIRST, room.read("x:2").id, "they will do it tonight")
    room.desk.tell(FIRST, room.read("x:2").id, "duty desk")
    room.desk.open_crisis(SENIOR, "one", SENIOR.id, Wanted(entries=(("markers", "amber"),)))
    opened(room, phrase("amber", "x:4"))
    room.desk.erase(ADMIN, "x:4")
    assert verify(room.desk.database, None).broken is None
    with room.desk.database.writing() as transaction:
        projections.empty(transaction)
    assert verify(room.desk.database, None).broken is not None
    with room.desk.database.writing() as transaction:
        rebuilding.fill(transaction)
    assert verify(room.desk.database, None).broken is None
