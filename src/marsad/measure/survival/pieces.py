"""Pieces of time in which the hazard is taken as constant: how many, and where they end.

The rule is fixed before the hazard is looked at, so that no interval pays for a choice: twice the
cube root of the number of accounts that ended, rounded up, at most 40, each with as much of the
ends and of the mortality, half and half (they differ where few are watched early). An estimate that
joins K such pieces is off by about 1/K², its standard error is about 1/√E: K ∝ E^⅓ makes the first
vanish beside the second. Pieces end on days of looks, one on the last that found an end. None is
narrower than a quarter of the median time between the looks around an end (what they cannot tell
apart need not be), and none lies where nobody was known to live.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from marsad.measure.numbers import is_number, numbers, shown
from marsad.measure.refusal import Refused
from marsad.measure.survival.data import LOOKS, Floats, Lifetimes
from marsad.records.errors import InputError

MOST = 40
NARROWEST = 0.25
AT_RISK = 20


def first_day(data: Lifetimes, given: float | None) -> float:
    """``given``, or else `start_of`; `Refused` where nothing is seen after it."""
    if given is None:
        return start_of(data)
    if not is_number(given) or not 0 <= given < last_seen(data):
        raise Refused(
            "measure.survival.start", ["observations"], LOOKS,
            given=shown(given), last=last_seen(data),
        )  # fmt: skip
    return float(given)


def start_of(data: Lifetimes, at_risk: int = AT_RISK) -> float:
    """The first day on which ``at_risk`` accounts (or a quarter of all, if that is fewer) are
    watched and known to be alive: what is said of life is said from there on."""
    wanted = min(float(at_risk), float(data.weights.sum()) / 4)
    days, which = np.unique(np.concatenate([data.entry, data.left]), return_inverse=True)
    n = len(data)
    came = np.bincount(which[:n], data.weights, len(days))
    went = np.bincount(which[n:], data.weights, len(days))
    watched = np.cumsum(came - went)  # just after each day
    watched[0] = came[0]  # on the first, those gone by the next look were watched too
    enough = watched >= wanted - 1e-9
    return float(days[np.argmax(enough)]) if enough.any() else float(days[0])


def knots_of(data: Lifetimes, start: float, cuts: Sequence[float] | None = None) -> Floats:
    """The ends of the pieces: ``[first entry, …, last day on which anything was seen]``."""
    first, last = float(data.entry.min()), last_seen(data)
    if cuts is not None:
        return _given(cuts, first, last)
    ends = data.ended & (data.right > start)
    inner: list[float] = [start] if first < start < last else []
    if ends.any():
        left, right, weight = data.left[ends], data.right[ends], data.weights[ends]
        pieces = min(math.ceil(2 * float(weight.sum()) ** (1 / 3) - 1e-9), MOST)
        least = NARROWEST * float(np.median(right - left))
        middle = (left + right) / 2
        share = weight / weight.sum() + _mortality(data, middle, weight)
        wanted = _quantiles(middle, share, pieces)
        looks = _nearest(wanted, np.unique(np.concatenate([left, right])))
        inner += _apart(looks, max(start, first), last, least)
        inner += [float(right.max())] if right.max() < last else []
    return _lived_in(data, np.unique(np.array([first, *inner, last])))


def last_seen(data: Lifetimes) -> float:
    """The last day on which an account was seen alive or gone."""
    ends = data.right[data.ended]
    return float(max(data.left.max(), ends.max(initial=0.0)))


def _given(cuts: Sequence[float], first: float, last: float) -> Floats:
    inner = numbers("cuts", list(cuts))
    if not np.isfinite(inner).all() or (np.diff(inner) <= 0).any():
        raise InputError("measure.survival.cuts", given=", ".join(f"{cut:g}" for cut in cuts))
    return np.unique([first, *inner[(inner > first) & (inner < last)], last])


def _mortality(data: Lifetimes, middle: Floats, weight: Floats) -> Floats:
    """What share of the mortality each end is, as if it lay in the middle between its looks."""
    since = np.sort(data.entry)
    until = np.where(data.ended, (data.left + data.right.clip(max=last_seen(data))) / 2, data.left)
    order, gone = np.argsort(middle), np.sort(until)
    days = middle[order]
    risk = np.searchsorted(since, days) - np.searchsorted(gone, days)
    hazard = weight[order] / np.maximum(risk * data.weights.mean(), weight[order])
    alive = np.exp(-np.concatenate([[0.0], np.cumsum(hazard)[:-1]]))
    share = np.zeros(len(middle))
    share[order] = alive * hazard
    return np.asarray(share / share.sum())


def _quantiles(of: Floats, weight: Floats, pieces: int) -> Floats:
    order = np.argsort(of)
    share = np.cumsum(weight[order]) / weight.sum()
    wanted = np.arange(1, pieces) / pieces
    return np.asarray(of[order][np.searchsorted(share, wanted - 1e-12)])


def _nearest(days: Floats, among: Floats) -> Floats:
    after = np.clip(np.searchsorted(among, days), 1, len(among) - 1)
    before = after - 1
    closer = days - among[before] < among[after] - days
    return np.asarray(np.unique(np.where(closer, among[before], among[after])))


def _apart(knots: Floats, first: float, last: float, least: float) -> list[float]:
    """Those of the knots that leave every piece at least ``least`` days."""
    kept, before = [], first
    for knot in knots.tolist():
        if knot - before >= least and knot > before and last - knot >= least and knot < last:
            kept.append(knot)
            before = knot
    return kept


def _lived_in(data: Lifetimes, knots: Floats) -> Floats:
    """Without the knots before which nobody was known to have lived: those pieces are joined."""
    while len(knots) > 2:
        known = data.weights @ (spent(data.left, knots) - spent(data.entry, knots))
        empty = np.flatnonzero(known <= 0)
        if not len(empty):
            break
        piece = int(empty[0])
        knots = np.delete(knots, piece if piece else 1)
    return knots


def spent(until: Floats, knots: Floats) -> Floats:
    """The days in each piece up to ``until``: an array of as many rows, a column a piece."""
    widths = np.diff(knots)
    return np.asarray(np.clip(until[:, None] - knots[None, :-1], 0.0, widths[None, :]))


def piece_of(day: Floats, knots: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The piece in which each day lies; a knot belongs to the piece that it ends."""
    return np.asarray(np.clip(np.searchsorted(knots, day, side="left") - 1, 0, len(knots) - 2))
