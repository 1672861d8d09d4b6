"""The figures of the dashboard, each with its interval or what it would need for one.

All of `figures` comes from counters and indexes of the desk's database, for any number of cases in
some tens of milliseconds. `predictive_values` reads findings from files as well: keep its answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from marsad.decide import blind, facets
from marsad.decide.outcomes import ACTING, UNSURE
from marsad.engines import open_engine
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate, proportion
from marsad.records.times import DAY
from marsad.store import appeals, judgements, log
from marsad.store import facets as counters
from marsad.store import figures as queue_figures
from marsad.store.database import Database, Transaction
from marsad.workspace.finding import findings
from marsad.workspace.folder import Workspace
from marsad.workspace.quality import Agreement, Golden, agreement, golden_agreement

DAYS = 90
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Of scores; 0 is any finding of the signal as it is set."""

NEXT = {"post": "marsad label sample", "account": "marsad label sample --kind account"}
"""What gets a blind sample of a kind."""


@dataclass(frozen=True)
class Age:
    """Of a priority: how many cases wait, and how long (µs) the one in the middle, the one that
    nine in ten wait shorter than, and the oldest have waited."""

    priority: int
    count: int
    median: int
    ninth: int
    oldest: int


@dataclass(frozen=True)
class Appealed:
    """Of the complaints that were decided, the fraction that took the decision back, in whole or in
    part: of ``every`` one, None where there was none; by the ``signals`` that had opened the case;
    by the ``reviewers`` who had part in the decision. Whoever complains chooses to, so this is no
    sample of all decisions."""

    every: Estimate | None
    signals: Mapping[str, Estimate]
    reviewers: Mapping[str, Estimate]


@dataclass(frozen=True)
class Figures:
    """The dashboard but for predictive values.

    ``decided``: day (number since 1970) → outcome → how many. ``precision``: of each signal, among
    cases that it opened and that were decided, the fraction decided against somebody; they were
    decided in the queue's order, so they are not a sample of what the signal finds.
    """

    queue: Sequence[Age]
    decided: Mapping[int, Mapping[str, int]]
    overturned: Estimate | Refused
    agreement: Agreement
    golden: Sequence[Golden] | Refused
    precision: Mapping[str, Estimate]
    appealed: Appealed


@dataclass(frozen=True)
class Predictive:
    """Of a signal at a threshold: how likely what it finds is a violation at this platform's own
    prevalence; a `Refused` says what it would take to tell."""

    signal: str
    threshold: float
    value: Estimate | Refused


def figures(database: Database, now: int, days: int = DAYS) -> Figures:
    """The figures of the last ``days``; the queue as it is ``now`` (µs UTC)."""
    since = now - days * DAY
    with database.reading() as transaction:
        return Figures(
            _queue(transaction, now), _decided(transaction, since), _overturned(transaction, since),
            agreement(transaction, since), _golden(transaction, since), _precision(transaction),
            _appealed(transaction, since),
        )  # fmt: skip


def _queue(transaction: Transaction, now: int) -> list[Age]:
    return [
        Age(one.priority, one.waits, *(max(now - at, 0) for at in one[2:]))
        for one in queue_figures.waiting(transaction)
    ]


def _decided(transaction: Transaction, since: int) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for bucket, count in counters.read(transaction, facets.DECIDED, facets.day(since)).items():
        day, _, outcome = bucket.partition("|")
        found[int(day)][outcome] = count
    return dict(found)


def _overturned(transaction: Transaction, since: int) -> Estimate | Refused:
    """Of the decisions against somebody, those that were overturned since."""
    first = facets.day(since)
    decided = counters.read(transaction, facets.DECIDED, first)
    taken_back = counters.read(transaction, facets.OVERTURNED, first)
    against = sum(n for bucket, n in decided.items() if bucket.partition("|")[2] in ACTING)
    if not against:
        return Refused("quality.no-decisions", ["decisions"], "marsad serve")
    return proportion(sum(taken_back.values()), against, name="overturned", frame="decided-against")


def _golden(transaction: Transaction, since: int) -> Sequence[Golden] | Refused:
    try:
        return golden_agreement(transaction, since)
    except Refused as refusal:
        return refusal


def _precision(transaction: Transaction) -> dict[str, Estimate]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for bucket, count in counters.read(transaction, facets.JUDGED).items():
        signal, right, route = bucket.split("|")
        if route == blind.SIGNAL:
            counts[signal][right] += count
    return {
        signal: proportion(of["yes"], of["yes"] + of["no"], name=f"precision:{signal}",
                           frame="decided-signal")
        for signal, of in sorted(counts.items())
    }  # fmt: skip


