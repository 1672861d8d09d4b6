"""A workspace's report and exports: gathers what `outputs` needs from the folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import ibis.expr.types as ir

from marsad.engines import Engine, open_engine
from marsad.find.signal import Records
from marsad.outputs.exports import export
from marsad.outputs.report import write_report
from marsad.outputs.report.data import BankLine, Context, PolicyLine, RunLine
from marsad.records import times
from marsad.records.estimate import Estimate
from marsad.records.policy import Policy
from marsad.records.version import VERSION
from marsad.workspace.finding import findings, records
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.everything import Measured
from marsad.workspace.runs import Run
from marsad.workspace.shadow import Shadow


def report_workspace(
    workspace: Workspace,
    out: Path,
    lang: str,
    estimates: Sequence[Estimate] = (),
    measured: Sequence[Measured] = (),
    simulated: bool = False,
) -> Path:
    """Writes the report of all that stands in a workspace, with what measures told of it."""
    with _read(workspace) as (engine, read, found):
        context = replace(
            _context(workspace, simulated), estimates=tuple(estimates), measured=tuple(measured)
        )
        return write_report(read, found, engine, out, lang, context)


def export_workspace(workspace: Workspace, what: str, out: Path, lang: str = "en") -> int:
    """Writes one table or network of a workspace, with pseudonyms; returns its rows."""
    with _read(workspace) as (engine, read, found):
        return export(what, read, found, engine, out, workspace.pseudonyms, lang)


@contextmanager
def _read(workspace: Workspace) -> Iterator[tuple[Engine, Records, ir.Table]]:
    """An engine with the records and findings of one snapshot."""
    snapshot = workspace.log.snapshot()
    with open_engine("duckdb") as engine:
        read = records(workspace, snapshot, engine)
        found = findings(workspace, engine, snapshot)
        yield engine, read, Shadow.of(workspace.settings).marked(found)


def _context(workspace: Workspace, simulated: bool) -> Context:
    runs = workspace.log.runs()
    rejected: Counter[str] = Counter()
    for run in runs:
        rejected.update(run.counts.get("rejected", {}))
    return Context(
        pseudonyms=workspace.pseudonyms,
        workspace=workspace.folder.resolve().name,
        generated_at=times.now(),
        policies=tuple(_policy_line(policy) for policy in workspace.policies.all()),
        banks=tuple(
            BankLine(bank.name, bank.kind, bank.entries, bank.version, bank.negative)
            for bank in workspace.banks.list()
        ),
        runs=tuple(RunLine(run.id, run.command, _began(run)) for run in runs),
        rejected=dict(rejected),
        version=VERSION,
        simulated=simulated,
    )


def _policy_line(policy: Policy) -> PolicyLine:
    grounds = [ground for items in policy.grounds.values() for ground in items]
    first = grounds[0]
    basis = str(first.get("legal_basis") or first.get("title") or first.get("list") or "")
    return PolicyLine(policy.title, str(policy.version), basis, policy.reference)


def _began(run: Run) -> int:
    return int(datetime.fromisoformat(run.started).timestamp() * times.SECOND)
