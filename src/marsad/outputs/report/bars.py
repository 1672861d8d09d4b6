"""Rankings as bars, and scores as a histogram."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from marsad.outputs.passage import isolated
from marsad.outputs.report.axes import count_scale, level_axis, upright_axis
from marsad.outputs.report.chart import Chart, Table, drawing, label_text, shortened
from marsad.outputs.report.data import Ranking
from marsad.outputs.report.svg import Plane
from marsad.outputs.report.wording import Words

ROW = 42
"""Height of a bar with the label above it, in pixels."""
HEAD, FLOOR = 30, 116
"""Where the columns of a histogram can reach to, and where they stand, in pixels."""
FEWEST_SCORES = 2
"""Findings below which a histogram of their scores says nothing."""


def bars_chart(
    id_: str, title: str, ranking: Ranking, labels: Sequence[str], total: int, words: Words
) -> Chart:
    """A ranking as bars, the label above each, its number at the end; ``total`` posts in all."""
    first = ranking.rows[0].posts
    summary = words(
        "bars.summary", label=isolated(shortened(labels[0])),
        posts=words.number(first), percent=words.percent(first / total, 1),
    )  # fmt: skip
    summary = f"{summary} {words.shown(len(ranking.rows), ranking.distinct)}"
    drawn = _bars([row.posts for row in ranking.rows], labels, total, words)
    svg = drawing(id_, title, summary, ROW * len(labels) + 46, drawn)
    return Chart(id_, title, summary, svg, _ranking_table(ranking, labels, total, words))


def _bars(counts: Sequence[int], labels: Sequence[str], total: int, words: Words) -> list[Markup]:
    plane, scale, height = Plane(words.lang == "ar"), count_scale(max(counts)), ROW * len(counts)
    drawn = level_axis(scale, height, plane, words)
    for n, (label, count) in enumerate(zip(labels, counts, strict=True)):
        part = words.percent(count / total, 1)
        said = words("bars.value", posts=words.number(count), percent=part)
        drawn.append(label_text(plane, n * ROW + 16, label))
        drawn.append(plane.text(100, n * ROW + 16, said, "end", "value"))
        drawn.append(plane.rect(0, 100 * count / scale.top, n * ROW + 22, 11, class_="bar"))
    return [*drawn, plane.text(100, height + 38, words("axis.posts"), "end", "axis")]


def _ranking_table(ranking: Ranking, labels: Sequence[str], total: int, words: Words) -> Table:
    headers = tuple(
        words(f"column.{name}") for name in ("value", "posts", "part", "accounts", "first", "last")
    )
    rows = tuple(
        (label, words.number(row.posts), words.percent(row.posts / total, 1),
         words.number(row.accounts), words.date(row.first), words.date(row.last))
        for label, row in zip(labels, ranking.rows, strict=True)
    )  # fmt: skip
    return Table(headers, rows, (1, 2, 3))


def scores_chart(id_: str, title: str, histogram: Sequence[int], words: Words) -> Chart:
    """How many findings have which score, in tenths."""
    rows = tuple(
        (words("scores.range", low=words.number(n / 10, 1), high=words.number((n + 1) / 10, 1)),
         words.number(count))
        for n, count in enumerate(histogram)
    )  # fmt: skip
    most = max(range(len(histogram)), key=lambda n: histogram[n])
    summary = words("scores.summary", range=rows[most][0], findings=rows[most][1])
    svg = drawing(id_, title, summary, FLOOR + 44, _histogram(histogram, words), upright=True)
    headers = (words("column.score"), words("column.findings"))
    return Chart(id_, title, summary, svg, Table(headers, rows, (1,)))


def _histogram(histogram: Sequence[int], words: Words) -> list[Markup]:
    plane = Plane(words.lang == "ar")
    title = words("axis.findings")
    drawn, top = upright_axis(max(histogram), title, HEAD, FLOOR, plane, words)
    for n, count in enumerate(histogram):
        high = (FLOOR - HEAD) * count / top
        drawn.append(plane.rect(n * 10 + 0.5, 9, FLOOR - high, high, class_="bar found"))
    for n in range(0, 11, 2):
        anchor = {0: "start", 10: "end"}.get(n, "middle")
        drawn.append(plane.text(n * 10, FLOOR + 17, words.number(n / 10, 1), anchor, "tick"))
    return [*drawn, plane.text(100, FLOOR + 36, words("axis.score"), "end", "axis")]
