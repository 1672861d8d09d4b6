"""The return rate, corrected for wrong and for missed links by labels of links."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

LEAST_RECALL = 0.2
NEXT = "marsad measure returns --labels FILE"


def weighted_proportion(
    hits: ArrayLike, probability: ArrayLike, name: str, level: float = 0.95
) -> Estimate:
    """A proportion from units drawn with known probabilities (in (0, 1]).

    Each counts 1/probability; the interval is Clopper and Pearson's for as many units as the
    weights are worth, (Σw)² / Σw² (Kish). Raises `Refused` where nothing was drawn.
    """
    hit, weight = np.asarray(hits, dtype=float), 1 / np.asarray(probability, dtype=float)
    if not len(hit):
        raise Refused("measure.returns.no-labels", ["labels"], NEXT, of=name)
    if not (np.isfinite(weight).all() and (weight >= 1).all()):
        raise InputError("measure.returns.probability")
    value = float((hit * weight).sum() / weight.sum())
    worth = float(weight.sum() ** 2 / (weight**2).sum())
    x, alpha = value * worth, (1 - level) / 2
    low = 0.0 if value <= 0 else float(special.betaincinv(x, worth - x + 1, alpha))
    high = 1.0 if value >= 1 else float(special.betaincinv(x + 1, worth - x, 1 - alpha))
    return Estimate(
        name, value, min(low, value), max(high, value), level, "kish-clopper-pearson",
        "labelled-links", len(hit), ("drawn-with-probability",),
    )  # fmt: skip


def link_accuracy(
    claimed: Sequence[bool], is_return: Sequence[bool], probability: Sequence[float],
    level: float = 0.95,
) -> tuple[Estimate, Estimate]:  # fmt: skip
    """Precision of claimed links, and recall among labelled true ones, from labelled pairs."""
    claim, true = np.array(claimed, dtype=bool), np.array(is_return, dtype=bool)
    drawn = np.array(probability, dtype=float)
    if len(true) and not (np.isfinite(drawn) & (drawn > 0) & (drawn <= 1)).all():
        raise InputError("measure.returns.probability")
    return (
        weighted_proportion(true[claim], drawn[claim], "link-precision", level),
        weighted_proportion(claim[true], drawn[true], "link-recall", level),
    )


def adjusted(rate: Estimate, precision: Estimate, recall: Estimate) -> Estimate:
    """A return rate as found, times the precision of links over their recall.

    The adjusted count of Rogan and Gladen (1978, American Journal of Epidemiology 107:71) with
    precision in place of the rate of false links. The three are independent and each keeps its own
    interval: the ends are combined on the logarithm by the method of variance estimates recovery
    (Donner and Zou 2012, Statistical Methods in Medical Research 21:347). Labels must speak for
    links of every lag. Raises `Refused` where recall may be as low as 0.2.
    """
    if recall.low <= LEAST_RECALL:
        raise Refused("measure.returns.low-recall", ["labels"], NEXT, low=round(recall.low, 2))
    value = rate.value * precision.value / recall.value
    low, high = _combined(rate, precision, recall)
    value, low, high = (min(x, 1.0) for x in (value, low, high))
    warnings = tuple(one for one in rate.warnings if one != "returns-missed")
    kept = tuple(one for one in rate.assumptions if one != "links-right")
    return replace(
        rate, name=f"{rate.name}-adjusted", value=value, low=min(low, value),
        high=max(high, value), method="adjusted-count", bound=None, warnings=warnings,
        assumptions=(*kept, "drawn-with-probability", "labels-speak-for-all-lags"),
    )  # fmt: skip


def _combined(rate: Estimate, precision: Estimate, recall: Estimate) -> tuple[float, float]:
    factors = ((rate, 1), (precision, 1), (recall, -1))
    if rate.value == 0 or precision.value == 0:
        return 0.0, rate.high * precision.high / recall.low
    down = [_log(one.value, one.low) if sign > 0 else _log(one.high, one.value)
            for one, sign in factors]  # fmt: skip
    up = [_log(one.high, one.value) if sign > 0 else _log(one.value, one.low)
          for one, sign in factors]  # fmt: skip
    middle = rate.value * precision.value / recall.value
    low = 0.0 if math.inf in down else middle * math.exp(-math.hypot(*down))
    return low, middle * math.exp(math.hypot(*up))


def _log(upper: float, lower: float) -> float:
    return math.inf if lower <= 0 else math.log(upper / lower)
