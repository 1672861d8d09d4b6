"""What an estimate of survival says."""

from __future__ import annotations

import re

from marsad import locale
from marsad.measure.saying import Form, said
from marsad.records.estimate import Estimate

_DAY = r"-day-(?P<day>[0-9.e+-]+)"

FORMS = (
    Form.of(r"survival" + _DAY, "measure.survival.said.day", "fraction"),
    Form.of(r"survival-difference-(?P<one>.+?)-(?P<other>[^-]+(?:-\d\d)?)" + _DAY,
            "measure.survival.said.difference", "points"),
    Form.of(r"survival-(?P<group>.+?)" + _DAY, "measure.survival.said.group-day", "fraction"),
    Form.of(r"median-survival", "measure.survival.said.median", "day"),
    Form.of(r"median-survival-(?P<group>.+)", "measure.survival.said.group-median", "day"),
    Form.of(r"incidence-(?P<reason>.+?)" + _DAY, "measure.survival.said.incidence", "fraction"),
    Form.of(r"hazard-ratio-(?P<one>.+)-over-(?P<other>.+)",
            "measure.survival.said.ratio-of", "ratio"),
    Form.of(r"hazard-ratio-(?P<group>.+)", "measure.survival.said.ratio", "ratio"),
    Form.of(r"wide-ends", "measure.survival.said.wide", "fraction"),
    Form.of(r"reinstated", "measure.survival.said.reinstated", "fraction"),
    Form.of(r"come-and-gone", "measure.survival.said.unseen", "fraction"),
)  # fmt: skip


def sentence(estimate: Estimate, lang: str) -> str:
    """The estimate as one sentence in ``lang``; groups that are languages or months in words."""
    return said(estimate, FORMS, lang, group_name)


def group_name(group: str, lang: str) -> str:
    """A group as a sentence names it."""
    if month := re.fullmatch(r"(\d{4})-(\d\d)", group):
        return locale.month_name(int(month[1]), int(month[2]), lang)
    if re.fullmatch(r"[a-z]{2,3}", group):
        return locale.language_name(group, lang)
    return locale.isolated(group, lang)
