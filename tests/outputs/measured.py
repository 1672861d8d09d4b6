"""What measures told of made-up data, as a report takes it."""

from __future__ import annotations

import numpy as np

from marsad.measure.census.marginals import Facts, Marginal, marginals
from marsad.measure.census.sentences import is_of_group
from marsad.measure.census.sentences import sentence as of_census
from marsad.measure.effect import Event, Series, measure_effect
from marsad.measure.prevalence import Positives
from marsad.measure.returns.sentences import sentence as of_returns
from marsad.records.estimate import Estimate
from marsad.workspace.measuring.everything import Measured

FIRST, DAYS, EVENT = 17_000, 260, 17_200
HOSTILE_CLIENT = "Poster by @person_3 <b>"


def estimate(
    name: str, value: float, low: float, high: float, method: str = "counted", bound: str = ""
) -> Estimate:
    return Estimate(
        name, value, low, high, 0.95, method, "units", 50, bound=bound or None  # type: ignore[arg-type]
    )  # fmt: skip


def some_marginals() -> list[Marginal]:
    """Of a sample of 120 accounts out of 1,200, forty of them positive."""
    rng = np.random.default_rng(3)
    n = 120
    labels = (np.arange(n) < 40).astype(float)
    positives = Positives.of(np.zeros(1200), labels, np.arange(n), np.full(n, 0.1))
    followers = np.where(rng.random(n) < 0.2, np.nan, rng.lognormal(5, 2, n))
    made = np.array([1_300_000_000_000_000 + k * 10_000_000_000_000 for k in rng.integers(0, 9, n)])
    clients = [[HOSTILE_CLIENT, "Web App", None][k] for k in rng.integers(0, 3, n)]
    languages = [["ar", "en", "fr", "und"][k] for k in rng.integers(0, 4, n)]
    facts = Facts(rng.lognormal(0.5, 1.5, n), followers, made, languages, clients)
    return marginals(positives, facts).marginals


def census() -> Measured:
    links = [
        estimate("prevalence", 0.08, 0.06, 0.1), estimate("prevalence-total", 400, 300, 520),
        estimate("population", 900, 600, 1_700),
        estimate("positives-language-ar", 300, 250, 350),
        estimate("positives-language-en", 90, 50, 160),
        estimate("positives-activity-5-to-50", 80, 50, 120),
        estimate("positives-activity-below-1", 320, 250, 390),
        estimate("actors", 310, 200, 450, bound="upper"),
    ]  # fmt: skip
    shown = some_marginals()
    every = [*links, *(one for marginal in shown for one in marginal.estimates)]
    plain = [one for one in every if not is_of_group(one)]
    return Measured("census", every, said=lambda lang: [of_census(one, lang) for one in plain],
                    marginals=shown)  # fmt: skip


def returns() -> Measured:
    rates = [
        estimate("return-rate-day-1", 0.063, 0.013, 0.175, bound="lower"),
        estimate("return-rate-day-7", 0.425, 0.271, 0.594, bound="lower"),
        estimate("return-rate-day-30", 0.6, 0.45, 0.75, bound="lower"),
        estimate("return-rate-day-7-first-closings", 0.41, 0.26, 0.58, bound="lower"),
    ]
    return Measured("returns", rates, said=lambda lang: [of_returns(one, lang) for one in rates])


def effect() -> Measured:
    """A count that halves, against controls; and a mean with two events."""
    rng = np.random.default_rng(5)
    days = FIRST + np.arange(DAYS)
    before = 300 * np.exp(rng.normal(0, 0.08, DAYS))
    counts = rng.poisson(before * np.where(days >= EVENT, 0.5, 1))
    others = [rng.poisson(before * k).astype(float) for k in (1, 0.5, 2)]
    takedown, second = Event(EVENT, "wave"), Event(EVENT + 30, "second wave")
    first = measure_effect(
        Series.of("posts-of-watched", days, counts), [takedown],
        controls=[Series.of(f"c{n}", days, one) for n, one in enumerate(others)],
        unmoved=[Series.of("posts-of-others", days, others[0])],
    )  # fmt: skip
    mean = Series.of("mean of a group with a very long name", days, counts / 50, kind="mean")
    reports = [first, measure_effect(mean, [takedown, second])]
    return Measured("effect", [one.estimate for one in first.told], effects=reports)


def network() -> Measured:
    shape = [
        estimate("reachable-before", 0.96, 0.92, 0.98), estimate("reachable-after", 0.7, 0.6, 0.8),
        estimate("reachable-at-random", 0.9, 0.85, 0.93),
        estimate("concentration-before", 0.4, 0.4, 0.4),
        estimate("reach-before", 1388, 1388, 1388, bound="lower"),
        estimate("reach-after", 900, 900, 900, bound="lower"),
    ]  # fmt: skip
    return Measured("network", shape, networks={"2024-03-20": shape})


def everything() -> tuple[Measured, ...]:
    return (census(), returns(), effect(), network())
