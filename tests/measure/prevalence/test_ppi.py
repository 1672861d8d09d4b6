"""Prevalence in the frame: worked by hand, against the plain formula, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from marsad.measure import ppi
from marsad.measure.prevalence import draw, few
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError

RNG = np.random.default_rng(11)
SIZE = 4_000
TRUTH = (RNG.random(SIZE) < 0.3).astype(float)
SCORE = np.clip(0.25 + 0.4 * TRUTH + RNG.normal(0, 0.15, SIZE), 0, 1)
DRAWN = draw(SCORE, 500, seed=1)


def told(**changed: Any) -> Any:
    given: dict[str, Any] = {
        "scores": SCORE, "labels": TRUTH[DRAWN.index], "drawn": DRAWN.index,
        "probabilities": DRAWN.probability, "strata": DRAWN.strata,
    }  # fmt: skip
    return ppi(**{**given, **changed})


def test_without_use_of_scores_it_is_the_stratified_mean() -> None:
    """λ is 0 where scores say nothing: then θ = Σ_h N_h·ȳ_h / N with its textbook variance."""
    rng = np.random.default_rng(0)
    strata, labels = np.repeat([0, 1], [600, 400]), np.zeros(200)
    index = np.r_[rng.choice(600, 120, replace=False), 600 + rng.choice(400, 80, replace=False)]
    labels[:36], labels[120:160] = 1, 1
    chance = np.repeat([0.2, 0.2], [120, 80])
    found = ppi(np.zeros(1000), labels, index, chance, strata)
    assert found.power == 0
    assert found.total.value == pytest.approx(600 * 0.3 + 400 * 0.5)
    variance = 600**2 * 0.8 * 0.3 * 0.7 / 119 + 400**2 * 0.8 * 0.5 * 0.5 / 79
    assert found.total.high - found.total.low == pytest.approx(3.96 * variance**0.5, rel=0.05)
    assert found.proportion.value == pytest.approx(found.total.value / 1000)


def test_good_scores_shorten_the_interval_and_do_not_move_it() -> None:
    without, using = told(scores=np.zeros(SIZE)), told()
    assert using.power > 0.5
    widths = [one.proportion.high - one.proportion.low for one in (using, without)]
    assert widths[0] < 0.9 * widths[1]
    assert using.proportion.low < TRUTH.mean() < using.proportion.high


def test_the_scale_of_scores_does_not_matter() -> None:
    assert told(scores=100 * SCORE - 7).total.value == pytest.approx(told().total.value)


def test_several_partings_at_once_are_each_what_they_are_alone() -> None:
    language = np.where(np.arange(SIZE) % 3 == 0, "ar", "en")
    size = np.where(SCORE > 0.3, "large", "small")
    both = told(domains={"language": language, "size": size})
    assert sorted(both.domains) == ["language-ar", "language-en", "size-large", "size-small"]
    for name, parting in (("language", language), ("size", size)):
        for domain, alone in told(domains=parting).domains.items():
            found = both.domains[f"{name}-{domain}"].total
            assert (found.value, found.low, found.high) == (
                alone.total.value, alone.total.low, alone.total.high,
            )  # fmt: skip


def test_a_frame_that_is_labelled_whole_has_no_uncertainty() -> None:
    every = np.arange(SIZE)
    found = ppi(SCORE, TRUTH, every, np.ones(SIZE))
    assert found.total.low == pytest.approx(TRUTH.sum())
    assert found.total.high == pytest.approx(TRUTH.sum())


def test_no_positive_seen_is_an_answer_with_a_high_end() -> None:
    found = told(labels=np.zeros(500))
    assert (found.total.value, found.total.low) == (0, 0)
    assert 0 < found.proportion.high < 0.03
    assert "few-positives" in found.total.warnings


def test_positives_and_negatives_are_mirror_images() -> None:
    rare = (np.arange(500) < 4).astype(float)
    one, other = told(labels=rare).proportion, told(labels=1 - rare).proportion
    assert other.value == pytest.approx(1 - one.value)
    assert (other.low, other.high) == (
        pytest.approx(1 - one.high, abs=0.002),
        pytest.approx(1 - one.low, abs=0.002),
    )


def test_draws_of_few_positives_have_the_exact_ends() -> None:
    """With 2 of 50 of very many: Clopper and Pearson's low end is .0049, mid-p's high end .126."""
    low, high = few.draw_ends(2, 50, 10**8, 200_000, np.random.default_rng(0))
    assert np.quantile(low, 0.025) / 10**8 == pytest.approx(0.00488, rel=0.03)
    assert np.quantile(high, 0.975) / 10**8 == pytest.approx(0.126, rel=0.03)


def test_domains_add_up_and_say_what_they_cannot_tell() -> None:
    language = np.where(np.arange(SIZE) % 2, "ar", "en").astype(object)
    language[:3] = "fr"
    found = told(domains=language)
    parts = sum(one.total.value for one in found.domains.values())
    assert parts == pytest.approx(found.total.value, rel=0.1)
    assert set(found.domains) == {"ar", "en"}
    assert found.not_told["fr"].missing == ("labels",)
    arabic = found.domains["ar"].total
    assert arabic.low < TRUTH[language == "ar"].sum() < arabic.high


def test_units_without_a_label_yet_are_told() -> None:
    labels = TRUTH[DRAWN.index].copy()
    labels[::5] = np.nan
    found = told(labels=labels)
    assert ("labels-unfinished" in found.total.warnings, found.total.n) == (True, 400)
    assert told().total.warnings == ()


@pytest.mark.parametrize(
    ("changed", "missing", "message"),
    [
        ({"labels": [], "drawn": [], "probabilities": []}, "labels", "no-labels"),
        ({"labels": np.full(500, np.nan)}, "labels", "no-labels"),
        ({"probabilities": None}, "probabilities", "not-random"),
        ({"probabilities": np.r_[DRAWN.probability[:-1], np.nan]}, "probabilities", "not-random"),
        ({"probabilities": DRAWN.probability / 2}, "probabilities", "other-design"),
        ({"strata": None}, "strata", "no-strata"),
        (
            {"labels": TRUTH[DRAWN.index[:29]], "drawn": DRAWN.index[:29],
             "probabilities": np.full(29, 29 / SIZE), "strata": None}, "labels", "few-labels",
        ),
        (
            {"labels": np.where(DRAWN.stratum == 0, np.nan, TRUTH[DRAWN.index])}, "labels",
            "unlabelled-stratum",
        ),
    ],
)  # fmt: skip
def test_refusals_say_what_is_missing(changed: dict[str, Any], missing: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        told(**changed)
    assert refused.value.missing == (missing,)
    assert refused.value.message.id == f"measure.prevalence.{message}"
    assert refused.value.next in refused.value.message.render("en")


@pytest.mark.parametrize(
    "changed",
    [
        {"labels": np.full(500, 0.5)},
        {"labels": TRUTH[:3]},
        {"scores": np.where(np.arange(SIZE) == 7, np.nan, SCORE)},
        {"drawn": np.zeros(500, dtype=int)},
        {"probabilities": np.full(500, 1.5)},
        {"strata": DRAWN.strata[:-1]},
        {"domains": ["ar"]},
    ],
)
def test_arrays_that_do_not_fit(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        told(**changed)
