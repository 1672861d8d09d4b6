"""A census drawn: the links of its chain, the parts of the frame, and its marginals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from marsad.measure.census.bins import ACTIVITY, OTHER, UNKNOWN
from marsad.measure.census.marginals import Marginal
from marsad.measure.census.sentences import group_name
from marsad.outputs.report.chart import Chart
from marsad.outputs.report.dots import Block, Row, dots_chart
from marsad.outputs.report.wording import Words
from marsad.records.estimate import Estimate

CHAIN = (
    "prevalence-total",
    "population",
    "population-if-reach-differs",
    "population-at-least",
    "actors",
)
PARTS = ("language", "activity", "month")


def census_charts(
    estimates: Sequence[Estimate],
    marginals: Sequence[Marginal],
    words: Words,
    safe: Mapping[str, str],
) -> list[Sequence[Chart]]:
    """The chain, then parts of the frame side by side, then marginals. ``safe`` has clients as they
    may be shown; one that is not in it is not named."""
    parts = [chart for by in PARTS if (chart := _parts(by, estimates, words))]
    shares = [_shares(one, words, safe) for one in marginals]
    chain = _chain(estimates, words)
    rows: list[Sequence[Chart]] = [[chain] if chain is not None else [], parts, shares]
    return [row for row in rows if row]


def clients_of(marginals: Sequence[Marginal]) -> list[str]:
    """The clients that marginals name."""
    return [
        group
        for one in marginals if one.name == "client"
        for group, _ in one.shares if group not in (OTHER, UNKNOWN)
    ]  # fmt: skip


def _chain(estimates: Sequence[Estimate], words: Words) -> Chart | None:
    named = {one.name: one for one in estimates}
    links = [named[name] for name in CHAIN if name in named]
    if len(links) < 2:
        return None
    rows = [Row(words(f"chain.{one.name}"), one) for one in links]
    summary = words("chart.chain.summary", level=words.percent(links[0].level))
    return dots_chart(
        "census-chain", words("chart.chain.title"), summary, [Block(rows)], "count",
        words("axis.accounts"), words,
    )  # fmt: skip


def _parts(by: str, estimates: Sequence[Estimate], words: Words) -> Chart | None:
    """The totals of the parts of the frame, the most positive languages first."""
    prefix = f"positives-{by}-"
    found = [one for one in estimates if one.name.startswith(prefix)]
    if len(found) < 2:
        return None
    if by == "language":
        found.sort(key=lambda one: -one.value)
    if by == "activity":
        order = [f"{prefix}{name}" for _, name in ACTIVITY]
        found.sort(key=lambda one: order.index(one.name))
    marginal = "created" if by == "month" else by
    rows = [
        Row(group_name(marginal, one.name.removeprefix(prefix), words.lang), one) for one in found
    ]
    summary = words("chart.positives.summary", level=words.percent(found[0].level))
    return dots_chart(
        f"census-{by}", words(f"chart.positives-{by}.title"), summary, [Block(rows)], "count",
        words("axis.accounts"), words,
    )  # fmt: skip


def _shares(marginal: Marginal, words: Words, safe: Mapping[str, str]) -> Chart:
    rows = [Row(_group(marginal.name, group, words, safe), one) for group, one in marginal.shares]
    largest = max(rows, key=lambda row: row.estimate.value)
    one = largest.estimate
    title = words("chart.share.title", marginal=words.either("marginal", marginal.name))
    summary = words(
        "chart.share.summary", level=words.percent(one.level), count=one.n, group=largest.label,
        value=words.percent(one.value),
    )  # fmt: skip
    return dots_chart(
        f"census-share-{marginal.name}", title, summary, [Block(rows)], "fraction",
        words("axis.share"), words,
    )  # fmt: skip


def _group(marginal: str, group: str, words: Words, safe: Mapping[str, str]) -> str:
    if marginal == "client" and group not in (OTHER, UNKNOWN):
        return safe.get(group, "…")
    return group_name(marginal, group, words.lang)
