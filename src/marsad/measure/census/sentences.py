"""What an estimate of a census says."""

from __future__ import annotations

from marsad.measure.saying import Form, said
from marsad.records.estimate import Estimate

FORMS = (
    Form.of(r"prevalence", "measure.census.said.prevalence", "fraction"),
    Form.of(r"prevalence-total", "measure.census.said.total", "count"),
    Form.of(r"positives-language-(?P<language>.+)", "measure.census.said.language", "count"),
    Form.of(r"positives-activity-(?P<activity>.+)", "measure.census.said.activity", "count"),
    Form.of(r"positives-month-(?P<group>.+)", "measure.census.said.month", "count"),
    Form.of(r"population(-at-least)?", "measure.census.said.population", "count"),
    Form.of(r"accounts-per-actor", "measure.census.said.per-actor", "mean"),
    Form.of(r"actors", "measure.census.said.actors", "count"),
    Form.of(r"agreement", "measure.census.said.alpha", "ratio"),
)


def sentence(estimate: Estimate, lang: str) -> str:
    """The estimate as one sentence in ``lang``."""
    return said(estimate, FORMS, lang)
