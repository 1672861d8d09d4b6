"""What an effect says, in words that claim no more than its design can.

No sentence of a design without a control says why: it names a change at a date. The words are the
catalogues'; a test holds them to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from marsad import locale
from marsad.measure.effect.events import Event
from marsad.measure.effect.naming import NAMED, spoken
from marsad.measure.effect.placebo import Placebos
from marsad.measure.effect.report import NEAR, EffectReport, Told
from marsad.measure.refusal import Refused
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
    "did-counts", "did-means", "synthetic-counts", "synthetic-means", "pre-trend-counts",
    "pre-trend-means",
)  # fmt: skip

CHANGES = ("level-change", "did", "synthetic")
"""Kinds whose sentence says what a change would be: where the interval holds none, that it does."""


def sentences(report: EffectReport, lang: str) -> list[str]:
    """The whole report: estimates, placebo dates, ranks, rivals, warnings."""
    said = [sentence(one, lang) for one in report.told]
    said += [of_placebos(one, report.outcome.name, lang) for one in report.placebos]
    for rank in report.ranks:
        values = {"count": len(rank.ratios), "p": _p(rank.p, lang)}
        said.append(locale.render("measure.effect.said.rank", values, lang))
    for event in report.events:
        said += of_rivals(event, report.rivals.get(event.date, ()), lang)
    return said + [locale.render(f"report.warning.{one}", {}, lang) for one in report.warnings]


def headlines(reports: Sequence[EffectReport], lang: str) -> list[str]:
    """Of several outcomes what each says first: how far it changed and where it went, in the frame
    that newcomers enter; then what holds for all of it."""
    open_frames = [one for one in reports if one.outcome.frame != "closed-panel"] or list(reports)
    said = [
        sentence(one, lang)
        for report in open_frames
        for one in report.told
        if _part(one.estimate, "kind") in FIRST and not _other(one, report)
    ]
    for report in open_frames:
        said += [of_placebos(one, report.outcome.name, lang) for one in report.placebos]
    for report in reports:
        for event in report.events:
            said += of_rivals(event, report.rivals.get(event.date, ()), lang)
        said += [locale.render(f"report.warning.{one}", {}, lang) for one in report.warnings]
    return list(dict.fromkeys(said))


def _other(told: Told, report: EffectReport) -> bool:
    """Whether it tells of an outcome that should not move."""
    return told.outcome in {one.series.name for one in report.unmoved}


def of_each_kind(refused: Sequence[Refused]) -> list[Refused]:
    """What all outcomes lack for the same reason, once; any other refusal stays."""
    told: dict[str, Refused] = {}
    for number, one in enumerate(refused):
        told.setdefault(one.message.id if one.message.id in OF_ALL else str(number), one)
    return list(told.values())


def sentence(told: Told, lang: str) -> str:
    """One estimate as a sentence in ``lang``."""
    estimate = told.estimate
    values = {
        **{end: shown(estimate, getattr(estimate, end), lang) for end in ("value", "low", "high")},
        "outcome": outcome_name(told.outcome, lang),
        "date": _part(estimate, "date"),
        "level": locale.isolated(locale.percent(estimate.level, lang, "#,##0.#%"), lang),
        "name": estimate.name,
    }
    where = f".{told.places}" if told.places and form(estimate) == "moved" else ""
    where = ".none" if _may_be_none(estimate) else where
    said = locale.render(f"measure.effect.said.{form(estimate)}{where}", values, lang)
    if estimate.frame == "closed-panel":
        said += " " + locale.render("measure.effect.said.closed", {}, lang)
    return said


def outcome_name(name: str, lang: str) -> str:
    """What an outcome of posts is called; any other (a group of a series, a place) as it is."""
    return locale.isolated(name, lang) if name not in NAMED else locale.show(spoken(name), lang)


def form(estimate: Estimate) -> str:
    """Which sentence an estimate takes."""
    kind = _part(estimate, "kind")
    suffix = estimate.method.rsplit("-", 1)[-1]
    for name in (kind, f"{kind}-{suffix}"):
        if name in (*PLAIN, *CONTROLLED):
            return name
    return "other"


def _may_be_none(estimate: Estimate) -> bool:
    """Whether a change is not told from none: its interval holds it."""
    none = 1.0 if form(estimate).endswith("-counts") else 0.0
    return _part(estimate, "kind") in CHANGES and estimate.low <= none <= estimate.high


def shown(estimate: Estimate, value: float, lang: str) -> str:
    """Ratios and fractions in per cent, totals whole, differences with three digits."""
    one = form(estimate)
    if one.endswith("-counts") or one in (*_RATIOS, "moved", "moved-to"):
        return locale.isolated(locale.percent(value, lang), lang)
    pattern = "#,##0" if one == "avoided-total" else "#,##0.###"
    return locale.isolated(locale.number(value, lang, pattern), lang)


def of_placebos(found: Placebos, outcome: str, lang: str) -> str:
    """How the jump at the event stands among those of placebo dates."""
    j = len(found.jumps)
    far = round(found.p * (1 + j)) - 1
    values = {"outcome": outcome_name(outcome, lang), "count": j, "far": far,
              "p": _p(found.p, lang), "days": found.window}  # fmt: skip
    return locale.render("measure.effect.said.placebos", values, lang)


def of_rivals(event: Event, rivals: Sequence[Event], lang: str) -> list[str]:
    """The causes beside an event that were not tested, by name."""
    if not rivals:
        return []
    values = {"date": event.date, "names": [one.name for one in rivals], "days": NEAR}
    return [locale.render("measure.effect.said.rivals", values, lang)]


def _p(p: float, lang: str) -> str:
    return locale.isolated(locale.number(p, lang, "0.###"), lang)


def _part(estimate: Estimate, part: str) -> str:
    named = _NAME.match(estimate.name)
    return (named.groupdict("")[part] if named else "") or ""
