"""Does a return rate corrected by labels hold the truth, with wrong links and missed returns?

Of ``n`` closed accounts a fraction ``rate`` came back by day 7. A link finds a return with chance
``recall``; as many links are wrong as make ``precision`` of them right. Claimed pairs are labelled
with probability ``claimed``, pairs that were not with probability ``others``. The oracle knows the
variances of the rate, of precision and of recall: ± 1.96 standard deviations on the logarithm.
"""

from __future__ import annotations

import math

import numpy as np

from marsad.measure.refusal import Refused
from marsad.measure.returns import adjusted, return_rate
from marsad.measure.returns.adjusting import link_accuracy
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.proof import Parameters


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    n, rate, recall, precision, on_claimed, on_others = (
        float(parameters[name])
        for name in ("n", "rate", "recall", "precision", "claimed", "others")
    )
    back = rng.random(int(n)) < rate
    wrong = rate * recall * (1 - precision) / (precision * (1 - rate))
    linked = rng.random(int(n)) < np.where(back, recall, wrong)
    days = np.where(linked, rng.uniform(0, 7, int(n)), np.inf)
    drawn_with = np.where(linked, on_claimed, on_others)
    drawn = rng.random(int(n)) < drawn_with
    width = oracle(n, rate, recall, precision, on_claimed, on_others)
    (found,) = return_rate(days, np.full(int(n), 30.0), by=[7])
    if parameters.get("uncorrected"):
        return Interval.of(found, rate, width)._replace(high=found.high)
    try:
        labels = link_accuracy(
            linked[drawn].tolist(), back[drawn].tolist(), drawn_with[drawn].tolist()
        )
        return Interval.of(adjusted(found, *labels), rate, width)
    except Refused:
        return Interval.refusal(rate, width)


def oracle(
    n: float, rate: float, recall: float, precision: float, claimed: float, others: float
) -> float:
    found = rate * recall / precision
    right, missed = n * rate * recall * claimed, n * rate * (1 - recall) * others
    variance = (
        (1 - found) / (n * found)
        + (1 - precision) / (right / precision * precision)
        + (1 - recall) ** 2 * (1 / right + 1 / missed)
    )
    return 2 * 1.959964 * rate * math.sqrt(variance)


NAMES = ("n", "rate", "recall", "precision", "claimed", "others")
CASES = [
    (1000, 0.3, 0.8, 0.9, 0.5, 0.3),
    (1000, 0.6, 0.7, 0.95, 0.3, 0.3),
    (1000, 0.1, 0.7, 0.8, 1.0, 0.5),
    (300, 0.3, 0.8, 0.9, 1.0, 0.5),
    (300, 0.6, 0.6, 0.9, 0.5, 0.5),
    (3000, 0.05, 0.6, 0.9, 1.0, 0.5),
]

PROOF = interval_proof(
    "returns-adjusted",
    "The interval of a return rate corrected by labels",
    cells=[
        *(
            Cell(
                f"{case[0]} accounts, rate {case[1]}, recall {case[2]}, precision {case[3]}, "
                f"labels {case[4]:.0%} and {case[5]:.0%}",
                dict(zip(NAMES, case, strict=True)),
            )
            for case in CASES
        ),
        Cell(
            "1000 accounts, rate 0.6, recall 0.7, precision 0.95, as found, as if it were all",
            {**dict(zip(NAMES, CASES[1], strict=True)), "uncorrected": 1},
            gated=False,
        ),
    ],
    once=once,
)
