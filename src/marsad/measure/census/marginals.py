"""The marginals of a census: what the accounts that the labels call positive are like, one thing at
a time, as the published census has them (Berger and Morgan 2015): posts a day, followers, when they
were made, languages, clients.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from marsad.measure.census import bins
from marsad.measure.census.bins import Floats, Ints
from marsad.measure.prevalence import Positives
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate

IMPORT, IMPORT_LOOKS = "marsad import FILE", "marsad import FILE --as observations"
NAMES = ("activity", "followers", "created", "language", "client")


@dataclass(frozen=True)
class Facts:
    """What is known of each unit of a sample (n,): ``activity`` in posts a day and ``followers``
    (NaN: unknown), when the account was ``created`` (µs UTC, -1: unknown), the ``language`` it
    writes most in and the ``client`` it posts most with (None or "": unknown)."""

    activity: Floats
    followers: Floats
    created: Ints
    language: Sequence[str | None]
    client: Sequence[str | None]


@dataclass(frozen=True)
class Marginal:
    """One of them: the share of the positives in each group, by the group's id in the order to show
    them, `bins.UNKNOWN` the last; and the median, where a number can have one."""

    name: str
    shares: tuple[tuple[str, Estimate], ...]
    median: Estimate | None = None

    @property
    def estimates(self) -> list[Estimate]:
        """All of them."""
        return [*([self.median] if self.median else []), *(one for _, one in self.shares)]


@dataclass
class Told:
    """Marginals, and why others cannot be told."""

    marginals: list[Marginal]
    refused: list[Refused]


def marginals(positives: Positives, facts: Facts) -> Told:
    """Every marginal that the facts tell of; each that is unknown of all positives is refused by
    itself. Estimates are named ``share-MARGINAL-GROUP`` and ``median-MARGINAL``.

    What is not known of some is a group of its own, for nothing says that they are like the rest.
    """
    told = Told([], [])
    for name in NAMES:
        try:
            groups, order = _GROUPED[name](positives, facts)
            told.marginals.append(_marginal(positives, facts, name, groups, order, told))
        except Refused as refusal:
            told.refused.append(refusal)
    return told


def _marginal(
    positives: Positives,
    facts: Facts,
    name: str,
    groups: Sequence[str],
    order: Sequence[str],
    told: Told,
) -> Marginal:
    of_sample = np.array([group or bins.UNKNOWN for group in groups])
    there = set(of_sample[positives.unit].tolist())
    if there <= {bins.UNKNOWN}:
        missing, command = _MISSING[name]
        raise Refused(f"measure.census.no-{name}", [missing], command)
    shown = [*order, *([bins.UNKNOWN] if bins.UNKNOWN in there else [])]
    shares = tuple(
        (group, positives.share(of_sample == group, f"share-{name}-{group}")) for group in shown
    )
    return Marginal(name, shares, _median(positives, facts, name, told))


def _median(positives: Positives, facts: Facts, name: str, told: Told) -> Estimate | None:
    if name not in ("activity", "followers"):
        return None
    try:
        values = facts.activity if name == "activity" else facts.followers
        return positives.median(values, f"median-{name}")
    except Refused as refusal:
        told.refused.append(refusal)
        return None


Grouped = tuple[list[str], Sequence[str]]
"""The group of each unit of the sample, and the groups in the order to show them."""


def _activity(positives: Positives, facts: Facts) -> Grouped:
    return bins.binned(facts.activity, bins.ACTIVITY), [name for _, name in bins.ACTIVITY]


def _followers(positives: Positives, facts: Facts) -> Grouped:
    return bins.binned(facts.followers, bins.FOLLOWERS), [name for _, name in bins.FOLLOWERS]


def _created(positives: Positives, facts: Facts) -> Grouped:
    return bins.periods(facts.created, positives.weights > 0)


def _language(positives: Positives, facts: Facts) -> Grouped:
    return _named(positives, [None if one == "und" else one for one in facts.language])


def _client(positives: Positives, facts: Facts) -> Grouped:
    return _named(positives, facts.client)


def _named(positives: Positives, names: Sequence[str | None]) -> Grouped:
    return bins.most_named(names, bins.weights(names, positives.weights))


_GROUPED: dict[str, Callable[[Positives, Facts], Grouped]] = {
    "activity": _activity, "followers": _followers, "created": _created, "language": _language,
    "client": _client,
}  # fmt: skip
_MISSING = {
    "activity": ("posts", IMPORT),
    "followers": ("followers", IMPORT_LOOKS),
    "created": ("creation-dates", IMPORT_LOOKS),
    "language": ("languages", f"{IMPORT} --map language=COLUMN"),
    "client": ("clients", f"{IMPORT} --map client=COLUMN"),
}
