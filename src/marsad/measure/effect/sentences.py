"""What an effect says, in words that claim no more than its design can.

No sentence of a design without a control says why: it names a change at a date. The words are the
catalogues'; a test holds them to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from marsad import locale
from marsad.measure.effect.events import Event
from marsad.measure.effect.naming import NAMED, spoken
from marsad.measure.effect.outliers import Outlier
from marsad.measure.effect.placebo import Placebos
from marsad.measure.effect.ranking import Ranking
from marsad.measure.effect.report import NEAR, EffectReport, Told, open_frames
from marsad.measure.effect.series import Series
from marsad.measure.minding import Whose
from marsad.measure.refusal import Refused
from marsad.measure.saying import directed, spanned
from marsad.records.estimate import Estimate

_NAME = re.compile(r"(?P<kind>[a-z-]+?)(?:-(?P<date>\d{4}-\d\d-\d\d))?(?P<percent>-percent)?\Z")
_RATIOS = ("same-accounts", "living-accounts", "equal-age")
PLAIN = (
    "level-change-counts", "level-change-means", "slope-change-counts", "slope-change-means",
    "window-change-counts", "window-change-means", "avoided-total", "moved", "moved-to", *_RATIOS,
)  # fmt: skip
"""Sentences of designs without a control."""

OF_ALL = ("measure.effect.closed-panel-only", "measure.effect.few-placebos")
"""Refusals that say of one outcome what holds for all."""

FIRST = ("level-change", "did", "synthetic", "moved", "moved-to", *_RATIOS)
"""What is said first of an outcome: the rest is detail."""

CONTROLLED = (
    "did-counts", "did-means", "did-differences-trend-counts", "did-differences-trend-means",
    "synthetic-counts", "synthetic-means", "pre-trend-counts", "pre-trend-means",
    "pre-trend-synthetic-counts", "pre-trend-synthetic-means",
)  # fmt: skip

CHANGES = ("level-change", "did", "synthetic")
"""Kinds whose sentence says what a change would be: where the interval holds none, that it does."""

MOVED = ("moved", "moved-to")
"""Kinds whose sentence ends with what a gain elsewhere does not show; where there is none, so."""

MOST_OUTLIERS = 3
"""Of more days that lie far from those around them only the farthest are named."""


def sentences(report: EffectReport, lang: str) -> list[str]:
    """The whole report: estimates, placebo dates, ranks, and what to mind of all of it."""
    said = [sentence(one, lang) for one in report.told]
    said += [of_placebos(one, report.outcome, lang) for one in report.placebos]
    said += [of_rank(one, lang) for one in report.ranks]
    return said + of_all(report, lang)


def headlines(reports: Sequence[EffectReport], lang: str) -> list[str]:
    """Of several outcomes what each says first: how far it changed and where it went, in the frame
    that newcomers enter; then what holds for all of it."""
    shown = open_frames(reports)
    said = [
        sentence(one, lang)
        for report in shown
        for one in report.told
        if _part(one.estimate, "kind") in FIRST and not _other(one, report)
    ]
    for report in shown:
        said += [of_placebos(one, report.outcome, lang) for one in report.placebos]
    for report in reports:
        said += of_all(report, lang)
    return list(dict.fromkeys(said))


def of_all(report: EffectReport, lang: str) -> list[str]:
    """Days that lie far out, rivals, and warnings of the whole report; those of its estimates are
    told with these."""
    said = of_outliers(report.outliers, lang)
    for event in report.events:
        said += of_rivals(event, report.rivals.get(event.date, ()), lang)
    with_estimates = {name for one in report.told for name in one.estimate.warnings}
    own = [name for name in report.warnings if name not in with_estimates]
    return said + [locale.render(f"report.warning.{one}", {}, lang) for one in own]


def _other(told: Told, report: EffectReport) -> bool:
    """Whether it tells of an outcome that should not move."""
    return told.outcome in {one.series.name for one in report.unmoved}


def of_each_kind(refused: Sequence[Refused]) -> list[Refused]:
    """What all outcomes lack for the same reason, once; any other refusal stays."""
    told: dict[tuple[str, object], Refused] = {}
    for number, one in enumerate(refused):
        shared = one.message.id in OF_ALL
        told.setdefault((one.message.id, one.message.values.get("date") if shared else number), one)
    return list(told.values())


def sentence(told: Told, lang: str) -> str:
    """One estimate as a sentence in ``lang``."""
    estimate = told.estimate
    values = {
        **_numbers(estimate, lang),
        "outcome": named(told, lang),
        "date": _part(estimate, "date"),
        "level": locale.isolated(locale.percent(estimate.level, lang, "#,##0.#%"), lang),
        "name": estimate.name,
    }
    where = f".{told.places}" if told.places and form(estimate) == "moved" else ""
    where = ".none" if _may_be_none(estimate) else where
    said = locale.render(f"measure.effect.said.{form(estimate)}{where}", values, lang)
    if form(estimate) in MOVED:
        said += " " + locale.render(f"measure.effect.said.moved-end.{_moved(estimate)}", {}, lang)
    return said


def named(told: Told, lang: str) -> str:
    """What an estimate is of."""
    return name_in(told.outcome, told.estimate.frame, lang)


def name_in(outcome: str, frame: str, lang: str) -> str:
    """An outcome; of a closed panel, that it is one."""
    name = outcome_name(outcome, lang)
    closed = frame == "closed-panel"
    return locale.render("measure.effect.said.panel", {"outcome": name}, lang) if closed else name


def whose(reports: Sequence[EffectReport], lang: str) -> list[Whose]:
    """The estimates of several reports by what they are of, as their sentences call it."""
    return [
        Whose(one.estimate, one.estimate.name, named(one, lang))
        for report in reports for one in report.told
    ]  # fmt: skip


def outcome_name(name: str, lang: str) -> str:
    """What an outcome of posts is called; any other (a group of a series, a place) as it is."""
    return locale.isolated(name, lang) if name not in NAMED else locale.show(spoken(name), lang)


def form(estimate: Estimate) -> str:
    """Which sentence an estimate takes."""
    kind = _part(estimate, "kind")
    suffix = estimate.method.rsplit("-", 1)[-1]
    for name in (f"{kind}-{estimate.method}", f"{kind}-{suffix}", kind):
        if name in (*PLAIN, *CONTROLLED):
            return name
    return "other"


def _may_be_none(estimate: Estimate) -> bool:
    """Whether a change is not told from none: its interval holds it."""
    none = 1.0 if form(estimate).endswith("-counts") else 0.0
    return _part(estimate, "kind") in CHANGES and estimate.low <= none <= estimate.high


def _moved(estimate: Estimate) -> str:
    """Whether others gained, lost, or neither is told."""
    return "gained" if estimate.low > 0 else "lost" if estimate.high < 0 else "none"


def _numbers(estimate: Estimate, lang: str) -> dict[str, str]:
    """The value and the ends of the interval; of what can be below zero in words, not signs."""
    low, value, high = estimate.low, estimate.value, estimate.high

    def write(number: float) -> str:
        return shown(estimate, number, lang)

    if way := _way(estimate):
        return {"value": directed(value, way, write, lang),
                "span": spanned(low, high, way, write, lang)}  # fmt: skip
    return {"value": write(value), "low": write(low), "high": write(high)}


def _way(estimate: Estimate) -> str:
    """The words for more and less of it; none of what cannot be below zero."""
    one = form(estimate)
    if one in MOVED:
        return "gain"
    return "total" if one == "avoided-total" else "mean" if one.endswith("-means") else ""


def shown(estimate: Estimate, value: float, lang: str) -> str:
    """Ratios and fractions in per cent, totals whole, differences with three digits."""
    one = form(estimate)
    if one.endswith("-counts") or one in (*_RATIOS, *MOVED):
        return locale.isolated(locale.percent(value, lang), lang)
    return written(value, lang, "#,##0" if one == "avoided-total" else "#,##0.###")


def written(value: float, lang: str, pattern: str = "#,##0.##") -> str:
    """A number inside a sentence."""
    return locale.isolated(locale.number(value, lang, pattern), lang)


def of_placebos(found: Placebos, series: Series, lang: str) -> str:
    """How the jump at the event stands among those of placebo dates."""
    j = len(found.jumps)
    far = round(found.p * (1 + j)) - 1
    values = {
        "outcome": name_in(series.name, series.frame, lang), "date": found.event.date, "count": j,
        "far": far, "p": _p(found.p, lang), "days": found.window,
    }  # fmt: skip
    return locale.render("measure.effect.said.placebos", values, lang)


def of_rank(found: Ranking, lang: str) -> str:
    """How the change at the event stands among those of untouched controls."""
    values = {"date": found.event.date, "count": len(found.ratios), "p": _p(found.p, lang)}
    return locale.render("measure.effect.said.rank", values, lang)


def of_outliers(found: Iterable[Outlier], lang: str) -> list[str]:
    """Single days far from those around them, of each series the farthest."""
    by_series: dict[tuple[str, str], list[Outlier]] = {}
    for one in found:
        by_series.setdefault((one.name, one.frame), []).append(one)
    return [_of_outlier(one, lang) for some in by_series.values() for one in some[:MOST_OUTLIERS]]


def _of_outlier(one: Outlier, lang: str) -> str:
    values = {"outcome": name_in(one.name, one.frame, lang), "date": one.date,
              "value": written(one.value, lang), "median": written(one.median, lang)}  # fmt: skip
    return locale.render("measure.effect.said.outlier", values, lang)


def of_rivals(event: Event, rivals: Sequence[Event], lang: str) -> list[str]:
    """The causes beside an event that were not tested, by name."""
    if not rivals:
        return []
    values = {"date": event.date, "names": [one.name for one in rivals], "days": NEAR}
    return [locale.render("measure.effect.said.rivals", values, lang)]


def _p(p: float, lang: str) -> str:
    return written(p, lang, "0.###")


def _part(estimate: Estimate, part: str) -> str:
    named = _NAME.match(estimate.name)
    return (named.groupdict("")[part] if named else "") or ""
