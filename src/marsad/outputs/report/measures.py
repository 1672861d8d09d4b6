"""What measures told, as a page says it: sentences, charts, what could not be told, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.outputs.report.measured import Charts, charts_of
from marsad.outputs.report.wording import Words
from marsad.workspace.measuring.everything import Measured


@dataclass(frozen=True)
class Told:
    """One measure: its sentences, its charts, sentences of refusals, and its methods, assumptions
    and warnings, each once."""

    measure: str
    said: Sequence[str]
    charts: Charts
    refused: Sequence[str]
    terms: Sequence[str]


def told(measured: Measured, words: Words, safe: Mapping[str, str]) -> Told:
    """A measure in the language of the page. ``safe`` has names of the data as they may be
    shown."""
    refused = dict.fromkeys(one.message.render(words.lang) for one in measured.refused)
    charts = charts_of(measured, words, safe)
    return Told(measured.measure, measured.said(words.lang), charts, list(refused),
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
