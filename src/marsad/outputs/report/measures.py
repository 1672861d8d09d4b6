"""What measures told, as a page says it: sentences, charts, what could not be told, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.measure.minding import minded
from marsad.outputs.report.measured import Charts, charts_of
from marsad.outputs.report.wording import Words
from marsad.workspace.measuring.everything import Measured


@dataclass(frozen=True)
class Told:
    """One measure: its sentences, its charts, sentences of refusals, and its methods, assumptions
    and warnings, each once; warnings with the estimates they belong to."""

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
    for one in measured.estimates:
        found[words.either("report.method", one.method)] = None
    for one in measured.estimates:
        for name in one.assumptions:
            found[f"{words('accuracy.assumes')} {words.either('report.assumption', name)}"] = None
    return [*found, *(_minded(said, of, words) for said, of in minded(measured.whose(words.lang),
                                                                      words.lang))]  # fmt: skip


def _minded(said: str, of: str, words: Words) -> str:
    return f"{words('warning')} {said}" + (f" ({of})" if of else "")
