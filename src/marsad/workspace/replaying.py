"""What a run of a signal would change, beside what people decided: before it counts.

Nothing is stored. Precision is of subjects whose case was decided, by whatever way it came to be
seen; they were decided in the queue's order, so they are no sample of what a signal finds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate
from marsad.workspace.folder import Workspace
from marsad.workspace.reviewing import existing_database
from marsad.workspace.shadow import Subject, outcomes_of, precision


@dataclass(frozen=True)
class Replayed:
    """The findings that would be new and those that would fall away, of subjects that people
    decided: outcome → how many findings. ``now`` and ``then`` are the signal's precision among
    decided subjects, as it is stored and as it would be."""

    new: Mapping[str, int]
    gone: Mapping[str, int]
    now: Estimate | Refused
    then: Estimate | Refused


Findings = Mapping[str, Subject]
"""Ids of findings with what each is about."""


def compare(
    workspace: Workspace, every: Mapping[str, tuple[Findings, Findings]]
) -> dict[str, Replayed]:
    """Of each signal, with its findings now and then, what would change. Empty where nothing was
    ever decided in the workspace."""
    try:
        database = existing_database(workspace)
    except InputError:
        return {}
    wanted = {one for pair in every.values() for found in pair for one in found.values()}
    try:
        decided = outcomes_of(database, wanted)
    finally:
        database.close()
    return {name: _replayed(name, now, then, decided) for name, (now, then) in every.items()}


def _replayed(name: str, now: Findings, then: Findings, decided: Mapping[Subject, str]) -> Replayed:
    return Replayed(
        _outcomes((then[one] for one in then.keys() - now.keys()), decided),
        _outcomes((now[one] for one in now.keys() - then.keys()), decided),
        *(precision(name, (decided[one] for one in set(found.values()) if one in decided))
          for found in (now, then)),
    )  # fmt: skip


def _outcomes(subjects: Iterable[Subject], decided: Mapping[Subject, str]) -> dict[str, int]:
    counted = Counter(decided[one] for one in subjects if one in decided)
    return dict(sorted(counted.items()))
