"""Does the interval of a prevalence hold the truth, however the labels were drawn?

A frame of ``size`` accounts, a fraction ``rate`` of them positive. Scores are those of a classifier
too sure of itself: its log-odds are normal, a distance ``power`` apart and doubled, with the base
rate of another platform. Labels are drawn by score (``design`` "score", as `draw` does it),
"uniform", or uniformly in two parts that are no strata of the score ("clients"), one labelled more
than twice as densely. The truth is the number of positives in the frame of that very run; every run
has a frame of its own.

The oracle knows each stratum's share of positives and the best λ: where 10 positives and negatives
are expected, ± 1.96 standard deviations of the difference estimator; where fewer, the exact
interval of the stratum's number, its width the mean over what could be seen. Strata are combined as
independent.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from marsad.measure.prevalence import adjusted_prevalence, coder_accuracy, draw, ppi
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate, proportion
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.proof import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Sample = tuple[Ints, Floats, Ints]
"""Units drawn, their probabilities, and the stratum of every unit of the frame."""


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    given: dict[str, Any] = {
        "power": 2.0,
        "design": "score",
        "domain": 0,
        "miss": 0.0,
        "false": 0.0,
        "gold": 0,
    }
    given |= parameters
    size, rate, n = int(given["size"]), float(given["rate"]), int(given["n"])
    truth = (rng.random(size) < rate).astype(float)
    score = scores(rng, truth, float(given["power"]))
    index, chance, strata = sample(rng, score, n, str(given["design"]), seed)
    code = coded(rng, truth, float(given["miss"]), float(given["false"]))
    if given["domain"]:
        return in_domain(rng, truth, score, (index, chance, strata))
    width = oracle(truth, score, strata, np.bincount(strata[index], minlength=strata.max() + 1))
    target = truth.mean()
    try:
        found = ppi(score, code[index], index, chance, strata).proportion
        if given["gold"]:
            found, width = corrected(rng, found, width, given)
    except Refused:
        return Interval.refusal(target, width)
    if "wrong" in given:
        found = naive(str(given["wrong"]), score, code, index)
    return Interval.of(found, target, width)


def scores(rng: np.random.Generator, truth: Floats, power: float) -> Floats:
    odds = rng.normal(np.where(truth == 1, power / 2, -power / 2), 1) * power - 2
    return np.asarray(special.expit(2 * odds))


def coded(rng: np.random.Generator, truth: Floats, miss: float, false: float) -> Floats:
    """What coders say who miss some positives and take some of the others for one."""
    u = rng.random(len(truth))
    return np.where(truth == 1, u >= miss, u < false).astype(float)


def sample(rng: np.random.Generator, score: Floats, n: int, design: str, seed: int) -> Sample:
    size = len(score)
    if design == "score":
        drawn = draw(score, n, seed=seed % 2**32)
        return drawn.index, drawn.probability, drawn.strata
    part = np.zeros(size, dtype=np.int64)
    if design == "clients":
        part = (rng.random(size) < 0.3).astype(np.int64)
    counts = np.bincount(part)
    wanted = [n] if design == "uniform" else [n // 2, n - n // 2]
    index = np.concatenate([
        rng.choice(np.flatnonzero(part == h), many, replace=False) for h, many in enumerate(wanted)
    ])  # fmt: skip
    return index, (np.array(wanted) / counts)[part[index]], part


def in_domain(rng: np.random.Generator, truth: Floats, score: Floats, drawn: Sample) -> Interval:
    """A language that a fifth of the accounts write, more often the positive ones."""
    index, chance, strata = drawn
    inside = rng.random(len(truth)) < np.where(truth == 1, 0.4, 0.18)
    told = ppi(score, truth[index], index, chance, strata, domains=np.where(inside, "ar", "en"))
    counts = np.bincount(strata[index[inside[index]]], minlength=strata.max() + 1)
    width = oracle(truth[inside], score[inside], strata[inside], counts)
    target = truth[inside].mean()
    if "ar" not in told.domains:
        return Interval.refusal(target, width)
    return Interval.of(told.domains["ar"].proportion, target, width)


def corrected(
    rng: np.random.Generator, found: Estimate, width: float, given: dict[str, float]
) -> tuple[Estimate, float]:
    """The count found, corrected by ``gold`` units of either truth; and the oracle's width."""
    gold, miss, false, rate = int(given["gold"]), given["miss"], given["false"], given["rate"]
    truth = np.repeat([1.0, 0.0], gold)
    estimate = adjusted_prevalence(found, coder_accuracy(coded(rng, truth, miss, false), truth))
    power = 1 - miss - false
    variance = (width / 3.92) ** 2 + (
        rate**2 * miss * (1 - miss) + (1 - rate) ** 2 * false * (1 - false)
    ) / gold
    return estimate, 3.92 * math.sqrt(variance) / power


