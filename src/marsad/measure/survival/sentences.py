"""What an estimate of survival says."""

from __future__ import annotations

from marsad.measure.saying import Form, said
from marsad.records.estimate import Estimate

_DAY = r"-day-(?P<day>[0-9.e+-]+)"

FORMS = (
    Form.of(r"survival" + _DAY, "measure.survival.said.day", "fraction"),
    Form.of(r"survival-difference-(?P<one>.+?)-(?P<other>[^-]+(?:-\d\d)?)" + _DAY,
            "measure.survival.said.difference", "change"),
    Form.of(r"survival-(?P<group>.+?)" + _DAY, "measure.survival.said.group-day", "fraction"),
    Form.of(r"median-survival", "measure.survival.said.median", "day"),
    Form.of(r"median-survival-(?P<group>.+)", "measure.survival.said.group-median", "day"),
    Form.of(r"incidence-(?P<reason>.+?)" + _DAY, "measure.survival.said.incidence", "fraction"),
    Form.of(r"hazard-ratio-(?P<group>.+)", "measure.survival.said.ratio", "ratio"),
    Form.of(r"wide-ends", "measure.survival.said.wide", "fraction"),
    Form.of(r"reinstated", "measure.survival.said.reinstated", "fraction"),
    Form.of(r"come-and-gone", "measure.survival.said.unseen", "fraction"),
)  # fmt: skip


def sentence(estimate: Estimate, lang: str) -> str:
    """The estimate as one sentence in ``lang``."""
    return said(estimate, FORMS, lang)
