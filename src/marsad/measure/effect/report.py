"""Everything that can be told of a takedown from daily series, and what cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from marsad.measure.effect.accounts import Accounts
from marsad.measure.effect.differences import Compared, differences
from marsad.measure.effect.displacement import Displacement, displacement
from marsad.measure.effect.events import Event, check_tested, in_order, rivals_of
from marsad.measure.effect.naming import spoken
from marsad.measure.effect.outliers import Outlier, outliers
from marsad.measure.effect.placebo import RUN_UP, WINDOW, Placebos, placebo_dates
from marsad.measure.effect.ranking import Ranking, placebo_rank
from marsad.measure.effect.segmented import Segmented, segmented
from marsad.measure.effect.series import NEXT, Series
from marsad.measure.effect.synthetic import LEAST_CONTROLS, Synthetic, synthetic_control
from marsad.measure.effect.turnover import Turnover, turnover
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate

T = TypeVar("T")
NEAR = 14
"""Rival causes this many days before or after an event are named."""


@dataclass(frozen=True)
class Told:
    """An estimate, of which outcome it is, whether it is against a control, and to what kind of
    places something moved."""

    outcome: str
    estimate: Estimate
    controlled: bool = False
    places: str = ""


@dataclass
class EffectReport:
    """What was found, by event where there are several (in their order), and what was refused.

    ``outliers`` are single days of any of the series that lie far from those around them.
    ``unmoved`` are the outcomes that should not move, by the same method, side by side. ``rivals``
    are the other causes near each event that nothing was chosen to tell apart.
    """

    events: tuple[Event, ...]
    outcome: Series
    alone: Segmented | None = None
    unmoved: list[Segmented] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    synthetic: list[Synthetic] = field(default_factory=list)
    ranks: list[Ranking] = field(default_factory=list)
    placebos: list[Placebos] = field(default_factory=list)
    displaced: list[Displacement] = field(default_factory=list)
    turnover: list[Turnover] = field(default_factory=list)
    rivals: dict[str, tuple[Event, ...]] = field(default_factory=dict)
    outliers: list[Outlier] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    warnings: tuple[str, ...] = ()

    def take(self, into: list[T], make: Callable[..., T], *given: Any, **named: Any) -> None:
        """Adds what ``make`` gives, or its refusal."""
        try:
            into.append(make(*given, **named))
        except Refused as refusal:
            self.refused.append(refusal)

    @property
    def told(self) -> list[Told]:
        """Every estimate, with its outcome."""
        name = self.outcome.name
        rows = [Told(name, one) for one in (self.alone.estimates if self.alone else ())]
        rows += [Told(one.series.name, e) for one in self.unmoved for e in one.estimates]
        pairs = [*self.compared, *(one.compared for one in self.synthetic)]
        rows += [Told(name, e, True) for one in pairs for e in (one.effect, one.pre_trend)]
        for gone in self.displaced:
            rows.append(Told(name, gone.moved, places=gone.kind))
            rows += [Told(k, e, places=gone.kind) for k, e in gone.by_place.items()]
        for one in self.turnover:
            means = (one.living, one.same, one.at_age)
            rows += [Told(one.name, e) for e in means if e is not None]
        return rows


def open_frames(reports: Sequence[EffectReport]) -> Sequence[EffectReport]:
    """Those of a frame that newcomers enter; where there is none, all."""
    return [one for one in reports if one.outcome.frame != "closed-panel"] or reports


def measure_effect(
    outcome: Series,
    events: Sequence[Event],
    *,
    controls: Sequence[Series] = (),
    unmoved: Sequence[Series] = (),
    elsewhere: Sequence[Series] | Mapping[str, Sequence[Series]] = (),
    accounts: Accounts | None = None,
    tested: Sequence[str] = (),
    trend: bool = False,
    window: int = WINDOW,
    run_up: int = RUN_UP,
    slopes: bool = True,
    level: float = 0.95,
) -> EffectReport:
    """One outcome around its takedowns: alone, against controls, at placebo dates, elsewhere.

    ``events`` is the calendar: takedowns, and rival causes, which are named unless ``tested`` names
    them. ``unmoved`` are outcomes that the takedown cannot have moved: they are always asked for.
    ``elsewhere`` are places where it may have gone, by kind where there are several kinds. With
    ``trend`` the drift from the controls goes on (`differences`); a synthetic control has none.
    Each part that cannot be told is a `Refused` in ``refused``; raises the first of them where
    nothing could, and `InputError` where ``tested`` has a name that no rival cause has.
    """
    check_tested(events, tested)
    takedowns = in_order(events)
    report = EffectReport(tuple(takedowns), outcome)
    alone: list[Segmented] = []
    report.take(alone, segmented, outcome, takedowns, slopes=slopes, level=level)
    report.alone = alone[0] if alone else None
    for one in unmoved:
        report.take(report.unmoved, segmented, one, takedowns, slopes=slopes, level=level)
    places = [one for some in _by_kind(elsewhere).values() for one in some]
    for one in (outcome, *controls, *unmoved, *places):
        report.outliers += outliers(one, takedowns)
    for number, event in enumerate(takedowns):
        part = _between(outcome, takedowns, number)
        others = [_between(one, takedowns, number) for one in controls]
        _placebos(report, part, event, window, run_up)
        _against(report, part, others, event, level, trend)
        for kind, some in _by_kind(elsewhere).items():
            there = [_between(one, takedowns, number) for one in some]
            report.take(report.displaced, displacement, part, there, event, kind=kind, level=level)
        if accounts is not None:
            report.take(report.turnover, turnover, accounts, event, level=level)
        report.rivals[event.date] = rivals_of(event, [e for e in events if e.kind == "rival"],
                                              NEAR, tested)  # fmt: skip
    _conclude(report, bool(controls), bool(unmoved))
    return report


def _by_kind(
    places: Sequence[Series] | Mapping[str, Sequence[Series]],
) -> dict[str, Sequence[Series]]:
    kinds = places if isinstance(places, Mapping) else {"": places}
    return {kind: some for kind, some in kinds.items() if some}


def _between(series: Series, events: Sequence[Event], number: int) -> Series:
    """The days from the event before to the event after; all others would be of other events."""
    start = events[number - 1].after if number else int(series.days[0])
    stop = events[number + 1].day if number + 1 < len(events) else int(series.days[-1]) + 1
    keep = (series.days >= start) & (series.days < stop)
    return series.where(keep) if int(keep.sum()) >= 14 else series


def _placebos(report: EffectReport, series: Series, event: Event, window: int, run_up: int) -> None:
    report.take(
        report.placebos, placebo_dates, series.days, series.values, event, series.kind,
        window=window, run_up=run_up, name=series.name,
    )  # fmt: skip


def _against(
    report: EffectReport,
    series: Series,
    controls: Sequence[Series],
    event: Event,
    level: float,
    trend: bool,
) -> None:
    if not controls:
        return
    report.take(report.compared, differences, series, controls, event, trend=trend, level=level)
    if len(controls) >= LEAST_CONTROLS:
        report.take(report.synthetic, synthetic_control, series, controls, event, level=level)
        report.take(report.ranks, placebo_rank, series, controls, event)


def _conclude(report: EffectReport, controls: bool, unmoved: bool) -> None:
    """Warnings that hold for all of it; refuses what a closed panel cannot tell."""
    closed = report.outcome.frame == "closed-panel"
    if closed:
        report.refused.append(Refused(
            "measure.effect.closed-panel-only", ["replenished-frame"], NEXT,
            name=spoken(report.outcome.name),
        ))  # fmt: skip
    said = {
        "no-control": not controls,
        "no-unmoved-outcome": not unmoved,
        "unmoved-moved": any(_moved(one) for one in report.unmoved),
        "rivals-untested": any(report.rivals.values()),
        "closed-panel": closed,
    }
    report.warnings = tuple(name for name, applies in said.items() if applies)
    if not report.told and report.refused:
        raise report.refused[0]


def _moved(found: Segmented) -> bool:
    """Whether an outcome that should not move did."""
    none = 1.0 if found.series.kind == "count" else 0.0
    levels = [one for one in found.estimates if one.name.startswith("level-change")]
    return bool(np.any([not one.low <= none <= one.high for one in levels]))
