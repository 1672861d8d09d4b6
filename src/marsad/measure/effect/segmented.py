"""Segmented regression of one series: how level and slope changed at events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.measure.effect.changed import estimate_of, of_the_data
from marsad.measure.effect.counts import MOST
from marsad.measure.effect.design import Design, design, outside_events
from marsad.measure.effect.events import Event, in_order
from marsad.measure.effect.naming import spoken
from marsad.measure.effect.newey_west import lag_rule
from marsad.measure.effect.noise import Floats
from marsad.measure.effect.regression import Regression, regress
from marsad.measure.effect.series import NEXT, Days, Kind, Series, day_text, enough_days
from marsad.measure.effect.totals import DRAWS, SEED, window_totals
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate

BEFORE, AFTER, FREE, EVENTS_COUNTED = 14, 7, 10, 10
NOISY = 0.5
"""A dispersion above which days differ by more than half their mean for no known reason."""


@dataclass(frozen=True)
class Segmented:
    """What one series shows around its events.

    ``estimates`` of each event by name: ``level-change-DATE`` (a ratio for counts, a difference for
    means), ``slope-change-DATE`` (the same, per week), ``window-change-DATE`` (with over without,
    all days after until the next event), ``avoided-total-DATE`` (counts: without less observed).
    ``expected`` (T,) is the fitted course on ``days``, ``without`` that had there been no event,
    with ``without_ends`` (2, T) the interval of that course at each day by itself (the days' own
    noise is not in it).
    ``newey_west`` has, of each level, the interval that a study would print.
    """

    series: Series
    events: tuple[Event, ...]
    estimates: tuple[Estimate, ...]
    observed: tuple[float, ...]
    days: Days
    expected: Floats
    without: Floats
    newey_west: tuple[tuple[float, float], ...]
    dispersion: float
    lags: int
    avoided: tuple[Floats, ...]
    without_ends: Floats


def segmented(
    series: Series,
    events: Sequence[Event],
    *,
    slopes: bool = True,
    level: float = 0.95,
) -> Segmented:
    """Interrupted time series: weekdays, trend, and at each takedown a change of level and slope.

    Counts: negative binomial, log link. The intervals average over how far the noise may carry from
    day to day (`mixture`). Assumes that trend and season would have gone on, and that nothing else
    happened then: it is a change at a date, and says nothing of why. ``slopes=False`` where few
    days follow. Raises `Refused` where there is too little before or after an event.
    """
    chosen = in_order(events)
    kept = series.where(outside_events(series.days, chosen))
    _check(kept, chosen, slopes)
    columns = design(kept.days, chosen, slopes=slopes)
    none = np.zeros(len(kept.days))
    found = regress(columns.matrix, kept.values, kept.days, kept.kind, none)
    noisy = ("noise-large",) if found.dispersion > NOISY else ()
    warnings = (*of_the_data([series], chosen), *noisy)
    return _told(kept, chosen, columns, found, level, warnings)


def _told(
    series: Series, events: list[Event], columns: Design, found: Regression, level: float,
    warnings: tuple[str, ...],
) -> Segmented:  # fmt: skip
    estimates: list[Estimate] = []
    totals = []
    for number, event in enumerate(events):
        estimates += changes(series, event, number, columns, found, level, warnings)
        total = window_totals(series, columns, found, number, after(series, events, number))
        estimates += total.estimates(event.date, series, level, warnings)
        totals.append(total)
    expected, without = courses(columns, found, series.kind)
    return Segmented(
        series, tuple(events), tuple(estimates), tuple(one.observed for one in totals),
        series.days, expected, without,
        tuple(_hac(series, columns, found, number, level) for number in range(len(events))),
        found.dispersion, lag_rule(len(series.days)), tuple(one.avoided for one in totals),
        without_ends(columns, found, series.kind, level),
    )  # fmt: skip


def courses(columns: Design, found: Regression, kind: Kind) -> tuple[Floats, Floats]:
    """The fitted course (T,), and that had there been no event at all."""
    centre = found.mixture.centre
    return _linked(columns.matrix @ centre, kind), _linked(_no_event(columns) @ centre, kind)


def without_ends(columns: Design, found: Regression, kind: Kind, level: float) -> Floats:
    """The ends (2, T) of the interval of the course without any event, day by day, by simulation
    from the mixture."""
    betas, _ = found.mixture.draws(np.random.default_rng(SEED), DRAWS)
    tail = (1 - level) / 2
    return _linked(np.quantile(betas @ _no_event(columns).T, [tail, 1 - tail], axis=0), kind)


def _no_event(columns: Design) -> Floats:
    without = columns.matrix.copy()
    without[:, [c for c in (*columns.level, *columns.slope) if c >= 0]] = 0
    return without


def _linked(course: Floats, kind: Kind) -> Floats:
    """A course on the scale of what was counted."""
    return course if kind == "mean" else np.exp(np.clip(course, -MOST, MOST))


def after(series: Series, events: Sequence[Event], number: int) -> NDArray[np.bool_]:
    """The days (T,) from an event to the next one."""
    stop = events[number + 1].day if number + 1 < len(events) else series.days[-1] + 1
    return (series.days >= events[number].after) & (series.days < stop)


def changes(
    series: Series, event: Event, number: int, columns: Design, found: Regression, level: float,
    warnings: tuple[str, ...],
) -> list[Estimate]:  # fmt: skip
    """Level and slope of one event as Estimates."""
    named = {"level-change": columns.level[number], "slope-change": columns.slope[number]}
    made = []
    for name, column in named.items():
        if column >= 0:
            ends = found.mixture.interval(columns.unit(column), level)
            made.append(estimate_of(name, event.date, ends, series, level, warnings=warnings))
    return made


def _hac(
    series: Series, columns: Design, found: Regression, number: int, level: float
) -> tuple[float, float]:
    from scipy import special

    column = columns.level[number]
    half = special.ndtri((1 + level) / 2) * np.sqrt(found.hac[column, column])
    middle = found.mixture.centre[column]
    ends = (middle - half, middle + half)
    low, high = np.exp(ends) if series.kind == "count" else ends
    return float(low), float(high)


def _check(series: Series, events: list[Event], slopes: bool) -> None:
    """Refuses where an event has too few days, or too little was counted, on one side."""
    parameters = 8 + len(events) * (2 if slopes else 1)
    edges = [series.days[0], *(one.after for one in events), series.days[-1] + 1]
    for number, event in enumerate(events):
        before = (series.days >= edges[number]) & (series.days < event.day)
        later = (series.days >= event.after) & (series.days < edges[number + 2])
        check_sides(series, event, before, later, number)
    date = events[0].date if len(events) == 1 else ""
    enough_days(series.name, len(series.days), parameters + FREE, date)


def check_sides(
    series: Series, event: Event, before: NDArray[np.bool_], later: NDArray[np.bool_], number: int
) -> None:
    least = BEFORE if number == 0 else AFTER
    if before.sum() < least or later.sum() < AFTER:
        raise Refused(
            "measure.effect.event-outside", ["days"], NEXT,
            name=spoken(series.name), date=event.date,
            before=int(before.sum()), after=int(later.sum()), least_before=least, least_after=AFTER,
            first=day_text(int(series.days[0])), last=day_text(int(series.days[-1])),
        )  # fmt: skip
    if series.kind == "count":
        fewest = int(min(series.values[before].sum(), series.values[later].sum()))
        if fewest < EVENTS_COUNTED:
            raise Refused(
                "measure.effect.few-counted", ["counts"], NEXT,
                name=spoken(series.name), date=event.date, fewest=fewest, least=EVENTS_COUNTED,
            )  # fmt: skip
