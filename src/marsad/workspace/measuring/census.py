"""What `marsad measure census` needs from a workspace: a chain, each link with its own interval.

Prevalence among all accounts that posted, from a drawn sample of labels, and what the positive ones
are like; what no route of discovery saw, from how the routes overlap; accounts an actor, from
returns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine, open_engine
from marsad.measure.actors import accounts_per_actor
from marsad.measure.agreement import krippendorff_alpha
from marsad.measure.capture_recapture import CaptureRecapture, capture_recapture
from marsad.measure.census.bins import ACTIVITY, binned
from marsad.measure.census.marginals import Marginal, marginals
from marsad.measure.judgements import Judged
from marsad.measure.observed_lives import lives
from marsad.measure.prevalence import (
    Positives,
    Prevalence,
    adjusted_prevalence,
    coder_accuracy,
    ppi,
)
from marsad.measure.refusal import Refused
from marsad.measure.returns.lineages import actors_of
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate
from marsad.records.times import to_datetime
from marsad.workspace.drawing import newest
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.facts import facts
from marsad.workspace.measuring.hits import ROUTES, Hits, hits
from marsad.workspace.measuring.judged import labels_of
from marsad.workspace.measuring.referrals import shares_of
from marsad.workspace.measuring.returns import links_that_stand, listed_accounts, searched
from marsad.workspace.measuring.watched import watched
from marsad.workspace.runs import Snapshot

NEXT = "marsad label next"
NEXT_HITS = "marsad label next --hits"
NO_LANGUAGE = "und"
MOST_UNLABELLED = 0.05
"""Of the accounts that routes found, the fraction without a label from which nothing is told."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a census: labels that count as ``positive``, hits of routes from ``since``
    and before ``until`` (µs UTC, 0: all), and routes that were ``seeded`` from one another;
    ``gold`` names a labeller who is taken to be right, ``referrals`` a file of a sample that
    followed ties (`referrals`)."""

    positive: Sequence[str] = ()
    since: int = 0
    until: int = 0
    seeded: Sequence[Sequence[str]] = ()
    gold: str = ""
    referrals: Path | None = None


@dataclass
class CensusMeasured:
    """The links of the chain, and what could not be told. ``frame`` accounts posted, ``labelled``
    of the ``drawn`` have a label; ``found`` accounts were found by routes. ``marginals`` say what
    the positive ones of the frame are like; their estimates are among the others."""

    estimates: list[Estimate] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    marginals: list[Marginal] = field(default_factory=list)
    frame: int = 0
    drawn: int = 0
    labelled: int = 0
    found: int = 0

    def link(self, part: Callable[[], Sequence[Estimate]]) -> None:
        """Adds a link, or why it cannot be told."""
        self.estimates += self.of(part)

    def of(self, part: Callable[[], Sequence[Estimate]]) -> Sequence[Estimate]:
        """What a part tells; where that is nothing, why is kept."""
        try:
            return part()
        except Refused as refusal:
            self.refused.append(refusal)
            return ()


def census(workspace: Workspace, asked: Asked) -> CensusMeasured:
    """How many: in the frame, beyond it, and by how many actors. What no link of the chain can tell
    is refused, each link for its own reason."""
    if not workspace.policies.all():
        raise Refused("measure.no-policy", ["policy"], "marsad policy add research")
    measured = CensusMeasured()
    with open_engine() as engine:
        snapshot = workspace.log.snapshot()
        measured.link(lambda: _in_frame(workspace, engine, snapshot, asked, measured))
        measured.link(lambda: _unseen(workspace, engine, snapshot, asked, measured))
        measured.link(lambda: _actors(workspace, engine, snapshot, measured.estimates))
    if asked.referrals:
        shares, refused = shares_of(asked.referrals)
        measured.estimates += shares
        measured.refused += refused
    return measured


def _in_frame(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, asked: Asked, told: CensusMeasured
) -> list[Estimate]:
    rows = workspace.table(engine, snapshot, "draws")
    known = engine.collect(rows.select("draw", "drawn_at", "subject_kind").distinct())
    name = newest(known, "account")
    if name is None:
        raise Refused("measure.census.no-draw", ["draw"], NEXT)
    frame = engine.collect(rows.filter(rows.draw == name), limit=50_000_000)
    said = labels_of(workspace, engine, snapshot, "account", asked.positive, name)
    if asked.gold and asked.gold not in said.labellers:
        raise InputError("measure.census.gold-labeller", given=asked.gold,
                         valid=[who for who in said.labellers if who])  # fmt: skip
    labels = said.without(asked.gold) if asked.gold else said
    drawn = np.flatnonzero(frame["subject"].is_valid().to_numpy())
    called = labels.majority()
    codes = [called.get(subject, np.nan) for subject in frame["subject"].take(drawn).to_pylist()]
    told.frame, told.drawn = frame.num_rows, len(drawn)
    told.labelled = int(np.isfinite(codes).sum())
    sample = Sample(frame, drawn, codes)
    found = sample.prevalence(_domains(frame))
    told.refused += [_in_words(part, why) for part, why in found.not_told.items()]
    return [
        found.proportion,
        found.total,
        *(replace(one.total, name=f"positives-{by}") for by, one in found.domains.items()),
        *(told.of(lambda: _adjusted(found.proportion, said, asked.gold)) if asked.gold else ()),
        *told.of(lambda: _agreement(labels)),
        *told.of(lambda: _marginals(workspace, engine, snapshot, sample, told)),
    ]


def _in_words(part: str, refusal: Refused) -> Refused:
    """A refusal of a part of the frame (``activity-5-to-50``) that names it in words."""
    by, _, name = part.partition("-")
    named = {
        "language": {"language": None if name == NO_LANGUAGE else name},
        "activity": {"words": [f"activity.{name}"]},
        "month": {"month": name},
    }
    message = f"measure.census.part.{by}"
    return refusal.with_values(domain={"message": message, "values": {"part": named[by]}})


def _adjusted(found: Estimate, said: Judged, gold: str) -> list[Estimate]:
    """The prevalence, corrected by how often most of the others agree with ``gold``."""
    called, truth = said.without(gold).majority(), said.by(gold).majority()
    both = [one for one in said.subjects if np.isfinite(called[one]) and np.isfinite(truth[one])]
    coders = coder_accuracy([called[one] for one in both], [truth[one] for one in both])
    return [
        adjusted_prevalence(found, coders), coders.true_rate, coders.false_rate,
    ]  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """The frame of a draw (rows of `DRAWS`), which of them were ``drawn``, and their codes."""

    frame: pa.Table
    drawn: npt.NDArray[np.int64]
    codes: Sequence[float]

    def prevalence(self, domains: Mapping[str, list[str]]) -> Prevalence:
        """How many are positive, whole and by the domains of each parting."""
        return ppi(*self._given, domains=domains, name="prevalence", frame="accounts-that-posted")

    def positives(self) -> Positives:
        """What the positive ones are like."""
        return Positives.of(*self._given)

    @property
    def _given(
        self,
    ) -> tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]:
        frame = self.frame
        return (
            frame["score"].to_numpy(), self.codes, self.drawn,
            frame["probability"].take(self.drawn).to_numpy(), frame["stratum"].to_numpy(),
        )  # fmt: skip


def _marginals(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, sample: Sample, told: CensusMeasured
) -> list[Estimate]:
    known = facts(workspace, engine, snapshot, sample.frame.take(sample.drawn))
    found = marginals(sample.positives(), known)
    told.refused += found.refused
    told.marginals += found.marginals
    return [estimate for one in found.marginals for estimate in one.estimates]


def _domains(frame: pa.Table) -> Mapping[str, list[str]]:
    """The part of the frame that each account is in, three ways."""
    months = [to_datetime(at).strftime("%Y-%m") for at in frame["since"].to_pylist()]
    return {
        "language": [code or NO_LANGUAGE for code in frame["language"].to_pylist()],
        "activity": binned(frame["activity"].to_numpy(), ACTIVITY),
        "month": months,
    }


def _agreement(labels: Judged) -> list[Estimate]:
    if len(labels.labellers) < 2:
        raise Refused("measure.census.one-labeller", ["labellers"], f"{NEXT} --labeller NAME")
    return [krippendorff_alpha(labels.codes.tolist())]


def _unseen(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, asked: Asked, told: CensusMeasured
) -> list[Estimate]:
    found = hits(workspace, engine, snapshot, asked.since, asked.until)
    told.found = len(found.accounts)
    if not told.found:
        raise Refused("measure.census.no-hits", ["routes"], "marsad import FILE --route search")
    called = labels_of(workspace, engine, snapshot, "account", asked.positive).majority()
    codes = np.array([called.get(account, np.nan) for account in found.accounts])
    without = int((~np.isfinite(codes)).sum())
    if without > MOST_UNLABELLED * len(codes):
        raise Refused(
            "measure.census.hits-unlabelled", ["labels"], NEXT_HITS, count=without, of=len(codes)
        )
    positive = found.only(codes == 1)
    used = np.flatnonzero(positive.found.any(axis=0))
    routes = [ROUTES[column] for column in used]
    try:
        answer = capture_recapture(
            positive.found[:, used], routes,
            seeded=[[one for one in group if one in routes] for group in asked.seeded],
            turnover=_turnover(workspace, engine, snapshot, positive),
            name="population",
        )  # fmt: skip
    except Refused as refusal:
        raise _routes_in_words(refusal) from refusal
    found_in_all = (answer.population, answer.if_reach_differs, _at_least(answer))
    return [one for one in found_in_all if one is not None]


def _at_least(found: CaptureRecapture) -> Estimate | None:
    """What is claimed at least: not above where the interval printed beside it begins, though the
    bound, which takes no two routes to avoid one another, may be."""
    if found.lower_bound is None:
        return None
    least = min(found.lower_bound.low, found.population.low)
    return replace(found.lower_bound, value=least, low=least, high=least)


def _routes_in_words(refusal: Refused) -> Refused:
    lists = refusal.message.values.get("routes", ())
    words = [f"route.{route}" for one in lists for route in one.split("+")]
    return refusal.with_values(routes={"words": words}) if words else refusal


def _actors(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, told: Sequence[Estimate]
) -> list[Estimate]:
    """How many actors stand behind the accounts of the frame, by the lineages that `returns` found
    from the banks' accounts. Of these, those with one account count too."""
    total = next((one for one in told if one.name == "prevalence-total"), None)
    if total is None:  # its own refusal says what is missing
        return []
    if not searched(workspace.log.runs()):
        raise Refused("measure.actors.none", ["lineages"], "marsad find returns")
    observations = workspace.current(engine, snapshot, "observations")
    entries = listed_accounts(workspace.banks.all(), observations, engine)
    links = [
        (link.parent, link.child)
        for link in links_that_stand(workspace, snapshot, engine, entries) if link.sure
    ]  # fmt: skip
    actor = actors_of(entries, links)
    sizes = Counter(actor.values())
    looked_for = sorted({actor[one] for one in entries})
    found = accounts_per_actor(total, [sizes[one] for one in looked_for])
    return [found.per_actor, found.actors]


def _turnover(workspace: Workspace, engine: Engine, snapshot: Snapshot, found: Hits) -> float:
    """The fraction of the accounts found that were made or ended while routes looked."""
    seen = watched(workspace, engine, snapshot, accounts=found.accounts)
    ended = np.zeros(len(seen.accounts), bool)
    life = lives(seen.looks)
    ended[life.account[(life.gone >= 0) & (life.gone <= found.last)]] = True
    made = (seen.created >= found.first) & (seen.created <= found.last)
    return float((ended | made).mean())
