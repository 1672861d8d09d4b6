"""What an estimate of a network's shape says."""

from __future__ import annotations

from marsad.measure.saying import Form, said
from marsad.records.estimate import Estimate

_DATE = r"(?:-(?P<date>\d{4}-\d\d-\d\d))?"
"""Where there are several events, of which one an estimate tells."""

_WHEN = r"-(?P<when>before|after)" + _DATE

FORMS = (
    Form.of("reach" + _WHEN, "measure.network.said.reach", "count"),
    Form.of("deepest-core" + _WHEN, "measure.network.said.core", "count"),
    Form.of("reachable" + _WHEN, "measure.network.said.reachable", "fraction"),
    Form.of("reachable-at-random", "measure.network.said.random", "fraction"),
    Form.of("reachable-at-random" + _DATE, "measure.network.said.random-dated", "fraction"),
    Form.of("reciprocity" + _WHEN, "measure.network.said.reciprocity", "fraction"),
    Form.of("in-network" + _WHEN, "measure.network.said.in-network", "fraction"),
    Form.of("concentration" + _WHEN, "measure.network.said.concentration", "fraction"),
)


def sentence(estimate: Estimate, lang: str) -> str:
    """The estimate as one sentence in ``lang``."""
    return said(estimate, FORMS, lang)
