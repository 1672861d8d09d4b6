"""``marsad status``: what a workspace holds, and what each engine can do."""

from __future__ import annotations

from pathlib import Path
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
    else:
        for name, value in content.items():
            typer.echo(f"{_label(name)}: {_line(value)}")
    if not engines:
        _check(workspace)


def _check(folder: Path) -> None:
    """Raises where a file of the workspace is missing or cut short, for status reads none."""
    from marsad.workspace import Workspace
    from marsad.workspace.damage import check

    log = Workspace.open(folder).log
    check(log, log.snapshot().files)


def _workspace(folder: Path) -> dict[str, Any]:
    from marsad.find.registry import broken, signals
    from marsad.records.tables import TABLES
    from marsad.sources import registry
    from marsad.workspace import Workspace, placing
    from marsad.workspace.reviewing import database_place

    workspace = Workspace.open(folder)
    snapshot = workspace.log.snapshot()
    rows = {table: sum(file.rows for file in snapshot.of(table)) for table in (*TABLES, "rejected")}
    posts = workspace.count_posts(snapshot)
    versions = {"versions of posts": rows["posts"]} if rows["posts"] > posts else {}
    return {
        "workspace": str(folder),
        "database": placing.shown(database_place(workspace)),
        "runs": len(snapshot.runs),
        "policies": [policy.reference for policy in workspace.policies.all()],
        "banks": [bank.name for bank in workspace.banks.list()],
        "signals": sorted(signals()),
        "broken signals": [f"{one.name}: {one.problem.render()}" for one in broken()],
        "broken sources": [problem.render() for problem in registry.broken().values()],
        "posts": posts,
        **versions,
        **{table: count for table, count in rows.items() if table != "posts"},
    }


def _engines() -> dict[str, Any]:
    from dataclasses import asdict

    from marsad.engines.base import engine_status

    return {
        name: {"ready": found.ready, "why": found.why, "gaps": [asdict(gap) for gap in found.gaps]}
        for name, found in engine_status().items()
    }


def _label(name: str) -> str:
    """What a line is called in the user's language; an engine by its own name."""
    from marsad.engines.base import ENGINES
    from marsad.records.message import Message

    return name if name in ENGINES else Message(f"status.{name.replace(' ', '-')}").render()


def _line(value: Any) -> str:
    from marsad.locale import language, show
    from marsad.records.message import Message

    if isinstance(value, (int, list)):
        return show(value, language()) or Message("status.none").render()
    if isinstance(value, dict):
        gaps = "".join(f"\n  gap: {g['what']}: {g['reason']} ({g['error']})" for g in value["gaps"])
        ready = "ready" if value["ready"] else f"not ready: {value['why']}"
        return ready + (gaps or "\n  no gaps")
    return str(value)
