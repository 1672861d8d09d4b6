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
from marsad.measure.effect.differences import compared
from marsad.measure.effect.outliers import outliers
from marsad.measure.effect.report import Told
from marsad.measure.effect.sentences import CONTROLLED, PLAIN, of_each_kind, whose
from marsad.measure.minding import minded
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from tests.measure.effect.daily import DAYS, EVENT, FIRST, made

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


def test_only_rivals_can_have_been_tested() -> None:
    rival = Event(EVENT.day + 3, "a defeat in the field", "rival")
    for events, said in (([EVENT, rival], rival.name), ([EVENT], "kind rival")):
        with pytest.raises(InputError, match=said):
            measure_effect(made(1, 0.6), events, tested=["an order"])


def test_a_closed_panel_cannot_say_that_activity_fell() -> None:
    panel = replace(made(1, 0.6), frame="closed-panel")
    found = measure_effect(panel, [EVENT])
    assert "measure.effect.closed-panel-only" in [one.message.id for one in found.refused]
    for lang, words in (("en", "(closed panel)"), ("ar", "(في مجموعة مغلقة)")):
        assert words in sentence(found.told[0], lang)


@pytest.mark.parametrize(("lang", "words"), [("en", "by construction"), ("ar", "من صنع الاختيار")])
def test_what_a_closed_panel_is_is_said_once(lang: str, words: str) -> None:
    found = measure_effect(replace(made(1, 0.6), frame="closed-panel"), [EVENT])
    said = [*sentences(found, lang), *(text for text, _ in minded(whose([found], lang), lang)),
            *(one.message.render(lang) for one in found.refused)]  # fmt: skip
    assert len([one for one in said if words in one]) == 1


def test_how_units_were_chosen_is_told_of_every_estimate() -> None:
    listed = replace(made(1, 0.6), assumed=("listed-whatever-came",), warned=("mostly-taken-down",))
    controls = [made(k, 1.0, f"control {k}") for k in range(30, 34)]
    found = measure_effect(listed, [EVENT], controls=controls, elsewhere=[made(9, 1.0, "other")])
    own = [one.estimate for one in found.told]
    assert any(one.name.startswith("moved-to") for one in own)
    assert all("mostly-taken-down" in one.warnings for one in own)
    assert all("listed-whatever-came" in one.assumptions for one in own)


def test_waves_are_told_apart() -> None:
    series = made(4)
    second = Event(FIRST + 205, "second")
    halved = np.where(series.days >= second.day, 0.5, 1.0)
    waved = Series.of("posts", series.days, np.round(series.values * halved))
    found = measure_effect(waved, [EVENT, second], controls=[made(5, 1.0, "control")])
    effects = {one.effect.name: one.effect for one in found.compared}
    assert effects[f"did-{EVENT.date}"].value == pytest.approx(1, abs=0.2)
    assert effects[f"did-{second.date}"].high < 0.8


def test_what_is_of_one_of_several_events_names_it() -> None:
    second = Event(FIRST + 205, "second")
    controls = [made(k, 1.0, f"control {k}") for k in range(30, 49)]
    found = measure_effect(made(1, 0.6), [EVENT, second], controls=controls)
    (placebo,), (few,) = (
        [one for one in sentences(found, "en") if "placebo" in one],
        [one for one in found.refused if one.message.id == "measure.effect.few-placebos"],
    )
    assert (EVENT.date in placebo, second.date in str(few)) == (True, True)
    ranked = [one for one in sentences(found, "en") if "ranked" in one]
    assert [event.date in one for event, one in zip(found.events, ranked, strict=True)] == [
        True, True,
    ]  # fmt: skip


def test_refusals_of_several_events_are_told_of_each() -> None:
    second = Event(FIRST + 205, "second")
    found = measure_effect(made(1).between(FIRST + 60, FIRST + DAYS), [EVENT, second])
    few = [one for one in of_each_kind(found.refused) if "few-placebos" in one.message.id]
    assert [one.message.values["date"] for one in few] == [EVENT.date, second.date]


OUTLIER = FIRST + 100