def naive(wrong: str, score: Floats, code: Floats, index: Ints) -> Estimate:
    """What is done without the design: a binomial interval, or the textbook formula."""
    if wrong == "binomial":
        return proportion(int(code[index].sum()), len(index))
    error = code[index] - score[index]
    value = score.mean() + error.mean()
    half = 1.96 * math.sqrt(score.var() / len(score) + error.var(ddof=1) / len(index))
    return Estimate("p", value, value - half, value + half, 0.95, wrong, "frame", len(index))


def oracle(truth: Floats, score: Floats, strata: Ints, n: Ints) -> float:
    parts = [(truth[strata == h], score[strata == h], int(k)) for h, k in enumerate(n) if k]
    many = [part for part in parts if enough(*part)]
    weights = [len(y) * (len(y) - k) / k for y, _, k in many]
    pairs = [np.cov(y, f) for y, f, _ in many]
    spread = sum(w * c[1, 1] for w, c in zip(weights, pairs, strict=True))
    slope = sum(w * c[0, 1] for w, c in zip(weights, pairs, strict=True)) / (spread or 1.0)
    squares = [exact(y, k) ** 2 for y, f, k in parts if not enough(y, f, k)]
    squares += [
        3.92**2 * w * (c[0, 0] - 2 * slope * c[0, 1] + slope**2 * c[1, 1])
        for w, c in zip(weights, pairs, strict=True)
    ]
    return math.sqrt(sum(squares)) / len(truth)


def enough(truth: Floats, score: Floats, n: int) -> bool:
    return bool(min(truth.mean(), 1 - truth.mean()) * n >= 10)


def exact(truth: Floats, n: int) -> float:
    """The mean width of Clopper and Pearson's interval for the number in a stratum."""
    size, rate = len(truth), float(truth.mean())
    seen = np.arange(n + 1)
    chance = stats.binom.pmf(seen, n, rate)
    seen, chance = seen[chance > 1e-6], chance[chance > 1e-6]
    low = np.where(seen > 0, special.betaincinv(np.maximum(seen, 0.5), n - seen + 1, 0.025), 0)
    high = np.where(seen < n, special.betaincinv(seen + 1, np.maximum(n - seen, 0.5), 0.975), 1)
    return size * math.sqrt(1 - n / size) * float((chance * (high - low)).sum())


SIZES = {2_000: 300, 8_000: 600, 30_000: 1_000}
RARE = {8_000: 1_000, 15_000: 1_000, 30_000: 2_000}
DESIGNS = {"score": "drawn by score", "uniform": "drawn uniformly", "clients": "drawn by client"}
WRONG = {"size": 8_000, "n": 600, "rate": 0.05}


def cells() -> list[Cell]:
    common = [
        Cell(
            f"{size:,} accounts, {rate:.0%} positive, {n} {said}",
            {"size": size, "n": n, "rate": rate, "design": design},
        )
        for rate in (0.2, 0.02)
        for size, n in SIZES.items()
        for design, said in DESIGNS.items()
    ]
    rare = [
        Cell(
            f"{size:,} accounts, 0.1% positive, {n} drawn by score{said}",
            {"size": size, "n": n, "rate": 0.001, "power": power},
        )
        for size, n in RARE.items()
        for power, said in ((2.0, ""), (1.0, ", poor scores"))
    ]
    return [*common, *rare, *others(), *misspecified()]


def others() -> list[Cell]:
    return [
        Cell(
            f"{size:,} accounts, 5% positive, {n} drawn by score, those in Arabic",
            {"size": size, "n": n, "rate": 0.05, "domain": 1},
        )
        for size, n in SIZES.items()
    ] + [
        Cell(
            f"8,000 accounts, {rate:.0%} positive, 600 drawn by score, coders miss 15%, "
            f"{false:.0%} false, {gold} gold of either truth",
            {**WRONG, "rate": rate, "miss": 0.15, "false": false, "gold": gold},
        )
        for rate, false, gold in ((0.2, 0.05, 100), (0.2, 0.02, 300), (0.05, 0.02, 300))
    ]


def misspecified() -> list[Cell]:
    wrong: dict[str, dict[str, float | int | str]] = {
        "coders miss 15%, 2% false, ignored": {"miss": 0.15, "false": 0.02},
        "a plain binomial interval": {"wrong": "binomial"},
        "the textbook prediction-powered formula": {"wrong": "textbook"},
    }
    return [
        Cell(f"8,000 accounts, 5% positive, 600 drawn by score, {said}", {**WRONG, **how}, False)
        for said, how in wrong.items()
    ]


PROOF = interval_proof(
    "prevalence",
    "The interval of a prevalence in the frame, from labels drawn with known probabilities",
    cells=cells(),
    once=once,
)
