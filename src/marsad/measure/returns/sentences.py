"""What an estimate of returns says, in words that claim no more than its method can."""

from __future__ import annotations

import re

from marsad import locale
from marsad.records.estimate import Estimate

_NAME = re.compile(
    r"(?P<kind>[a-z-]+?)(?:-day-(?P<day>[0-9.e+]+))?(?:-suspension-(?P<k>\d+))?"
    r"(?P<form>-with-unsure|-adjusted|-first-closings)?\Z"
)
_COUNTS = ("lineages", "returned-accounts")
_MEANS = ("accounts-per-lineage",)
NOTHING = 0.0005
"""A low end that is shown as 0.0 %: then there is no "at least"."""


def sentence(estimate: Estimate, lang: str) -> str:
    """The estimate as one sentence in ``lang``; one of another measure as its name and interval."""
    named = _parts(estimate)
    ends = {end: shown(estimate, getattr(estimate, end), lang) for end in ("value", "low", "high")}
    values = {
        **ends,
        "name": estimate.name,
        "level": locale.isolated(locale.percent(estimate.level, lang, "#,##0.#%"), lang),
        "count": estimate.n,
        "day": float(named["day"] or 0),
        "suspension": int(named["k"] or 0),
    }
    return locale.render(f"measure.returns.said.{_form(estimate)}", values, lang)


def _form(estimate: Estimate) -> str:
    """Which sentence an estimate takes."""
    named = _parts(estimate)
    kind = named["kind"]
    if kind == "return-rate":
        if named["form"]:
            return f"rate{named['form']}"
        if estimate.bound != "lower":
            return "rate"
        return "rate-bound" if estimate.low >= NOTHING else "rate-nothing"
    if kind == "followers-regained":
        return "followers-suspension" if named["k"] else "followers"
    return kind if kind in (*_COUNTS, *_MEANS) else "other"


def shown(estimate: Estimate, value: float, lang: str) -> str:
    """A number of the estimate as its kind is written: a count, a mean, or per cent.

    In Arabic it is isolated, so that the text around it does not reorder its signs.
    """
    kind = _parts(estimate)["kind"]
    if kind in _COUNTS:
        return locale.isolated(locale.number(value, lang, "#,##0"), lang)
    if kind in _MEANS:
        return locale.isolated(locale.number(value, lang, "#,##0.0"), lang)
    return locale.isolated(locale.percent(value, lang), lang)


def _parts(estimate: Estimate) -> dict[str, str]:
    """What the name of an estimate is made of; "" for what is not in it."""
    named = _NAME.match(estimate.name)
    return named.groupdict("") if named else dict.fromkeys(_NAME.groupindex, "")
