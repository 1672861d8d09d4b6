"""A workspace's report and exports: gathers what `outputs` needs from the folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from marsad import __version__
from marsad.engines import open_engine
from marsad.find.signal import Records
from marsad.outputs.report import write_report
from marsad.outputs.report.data import BankLine, Context, PolicyLine, RunLine
from marsad.records import times
from marsad.records.estimate import Estimate
from marsad.records.policy import Policy
from marsad.workspace.finding import findings
from marsad.workspace.folder import Workspace
from marsad.workspace.runs import Run


def report_workspace(
    workspace: Workspace,
    out: Path,
    lang: str,
    estimates: Sequence[Estimate] = (),
    simulated: bool = False,
) -> Path:
    """Writes the report of all that stands in a workspace."""
    snapshot = workspace.log.snapshot()
    with open_engine("duckdb") as engine:
        tables = {
            name: workspace.current(engine, snapshot, name)
            for name in ("posts", "observations", "edges", "shares")
        }
        found = findings(workspace, engine, snapshot)
        context = _context(workspace, estimates, simulated)
        return write_report(Records(**tables), found, engine, out, lang, context)


def _context(workspace: Workspace, estimates: Sequence[Estimate], simulated: bool) -> Context:
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
        estimates=tuple(estimates),
        version=__version__,
        simulated=simulated,
    )


def _policy_line(policy: Policy) -> PolicyLine:
    grounds = [ground for items in policy.grounds.values() for ground in items]
    first = grounds[0]
    basis = str(first.get("legal_basis") or first.get("title") or first.get("list") or "")
    return PolicyLine(policy.title, str(policy.version), basis, policy.reference)


def _began(run: Run) -> int:
    return int(datetime.fromisoformat(run.started).timestamp() * times.SECOND)
