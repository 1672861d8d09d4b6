"""Does the interval hold the share of the positives that are in a group, and their median?

The frames and draws are those of the proof of prevalence. Each account has a value, log-normal like
followers, and the larger the higher its score, so that labels as they come overstate it (``tie``).
The truth is what the positives of that very frame are: the fraction whose value is below that of a
``place`` in the distribution of all, or their median, on the logarithmic scale.

The oracle knows the whole frame and the stratified variance of the ratio: ± 1.96 of its standard
errors; where fewer than ten of the group are worth as much, the mean width of the exact interval of
a binomial with that variance. For a median, what lies between the quantiles so far from ½.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from marsad.measure.prevalence import Positives
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate, proportion
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.proof import Parameters
from tests.proofs.proof_prevalence import Floats, Ints, sample, scores

Bools = NDArray[np.bool_]


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    given: dict[str, Any] = {"design": "score", "tie": 1.0, "place": 0.3, "median": 0, "lost": 0}
    given |= parameters
    size = int(given["size"])
    truth = (rng.random(size) < given["rate"]).astype(float)
    score = scores(rng, truth, 2.0)
    value = 5 + given["tie"] * (score - 0.5) + rng.normal(0, 1.5, size)
    positive = value[truth == 1]
    index, chance, strata = sample(rng, score, int(given["n"]), str(given["design"]), seed)
    cut = float(np.median(positive) if given["median"] else np.quantile(value, given["place"]))
    target = float(cut if given["median"] else (positive <= cut).mean())
    width = error(truth, value <= cut, index, strata)
    if given["median"]:
        half = min(width / 2, 0.49)
        width = float(np.diff(np.quantile(positive, (0.5 - half, 0.5 + half)))[0])
    seen = value[index]
    if given["lost"]:  # large accounts say less often how large they are
        seen = np.where(rng.random(len(seen)) < np.where(seen > 6, 0.5, 0.1), np.nan, seen)
    try:
        found = Positives.of(score, truth[index], index, chance, strata)
        told = found.median(seen) if given["median"] else found.share(seen <= cut)
    except Refused:
        return Interval.refusal(target, width)
    if "naive" in given:
        told = unweighted(truth[index], seen <= cut)
    return Interval.of(told, target, width)


def error(truth: Floats, inside: Bools, index: Ints, strata: Ints) -> float:
    """The width of the oracle's interval of a share."""
    residual = truth * (inside - inside[truth == 1].mean())
    squares = 0.0
    for h in np.unique(strata):
        mine, n = residual[strata == h], int((strata[index] == h).sum())
        squares += len(mine) * (len(mine) - n) / n * mine.var(ddof=1) if len(mine) > 1 else 0.0
    share, variance = float(inside[truth == 1].mean()), squares / float(truth.sum()) ** 2
    worth = share * (1 - share) / variance if variance else 0.0
    if 0 < min(share, 1 - share) * worth < 10:
        return exact(share, round(worth))
    return 3.92 * math.sqrt(variance)


def exact(share: float, n: int) -> float:
    """The mean width of Clopper and Pearson's interval."""
    chances = stats.binom.pmf(np.arange(n + 1), n, share).tolist()
    seen = [(k, chance) for k, chance in enumerate(chances) if chance > 1e-6]
    told = [(proportion(k, n), chance) for k, chance in seen]
    return float(sum(chance * (one.high - one.low) for one, chance in told))


def unweighted(label: Floats, inside: Bools) -> Estimate:
    return proportion(int(inside[label == 1].sum()), int(label.sum()))


SIZES = {2_000: 300, 8_000: 600, 30_000: 1_000}
PLACES = {0.3: "a third", 0.05: "a twentieth"}


def cells() -> list[Cell]:
    shares = [
        Cell(
            f"share, about {said}: {size:,} accounts, {rate:.0%} positive, {n} drawn by {design}",
            {"size": size, "n": n, "rate": rate, "design": design, "place": place},
        )
        for rate in (0.2, 0.05)
        for size, n in SIZES.items()
        for place, said in PLACES.items()
        for design in (("score", "clients") if place == 0.3 else ("score",))
    ]
    medians = [
        Cell(
            f"median: {size:,} accounts, {rate:.0%} positive, {n} drawn by score",
            {"size": size, "n": n, "rate": rate, "median": 1},
        )
        for rate in (0.2, 0.05)
        for size, n in SIZES.items()
    ]
    wrong = {"size": 8_000, "n": 600, "rate": 0.2}
    return [
        *shares, *medians,
        Cell("share, labels unweighted", {**wrong, "naive": 1, "tie": 3.0}, False),
        Cell("median, large values often unknown", {**wrong, "median": 1, "lost": 1}, False),
    ]  # fmt: skip


PROOF = interval_proof(
    "composition",
    "Of the positives of a frame, the share in a group and the median of a value",
    cells=cells(),
    once=once,
)
