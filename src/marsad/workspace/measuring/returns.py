"""What `marsad measure returns` needs from a workspace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.banks import Bank, Entry
from marsad.banks.accounts import KIND, listed, spelled
from marsad.engines import Engine, open_engine, views
from marsad.measure.refusal import Refused
from marsad.measure.returns.closings import Closings, Look, closings
from marsad.measure.returns.labels import read_labels
from marsad.measure.returns.links import SIGNAL, Link, links_of
from marsad.measure.returns.measure import Evidence, Measured, measure_returns
from marsad.measure.returns.rates import ADD, BY
from marsad.records.estimate import Estimate
from marsad.workspace.folder import Workspace
from marsad.workspace.runs import Run, Snapshot

IMPORT_LOOKS = "marsad import FILE --as observations"
REASONS = ("not-in-data", "outside-data", "no-date", "bad-date")
MISSING = {"not-in-data": "records", "outside-data": "records"}


@dataclass(frozen=True)
class ReturnsMeasured:
    """What was measured of returns.

    ``listed`` accounts stand in banks, ``used`` of them have a closing that can be used,
    ``left_out`` says why the others have none (see `Closings`), ``links`` were claimed and
    ``unsure`` kept as unsure.
    """

    estimates: Sequence[Estimate]
    refused: Sequence[Refused]
    listed: int
    used: int
    links: int
    unsure: int
    left_out: Mapping[str, int] = field(default_factory=dict)


def returns(
    workspace: Workspace, days: Sequence[float] = BY, labels: Path | None = None
) -> ReturnsMeasured:
    """Return rates, lineages and followers regained, of the accounts in banks of kind `accounts`.

    Raises `Refused` with what is missing where nothing can be told.
    """
    if not workspace.policies.all():
        raise Refused("measure.no-policy", ["policy"], "marsad policy add research")
    banks = workspace.banks.all()
    if not any(bank.kind == KIND and not bank.negative for bank in banks):
        raise Refused("measure.returns.no-bank", ["bank"], ADD)
    if not listed(banks):
        raise Refused("measure.returns.no-entries", ["parents"], ADD)
    labelled = read_labels(labels) if labels else []
    snapshot = workspace.log.snapshot()
    runs = workspace.log.runs()
    if not searched(runs):
        raise Refused("measure.returns.not-found", ["links"], f"marsad find {SIGNAL}")
    with open_engine() as engine:
        posts = workspace.current(engine, snapshot, "posts")
        observations = workspace.current(engine, snapshot, "observations")
        entries = listed_accounts(banks, observations, engine)
        links = links_that_stand(workspace, snapshot, engine, entries)
        concerned = [*entries, *(link.child for link in links)]
        looks = _looks(observations, engine, concerned)
        first, last = _posted(posts, engine, concerned)
        start, stop = _span(posts, observations, engine)
    found = closings(entries, looks, frozenset({*looks, *first}), start, stop)
    if not found.usable:
        raise _unusable(found, len(entries))
    evidence = Evidence(found.usable, links, looks, last, stop, labelled)
    measured = measure_returns(evidence, days)
    return _result(measured, found, links, len(entries), stale=searched(runs) < _changed(runs))


def searched(runs: Sequence[Run]) -> int:
    """The place of the last run that looked for returns, from 1; 0 where there is none."""
    return max((i for i, run in enumerate(runs, 1) if run.command == f"find {SIGNAL}"), default=0)


def _changed(runs: Sequence[Run]) -> int:
    """The place of the last run that brought posts or looks."""
    return max(
        (i for i, run in enumerate(runs, 1)
         if any(file.table in ("posts", "observations") for file in run.adds)),
        default=0,
    )  # fmt: skip


def _result(
    measured: Measured, found: Closings, links: Sequence[Link], listed: int, stale: bool
) -> ReturnsMeasured:
    used = {closing.account for closing in found.usable}
    counted = [link.sure for link in links if link.parent in used]
    more = ("links-stale",) if stale else ()
    estimates = [replace(one, warnings=(*one.warnings, *more)) for one in measured.estimates]
    return ReturnsMeasured(
        estimates, measured.refused, listed, len(used), sum(counted), len(counted) - sum(counted),
        found.left_out,
    )  # fmt: skip


def listed_accounts(
    banks: Sequence[Bank], observations: ir.Table, engine: Engine
) -> dict[str, Entry]:
    """Accounts of the banks that list them, by id."""
    ids = views.ids_of(spelled(banks), observations, engine)
    return {account: one.entry for account, one in listed(banks, ids).items()}


def links_that_stand(
    workspace: Workspace, snapshot: Snapshot, engine: Engine, listed: Mapping[str, Entry]
) -> list[Link]:
    """The links that stand: a withdrawn parent's fall away with it."""
    rows = workspace.table(engine, snapshot, "findings")
    chosen = rows.filter(rows.signal == SIGNAL).select("subject_id", "evidence")
    found = links_of(row for batch in engine.run(chosen) for row in batch.to_pylist())
    unique = {(link.parent, link.child, link.sure): link for link in found}
    return [unique[key] for key in sorted(unique) if key[0] in listed and key[0] != key[1]]


def _looks(
    observations: ir.Table, engine: Engine, accounts: Iterable[str]
) -> dict[str, list[Look]]:
    seen = views.looks(observations)
    chosen = _only(seen, seen.account, accounts, engine)
    columns = chosen.select("account", "observed_at", "state", "followers", "posts")
    by_account: dict[str, list[Look]] = defaultdict(list)
    for batch in engine.run(columns):
        for row in batch.to_pylist():
            by_account[row.pop("account")].append(Look(row.pop("observed_at"), **row))
    for looks in by_account.values():
        looks.sort(key=lambda look: (look.at, look.state, look.followers or 0, look.posts or 0))
    return dict(by_account)


def _posted(
    posts: ir.Table, engine: Engine, accounts: Iterable[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """First and last post of accounts, in µs UTC."""
    chosen = _only(posts, posts.account, accounts, engine)
    spans = chosen.group_by("account").aggregate(
        first=chosen.created_at.min(), last=chosen.created_at.max()
    )
    rows = engine.collect(spans).to_pylist()
    return ({row["account"]: row["first"] for row in rows},
            {row["account"]: row["last"] for row in rows})  # fmt: skip


def _span(posts: ir.Table, observations: ir.Table, engine: Engine) -> tuple[int, int]:
    """When records begin and end, in µs UTC; (0, 0) where there are none."""
    times = ibis.union(
        posts.select(at=posts.created_at), observations.select(at=observations.observed_at)
    )
    row = engine.collect(times.aggregate(start=times.at.min(), stop=times.at.max())).to_pylist()[0]
    return row["start"] or 0, row["stop"] or 0


def _only(
    table: ir.Table, column: ir.StringValue, values: Iterable[str], engine: Engine
) -> ir.Table:
    rows = pa.table({"wanted": pa.array(sorted(set(values)), pa.string())})
    wanted = engine.table(rows, "wanted")
    return table.semi_join(wanted, column == wanted.wanted)


def _unusable(found: Closings, listed: int) -> Refused:
    """Why no listed account can be used, and what is missing."""
    reasons = sorted(found.left_out)
    missing = sorted({MISSING.get(why, "since") for why in reasons})
    if len(reasons) == 1:
        return Refused(
            f"measure.returns.unusable.{reasons[0]}", missing, IMPORT_LOOKS, count=listed
        )
    counts = {why.replace("-", "_"): found.left_out.get(why, 0) for why in REASONS}
    return Refused(
        "measure.returns.unusable.several", missing, IMPORT_LOOKS, count=listed, **counts
    )
