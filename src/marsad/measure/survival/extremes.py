"""Lifetimes of which the looks tell one side only: nobody ended, or everybody in one gap.

Nobody ended: a constant hazard h over the account-days T watched up to a day is at most
−log(α/2)/T at level 1 − α (Garwood's upper limit for no event), so survival has a low end and no
high one. Everybody ended in intervals with a stretch in common, where nothing tells earlier from
later: the median lies in that stretch, to which the α-quantiles of a sign test add nothing from six
accounts on. Where the very time of an end is known the stretch is that time alone, and the median
has no interval: ends at one instant are one event, not so many lives.
"""

from __future__ import annotations

import math

import numpy as np

from marsad.measure.refusal import Refused
from marsad.measure.survival.answers import (
    ASSUMED,
    FRAME,
    Answers,
    before_start,
    day_name,
    not_watched,
)
from marsad.measure.survival.data import LOOKS, Lifetimes
from marsad.measure.survival.pieces import last_seen
from marsad.records.estimate import Estimate


def check_looks(data: Lifetimes) -> None:
    """Raises `Refused` where no account was looked at twice."""
    if not (data.ended | (data.left > data.entry)).any():
        raise Refused("measure.survival.one-look", ["looks"], LOOKS)


def nobody_ended(data: Lifetimes) -> bool:
    return not data.ended.any()


def all_in_one_gap(data: Lifetimes) -> bool:
    """Every account ended, and one stretch of time, or one instant, lies in all their intervals."""
    if not data.ended.all() or data.entry.max() > data.left.min():
        return False
    return bool(data.left.max() < data.right.min() or at_one_instant(data))


def at_one_instant(data: Lifetimes) -> bool:
    """Whether the stretch that lies in all the intervals is the known time of an end."""
    return bool(data.exact.any() and data.left.max() == data.right.min())


def check_spread(data: Lifetimes) -> None:
    """Raises `Refused` where nothing tells when within a gap, or but for an instant, they ended."""
    if not all_in_one_gap(data) and (data.left > data.entry).any():
        return
    if at_one_instant(data):
        raise one_instant(data)
    raise Refused("measure.survival.nobody-lived", ["looks"], LOOKS)


def one_instant(data: Lifetimes) -> Refused:
    return Refused(
        "measure.survival.one-instant", ["looks"], LOOKS,
        day=float(data.left.max()), accounts=data.accounts,
    )  # fmt: skip


def living(
    data: Lifetimes, days: tuple[float, ...], start: float, level: float, name: str
) -> Answers:
    """Lower bounds of survival and of the median where nobody ended."""
    last, told, not_told = last_seen(data), [], {}
    worst = -math.log((1 - level) / 2)
    for day in days:
        of = day_name(name, day)
        if day > last:
            not_told[of] = not_watched(day, last)
        elif day <= start:
            not_told[of] = before_start(day, start)
        else:
            low = math.exp(-worst * (day - start) / _watched(data, start, day))
            told.append(_bound(of, 1.0, low, 1.0, level, data, start))
    least = min(math.log(2) / worst * _watched(data, start, last), last - start) + start
    told.append(_bound(f"median-{name}", last, least, last, level, data, start))
    return Answers(tuple(told), not_told)


def _watched(data: Lifetimes, start: float, day: float) -> float:
    spans = np.minimum(data.left, day) - np.minimum(np.maximum(data.entry, start), day)
    return max(float(data.weights @ np.maximum(spans, 0.0)), 1e-300)


def _bound(
    name: str, value: float, low: float, high: float, level: float, data: Lifetimes, start: float
) -> Estimate:
    return Estimate(
        name, value, low, high, level, "no-end-seen", FRAME, data.accounts,
        assumptions=("hazard-constant", *ASSUMED),
        warnings=("nobody-ended", *(("starts-late",) if start > 0 else ())), bound="lower",
    )  # fmt: skip


def gone_in_one_gap(data: Lifetimes, days: tuple[float, ...], level: float, name: str) -> Answers:
    """Survival before and after the looks in which all ended; the median between them, unless it
    has no width."""
    n, alpha = float(data.weights.sum()), (1 - level) / 2
    low, high = float(data.left.min()), float(data.right.max())
    told, not_told = [], {}
    if 2 * 0.5**n > 1 - level:
        raise Refused("measure.survival.few-in-gap", ["accounts"], LOOKS, accounts=round(n))
    middle = (float(data.left.max()) + float(data.right.min())) / 2
    for day in days:
        of, worst = day_name(name, day), alpha ** (1 / n)
        if day >= high:
            told.append(_gap_estimate(of, 0.0, 0.0, 1 - worst, level, data))
        elif day <= low:
            told.append(_gap_estimate(of, 1.0, worst, 1.0, level, data))
        else:
            not_told[of] = Refused(
                "measure.survival.in-the-gap", ["looks"], LOOKS, day=day, low=low, high=high
            )
    if low < high:
        told.append(_gap_estimate(f"median-{name}", middle, low, high, level, data))
    else:
        not_told[f"median-{name}"] = one_instant(data)
    return Answers(tuple(told), not_told)


def _gap_estimate(
    name: str, value: float, low: float, high: float, level: float, data: Lifetimes
) -> Estimate:
    when = "one-gap" if data.left.min() < data.right.max() else "one-instant"
    return Estimate(
        name, value, low, high, level, when, FRAME, data.accounts,
        assumptions=ASSUMED, warnings=("all-gone", when),
    )  # fmt: skip
