"""Claims: read with precise faults, held against estimates without saying more than these do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from marsad import locale
from marsad.measure.claims import Evidence, check, known_claims, load_claim
from marsad.measure.claims.checking import NEVER_SETTLES, claimed
from marsad.measure.claims.loading import read_claim
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

GOOD = """
version = 1
id = "accounts"
low = 46000
high = 90000
unit = "count"
outcome = "accounts"
population = "group-supporters"
window = [2014-09-01, 2014-12-31]
source = "somebody"
place = "somewhere"
published = "2015"
command = "marsad measure census"
test_en = "A count."
test_ar = "عدّ."
"""
CLAIM = read_claim(GOOD, "good.toml")
assert CLAIM.window is not None


def evidence(low: float, value: float, high: float, **more: object) -> Evidence:
    """An estimate of just what the claim is of."""
    made = Estimate("accounts", value, low, high, 0.95, "some", "replenished", 100)
    assert CLAIM.window is not None
    of = Evidence(made, CLAIM.outcome, CLAIM.population, CLAIM.window, CLAIM.unit)
    return replace(of, **more)  # type: ignore[arg-type]


KNOWN = {
    "accounts-2014-autumn": (46_000, 90_000),
    "accounts-2014-october-november": (48_000, 48_000),
    "english-one-in-five": (0.2, 0.2),
    "hyperactive-press": (500, 1_000),
    "hyperactive-report": (500, 2_000),
    "closed-1000": (1_000, 1_000),
    "closed-360000": (360_000, 360_000),
    "followers-1000-to-300": (0.3, 0.3),
    "followers-1500-to-300": (0.2, 0.2),
    "minus-45-percent": (0.55, 0.55),
    "engagement-minus-92-percent": (0.08, 0.08),
    "sawab-followers-140000": (140_000, 140_000),
    "sawab-followers-425000": (425_000, 425_000),
}


def test_the_known_claims_have_the_published_figures() -> None:
    found = known_claims()
    assert {name: (one.low, one.high) for name, one in found.items()} == KNOWN
    assert found["accounts-2014-october-november"].window == (date(2014, 10, 4), date(2014, 11, 27))


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_without_an_estimate_a_claim_says_what_it_needs(name: str, lang: str) -> None:
    claim = known_claims()[name]
    verdict = check(claim)
    assert verdict.kind == "cannot-tell"
    assert verdict.missing[0] == "estimate"
    assert ("window" in verdict.missing) == (claim.window is None)
    said = verdict.sentence(lang)
    assert claim.command in said
    assert (claim.test_ar if lang == "ar" else claim.test_en) in said
    assert "{" not in said


@pytest.mark.parametrize(
    ("low", "value", "high", "kind", "reason"),
    [
        (50_000, 60_000, 80_000, "reproduced", "reproduced"),
        (40_000, 60_000, 130_000, "reproduced", "reproduced"),
        (95_000, 100_000, 110_000, "contradicted", "contradicted-above"),
        (10_000, 20_000, 45_000, "contradicted", "contradicted-below"),
        (10_000, 60_000, 80_000, "cannot-tell", "too-wide"),
        (50_000, 60_000, 200_000, "cannot-tell", "too-wide"),
    ],
)
def test_verdicts(low: float, value: float, high: float, kind: str, reason: str) -> None:
    verdict = check(CLAIM, evidence(low, value, high))
    assert (verdict.kind, verdict.reason) == (kind, reason)
    for lang in locale.LANGUAGES:
        assert "{" not in verdict.sentence(lang)
        assert locale.number(46_000, lang) in verdict.sentence(lang)
    assert verdict.to_dict()["verdict"] == kind


@pytest.mark.parametrize(
    ("bound", "low", "high", "kind"),
    [
        ("lower", 95_000, 200_000, "contradicted"),
        ("lower", 50_000, 80_000, "cannot-tell"),
        ("lower", 10_000, 20_000, "cannot-tell"),
        ("upper", 10_000, 20_000, "contradicted"),
        ("upper", 95_000, 200_000, "cannot-tell"),
    ],
)
def test_a_bound_can_only_contradict(bound: str, low: float, high: float, kind: str) -> None:
    made = replace(evidence(low, (low + high) / 2, high).estimate, bound=bound)  # type: ignore[arg-type]
    verdict = check(CLAIM, evidence(1, 2, 3, estimate=made))
    assert verdict.kind == kind


SHIFT = timedelta(days=15)


@pytest.mark.parametrize(
    ("other", "missing"),
    [
        ({"outcome": "followers"}, "outcome"),
        ({"unit": "fraction"}, "outcome"),
        ({"population": "platform"}, "population"),
        ({"window": (date(2014, 9, 1) + SHIFT, date(2014, 12, 31))}, "window"),
        ({"window": (date(2015, 9, 1), date(2015, 12, 31))}, "window"),
    ],
)
def test_an_estimate_of_another_thing_tells_nothing(other: dict[str, object], missing: str) -> None:
    verdict = check(CLAIM, evidence(50_000, 60_000, 80_000, **other))
    assert (verdict.kind, verdict.missing) == ("cannot-tell", (missing,))
    assert "{" not in verdict.sentence("ar")


def test_a_window_that_is_nearly_the_same_will_do() -> None:
    near = (date(2014, 9, 10), date(2014, 12, 25))
    assert check(CLAIM, evidence(50_000, 60_000, 80_000, window=near)).kind == "reproduced"


def test_a_claim_that_does_not_say_when_or_of_what_cannot_be_settled() -> None:
    given = evidence(50_000, 60_000, 80_000)
    assert check(replace(CLAIM, window=None), given).missing == ("window",)
    unsaid = check(replace(CLAIM, outcome="unknown"), given)
    assert (unsaid.kind, unsaid.missing) == ("cannot-tell", ("outcome",))


def test_the_frame_and_warnings_of_an_estimate_hold_it_back() -> None:
    given = evidence(50_000, 60_000, 80_000)
    framed = replace(given.estimate, frame="closed-panel")
    needs = replace(CLAIM, frame="replenished")
    assert check(needs, replace(given, estimate=framed)).missing == ("frame",)
    for warning in NEVER_SETTLES:
        warned = replace(given, estimate=replace(given.estimate, warnings=(warning,)))
        verdict = check(CLAIM, warned)
        assert verdict.kind == "cannot-tell"
        assert "{" not in verdict.sentence("en")
        assert "measure.claim" not in verdict.sentence("ar")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("version = 1", "version = 2", "version"),
        ('unit = "count"', 'unit = "people"', "unit"),
        ('source = "somebody"', "", "missing"),
        ("low = 46000", "low = true", "number"),
        ("low = 46000", "lowest = 46000", "unknown-field"),
        ("low = 46000", "value = 3\nlow = 46000", "value-and-range"),
        ("low = 46000", "low = 100000", "range"),
        ("low = 46000", "low = 46000\ntolerance = 0", "tolerance"),
        ("[2014-09-01, 2014-12-31]", "[2014-12-31, 2014-09-01]", "window"),
        ("[2014-09-01, 2014-12-31]", '"autumn"', "window"),
        ('id = "accounts"', "id = accounts", "toml"),
    ],
)
def test_faults_of_a_file(tmp_path: Path, old: str, new: str, fault: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(InputError) as error:
        load_claim(file)
    assert error.value.message.id == f"measure.claim.{fault}"
    assert "mine.toml" in str(error.value) or "accounts" in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        load_claim(tmp_path / "none.toml")


RATIO = replace(CLAIM, unit="ratio", low=0.55, high=0.55)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.55, 0.55, "45% less"), (0.3, 0.55, "45% to 70% less"), (0.9, 1.2, "10% less to 20% more"),
     (1.1, 1.2, "10% to 20% more")],
)  # fmt: skip
def test_changes_are_said_without_a_sign(low: float, high: float, said: str) -> None:
    assert claimed(replace(RATIO, low=low, high=high), "en") == said
    arabic = claimed(replace(RATIO, low=low, high=high), "ar")
    assert not set("-−") & set(arabic)


def test_what_contradicts_a_change_is_said_without_a_sign() -> None:
    made = replace(evidence(0.7, 0.8, 0.9, unit="ratio"))
    verdict = check(RATIO, made)
    assert verdict.kind == "contradicted"
    said = verdict.sentence("en")
    assert "at 20% less (95% interval: 10% to 30% less)" in said
    assert "Claimed (somebody): 45% less." in said
