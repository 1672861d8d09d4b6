"""From closings, links and looks to estimates of returns: plain data in, estimates out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from marsad.measure.order_statistics import fewest
from marsad.measure.refusal import Refused
from marsad.measure.returns.adjusting import adjusted, link_accuracy
from marsad.measure.returns.closings import CLOSED, Closing, Look
from marsad.measure.returns.followers import followers_regained
from marsad.measure.returns.lineages import (
    accounts_per_lineage,
    actors_of,
    lineage_counts,
    lineage_sizes,
)
from marsad.measure.returns.links import Link
from marsad.measure.returns.rates import return_rate
from marsad.records.estimate import Estimate
from marsad.records.times import DAY

Label = tuple[str, str, bool, float]
"""A labelled link: child, parent, whether it is a return, the probability it was drawn with."""

Pairs = Sequence[tuple[str, str]]
"""Links as (parent, child)."""


@dataclass(frozen=True)
class Evidence:
    """What returns are measured from.

    ``closings`` of listed accounts; ``links`` from them; ``looks`` at all accounts concerned, in
    order of time; ``last_post`` of accounts that links lead to, and ``stop``, when the records end,
    in µs UTC. ``labels`` of links may be there or not.
    """

    closings: Sequence[Closing]
    links: Sequence[Link]
    looks: Mapping[str, Sequence[Look]]
    last_post: Mapping[str, int]
    stop: int
    labels: Sequence[Label] = ()


@dataclass
class Measured:
    """Estimates, and what could not be told (each a `Refused`)."""

    estimates: list[Estimate] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def take(self, make: Callable[..., Estimate], *given: Any, **named: Any) -> Estimate | None:
        """Adds the estimate that ``make`` gives, or its refusal; returns the estimate."""
        try:
            made = make(*given, **named)
        except Refused as refusal:
            self.refused.append(refusal)
            return None
        self.estimates.append(made)
        return made


def measure_returns(evidence: Evidence, days: Sequence[float], level: float = 0.95) -> Measured:
    """Return rates by each day, lineages and their length, followers regained.

    The point counts links that the signal claims; where links it is unsure of would change a rate,
    a second estimate ``…-with-unsure`` counts them too. Where an actor has several closings,
    ``…-first-closings`` counts each actor once. Raises the first `Refused` where nothing
    could be told.
    """
    known = {closing.account for closing in evidence.closings}
    links = [link for link in evidence.links if link.parent in known]
    sure = [link for link in links if link.sure]
    pairs, unsure = _pairs(sure), _pairs([link for link in links if not link.sure])
    measured = Measured()
    _rates(evidence, sure, links, days, measured, level)
    if pairs:
        measured.estimates += lineage_counts(pairs, unsure, level)
        measured.take(accounts_per_lineage, lineage_sizes(pairs), level)
        _followers(evidence, sure, days, measured, level)
    if not measured.estimates:
        raise measured.refused[0]
    return measured


def _pairs(links: Sequence[Link]) -> Pairs:
    return [(link.parent, link.child) for link in links]


def _rates(
    evidence: Evidence,
    sure: Sequence[Link],
    links: Sequence[Link],
    days: Sequence[float],
    measured: Measured,
    level: float,
) -> None:
    for day in days:
        rate = measured.take(_rate, evidence, sure, day, level)
        if rate and len(_first_closings(evidence, sure)) < len(evidence.closings):
            _of_first_closings(evidence, sure, day, rate, measured)
        if rate and len(links) > len(sure):
            _with_unsure(evidence, links, day, rate, measured)
        if rate and evidence.labels:
            measured.take(_corrected, rate, sure, evidence.labels)


def _first_closings(evidence: Evidence, links: Sequence[Link]) -> list[Closing]:
    """Of each actor the closing that came first."""
    actors = actors_of((row.account for row in evidence.closings), _pairs(links))
    first: dict[str, Closing] = {}
    for row in sorted(evidence.closings, key=lambda row: (row.latest, row.account)):
        first.setdefault(actors[row.account], row)
    return list(first.values())


def _of_first_closings(
    evidence: Evidence, links: Sequence[Link], day: float, rate: Estimate, measured: Measured
) -> None:
    """Adds the rate after actors' first closings: each actor counts once, however often it came
    back, and actors are known to be alone only as far as links say so."""
    first = _first_closings(evidence, links)
    of_first = replace(evidence, closings=first)
    known = {row.account for row in first}
    with suppress(Refused):
        once = _rate(of_first, [link for link in links if link.parent in known], day, rate.level)
        measured.estimates.append(replace(once, name=f"{once.name}-first-closings"))


def _with_unsure(
    evidence: Evidence, links: Sequence[Link], day: float, rate: Estimate, measured: Measured
) -> None:
    """Adds the rate with all links, where it is another one and can be told."""
    with suppress(Refused):
        more = _rate(evidence, links, day, rate.level)
        if (more.value, more.low, more.high) != (rate.value, rate.low, rate.high):
            measured.estimates.append(replace(more, name=f"{more.name}-with-unsure"))


def _rate(evidence: Evidence, links: Sequence[Link], day: float, level: float) -> Estimate:
    back = first_returns(evidence, links)
    rows = evidence.closings
    actors = actors_of((row.account for row in rows), _pairs(links))
    estimates = return_rate(
        [back.get(row.account, np.inf) for row in rows],
        [(evidence.stop - row.latest) / DAY for row in rows],
        [actors[row.account] for row in rows],
        [day],
        end_uncertain=[(row.latest - row.earliest) / DAY for row in rows],
        level=level,
    )
    return estimates[0]


def _corrected(rate: Estimate, sure: Sequence[Link], labels: Sequence[Label]) -> Estimate:
    claimed = {(link.child, link.parent) for link in sure}
    of_labels = [(child, parent) in claimed for child, parent, _, _ in labels]
    truths, drawn = [row[2] for row in labels], [row[3] for row in labels]
    return adjusted(rate, *link_accuracy(of_labels, truths, drawn, rate.level))


def first_returns(evidence: Evidence, links: Sequence[Link]) -> dict[str, float]:
    """Days from each closing (the latest it may have been) to the account's first return.

    Negative where it came back before that and the closing may lie earlier still. A backup, which
    was there before the earliest end, counts as a return on day 0 if it posts after the end, else
    not at all.
    """
    ends = {closing.account: closing for closing in evidence.closings}
    back: dict[str, float] = {}
    for link in links:
        end = ends[link.parent]
        at = link.appeared_at
        if at < end.earliest:
            if not _active_after(evidence, link.child, end.latest):
                continue
            at = end.earliest
        days = (at - end.latest) / DAY
        back[link.parent] = min(days, back.get(link.parent, np.inf))
    return back


def _active_after(evidence: Evidence, child: str, end: int) -> bool:
    """Whether it has posted after ``end``: a post says so, or a count of posts that grew."""
    if evidence.last_post.get(child, end - 1) >= end:
        return True
    counts = [(one.at, one.posts) for one in evidence.looks.get(child, ()) if one.posts is not None]
    before = [posts for at, posts in counts if at < end]
    return bool(before) and any(posts > before[-1] for at, posts in counts if at >= end)


def _followers(
    evidence: Evidence, sure: Sequence[Link], days: Sequence[float], measured: Measured,
    level: float,
) -> None:  # fmt: skip
    """Over all closings with a return, then by the number of the closing in its lineage."""
    actors = actors_of((), _pairs(sure))
    ends = {closing.account: closing for closing in evidence.closings}
    of_parent = defaultdict(list)
    for link in sure:
        of_parent[link.parent].append(link)
    parents = sorted(of_parent, key=lambda parent: (ends[parent].latest, parent))
    place = _places([(actors[parent], parent) for parent in parents])
    for day in days:
        regained = {
            one: fraction_regained(evidence, ends[one], of_parent[one], day) for one in parents
        }
        for k in (None, *range(1, max(place.values()) + 1)):
            chosen = [one for one in parents if k in (None, place[one])]
            values, owners = [regained[one] for one in chosen], [actors[one] for one in chosen]
            if k is not None and len({o for o, v in zip(owners, values, strict=True)
                                      if np.isfinite(v)}) < fewest(level):  # fmt: skip
                continue  # what is refused for all together says enough
            measured.take(followers_regained, values, owners, day=day, suspension=k, level=level)


def _places(rows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The number of each closing in its lineage, from 1, in the order given."""
    counted: dict[str, int] = defaultdict(int)
    place = {}
    for actor, parent in rows:
        counted[actor] += 1
        place[parent] = counted[actor]
    return place


