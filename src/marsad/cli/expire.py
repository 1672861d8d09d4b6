"""``marsad expire``: records of bystanders go when their time is up."""

from __future__ import annotations

from typing import Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

SHOWN = 50
"""Those whom a hold keeps, at most so many by name; --json has all."""


def expire(
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete; without it only show what would go.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Delete records of accounts without finding, label or hold after the policy's term, and what
    was kept apart and who reported something after their own."""
    from dataclasses import asdict

    from marsad.cli.output import show_json
    from marsad.locale import language, show
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.expiry import expire as delete
    from marsad.workspace.forgetting import expire as forget_reporters
    from marsad.workspace.preserving import expire as delete_preserved

    opened = Workspace.open(workspace)
    apart = delete_preserved(opened, dry_run=not yes)
    outcome = delete(opened, dry_run=not yes)
    forgotten = forget_reporters(opened, dry_run=not yes)
    if json:
        also = {"preserved": list(apart.deleted), "reporters": forgotten.erased}
        show_json(asdict(outcome) | also)
        return
    values = {"accounts": outcome.accounts, "posts": outcome.posts, "days": outcome.days,
              "count": outcome.accounts}  # fmt: skip
    typer.echo(Message("expire.done" if yes else "expire.would", values).render())
    for name, rows in outcome.tables.items():
        typer.echo(f"  {name}: {show(rows, language())}")
    for one in outcome.held[:SHOWN]:
        typer.echo(one.message.render())
    if apart.deleted:
        message = "expire.preserved" if yes else "expire.would-preserved"
        typer.echo(Message(message, {"count": len(apart.deleted)}).render())
    if apart.over:
        typer.echo(Message("expire.over-preserved", {"count": len(apart.over)}).render())
    for number, hold in apart.held:
        typer.echo(hold.of_record(number).render())
    if forgotten.erased:
        message = "expire.reporters" if yes else "expire.would-reporters"
        typer.echo(Message(message, {"count": forgotten.erased}).render())
    if forgotten.over:
        typer.echo(Message("expire.over-reporters", {"count": forgotten.over}).render())
