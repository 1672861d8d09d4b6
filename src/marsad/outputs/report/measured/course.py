"""A daily series around its events: counted, fitted, and the earlier course gone on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from marsad.measure.effect.noise import Floats
from marsad.measure.effect.segmented import Segmented
from marsad.measure.effect.series import Days
from marsad.outputs.passage import isolated
from marsad.outputs.report.axes import GUTTER, round_step, time_ticks
from marsad.outputs.report.chart import Chart, Table, drawing
from marsad.outputs.report.data import Bin, Unit
from marsad.outputs.report.svg import Plane, tag
from marsad.outputs.report.wording import Words
from marsad.records.times import DAY

HEAD, FLOOR = 56.0, 256.0
MOST_DAYS, WEEK = 120, 7
"""Days that fit a drawing one by one; more are drawn as means of weeks."""
MOST_ABOVE = 1.5
"""How far above all that was counted the earlier course gone on may reach in the drawing."""


@dataclass(frozen=True)
class Course:
    """A series as it is drawn: by day, or means of weeks. All (T,); ``low`` and ``high`` are of
    ``gone_on``, which like them is NaN before the first event."""

    unit: Unit
    days: Days
    counted: Floats
    fitted: Floats
    gone_on: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, found: Segmented) -> Course:
        after = found.days >= found.events[0].after
        low, high = found.without_ends
        columns = [found.series.values, found.expected]
        columns += [np.where(after, one, np.nan) for one in (found.without, low, high)]
        if found.days[-1] - found.days[0] < MOST_DAYS:
            return cls("day", found.days, *columns)
        event = found.events[0].day  # weeks are counted from it, so that none lies on both sides
        week = (found.days - event) // WEEK
        first, last = -((event - found.days[0]) // WEEK), (found.days[-1] + 1 - event) // WEEK
        there = np.intersect1d(week, np.arange(first, last))  # whole weeks: days differ
        means = [np.array([one[week == n].mean() for n in there]) for one in columns]
        return cls("week", event + there * WEEK, *means)


def course_chart(id_: str, outcome: str, found: Segmented, words: Words) -> Chart:
    """The drawing of one series with its events."""
    course = Course.of(found)
    weekly = course.unit == "week"
    title = words("chart.course.title-weeks" if weekly else "chart.course.title", outcome=outcome)
    level = found.estimates[0].level if found.estimates else 0.95
    summary = words(
        "chart.course.summary", first=words.date(int(course.days[0]) * DAY),
        last=words.date(int(found.days[-1]) * DAY), level=words.percent(level),
        dates=[isolated(words.date(one.day * DAY)) for one in found.events],
    )  # fmt: skip
    field = _Field(course, Plane(words.lang == "ar"), words)
    drawn = [*field.axes(), *field.courses(), *field.events(found)]
    svg = drawing(id_, title, summary, FLOOR + 50, drawn, upright=True)
    return Chart(id_, title, summary, svg, _table(course, words))


@dataclass(frozen=True)
class _Field:
    course: Course
    plane: Plane
    words: Words

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest number drawn. A course that runs away is cut."""
        course = self.course
        own = np.concatenate([course.counted, course.fitted])
        top, bottom = float(own.max()), min(0.0, float(own.min()))
        if np.isfinite(course.high).any():
            far = float(np.nanmax(course.high))
            top = max(top, min(far, bottom + MOST_ABOVE * (top - bottom)))
        return bottom, top if top > bottom else bottom + 1.0

    def x(self, day: float) -> float:
        """The middle of a day, or of a week."""
        days, step = self.course.days, WEEK if self.course.unit == "week" else 1
        return float(100 * (day - days[0] + step / 2) / (days[-1] - days[0] + step))

    def y(self, value: float) -> float:
        low, high = self.span
        return FLOOR - (FLOOR - HEAD) * (min(max(value, low), high) - low) / (high - low)

    def axes(self) -> list[Markup]:
        plane, words, (low, high) = self.plane, self.words, self.span
        drawn = [plane.text(0, HEAD - 40, words("axis.counted"), class_="axis", aside=-GUTTER)]
        step = round_step((high - low) / 5)
        for value in np.arange(np.ceil(low / step), np.floor(high / step + 1e-9) + 1) * step:
            y = self.y(float(value))
            drawn.append(plane.line(0, 100, y, y, "grid" if value else "base"))
            said = words.compact(float(value) if step < 1 else round(float(value)))
            drawn.append(plane.text(0, y + 4, said, "end", "tick", aside=-8))
        bins = [Bin(int(day) * DAY, 0, 0) for day in self.course.days]
        for tick in time_ticks(self.course.unit, bins, 6):
            at = self.x(float(self.course.days[[one.start for one in bins].index(tick.start)]))
            name = words.tick(tick.start, tick.pattern)
            drawn.append(plane.text(at, FLOOR + 22, name, tick.anchor, tick.class_))
        return [*drawn, plane.text(100, FLOOR + 42, words("axis.time"), "end", "axis")]

    def courses(self) -> list[Markup]:
        course, plane = self.course, self.plane
        after = np.isfinite(course.gone_on)
        lines = [
            _polyline(plane, self._places(course.fitted[part], part), "curve")
            for part in (~after, after) if part.any()
        ]  # fmt: skip
        if after.any():
            top, bottom = (self._places(one[after], after) for one in (course.high, course.low))
            shape = plane.points([*top, *reversed(bottom)])
            lines = [
                tag("polygon", points=shape, class_="band"),
                _polyline(plane, self._places(course.gone_on[after], after), "curve gone-on"),
                *lines,
            ]
        dots = [
            tag("circle", cx=plane.x(self.x(float(day))), cy=self.y(float(value)), r=2.5,
                class_="counted")
            for day, value in zip(course.days, course.counted, strict=True)
        ]  # fmt: skip
        return [plane.field(HEAD, FLOOR - HEAD, *lines), *dots]

    def _places(self, values: Floats, part: np.ndarray) -> list[tuple[float, float]]:
        days = self.course.days[part]
        return [
            (self.x(float(day)), self.y(float(value)) - HEAD)
            for day, value in zip(days, values, strict=True)
        ]

    def events(self, found: Segmented) -> list[Markup]:
        """A line at each event, named where they are few."""
        drawn: list[Markup] = []
        for event in found.events:
            day = event.day - (0.5 if self.course.unit == "day" else WEEK / 2)
            at = min(max(self.x(day), 0.0), 100.0)
            drawn.append(self.plane.line(at, at, HEAD - 10, FLOOR, "event"))
            if len(found.events) == 1:
                name, anchor = self.words.event(event.day), "end" if at > 50 else "start"
                drawn.append(self.plane.text(at, HEAD - 16, name, anchor, "label"))
        return drawn


def _polyline(plane: Plane, places: list[tuple[float, float]], class_: str) -> Markup:
    return tag("polyline", points=plane.points(places), class_=class_)


def _table(course: Course, words: Words) -> Table:
    columns = (course.counted, course.fitted, course.gone_on, course.low, course.high)
    rows = tuple(
        (words.date(int(day) * DAY), *(_number(float(one[n]), words) for one in columns))
        for n, day in enumerate(course.days)
    )
    names = (course.unit, "counted", "fitted", "gone-on", "low", "high")
    return Table(tuple(words(f"column.{name}") for name in names), rows, (1, 2, 3, 4, 5))


def _number(value: float, words: Words) -> str:
    if not np.isfinite(value):
        return "–"
    return words.measured(round(value) if abs(value) >= 100 else round(value, 2))
