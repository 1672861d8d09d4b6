"""The page: one HTML file that asks nothing of any network and runs no script."""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from marsad.outputs.passage import harmless
from marsad.outputs.report.bars import FEWEST_SCORES, bars_chart, scores_chart
from marsad.outputs.report.chart import Chart
from marsad.outputs.report.data import Count, Ranking, ReportData
from marsad.outputs.report.dots import estimates_chart
from marsad.outputs.report.measures import told
from marsad.outputs.report.network import network_chart
from marsad.outputs.report.over_time import volume_chart
from marsad.outputs.report.wording import Language, Words
from marsad.records.estimate import Estimate

_FOLDER = Path(__file__).parent
_FEWEST = {"platforms": 2}
"""Values that a ranking must have to be drawn; one where it is not named here."""


def render(data: ReportData, lang: Language) -> str:
    """The report as HTML text."""
    words = Words(lang)
    style = stylesheet()
    template = _environment().get_template("report.html.j2")
    return template.render(
        data=data,
        context=data.context,
        words=words,
        charts=_charts(data, words),
        estimates=_estimates(data.context.estimates, words),
        measures=[told(one, words, data.clients_safe) for one in data.context.measured],
        style=Markup(style),
        policy=content_policy(style),
        rtl=words.direction == "rtl",
    )


@cache
def stylesheet() -> str:
    """The style sheet that is written into the page."""
    return (_FOLDER / "style.css").read_text("utf-8")


def content_policy(style: str) -> str:
    """What the page may do: show its own style sheet, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _charts(data: ReportData, words: Words) -> Mapping[str, Chart]:
    """The charts there is something to draw for, by name."""
    drawn: dict[str, Chart] = {}
    if data.volume is not None:
        drawn["volume"] = volume_chart(data.volume, words)
    posts = data.totals.posts
    for name, ranking in _bars(data).items():
        if any(row.label for row in ranking.rows) and len(ranking.rows) >= _FEWEST.get(name, 1):
            labels = [_label(name, row, words) for row in ranking.rows]
            title = words(f"{name}.title")
            drawn[name] = bars_chart(name, title, ranking, labels, posts, words)
    for signal in data.signals:
        for finding in signal.rows:
            if finding.network is not None:
                id_ = f"network-{finding.anchor}"
                drawn[id_] = network_chart(id_, finding.network, words)
        if signal.findings >= FEWEST_SCORES:
            title = words("scores.title", signal=words.signal(signal.signal))
            id_ = f"scores-{signal.signal}"
            drawn[id_] = scores_chart(id_, title, signal.histogram, words)
    return drawn


def _bars(data: ReportData) -> dict[str, Ranking]:
    return {
        "languages": data.languages,
        "kinds": data.kinds,
        "clients": data.clients,
        "platforms": data.platforms,
        "hashtags": data.hashtags,
        "domains": data.domains,
    }


def _label(name: str, row: Count, words: Words) -> str:
    if name == "languages":
        return words.language(row.label)
    if row.label is None:
        return words("not-said")
    if name == "kinds":
        return words.either("report.kind", row.label)
    return f"#{row.label}" if name == "hashtags" else row.label


@dataclass(frozen=True)
class EstimateGroup:
    """Estimates of one measure: a chart of them, and each in full."""

    name: str
    chart: Chart
    estimates: Sequence[Estimate]


def _estimates(estimates: Sequence[Estimate], words: Words) -> list[EstimateGroup]:
    grouped: dict[str, list[Estimate]] = defaultdict(list)
    for one in estimates:
        measure, mark, _ = one.name.partition(":")
        grouped[measure if mark else ""].append(one)
    groups = []
    for n, (measure, members) in enumerate(grouped.items()):
        title = words.either("report.measure", measure) if measure else words("measure.other")
        chart = estimates_chart(f"estimates-{n}", title, members, words)
        groups.append(EstimateGroup(measure, chart, members))
    return groups
