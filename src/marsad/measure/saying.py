"""Estimates as sentences that claim no more than their methods can.

Each measure says which sentence an estimate takes, by its name; here numbers are written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from marsad import locale
from marsad.records.estimate import Estimate

WORDS = {"activity": "activity", "reason": "state", "when": "when"}
"""Parts of names that are ids, and under what the catalogues have them."""

GROUPS = ("group", "one", "other")
"""Parts of names that are groups of accounts."""

Kind = Literal["count", "mean", "fraction", "change", "ratio", "day", "points"]


@dataclass(frozen=True)
class Form:
    """The sentence of estimates whose whole name matches ``pattern``.

    What that names is handed on as text, ``day`` as a number, ``language`` and those in `WORDS` in
    words, ``when`` with the ``date`` where there is one. ``message`` ends in ``.lower`` or
    ``.upper`` where only that end is known.
    """

    pattern: re.Pattern[str]
    message: str
    kind: Kind

    @classmethod
    def of(cls, pattern: str, message: str, kind: Kind) -> Form:
        """From the text of a pattern."""
        return cls(re.compile(pattern), message, kind)


def said(
    estimate: Estimate,
    forms: Sequence[Form],
    lang: str,
    named_group: Callable[[str, str], str] | None = None,
) -> str:
    """The estimate in ``lang`` by the first form that fits; where none does, its name, value and
    interval. ``named_group`` says how a group is called."""
    for form in forms:
        if named := form.pattern.fullmatch(estimate.name):
            message = f"{form.message}.{estimate.bound}" if estimate.bound else form.message
            parts = {name: part or "" for name, part in named.groupdict().items()}
            if day := parts.get("day"):
                parts["day"] = shown(float(day), "day", lang)
            if code := parts.get("language"):
                parts["language"] = locale.language_name(code, lang)
            for part in GROUPS:
                if named_group and (group := parts.get(part)):
                    parts[part] = named_group(group, lang)
            for part, words in WORDS.items():
                if parts.get(part):
                    dated = "-date" if part == "when" and parts.get("date") else ""
                    parts[part] = locale.render(f"{words}.{parts[part]}{dated}", parts, lang)
            return locale.render(message, {**parts, **values_of(estimate, form.kind, lang)}, lang)
    return locale.render("measure.said.other", values_of(estimate, "mean", lang), lang)


def values_of(estimate: Estimate, kind: Kind, lang: str) -> dict[str, object]:
    """What a sentence of an estimate can name, written as its kind is."""
    ends = {end: shown(getattr(estimate, end), kind, lang) for end in ("value", "low", "high")}
    level = locale.isolated(locale.percent(estimate.level, lang, "#,##0.#%"), lang)
    return {**ends, "name": estimate.name, "level": level, "count": estimate.n}


def directed(value: float, way: str, write: Callable[[float], str], lang: str) -> str:
    """A signed number in words of its direction, without a sign: “12 fewer”. ``way`` names the pair
    of words (``measure.said.WAY.up`` and ``.down``); ``write`` writes what has no sign."""
    end = "down" if value < 0 else "up"
    return locale.render(f"measure.said.{way}.{end}", {"value": write(abs(value))}, lang)


def spanned(low: float, high: float, way: str, write: Callable[[float], str], lang: str) -> str:
    """The ends of an interval of signed numbers in such words: “5 to 12 fewer”."""
    if low < 0 < high:
        span, ends = "both", (-low, high)
    else:
        span, ends = ("down", (-high, -low)) if low < 0 else ("up", (low, high))
    values = dict(zip(("low", "high"), map(write, ends), strict=True))
    return locale.render(f"measure.said.{way}.{span}-span", values, lang)


def shown(value: float, kind: Kind, lang: str) -> str:
    """A number as its kind is written. In Arabic it is isolated, so that the text around it does
    not reorder its signs."""
    if kind in ("fraction", "change"):
        form = "#,##0.0%" if kind == "fraction" else "+#,##0.0%;-#,##0.0%"
        return locale.isolated(locale.percent(value, lang, form), lang)
    forms = {
        "count": "#,##0", "mean": "#,##0.##", "ratio": "#,##0.00", "day": "#,##0.#",
        "points": "+#,##0.0;-#,##0.0",
    }  # fmt: skip
    value = 100 * value if kind == "points" else value
    return locale.isolated(locale.number(value, lang, forms[kind]), lang)
