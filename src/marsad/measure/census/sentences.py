"""What an estimate of a census says."""

from __future__ import annotations

import re

from marsad import locale
from marsad.measure.census.bins import OTHER, UNKNOWN
from marsad.measure.saying import Form, said, values_of
from marsad.records.estimate import Estimate

FORMS = (
    Form.of(r"prevalence", "measure.census.said.prevalence", "fraction"),
    Form.of(r"prevalence-total", "measure.census.said.total", "count"),
    Form.of(r"positives-language-und", "measure.census.said.language-unknown", "count"),
    Form.of(r"positives-language-(?P<language>.+)", "measure.census.said.language", "count"),
    Form.of(r"positives-activity-(?P<activity>.+)", "measure.census.said.activity", "count"),
    Form.of(r"positives-month-(?P<group>.+)", "measure.census.said.month", "count"),
    Form.of(r"median-activity", "measure.census.said.median-activity", "mean"),
    Form.of(r"median-followers", "measure.census.said.median-followers", "count"),
    Form.of(r"population-if-reach-differs", "measure.census.said.if-reach-differs", "count"),
    Form.of(r"population(-at-least)?", "measure.census.said.population", "count"),
    Form.of(r"accounts-per-actor", "measure.census.said.per-actor", "mean"),
    Form.of(r"actors", "measure.census.said.actors", "count"),
    Form.of(r"reached-(?P<group>.+)", "measure.census.said.reached", "fraction"),
    Form.of(r"prevalence-adjusted", "measure.census.said.adjusted", "fraction"),
    Form.of(r"true-positive-rate", "measure.census.said.true-positive", "fraction"),
    Form.of(r"false-positive-rate", "measure.census.said.false-positive", "fraction"),
    Form.of(r"agreement", "measure.census.said.alpha", "ratio"),
)
SHARE, PART = "share-", "positives-"


def sentence(estimate: Estimate, lang: str) -> str:
    """The estimate as one sentence in ``lang``."""
    if not is_share(estimate):
        return said(estimate, FORMS, lang, _group)
    marginal, _, group = estimate.name.removeprefix(SHARE).partition("-")
    named = {
        "marginal": locale.render(f"marginal.{marginal}", {}, lang),
        "group": group_name(marginal, group, lang),
    }
    values = {**values_of(estimate, "fraction", lang), **named}
    return locale.render("measure.census.said.share", values, lang)


def _group(group: str, lang: str) -> str:
    """A month in words; what a file of referrals calls its groups as it is."""
    if re.fullmatch(r"\d{4}-\d\d", group):
        return _period(group, lang)
    return locale.isolated(group, lang)


def is_share(estimate: Estimate) -> bool:
    """Whether it is of a marginal: a share of the positives."""
    return estimate.name.startswith(SHARE)


def is_of_group(estimate: Estimate) -> bool:
    """Whether it is of a part of the frame or of its positives, one of many alike."""
    return estimate.name.startswith((SHARE, PART))


def row(marginal: str, group: str, estimate: Estimate, lang: str) -> str:
    """A share as a line of a table."""
    values = {**values_of(estimate, "fraction", lang), "group": group_name(marginal, group, lang)}
    return locale.render("measure.census.row", values, lang)


def group_name(marginal: str, group: str, lang: str) -> str:
    """A group of a marginal in words: a bin, a language, a month or a year; a client as it is."""
    if group in (UNKNOWN, OTHER):
        return locale.render(f"measure.census.{group}", {}, lang)
    if marginal == "language":
        return locale.language_name(None if group == "und" else group, lang)
    if marginal == "created":
        return _period(group, lang)
    if marginal in ("activity", "followers"):
        return locale.render(f"{marginal}.{group}", {}, lang)
    return group


def _period(group: str, lang: str) -> str:
    """``2014``, ``2014-03`` or ``until-2013``."""
    if group.startswith("until-"):
        year = locale.number(int(group.removeprefix("until-")), lang, "0")
        return locale.render("measure.census.until", {"year": year}, lang)
    year, _, month = group.partition("-")
    return locale.month_name(int(year), int(month), lang) if month else locale.number(
        int(year), lang, "0"
    )  # fmt: skip