def _appealed(transaction: Transaction, since: int) -> Appealed:
    every = appeals.total(transaction, since)
    by = ("signal", appeals.by_signal), ("reviewer", appeals.by_reviewer)
    signals, reviewers = (
        {name: _reversed(f"reversed:{kind}:{name}", tally)
         for name, tally in sorted(read(transaction, since).items())}
        for kind, read in by
    )  # fmt: skip
    return Appealed(_reversed("reversed", every) if every.decided else None, signals, reviewers)


def _reversed(name: str, tally: appeals.Tally) -> Estimate:
    return proportion(tally.reversed, tally.decided, name=name, frame="appeals-decided")


# ── predictive values


@dataclass(frozen=True)
class Sample:
    """A blind sample as far as it was decided: subject → whether it violates the policy."""

    draw: str
    kind: str
    decided: Mapping[str, bool]

    def prevalence(self) -> Estimate:
        """The fraction of violations among all that were drawn."""
        hits = sum(self.decided.values())
        name = f"prevalence:{self.kind}"
        return proportion(hits, len(self.decided), name=name, frame="blind-sample")


def decided_sample(database: Database, kind: str) -> Sample | None:
    """What was decided of the newest blind sample of a kind; None where nothing was. Unsure is no
    answer; of several people the last answer counts, and an overturned decision does not."""
    draws: dict[str, dict[str, bool]] = defaultdict(dict)
    newest = ""
    with database.reading() as transaction:
        for one in judgements.judgements(transaction, (kind,), blind.RANDOM):
            if one.outcome == UNSURE or one.overturned is not None:
                continue
            newest = str(log.event(transaction, one.case_id).data["draw"])
            draws[newest][one.subject] = one.outcome in ACTING
    return Sample(newest, kind, draws[newest]) if newest else None


def predictive_values(
    workspace: Workspace, database: Database, kind: str = "post",
    thresholds: Sequence[float] = THRESHOLDS,
) -> tuple[Estimate | None, list[Predictive]]:  # fmt: skip
    """The prevalence of the blind sample and, for each signal that has found subjects of the
    ``kind``, the predictive value at thresholds of its score.

    All drawn had one chance (or nearly, by strata), so those of them that score at least a
    threshold are a random sample of all that do, at the platform's own prevalence: the predictive
    value is their fraction of violations, with Clopper and Pearson's interval.
    """
    if any(not 0 <= one <= 1 for one in thresholds):
        raise InputError("quality.threshold", given=[str(one) for one in thresholds])
    sample = decided_sample(database, kind)
    scores = _scores(workspace, kind, list(sample.decided) if sample else [])
    told = [
        Predictive(
            signal, threshold, _predictive(signal, threshold, sample, scores[signal], NEXT[kind])
        )
        for signal in sorted(scores) for threshold in thresholds
    ]  # fmt: skip
    return (sample.prevalence() if sample else None), told


def _predictive(
    signal: str, threshold: float, sample: Sample | None, scores: Mapping[str, float], next_: str
) -> Estimate | Refused:
    if sample is None:
        return Refused("quality.no-sample", ["sample"], next_)
    flagged = [subject for subject, score in scores.items() if score >= threshold]
    if not flagged:
        given = {"signal": signal, "threshold": threshold}
        return Refused("quality.none-flagged", ["sample"], next_, **given)
    hits = sum(sample.decided[subject] for subject in flagged)
    name = f"predictive-value:{signal}:{threshold:g}"
    return proportion(hits, len(flagged), name=name, frame="blind-sample")


def _scores(
    workspace: Workspace, kind: str, subjects: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Signal → subject of the sample → its highest score; signals that found none of these too."""
    with open_engine() as engine:
        found = findings(workspace, engine, workspace.log.snapshot())
        found = found.filter(found.subject_kind == kind)
        names = engine.collect(found.select("signal").distinct())["signal"].to_pylist()
        asked = engine.table(pa.table({"wanted": pa.array(subjects, pa.string())}), "sampled")
        mine = found.semi_join(asked, found.subject_id == asked.wanted)
        best = mine.group_by("signal", "subject_id").aggregate(score=mine.score.max())
        rows = engine.collect(best, limit=10_000_000).to_pylist()
    scores: dict[str, dict[str, float]] = {name: {} for name in names}
    for row in rows:
        scores[row["signal"]][row["subject_id"]] = row["score"]
    return scores
