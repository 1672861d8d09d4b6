"""Effects drawn: the series around its events, how much it changed, and placebo dates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from marsad.measure.effect import EffectReport
from marsad.measure.effect.report import open_frames
from marsad.measure.effect.series import Series
from marsad.outputs.passage import isolated
from marsad.outputs.report.chart import Chart
from marsad.outputs.report.dots import Block, Kind, Row, dots_chart
from marsad.outputs.report.measured.course import course_chart
from marsad.outputs.report.measured.placebos import placebo_chart
from marsad.outputs.report.wording import Words
from marsad.records.estimate import Estimate
from marsad.records.times import DAY

_NAME = re.compile(r"(?P<kind>[a-z-]+?)-(?P<date>\d{4}-\d\d-\d\d)")
CHANGES = ("level-change", "window-change", "did", "synthetic")
OF_ACCOUNTS = ("living-accounts", "same-accounts", "equal-age")


def effect_charts(reports: Sequence[EffectReport], words: Words) -> list[Sequence[Chart]]:
    """The series of each outcome, in the frame that newcomers enter where there is one; then all
    changes, and placebo dates."""
    courses = [
        course_chart(f"effect-course-{n}", _outcome(one.outcome, words), one.alone, words)
        for n, one in enumerate(open_frames(reports)) if one.alone
    ]  # fmt: skip
    small = [chart for kind in ("ratio", "difference") if (chart := _changes(kind, reports, words))]
    for n, report in enumerate(reports):
        small += _placebos(n, report, words)
    return [row for row in (courses, small) if row]


def _outcome(series: Series, words: Words) -> str:
    """An outcome of posts in words; one of a series by its own name."""
    known = words.knows(f"outcome.{series.name}")
    name = words(f"outcome.{series.name}") if known else isolated(series.name)
    closed = series.frame == "closed-panel"
    return words("chart.course.closed", outcome=name) if closed else name


def _placebos(n: int, report: EffectReport, words: Words) -> list[Chart]:
    return [
        placebo_chart(
            f"effect-placebos-{n}-{number}", _outcome(report.outcome, words), report.outcome.kind,
            found.event.day, found, words,
        )
        for number, found in enumerate(report.placebos)
    ]  # fmt: skip


def _changes(kind: Kind, reports: Sequence[EffectReport], words: Words) -> Chart | None:
    """Ratios or differences of all reports, those of one outcome and date together."""
    blocks = [block for report in reports for block in _blocks(report, words)]
    chosen = [
        Block(rows, block.heading)
        for block in blocks if (rows := [row for row in block.rows if _kind(row.estimate) == kind])
    ]  # fmt: skip
    merged = _merged(chosen)
    if not merged:
        return None
    name = "changes" if kind == "ratio" else "differences"
    level = words.percent(merged[0].rows[0].estimate.level)
    return dots_chart(
        f"effect-{name}", words(f"chart.{name}.title"), words(f"chart.{name}.summary", level=level),
        merged, kind, words("axis.of-expected" if kind == "ratio" else "axis.difference"), words,
    )  # fmt: skip


def _merged(blocks: Sequence[Block]) -> list[Block]:
    """What several reports tell of one thing, such as the outcome that should not move, once."""
    return list({(one.heading, tuple(one.rows)): one for one in blocks}.values())


def _kind(estimate: Estimate) -> Kind:
    """Of accounts, ratios of means are told; of a series of means, differences."""
    if estimate.name.startswith(OF_ACCOUNTS) or not estimate.method.endswith("-means"):
        return "ratio"
    return "difference"


def _blocks(report: EffectReport, words: Words) -> list[Block]:
    own = [*(report.alone.estimates if report.alone else ()),
           *(one.effect for one in report.compared),
           *(one.compared.effect for one in report.synthetic)]  # fmt: skip
    of_accounts = [
        one for part in report.turnover for one in (part.living, part.same, part.at_age) if one
    ]
    found = []
    for event in report.events:
        when = words.date(event.day * DAY) if len(report.events) > 1 else ""
        heading = _heading(_outcome(report.outcome, words), when, words)
        found.append(_block(own, CHANGES, event.date, heading, words))
        for one in report.unmoved:
            name = words("change.unmoved", outcome=_outcome(one.series, words))
            found.append(_block(one.estimates, CHANGES, event.date, _heading(name, when, words),
                                words))  # fmt: skip
        heading = _heading(words("outcome.followers-of-watched"), when, words)
        found.append(_block(of_accounts, OF_ACCOUNTS, event.date, heading, words))
    return [block for block in found if block.rows]


def _heading(outcome: str, when: str, words: Words) -> str:
    """What changes are of; the date where there are several."""
    return words("change.of", outcome=outcome, date=isolated(when)) if when else outcome


def _block(
    estimates: Sequence[Estimate], kinds: Sequence[str], date: str, heading: str, words: Words
) -> Block:
    rows = []
    for one in estimates:
        named = _NAME.fullmatch(one.name)
        if named and named["date"] == date and named["kind"] in kinds:
            rows.append(Row(words(f"change.{named['kind']}"), one))
    return Block(rows, heading)
