"""Which duties follow from size, service and country: as the two regulations have it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from marsad.decide import duties
from marsad.decide.impact import Impact
from marsad.decide.operator import SERVICES, SIZES, Operator
from marsad.records.errors import InputError

LARGER_PLATFORMS = {"20", "21", "22", "23", "24(1)", "24(5)"}
EVERYBODY = {"9", "10", "11", "12", "14", "16", "17", "18"}


def follows(size: str, service: str, country: str = "DE", law: str = "dsa") -> set[str]:
    found = duties.of(Operator(size=size, service=service, country=country))
    return {one.article for one in found if one.law == law and one.follows == "yes"}


@pytest.mark.parametrize(
    ("size", "service", "more"),
    [
        ("micro", "hosting", set()),
        ("small", "hosting", set()),
        ("medium", "hosting", {"15"}),
        ("large", "hosting", {"15"}),
        ("micro", "platform", {"24(3)"}),
        ("small", "platform", {"24(3)"}),
        ("medium", "platform", {"15", "24(3)"} | LARGER_PLATFORMS),
        ("large", "platform", {"15", "24(3)"} | LARGER_PLATFORMS),
    ],
)
def test_of_the_digital_services_act(size: str, service: str, more: set[str]) -> None:
    assert follows(size, service) == EVERYBODY | more


@pytest.mark.parametrize(("size", "service"), itertools.product(SIZES, SERVICES))
def test_removal_orders_spare_nobody(size: str, service: str) -> None:
    assert follows(size, service, law="tco") == {"3", "4", "5", "6", "7", "11", "14(5)", "15"}


@pytest.mark.parametrize(("country", "needs"), [("DE", False), ("CH", True), ("GB", True)])
def test_who_is_established_elsewhere_needs_somebody_in_the_union(
    country: str, needs: bool
) -> None:
    assert ("13" in follows("small", "platform", country)) is needs
    assert ("17" in follows("small", "platform", country, "tco")) is needs


def test_what_was_not_said_is_named() -> None:
    unsaid = {one.asks for one in duties.of(Operator()) if one.follows == "unsaid"}
    assert unsaid == {"size", "service", "country"}
    small = {one.id: one for one in duties.of(Operator(size="small"))}
    assert small["complaints"].follows == "no"
    hosting = {one.id: one for one in duties.of(Operator(service="hosting"))}
    assert hosting["complaints"].follows == "no"
    platform = {one.id: one for one in duties.of(Operator(service="platform"))}
    assert (platform["complaints"].follows, platform["complaints"].asks) == ("unsaid", "size")


def test_what_an_operator_says_of_peoples_data() -> None:
    said = Impact.of({"impact": {"purposes": "a", "risks": ["b"]}})
    assert said.missing == ["legal_basis", "necessity", "officer", "consulted", "reviewed"]
    assert Impact.of({}).missing[0] == "purposes"


@pytest.mark.parametrize(
    "given",
    [[], {"purpose": "a"}, {"purposes": 7}, {"purposes": "x" * 5_001}, {"risks": "a"},
     {"risks": [7]}, {"risks": ["a"] * 51}],
)  # fmt: skip
def test_answers_that_cannot_be(given: Any) -> None:
    with pytest.raises(InputError):
        Impact.of({"impact": given})
