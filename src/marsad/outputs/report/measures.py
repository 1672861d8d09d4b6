"""What measures told, as a page says it: sentences, a curve, what could not be told, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.outputs.report.chart import Chart
from marsad.outputs.report.curve import survival_chart
from marsad.outputs.report.wording import Words
from marsad.workspace.measuring.everything import Measured


@dataclass(frozen=True)
class Told:
    """One measure: its sentences, a chart where it has one, sentences of refusals, and its methods,
    assumptions and warnings, each once."""

    measure: str
    said: Sequence[str]
    chart: Chart | None
    refused: Sequence[str]
    terms: Sequence[str]


def told(measured: Measured, words: Words) -> Told:
    """A measure in the language of the page."""
    refused = dict.fromkeys(one.message.render(words.lang) for one in measured.refused)
    chart = survival_chart(measured.curve, words) if measured.curve else None
    return Told(measured.measure, measured.said(words.lang), chart, list(refused),
                _terms(measured, words))  # fmt: skip


def _terms(measured: Measured, words: Words) -> list[str]:
    found: dict[str, None] = {}
    for group in ("method", "assumption", "warning"):
        for one in measured.estimates:
            named = (one.method,) if group == "method" else getattr(one, f"{group}s")
            found |= dict.fromkeys(_term(group, name, words) for name in named)
    return list(found)


def _term(group: str, name: str, words: Words) -> str:
    """A method as it is, an assumption or a warning as such."""
    said = words.either(f"report.{group}", name)
    if group == "method":
        return said
    return f"{words('accuracy.assumes' if group == 'assumption' else 'warning')} {said}"
