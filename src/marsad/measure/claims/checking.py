"""A claim against an estimate: reproduced, contradicted, or what would be needed to tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Literal

from marsad import locale
from marsad.measure.claims.claim import Claim, Evidence
from marsad.measure.saying import directed, spanned
from marsad.records.estimate import Estimate

Kind = Literal["reproduced", "contradicted", "cannot-tell"]
SLACK = timedelta(days=14)
"""By how much the ends of two windows may differ and still be the same window."""

UNKNOWN = "unknown"
"""The outcome of a claim whose source does not say of what it speaks."""

NEVER_SETTLES = ("closed-panel", "mostly-taken-down", "turnover-inside", "rivals-untested")
"""Warnings with which an estimate settles no claim about what accounts do."""


@dataclass(frozen=True)
class Verdict:
    """``kind``, why (``reason``, an id), what is ``missing`` by name, and the command that is
    ``next``. A verdict is about the estimate under its assumptions, which it carries."""

    claim: Claim
    kind: Kind
    reason: str
    missing: tuple[str, ...]
    next: str
    estimate: Estimate | None = None

    def sentence(self, lang: str) -> str:
        """The verdict in words."""
        values: dict[str, Any] = {
            "claimed": claimed(self.claim, lang), "source": self.claim.source, "next": self.next,
            "test": self.claim.test_ar if lang == "ar" else self.claim.test_en,
        }  # fmt: skip
        if self.estimate is not None:
            values |= _ends(self.estimate, self.claim, lang)
        return locale.render(f"measure.claim.said.{self.reason}", values, lang)

    def to_dict(self) -> dict[str, Any]:
        """The verdict as the command line prints it with ``--json``."""
        return {
            "claim": self.claim.id, "verdict": self.kind, "reason": self.reason,
            "missing": list(self.missing), "next": self.next,
            "estimate": None if self.estimate is None else self.estimate.to_dict(),
        }  # fmt: skip


def check(claim: Claim, evidence: Evidence | None = None) -> Verdict:
    """Holds a claim against what was measured, if anything was.

    The estimate must be of the same outcome, unit, population and window (ends within 14 days), and
    in the frame that the claim needs; else it cannot tell. Contradicted: the whole interval lies
    outside what was claimed. Reproduced: it reaches into it and no further beyond it than the
    claim's tolerance; a wider one is compatible with too much. A bound can only contradict.
    """
    if evidence is None:
        return _cannot(claim, "no-estimate", ("estimate", *_unsaid(claim)), None)
    mismatch = _mismatch(claim, evidence)
    if mismatch:
        reason = mismatch if mismatch.startswith(UNKNOWN) else f"other-{mismatch}"
        return _cannot(claim, reason, (mismatch.removeprefix(f"{UNKNOWN}-"),), evidence.estimate)
    warned = [one for one in NEVER_SETTLES if one in evidence.estimate.warnings]
    if warned:
        return _cannot(claim, f"warned-{warned[0]}", (warned[0],), evidence.estimate)
    return _judged(claim, evidence.estimate)


def _unsaid(claim: Claim) -> tuple[str, ...]:
    """What the claim itself does not say, and nothing measured could replace."""
    return (
        *(("outcome",) if claim.outcome == UNKNOWN else ()),
        *(("window",) if claim.window is None else ()),
    )


def _mismatch(claim: Claim, evidence: Evidence) -> str | None:
    """What the estimate is of that the claim is not, or the other way round; the first of them."""
    if claim.outcome == UNKNOWN:
        return "unknown-outcome"
    if (evidence.outcome, evidence.unit) != (claim.outcome, claim.unit):
        return "outcome"
    if evidence.population != claim.population:
        return "population"
    if claim.window is None:
        return "unknown-window"
    if any(abs(a - b) > SLACK for a, b in zip(claim.window, evidence.window, strict=True)):
        return "window"
    if claim.frame is not None and evidence.estimate.frame != claim.frame:
        return "frame"
    return None


def _judged(claim: Claim, estimate: Estimate) -> Verdict:
    above = estimate.bound != "upper" and estimate.low > claim.high
    below = estimate.bound != "lower" and estimate.high < claim.low
    if above or below:
        reason = "contradicted-above" if above else "contradicted-below"
        return Verdict(claim, "contradicted", reason, (), claim.command, estimate)
    if estimate.bound is not None:
        return _cannot(claim, "bound-only", ("upper-bound" if estimate.bound == "lower"
                                             else "lower-bound",), estimate)  # fmt: skip
    least, most = claim.allowed()
    if estimate.low < least or estimate.high > most:
        return _cannot(claim, "too-wide", ("precision",), estimate)
    return Verdict(claim, "reproduced", "reproduced", (), claim.command, estimate)


def _cannot(
    claim: Claim, reason: str, missing: tuple[str, ...], estimate: Estimate | None
) -> Verdict:
    return Verdict(claim, "cannot-tell", reason, missing, claim.command, estimate)


def claimed(claim: Claim, lang: str) -> str:
    """The claimed figure as its unit is written: one number, or from … to …"""
    if claim.low == claim.high:
        return _written(claim, claim.low, lang)
    return _span(claim, claim.low, claim.high, lang)


def _ends(estimate: Estimate, claim: Claim, lang: str) -> dict[str, str]:
    return {
        "value": _written(claim, estimate.value, lang),
        "span": _span(claim, estimate.low, estimate.high, lang),
        "level": locale.isolated(locale.percent(estimate.level, lang, "#,##0.#%"), lang),
    }


def _written(claim: Claim, number: float, lang: str) -> str:
    """A number as the claim's unit is written: a factor as a change, “45% less”."""
    if claim.unit == "ratio":
        return directed(number - 1, "change", partial(_percent, lang=lang), lang)
    if claim.unit == "count":
        return locale.isolated(locale.number(number, lang, "#,##0"), lang)
    return _percent(number, lang)


def _span(claim: Claim, low: float, high: float, lang: str) -> str:
    if claim.unit == "ratio":
        return spanned(low - 1, high - 1, "change", partial(_percent, lang=lang), lang)
    ends = {"low": _written(claim, low, lang), "high": _written(claim, high, lang)}
    return locale.render("measure.claim.said.range", ends, lang)


def _percent(part: float, lang: str) -> str:
    return locale.isolated(locale.percent(part, lang, "#,##0.#%"), lang)
