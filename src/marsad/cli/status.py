"""``marsad status``: what a workspace holds, and what each engine can do."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption


def status(
    engines: Annotated[bool, typer.Option("--engines", help="What each engine cannot do.")] = False,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Show what a workspace holds: rows, runs, policies, banks; or the engines' gaps."""
    from marsad.cli.output import show_json

    content = _engines() if engines else _workspace(workspace)
    if json:
        show_json(content)
        return
    for name, value in content.items():
        typer.echo(f"{name}: {_line(value)}")


def _workspace(folder: Any) -> dict[str, Any]:
    from marsad.find.registry import broken, signals
    from marsad.records.tables import TABLES
    from marsad.sources import registry
    from marsad.workspace import Workspace

    workspace = Workspace.open(folder)
    snapshot = workspace.log.snapshot()
    rows = {table: sum(file.rows for file in snapshot.of(table)) for table in (*TABLES, "rejected")}
    return {
        "workspace": str(folder),
        "runs": len(snapshot.runs),
        "policies": [policy.reference for policy in workspace.policies.all()],
        "banks": [bank.name for bank in workspace.banks.list()],
        "signals": sorted(signals()),
        "broken signals": [f"{one.name}: {one.problem.render()}" for one in broken()],
        "broken sources": [problem.render() for problem in registry.broken().values()],
        **rows,
    }


def _engines() -> dict[str, Any]:
    from dataclasses import asdict

    from marsad.engines.base import engine_status

    return {
        name: {"ready": found.ready, "why": found.why, "gaps": [asdict(gap) for gap in found.gaps]}
        for name, found in engine_status().items()
    }


def _line(value: Any) -> str:
    from marsad.locale import number

    if isinstance(value, int):
        return number(value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, dict):
        gaps = "".join(f"\n  gap: {g['what']}: {g['reason']} ({g['error']})" for g in value["gaps"])
        ready = "ready" if value["ready"] else f"not ready: {value['why']}"
        return ready + (gaps or "\n  no gaps")
    return str(value)
