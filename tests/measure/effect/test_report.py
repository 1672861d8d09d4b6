"""The whole report: what is told, refused and warned of, and in which words."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from marsad import locale
from marsad.measure.effect import (
    EffectReport,
    Event,
    Series,
    displacement,
    measure_effect,
    sentence,
    sentences,
)
from marsad.measure.effect.sentences import CONTROLLED, PLAIN
from marsad.measure.refusal import Refused
from tests.measure.effect.daily import EVENT, FIRST, made

WHY = re.compile(r"\b(because|due|caused?|thanks to|owing to|led to)\b|بسبب|نتيجةً? ل|أدى إلى", re.I)


def report(ratio: float = 0.6, **more: object) -> EffectReport:
    given = {"unmoved": [made(2, 1.0, "sports")], **more}
    return measure_effect(made(1, ratio), [EVENT], **given)  # type: ignore[arg-type]


def test_a_report_without_controls() -> None:
    found = report()
    names = {(one.outcome, one.estimate.name) for one in found.told}
    assert ("posts", f"level-change-{EVENT.date}") in names
    assert ("sports", f"level-change-{EVENT.date}") in names
    assert found.placebos[0].p < 0.05
    assert found.warnings == ("no-control",)
    assert not any(one.controlled for one in found.told)


def test_outcomes_that_should_not_move_are_asked_for_and_watched() -> None:
    assert "no-unmoved-outcome" in report(unmoved=[]).warnings
    assert "unmoved-moved" in report(unmoved=[made(2, 0.5, "sports")]).warnings


def test_a_report_with_controls() -> None:
    controls = [made(k, 1.0, f"control {k}") for k in range(30, 34)]
    found = report(controls=controls)
    effects = [one.estimate for one in found.told if one.controlled]
    assert effects[0].value == pytest.approx(0.6, abs=0.08)
    assert effects[0].high < 0.8
    assert [one.message.id for one in found.refused] == ["measure.effect.few-for-rank"]


def test_rivals_are_named_unless_tested() -> None:
    rival = Event(EVENT.day + 3, "a defeat in the field", "rival")
    found = measure_effect(made(1, 0.6), [EVENT, rival])
    assert "rivals-untested" in found.warnings
    said = " ".join(sentences(found, "en"))
    assert "a defeat in the field" in said
    tested = measure_effect(made(1, 0.6), [EVENT, rival], tested=[rival.name])
    assert "rivals-untested" not in tested.warnings


def test_a_closed_panel_cannot_say_that_activity_fell() -> None:
    panel = replace(made(1, 0.6), frame="closed-panel")
    found = measure_effect(panel, [EVENT])
    assert "measure.effect.closed-panel-only" in [one.message.id for one in found.refused]
    for lang, words in (("en", "nothing of activity in general"), ("ar", "النشاط عمومًا")):
        assert words in sentence(found.told[0], lang)


def test_waves_are_told_apart() -> None:
    series = made(4)
    second = Event(FIRST + 205, "second")
    halved = np.where(series.days >= second.day, 0.5, 1.0)
    waved = Series.of("posts", series.days, np.round(series.values * halved))
    found = measure_effect(waved, [EVENT, second], controls=[made(5, 1.0, "control")])
    effects = {one.effect.name: one.effect for one in found.compared}
    assert effects[f"did-{EVENT.date}"].value == pytest.approx(1, abs=0.2)
    assert effects[f"did-{second.date}"].high < 0.8


def test_too_little_data_refuses_all() -> None:
    with pytest.raises(Refused):
        measure_effect(made(1).between(FIRST, FIRST + 20), [EVENT])


def test_displacement_finds_what_moved() -> None:
    treated = made(41, 0.5, "one tag", 0.05)
    other = made(42, 1.0, "other tag", 0.05)
    gained = np.where(other.days >= EVENT.day, 50.0, 0)  # half of the hundred a day that are lost
    moved = displacement(treated, [replace(other, values=other.values + gained)], EVENT)
    assert moved.moved.low < 0.5 < moved.moved.high
    assert moved.moved.low > 0
    none = displacement(treated, [other], EVENT).moved
    assert none.low < 0 < none.high
    with pytest.raises(Refused):
        displacement(made(43, 1.0, "nothing lost"), [other], EVENT)
    with pytest.raises(Refused):
        displacement(treated, [], EVENT)


def all_messages(lang: str) -> dict[str, str]:
    told = [entry for entry in locale.catalogue(lang) if entry.id]
    return {str(entry.id): str(entry.string) for entry in told}


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_no_design_without_a_control_says_why(lang: str) -> None:
    messages = all_messages(lang)
    without = [*PLAIN, "closed", "placebos", "rivals", "other"]
    for name in without:
        assert not WHY.search(messages[f"measure.effect.said.{name}"]), name
    found = report(elsewhere=[made(9, 1.0, "other tag")])
    for said in sentences(found, lang):
        assert not WHY.search(said), said


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_a_sentence_with_a_control_names_its_condition(lang: str) -> None:
    condition = {"en": " if ", "ar": "إن كان"}[lang]
    for name in CONTROLLED:
        if not name.startswith("pre-trend"):
            assert condition in all_messages(lang)[f"measure.effect.said.{name}"]


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_every_word_of_a_report_is_in_the_catalogue(lang: str) -> None:
    known = all_messages(lang)
    controls = [made(k, 1.0, f"control {k}") for k in range(30, 34)]
    found = report(controls=controls, elsewhere=[made(9, 1.0, "other tag")])
    for told in found.told:
        one = told.estimate
        for kind, names in (
            ("method", [one.method]), ("frame", [one.frame]),
            ("assumption", one.assumptions), ("warning", one.warnings),
        ):  # fmt: skip
            for name in names:
                assert f"report.{kind}.{name}" in known
        assert "measure.effect" not in sentence(told, lang)
        assert "{" not in sentence(told, lang)


def test_the_interval_is_in_the_sentence() -> None:
    told = report().told[0]
    said = sentence(told, "en")
    for number in (told.estimate.value, told.estimate.low, told.estimate.high):
        assert locale.percent(number, "en") in said
    assert EVENT.date in said


@pytest.mark.parametrize("seed", range(25))
def test_any_series_is_told_of_or_refused(seed: int) -> None:
    """Sparse, noisy, gappy or short: a report or a refusal, and never another error."""
    rng = np.random.default_rng(seed)
    length = int(rng.integers(40, 140))
    days = np.sort(rng.choice(np.arange(2 * length), length, replace=False))
    scale = 10 ** rng.uniform(-1, 4)

    def drawn(name: str) -> Series:
        return Series.of(name, days, rng.poisson(scale * rng.gamma(0.5, 2, length)))

    event = Event(int(rng.integers(days[0], days[-1])), "takedown")
    controls = [drawn(f"control {k}") for k in range(seed % 5)]
    try:
        found = measure_effect(drawn("posts"), [event], controls=controls, elsewhere=[drawn("x")])
    except Refused:
        return
    assert all(sentences(found, lang) for lang in locale.LANGUAGES)
    assert all(one.missing for one in found.refused)
