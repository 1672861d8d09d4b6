"""Difference in differences: a series against others that the event did not touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from marsad.measure.effect.changed import estimate_of, of_the_data
from marsad.measure.effect.design import MONTH, design, outside_events
from marsad.measure.effect.events import Event
from marsad.measure.effect.naming import spoken
from marsad.measure.effect.noise import Floats
from marsad.measure.effect.regression import Regression, regress
from marsad.measure.effect.segmented import check_sides
from marsad.measure.effect.series import NEXT, Days, Series, enough_days, on_common_days
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

STRICT, DRIFT = 0.995, 0.10
"""A trend before is refused where the interval at this level excludes none, and where it carries at
least this part from the middle of before to the middle of after."""

DRIFTS = {"differences": "pre-trend-seen", "synthetic": "mix-drifted"}
"""The warning of a drift before that is seen, against controls or their mix."""


@dataclass(frozen=True)
class Compared:
    """``effect`` (``did-DATE`` or ``synthetic-DATE``: a ratio for counts, a difference for means),
    ``pre_trend`` (the relation's drift per 30 days before the event), and the relation itself:
    ``treated`` and ``control`` (T,) on ``days``."""

    event: Event
    effect: Estimate
    pre_trend: Estimate
    days: Days
    treated: Floats
    control: Floats


def differences(
    treated: Series,
    controls: Sequence[Series],
    event: Event,
    *,
    trend: bool = False,
    level: float = 0.95,
) -> Compared:
    """How the treated series changed at the event relative to its controls.

    Counts: the treated are regressed on weekdays and the event with the logarithm of the controls'
    sum as offset, so the effect is (after / before) over the controls' (after / before). Means:
    treated less the controls' mean. Noise as in `segmented`; the controls' own noise is part of
    what is regressed. It supposes that, without the event, the relation would have stayed as it was
    (or, with ``trend``, gone on drifting as it did), and that the event did not touch the controls.
    Raises `Refused` without controls, with too few common days, and where the relation was drifting
    before, unless ``trend``.
    """
    days, values = matched(treated, controls, event)
    control = values[:, 1:].sum(axis=1) if treated.kind == "count" else values[:, 1:].mean(axis=1)
    return compared(
        replace(treated, days=days, values=values[:, 0]), control, event, trend=trend, level=level,
        name="did", method="differences-trend" if trend else "differences",
        warnings=of_the_data([treated, *controls], [event]),
    )  # fmt: skip


def matched(treated: Series, controls: Sequence[Series], event: Event) -> tuple[Days, Floats]:
    """Common days outside the event, treated in the first column."""
    if not controls:
        raise Refused("measure.effect.no-controls", ["controls"], NEXT, name=spoken(treated.name))
    if {one.kind for one in controls} != {treated.kind}:
        raise InputError("measure.effect.kinds-differ", name=spoken(treated.name))
    days, values = on_common_days([treated, *controls])
    keep = outside_events(days, [event])
    if treated.kind == "count":
        keep &= values[:, 1:].sum(axis=1) > 0
    enough_days(treated.name, int(keep.sum()), date=event.date)
    return days[keep], values[keep]


def compared(
    treated: Series, control: Floats, event: Event, *, name: str, method: str,
    trend: bool = False, level: float = 0.95, warnings: tuple[str, ...] = (),
) -> Compared:  # fmt: skip
    """The change of a series relative to ``control`` (T,), on the same days."""
    before, later = treated.days < event.day, treated.days >= event.after
    check_sides(treated, event, before, later, 0)
    offset = np.log(control) if treated.kind == "count" else control
    against = "synthetic" if name == "synthetic" else "differences"
    drift, drifting = _pre_trend(treated, offset, event, level, against)
    if drifting and not trend:
        raise Refused(
            f"measure.effect.pre-trend-{drift.method}", ["parallel-trends"], NEXT,
            name=spoken(treated.name), date=event.date, change=_written(drift),
        )  # fmt: skip
    columns = design(treated.days, [event], trend=trend, slopes=False)
    found = regress(columns.matrix, treated.values, treated.days, treated.kind, offset)
    ends = found.mixture.interval(columns.unit(columns.level[0]), level)
    effect = estimate_of(name, event.date, ends, treated, level, method, warnings)
    if not trend and not drift.low <= _none(treated) <= drift.high:
        effect = replace(effect, warnings=(*effect.warnings, DRIFTS[against]))
    drift = replace(drift, warnings=(*drift.warnings, *warnings))
    return Compared(event, effect, drift, treated.days, treated.values, control)


def _none(series: Series) -> float:
    return 1.0 if series.kind == "count" else 0.0


def _written(drift: Estimate) -> float:
    """A ratio in per cent, a difference as it is."""
    return round(100 * drift.value if drift.method.endswith("counts") else drift.value, 2)


def _pre_trend(
    treated: Series, offset: Floats, event: Event, level: float, against: str
) -> tuple[Estimate, bool]:
    """The drift per 30 days before the event ``against`` the controls or their mix, and whether it
    is too much."""
    keep = treated.days < event.day
    before = treated.where(keep)
    columns = design(before.days, (), slopes=False)
    found = regress(columns.matrix, before.values, before.days, before.kind, offset[keep])
    contrast = columns.unit(columns.trend)
    ends = found.mixture.interval(contrast, level)
    drift = estimate_of("pre-trend", event.date, ends, before, level, against)
    return drift, _too_much(found, contrast, treated, before)


def _too_much(found: Regression, contrast: Floats, treated: Series, before: Series) -> bool:
    value, low, high = found.mixture.interval(contrast, STRICT)
    carried = abs(value) * (treated.days[-1] - treated.days[0]) / 2 / MONTH
    if treated.kind == "mean":
        carried /= max(abs(float(before.values.mean())), 1e-12)
    return (low > 0 or high < 0) and carried > DRIFT