def with_outlier(value: float, kind: str = "count") -> Series:
    series = made(1)
    return replace(series, values=np.where(series.days == OUTLIER, value, series.values), kind=kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(("value", "kind"), [(1e6, "count"), (0, "count"), (-5e4, "mean")])
def test_a_day_far_from_those_around_it_is_named(value: float, kind: str) -> None:
    found = measure_effect(with_outlier(value, kind), [EVENT], unmoved=[made(2, name="sports")])
    (day,) = found.outliers
    assert (day.day, day.value) == (OUTLIER, value)
    assert 150 < day.median < 250
    for lang in locale.LANGUAGES:
        named = [one for one in sentences(found, lang) if locale.show(day.date, lang) in one]
        assert len(named) == 1
        assert locale.number(value, lang) in named[0]
    warned = {told.outcome for told in found.told if "outlier-days" in told.estimate.warnings}
    assert warned == {"posts"}


def test_a_control_with_such_a_day_is_warned_of_too() -> None:
    found = measure_effect(made(1), [EVENT], controls=[replace(with_outlier(1e6), name="control")])
    assert "outlier-days" in found.compared[0].effect.warnings
    assert found.outliers[0].name == "control"


@pytest.mark.parametrize(
    "series",
    [
        made(1, 0.05),  # a change at the event
        made(1, sigma=1.5),
        Series.of("week", range(FIRST, FIRST + 200), [900 if d % 7 else 20 for d in range(200)]),
        Series.of("rare", range(FIRST, FIRST + 200), [3 * (d % 5 == 0) for d in range(200)]),
    ],
    ids=["event", "noise", "week", "rare"],
)
def test_days_like_the_series_are_no_outliers(series: Series) -> None:
    assert outliers(series, [EVENT]) == []


def test_what_is_below_zero_is_said_in_words() -> None:
    grown = report(1.5)
    (avoided,) = [one for one in grown.told if one.estimate.name.startswith("avoided-total")
                  and one.outcome == "posts"]  # fmt: skip
    assert avoided.estimate.high < 0
    assert "fewer in all than were counted" in sentence(avoided, "en")
    assert "أقل بمقدار" in sentence(avoided, "ar")
    fallen = replace(made(1, 0.6), kind="mean")
    told = measure_effect(fallen, [EVENT], controls=[replace(made(2), kind="mean", name="c")]).told
    told += [*grown.told, *displaced(1.0), *displaced(0.4)]
    for one in told:
        for lang in locale.LANGUAGES:
            said = sentence(one, lang).replace(one.estimate.name[-10:], "")
            assert not re.search(r"[-−][\d٠-٩]", said), said


def displaced(ratio: float) -> list[Told]:
    """What was told of a place that stayed as it was, or fell too, as another halved."""
    found = displacement(made(41, 0.5, "one", 0.05), [made(42, ratio, "other", 0.05)], EVENT)
    return [Told("posts", found.moved, places="site"), Told("other", found.by_place["other"])]


@pytest.mark.parametrize(("ratio", "ending"), [(1.0, "not told"), (0.4, "nothing of it is seen")])
def test_where_nothing_was_gained_nothing_is_said_to_have_moved(ratio: float, ending: str) -> None:
    for one in displaced(ratio):
        assert ending in sentence(one, "en")
        assert "same people" not in sentence(one, "en")
    assert "lost as much as" in sentence(displaced(0.4)[0], "en")


def test_a_drift_that_goes_on_is_said_to() -> None:
    drifting = made(1)
    drifting = replace(drifting, values=np.round(drifting.values * np.exp(-0.01 * np.arange(DAYS))))
    controls = [made(k, 1.0, f"control {k}") for k in range(30, 34)]
    refused = measure_effect(drifting, [EVENT], controls=controls)
    assert not refused.compared
    ids = [one.message.id for one in refused.refused]
    assert "measure.effect.pre-trend-differences-counts" in ids
    found = measure_effect(drifting, [EVENT], controls=controls, trend=True)
    (did,) = [one for one in found.told if one.estimate.name.startswith("did-")]
    for lang, words in (("en", "drifting from its controls as before"), ("ar", "كما كانت")):
        assert words in sentence(did, lang)
        assert "--trend" in next(
            one.message.render(lang) for one in refused.refused
            if one.message.id == "measure.effect.pre-trend-differences-counts"
        )  # fmt: skip


def test_the_drift_from_a_synthetic_control_is_not_told_of_controls() -> None:
    controls = [made(k, 1.0, f"control {k}") for k in range(30, 34)]
    shared = [
        replace(one, values=one.values + 60 * np.sin(np.arange(DAYS) / 9)) for one in controls
    ]
    treated = replace(made(1), values=made(1).values + 60 * np.sin(np.arange(DAYS) / 9))
    found = measure_effect(treated, [EVENT], controls=shared)
    (mixed,) = found.synthetic
    drift = Told("posts", mixed.compared.pre_trend, True)
    assert "mix of controls" in sentence(drift, "en")
    assert "مزيج الضوابط" in sentence(drift, "ar")
    assert "mix" not in sentence(Told("posts", found.compared[0].pre_trend, True), "en")


def test_a_drift_from_a_synthetic_control_is_refused_in_its_words() -> None:
    series = made(1)
    control = series.values * np.exp(np.where(np.arange(DAYS) < 170, 0.01 * np.arange(DAYS), 0))
    with pytest.raises(Refused) as refused:
        compared(series, control, EVENT, name="synthetic", method="synthetic")
    assert refused.value.message.id == "measure.effect.pre-trend-synthetic-counts"
    for lang, words in (("en", "synthetic control"), ("ar", "الضابط المركّب")):
        said = refused.value.message.render(lang)
        assert (words in said, "--trend" in said) == (True, False)


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
    without = [*PLAIN, "panel", "outlier", "placebos", "rivals", "other"]
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
