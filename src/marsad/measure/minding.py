"""What to mind of estimates: each warning once, with the names of those it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marsad import locale
from marsad.measure.census.sentences import is_share
from marsad.records.estimate import Estimate

MOST_NAMES = 8
"""Of more estimates of one thing the first are named, the others counted."""


@dataclass(frozen=True)
class Whose:
    """An estimate by its ``name``, and what it is ``of`` where estimates of several things have
    the same names."""

    estimate: Estimate
    name: str
    of: str = ""

    @classmethod
    def each(cls, estimates: Iterable[Estimate], of: str = "") -> list[Whose]:
        """Estimates by their names; those of a marginal by the marginal's, as its groups may be
        called anything."""
        return [cls(one, _marginal(one) if is_share(one) else one.name, of) for one in estimates]


def minded(told: Sequence[Whose], lang: str) -> list[tuple[str, str]]:
    """The sentence of each warning, and of which estimates it warns; of a single one no name."""
    warnings = dict.fromkeys(name for one in told for name in one.estimate.warnings)
    return [(_said(name, lang), _whose(name, told, lang)) for name in warnings]


def _said(warning: str, lang: str) -> str:
    """The sentence of a warning; its id where the catalogue has none."""
    known = locale.catalogue(lang).get(f"report.warning.{warning}")
    return locale.render(f"report.warning.{warning}", {}, lang) if known else warning


def _marginal(estimate: Estimate) -> str:
    return "-".join(estimate.name.split("-")[:2])


def _whose(warning: str, told: Sequence[Whose], lang: str) -> str:
    warned = [one for one in told if warning in one.estimate.warnings]
    if len(warned) == len(told):
        return locale.render("measure.shown.all", {}, lang) if len(told) > 1 else ""
    parts = [
        _of_one(of, [one for one in warned if one.of == of], [one for one in told if one.of == of],
                lang)
        for of in dict.fromkeys(one.of for one in warned)
    ]  # fmt: skip
    return ("؛ " if lang == "ar" else "; ").join(parts)


def _of_one(of: str, warned: Sequence[Whose], told: Sequence[Whose], lang: str) -> str:
    """The estimates of one thing that are warned of: it alone, where all of its are."""
    if of and len(warned) == len(told):
        return of
    names = _names(list(dict.fromkeys(one.name for one in warned)), lang)
    return locale.render("measure.shown.some-of", {"names": names, "of": of}, lang) if of else names


def _names(names: Sequence[str], lang: str) -> str:
    shown = locale.show([locale.isolated(one, lang) for one in names[:MOST_NAMES]], lang)
    left = len(names) - MOST_NAMES
    values = {"names": shown, "count": left}
    return locale.render("measure.shown.others", values, lang) if left > 0 else shown
