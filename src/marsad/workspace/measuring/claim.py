"""What `marsad measure claim` needs from a workspace: a measure of what was claimed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import ibis

from marsad.engines import open_engine
from marsad.measure.claims import Claim, Evidence, Verdict, check, known_claims, load_claim
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate
from marsad.records.times import to_datetime
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.census import Asked, CensusMeasured, census

OURS = "workspace"
"""What the population of a workspace is called unless somebody says whom its posts are of."""


def claim(workspace: Workspace, given: str, population: str = OURS) -> Verdict:
    """A claim, a file or the id of a known one, held against this workspace.

    ``population`` says whom the records speak of, in the claim's terms; of others nothing can be
    told. What the claim is of is measured where a measure here gives it, else the verdict says what
    would.
    """
    read = claim_of(given)
    return check(read, _evidence(workspace, read, population))


def claim_of(given: str) -> Claim:
    """The claim in a file, or the known one of that id."""
    if Path(given).is_file():
        return load_claim(Path(given))
    known = known_claims()
    if given not in known:
        raise InputError("measure.claim.unknown", given=given, valid=sorted(known))
    return known[given]


def _evidence(workspace: Workspace, read: Claim, population: str) -> Evidence | None:
    if read.outcome not in _MEASURED:
        return None
    window = _window(workspace)
    if window is None:
        return None
    unit, measure = _MEASURED[read.outcome]
    try:
        estimate = measure(census(workspace, Asked()))
    except Refused:
        return None
    if estimate is None:
        return None
    return Evidence(estimate, read.outcome, population, window, unit)


def _accounts(measured: CensusMeasured) -> Estimate | None:
    """All that routes could find, where that could be told; else those in the frame."""
    named = {one.name: one for one in measured.estimates}
    return named.get("population") or named.get("prevalence-total")


def _hyperactive(measured: CensusMeasured) -> Estimate | None:
    named = {one.name: one for one in measured.estimates}
    return named.get("positives-activity-above-50")


_MEASURED: Mapping[str, tuple[str, Callable[[CensusMeasured], Estimate | None]]] = {
    "accounts": ("count", _accounts),
    "hyperactive-accounts": ("count", _hyperactive),
}
"""By the outcome of a claim: its unit, and what of a census tells it."""


def _window(workspace: Workspace) -> tuple[date, date] | None:
    """From the first post to the last."""
    with open_engine() as engine:
        posts = workspace.current(engine, workspace.log.snapshot(), "posts")
        span = posts.aggregate(first=ibis._.created_at.min(), last=ibis._.created_at.max())
        row = engine.collect(span).to_pylist()[0]
    if row["first"] is None:
        return None
    return to_datetime(row["first"]).date(), to_datetime(row["last"]).date()
