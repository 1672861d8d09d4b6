"""Every rule refuses what it is for; what all let through becomes the right entry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from marsad import locale
from marsad.decide.items import Item, content_of
from marsad.decide.outcomes import ACTING, OUTCOMES, VALID
from marsad.decide.roles import Reviewer
from marsad.decide.rules import RULES, Decision, Facts, check, step
from marsad.records.errors import MarsadError
from marsad.store.cases import Case
from marsad.store.leases import Lease

CASE = Case(7, "account", "x:1", 1, "x", "open", 3, None, None, 9, 5, 7, False)
ME = Reviewer("me", frozenset({"moderator"}), frozenset({"ar"}))
SENIOR = Reviewer("me", frozenset({"senior"}), frozenset({"ar"}))
OWN = Item("x:1-post", "x:1", "ar")
DECISION = Decision(7, 7, 1, "warn", "demo@1", "it carries the marker", item="x:1-post")
FACTS = Facts(CASE, ME, ("demo@1",), 100, Lease(7, "me", 1, 50, 150), OWN)
NONE = {"item": None}
PROPOSED = {"state": "second", "outcome": "suspend", "proposed_by": "other"}
MINE = PROPOSED | {"proposed_by": "me"}
DISSENT = PROPOSED | {"state": "escalated"}


def refused(decision: Decision, facts: Facts) -> str | None:
    try:
        check(decision, facts)
    except MarsadError as error:
        return error.message.id.removeprefix("decide.")
    return None


# What differs from a decision that stands: of the decision, the case, the other facts; the refusal.
CASES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], str | None]] = [
    ({}, {}, {}, None),
    # who
    ({}, {}, {"reviewer": replace(ME, roles=frozenset({"admin"}))}, "not-allowed"),
    ({}, {}, {"reviewer": replace(ME, roles=frozenset())}, "not-allowed"),
    ({}, {"state": "decided"}, {}, "not-waiting"),
    ({}, {"state": "overturned"}, {}, "not-waiting"),
    ({}, {"state": "erased"}, {}, "not-waiting"),
    ({}, {"state": "escalated"}, {}, "not-allowed"),
    ({}, {"state": "escalated"}, {"reviewer": SENIOR}, None),
    ({"outcome": "escalate"}, {"state": "escalated"}, {"reviewer": SENIOR}, "escalated-already"),
    ({}, {"assigned_to": "other"}, {}, "assigned"),
    ({}, {"assigned_to": "me"}, {}, None),
    # the lease
    ({}, {}, {"lease": None}, "not-held"),
    ({}, {}, {"lease": Lease(7, "other", 1, 50, 150)}, "not-held"),
    ({}, {}, {"lease": Lease(7, "me", 2, 50, 150)}, "not-held"),
    ({}, {}, {"now": 150}, "not-held"),
    ({}, {}, {"now": 149}, None),
    ({}, {}, {"now": 50}, None),
    ({}, {}, {"now": 49}, "not-held"),
    ({"version": 6}, {}, {}, "changed"),
    # what
    ({"outcome": "remove"}, {}, {}, "outcome"),
    ({"outcome": "ban"}, {}, {}, "outcome"),
    ({"outcome": ""}, {}, {}, "outcome"),
    ({"outcome": "warn"}, {"kind": "galaxy"}, {}, "outcome"),
    ({"policy": "demo@2"}, {}, {}, "policy"),
    ({"policy": ""}, {}, {}, "policy"),
    ({}, {}, {"policies": ()}, "policy"),
    ({"reason": ""}, {}, {}, "reason"),
    ({"reason": "   spam   "}, {}, {}, "reason"),
    ({"reason": "1234567890 ..!"}, {}, {}, "reason"),
    ({"reason": "a" * 5_001}, {}, {}, "reason"),
    ({"reason": "a" * 5_000}, {}, {}, None),
    ({"reason": "تحمل كلمة الوسم"}, {}, {}, None),
    ({"outcome": "exempt"}, {}, {}, "exemption"),
    ({"outcome": "exempt", "exemption": "humour"}, {}, {}, "exemption"),
    ({"outcome": "exempt", "exemption": "documentation"}, {}, {}, None),
    ({"exemption": "news"}, {}, {}, "no-exemption"),
    # a second reviewer
    ({"outcome": "suspend"}, PROPOSED, {}, None),
    ({"outcome": "suspend"}, MINE, {}, "second"),
    ({"outcome": "warn"}, MINE, {}, "second"),
    ({"outcome": "escalate"}, MINE, {}, "second"),
    ({"outcome": "unsure"}, MINE, {}, None),
    ({"outcome": "suspend"}, MINE | {"state": "escalated"}, {"reviewer": SENIOR}, "second"),
    ({"outcome": "warn"}, MINE | {"state": "escalated"}, {"reviewer": SENIOR}, None),
    # an item of the subject's own, opened, read
    ({"item": None}, {}, NONE, "no-item"),
    ({"item": None}, {"network_only": True}, NONE, "network-only"),
    ({}, {"network_only": True}, {}, None),
    ({}, {}, NONE, "item-not-opened"),
    ({}, {}, {"item": replace(OWN, account="x:2")}, "item-of-others"),
    ({}, {"subject": None}, {}, "item-of-others"),
    ({}, {}, {"item": replace(OWN, language="en")}, "language"),
    ({}, {}, {"item": replace(OWN, language="")}, "language"),
    ({}, {}, {"item": replace(OWN, language="zxx")}, None),
    ({"outcome": "no-violation", "item": None}, {"network_only": True}, NONE, None),
    ({"outcome": "no-violation", "item": None}, {}, NONE, None),
    # other kinds of subject
    ({"outcome": "remove"}, {"kind": "post", "subject": "x:1-post"}, {}, None),
    ({"outcome": "remove"}, {"kind": "post", "subject": "x:2-post"}, {}, "item-of-others"),
    ({"outcome": "suspend"}, {"kind": "post", "subject": "x:1-post"}, {}, "outcome"),
    ({"outcome": "hide"}, {"kind": "site", "subject": "s:1"}, {}, "item-not-opened"),
    ({"outcome": "hide"}, {"kind": "site", "subject": "x:1-post"}, {}, None),
    ({"outcome": "hide", "item": None}, {"kind": "site"}, NONE, "item-not-opened"),
    ({"outcome": "no-violation"}, {"kind": "community"}, {}, None),
    ({"outcome": "exempt", "exemption": "art"}, {"kind": "community"}, {}, None),
    ({"outcome": "escalate"}, {"kind": "community"}, {}, None),
    *(
        ({"outcome": outcome}, {"kind": "community"}, {}, "outcome")
        for outcome in sorted(ACTING | {"unsure"})
    ),
]


def test_every_refusal_has_its_sentence_in_both_languages() -> None:
    for name in {expected for *_, expected in CASES if expected}:
        for lang in locale.LANGUAGES:
            assert f"decide.{name}" in locale.catalogue(lang)


@pytest.mark.parametrize(("decided", "case", "facts", "expected"), CASES)
def test_what_is_refused(
    decided: dict[str, Any], case: dict[str, Any], facts: dict[str, Any], expected: str | None
) -> None:
    held = replace(FACTS, case=replace(CASE, **case), **facts)
    assert refused(replace(DECISION, **decided), held) == expected


def test_each_rule_refuses_something() -> None:
    """Take any rule away, and some refusal of the table is no longer made."""
    for rule in RULES:
        needed = False
        for decided, case, more, expected in CASES:
            facts = replace(FACTS, case=replace(CASE, **case), **more)
            if expected in (None, "not-allowed"):
                needed |= expected == "not-allowed" and rule.__name__ == "_escalated_to_seniors"
            elif (error := rule(replace(DECISION, **decided), facts)) is not None:
                needed |= error.message.id == f"decide.{expected}"
        assert needed, rule.__name__


@pytest.mark.parametrize(
    ("outcome", "case", "expected"),
    [
        ("no-violation", {}, "decided"),
        ("exempt", {}, "decided"),
        ("warn", {}, "decided"),
        ("return", {}, "decided"),
        ("suspend", {}, "proposed"),
        ("escalate", {}, "escalated"),
        ("unsure", {}, "unsure"),
        ("suspend", PROPOSED, "decided"),
        ("warn", PROPOSED, "dissented"),
        ("no-violation", PROPOSED, "dissented"),
        ("escalate", PROPOSED, "escalated"),
        ("unsure", PROPOSED, "unsure"),
        ("suspend", {"state": "escalated"}, "proposed"),
        ("warn", {"state": "escalated"}, "decided"),
        ("suspend", DISSENT, "decided"),
        ("no-violation", DISSENT, "decided"),
        ("unsure", DISSENT, "unsure"),
    ],
)
def test_what_entry_it_is(outcome: str, case: dict[str, Any], expected: str) -> None:
    facts = replace(FACTS, case=replace(CASE, **case))
    assert step(replace(DECISION, outcome=outcome), facts) == expected


def test_outcomes_by_kind_are_known_ones() -> None:
    assert {outcome for valid in VALID.values() for outcome in valid} == set(OUTCOMES)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("The marker word", "the  MARKER word", True),
        ("the marker word", "the other word", False),
        ("كَلِمة", "كلمة", True),
    ],
)
def test_copies_have_the_same_content(one: str, other: str, alike: bool) -> None:
    assert (content_of(one) == content_of(other)) == alike


def test_nothing_is_a_copy_of_nothing() -> None:
    assert content_of("") == content_of(" \u200b ") == ""
