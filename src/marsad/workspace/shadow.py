"""Signals and scores that run in shadow: what they find is stored, and opens no case.

```toml
[shadow]
signals = ["bursts"]
below = { copies = 0.8 }     # findings of copies that score less
```

The setting alone says what is in shadow, not the stored finding: what leaves the shadow opens its
cases the next time that cases are opened, without a new run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis.expr.types as ir

from marsad.decide.outcomes import ACTING
from marsad.engines import Engine
from marsad.find.registry import signal
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate, proportion
from marsad.store import cases
from marsad.store.database import Database
from marsad.workspace.finding import findings
from marsad.workspace.folder import Workspace

SECTION, KNOWN = "shadow", ("signals", "below")
Subject = tuple[str, str]
"""Kind and id."""


@dataclass(frozen=True)
class Shadow:
    """Which findings are in shadow: all of some ``signals``, of others what scores ``below``."""

    signals: frozenset[str] = frozenset()
    below: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Shadow:
        """Out of marsad.toml. Raises `InputError` for a signal that there is not, and for what it
        does not know."""
        given = settings.get(SECTION, {})
        if not isinstance(given, Mapping):
            raise _bad(SECTION, given, ["[table]"])
        for name in given:
            if name not in KNOWN:
                raise InputError("settings.unknown", table=SECTION, given=str(name)[:100],
                                 valid=list(KNOWN))  # fmt: skip
        signals, below = given.get("signals", []), given.get("below", {})
        if not isinstance(signals, list):
            raise _bad("shadow.signals", signals, ['["…"]'])
        if not isinstance(below, Mapping):
            raise _bad("shadow.below", below, ["{ … = 0.8 }"])
        for name in (*signals, *below):
            signal(str(name))
        return cls(frozenset(signals), {name: _score(name, at) for name, at in below.items()})

    @property
    def names(self) -> Sequence[str]:
        """The signals that are in shadow, wholly or in part."""
        return sorted({*self.signals, *self.below})

    def of_signal(self, name: str) -> float | str | None:
        """``all`` for a signal that is in shadow, the score below which it is, None for neither."""
        return "all" if name in self.signals else self.below.get(name)

    def live(self, found: ir.Table) -> ir.Table:
        """The findings that may open a case."""
        return found.filter(~self._hidden(found)) if self.names else found

    def marked(self, found: ir.Table) -> ir.Table:
        """All findings, of which those in shadow open no case."""
        live = found.opens_case & ~self._hidden(found)
        return found.mutate(opens_case=live) if self.names else found

    def hidden(self, found: ir.Table) -> ir.Table:
        """The findings in shadow."""
        return found.filter(self._hidden(found)) if self.names else found.limit(0)

    def _hidden(self, found: ir.Table) -> ir.BooleanValue:
        parts = [(found.signal == name) & (found.score < at) for name, at in self.below.items()]
        hidden = found.signal.isin(sorted(self.signals) or [""])
        for part in parts:
            hidden = hidden | part
        return hidden


@dataclass(frozen=True)
class Shadowed:
    """What a signal in shadow has found: how many findings, about how many subjects, and of those
    that people decided for another reason the fraction decided against somebody."""

    signal: str
    below: float | None
    findings: int
    subjects: int
    precision: Estimate | Refused


def shadowed(workspace: Workspace, database: Database, engine: Engine) -> list[Shadowed]:
    """Each signal in shadow beside what was decided; reads findings and all decided cases."""
    shadow = Shadow.of(workspace.settings)
    if not shadow.names:
        return []
    found = shadow.hidden(findings(workspace, engine, workspace.log.snapshot()))
    columns = found.select("signal", "subject_kind", "subject_id")
    rows = engine.collect(columns, limit=50_000_000).to_pylist()
    counts = dict.fromkeys(shadow.names, 0)
    subjects: dict[str, set[Subject]] = {name: set() for name in shadow.names}
    for row in rows:
        counts[row["signal"]] += 1
        subjects[row["signal"]].add((row["subject_kind"], row["subject_id"]))
    wanted = set().union(*subjects.values())
    decided = outcomes_of(database, wanted)
    return [
        Shadowed(name, shadow.below.get(name), counts[name], len(subjects[name]),
                 precision(name, (decided[one] for one in subjects[name] if one in decided)))
        for name in shadow.names
    ]  # fmt: skip


def outcomes_of(database: Database, wanted: set[Subject]) -> dict[Subject, str]:
    """How the cases of some subjects were decided, of those that are."""
    with database.reading() as transaction:
        return {
            (one.kind, one.subject): one.outcome
            for one in cases.decided(transaction)
            if (one.kind, one.subject) in wanted
        }


def precision(name: str, outcomes: Iterable[str]) -> Estimate | Refused:
    """The fraction of outcomes that are against somebody; they are of cases that were decided in
    the queue's order, so they are no sample of what a signal finds."""
    said = [outcome in ACTING for outcome in outcomes]
    if not said:
        return Refused("quality.no-decided", ["decisions"], "marsad serve", signal=name)
    return proportion(sum(said), len(said), name=f"precision:{name}", frame="decided-signal")


def _score(name: Any, at: Any) -> float:
    if isinstance(at, bool) or not isinstance(at, (int, float)) or not 0 <= at <= 1:
        raise _bad(f"shadow.below.{name}", at, ["0 … 1"])
    return float(at)


def _bad(name: str, given: Any, valid: Sequence[str]) -> InputError:
    return InputError("settings.value", name=name, given=str(given)[:200], valid=list(valid))
