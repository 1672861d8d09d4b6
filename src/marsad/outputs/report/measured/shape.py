"""The shape of a network drawn: before and after, and had as many accounts gone at random."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.outputs.report.chart import Chart
from marsad.outputs.report.dots import Block, Row, dots_chart
from marsad.outputs.report.wording import Words
from marsad.records.estimate import Estimate

FRACTIONS = ("reachable", "reciprocity", "in-network", "concentration")
WHEN = ("before", "after")


def shape_charts(estimates: Sequence[Estimate], words: Words) -> list[Sequence[Chart]]:
    """The fractions of a network, and how many outside it are tied to it, side by side."""
    named = {one.name: one for one in estimates}
    blocks = [block for name in FRACTIONS if (block := _block(name, named, words)).rows]
    charts = []
    if blocks:
        level = words.percent(blocks[0].rows[0].estimate.level)
        charts.append(
            dots_chart(
                "network-shape", words("chart.shape.title"),
                words("chart.shape.summary", level=level), blocks, "fraction",
                words("axis.fraction"), words,
            )
        )  # fmt: skip
    if rows := _moments("reach", named, words):
        charts.append(
            dots_chart(
                "network-reach", words("chart.reach.title"), words("chart.reach.summary"),
                [Block(rows)], "count", words("axis.accounts"), words,
            )
        )  # fmt: skip
    return [charts] if charts else []


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
