"""The shape of a network drawn: before and after, and had as many accounts gone at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from marsad.measure.effect.series import epoch_day
from marsad.outputs.passage import isolated
from marsad.outputs.report.chart import Chart
from marsad.outputs.report.dots import Block, Row, dots_chart
from marsad.outputs.report.wording import Words
from marsad.records.estimate import Estimate
from marsad.records.times import DAY

FRACTIONS = ("reachable", "reciprocity", "in-network", "concentration")
WHEN = ("before", "after")


def shape_charts(networks: Mapping[str, Sequence[Estimate]], words: Words) -> list[Sequence[Chart]]:
    """Around each event (by its date) a row of charts, which name it where its estimates do."""
    rows = [
        _around(some, date if any(one.name.endswith(date) for one in some) else "", words)
        for date, some in networks.items()
    ]
    return [row for row in rows if row]


def _around(estimates: Sequence[Estimate], date: str, words: Words) -> list[Chart]:
    """The fractions of a network, and how many outside it are tied to it, side by side."""
    suffix = f"-{date}" if date else ""
    named = {one.name.removesuffix(suffix): one for one in estimates}

    def title(name: str) -> str:
        said = words(f"chart.{name}.title")
        shown = isolated(words.date(epoch_day(date) * DAY)) if date else ""
        return words("chart.dated", title=said, date=shown) if date else said

    blocks = [block for name in FRACTIONS if (block := _block(name, named, words)).rows]
    charts = []
    if blocks:
        level = words.percent(blocks[0].rows[0].estimate.level)
        charts.append(
            dots_chart(
                f"network-shape{suffix}", title("shape"),
                words("chart.shape.summary", level=level), blocks, "fraction",
                words("axis.fraction"), words,
            )
        )  # fmt: skip
    if rows := _moments("reach", named, words):
        charts.append(
            dots_chart(
                f"network-reach{suffix}", title("reach"), words("chart.reach.summary"),
                [Block(rows)], "count", words("axis.accounts"), words,
            )
        )  # fmt: skip
    return charts


def _block(name: str, named: dict[str, Estimate], words: Words) -> Block:
    rows = _moments(name, named, words)
    if rows and f"{name}-at-random" in named:
        rows.append(Row(words("shape.random"), named[f"{name}-at-random"]))
    return Block(rows, words(f"shape.{name}"))


def _moments(name: str, named: dict[str, Estimate], words: Words) -> list[Row]:
    return [
        Row(words.either("when", when), named[f"{name}-{when}"])
        for when in WHEN if f"{name}-{when}" in named
    ]  # fmt: skip
