"""``marsad expire``: records of bystanders go when their time is up."""

from __future__ import annotations

from typing import Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption


def expire(
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete; without it only show what would go.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Delete records of accounts without finding, label or hold after the policy's term."""
    from dataclasses import asdict

    from marsad.cli.output import show_json
    from marsad.locale import language, show
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.expiry import expire as delete

    outcome = delete(Workspace.open(workspace), dry_run=not yes)
    if json:
        show_json(asdict(outcome))
        return
    values = {"accounts": outcome.accounts, "posts": outcome.posts, "days": outcome.days,
              "count": outcome.accounts}  # fmt: skip
    typer.echo(Message("expire.done" if yes else "expire.would", values).render())
    for name, rows in outcome.tables.items():
        typer.echo(f"  {name}: {show(rows, language())}")