def fraction_regained(evidence: Evidence, end: Closing, links: Sequence[Link], day: float) -> float:
    """Followers of the largest successor ``day`` days after a closing, over the last that the
    closed account had. NaN where nobody had come back by then, or somebody was not looked at.

    The look nearest to that day counts, at most a quarter of ``day`` away and never less than one
    day; a successor that is closed by then has none.
    """
    before = [one.followers for one in evidence.looks.get(end.account, ())
              if one.followers is not None and one.at <= end.latest]  # fmt: skip
    at = end.latest + day * DAY
    there = {link.child for link in links if link.appeared_at <= at}
    if not before or not before[-1] or not there:
        return float("nan")
    slack = max(day / 4, 1) * DAY
    seen = [_followers_at(evidence.looks.get(child, ()), at, slack) for child in sorted(there)]
    known = [one for one in seen if one is not None]
    return max(known) / before[-1] if len(known) == len(seen) else float("nan")


def _followers_at(looks: Sequence[Look], at: float, slack: float) -> int | None:
    told = [one for one in looks if abs(one.at - at) <= slack
            and (one.followers is not None or one.state in CLOSED)]  # fmt: skip
    if not told:
        return None
    nearest = min(told, key=lambda one: (abs(one.at - at), one.at))
    return nearest.followers if nearest.followers is not None else 0
