"""Drawings of the dashboard: the report's, with the desk's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marsad import locale
from marsad.decide.outcomes import ACTING, OUTCOMES
from marsad.outputs.report.chart import Chart, Table, drawing
from marsad.outputs.report.data import Bin, Volume
from marsad.outputs.report.dots import Block, Row, dots_chart
from marsad.outputs.report.over_time import Panel, columns
from marsad.outputs.report.svg import Plane
from marsad.outputs.report.wording import Words
from marsad.records.estimate import Estimate
from marsad.records.times import DAY
from marsad.workspace.dashboard import Predictive


def decisions_chart(
    decided: Mapping[int, Mapping[str, int]], now: int, days: int, words: Words
) -> Chart:
    """Decisions of each day until ``now``, those against somebody in a panel of their own; the
    table has each outcome."""
    last = max(now // DAY, *decided)
    first = min(last - days + 1, *decided)
    span = range(first, last + 1)
    against = [_count(decided.get(day, {}), True) for day in span]
    others = [_count(decided.get(day, {}), False) for day in span]
    volume = Volume("day", tuple(Bin(day * DAY, 0, 0) for day in span))
    title = _say(words, "decisions")
    said = {"against": words.number(sum(against)), "others": words.number(sum(others)),
            "first": words.date(first * DAY), "last": words.date(last * DAY)}  # fmt: skip
    summary = _say(words, "decisions-summary", **said)
    panels = [
        Panel(_say(words, "decisions-against"), against, "bar found", 110),
        Panel(_say(words, "decisions-others"), others, "bar", 110),
    ]
    drawn, height = columns(volume, panels, 0, Plane(words.lang == "ar"), words)
    svg = drawing("decisions", title, summary, height, drawn, upright=True)
    return Chart("decisions", title, summary, svg, _by_day(decided, words))


def _count(day: Mapping[str, int], against: bool) -> int:
    return sum(count for outcome, count in day.items() if (outcome in ACTING) == against)


def _by_day(decided: Mapping[int, Mapping[str, int]], words: Words) -> Table:
    """The days on which something was decided, the newest first, and how often each outcome."""
    had = {outcome for day in decided.values() for outcome in day}
    outcomes = [one for one in OUTCOMES if one in had] + sorted(had - set(OUTCOMES))
    names = [words.either("desk.outcome", one) for one in outcomes]
    rows = tuple(
        (words.date(day * DAY), *(words.number(decided[day].get(one, 0)) for one in outcomes))
        for day in sorted(decided, reverse=True)
    )
    headers = (_say(words, "day"), *names)
    return Table(headers, rows, tuple(range(1, len(headers))))


def precision_chart(precision: Mapping[str, Estimate], words: Words) -> Chart:
    """Of each signal the fraction of its decided cases that were decided against somebody."""
    rows = [Row(words.signal(name), one) for name, one in precision.items()]
    return _fractions("precision", rows, words)


def agreement_chart(estimates: Sequence[Estimate], words: Words) -> Chart | None:
    """Krippendorff's α of second readings; None where it cannot be told."""
    if not estimates:
        return None
    rows = []
    for one in estimates:
        name = words.either("desk.dashboard.family", one.name.partition(":")[2])
        rows.append(Row(name, one))
    title, summary = _say(words, "alpha"), _say(words, "alpha-summary")
    axis = words("axis.estimate", level=words.percent(estimates[0].level))
    return dots_chart("alpha", title, summary, [Block(rows)], "difference", axis, words)


def predictive_chart(kind: str, values: Sequence[Predictive], words: Words) -> Chart | None:
    """Of each signal as it is set the predictive value; None where none can be told."""
    rows = [
        Row(words.signal(one.signal), one.value)
        for one in values if one.threshold == 0 and isinstance(one.value, Estimate)
    ]  # fmt: skip
    return _fractions(f"predictive-{kind}", rows, words) if rows else None


def _fractions(name: str, rows: Sequence[Row], words: Words) -> Chart:
    level = words.percent(rows[0].estimate.level)
    title, summary = _say(words, name), _say(words, f"{name}-summary", level=level)
    axis = words("axis.estimate", level=level)
    return dots_chart(name, title, summary, [Block(rows)], "fraction", axis, words)


def _say(words: Words, message: str, **values: Any) -> str:
    return locale.render(f"desk.dashboard.{message}", values, words.lang)
