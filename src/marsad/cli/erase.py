"""``marsad erase``: everything about one account goes."""

from __future__ import annotations

from typing import Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption


def erase(
    subject: Annotated[str, typer.Argument(help="The account's id, as marsad findings shows it.")],
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete; without it only show what would go.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Delete an account's records, findings, labels and cases, and do not take it again."""
    from dataclasses import asdict

    from marsad.cli.output import show_json
    from marsad.locale import language, show
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.erasing import erase as delete

    found = delete(Workspace.open(workspace), subject, dry_run=not yes)
    if json:
        show_json(asdict(found))
        return
    typer.echo(Message("erase.done" if yes else "erase.would", {"subject": subject}).render())
    counts = {**found.tables, "cases": found.cases, "banks": found.banked,
              "entries": found.entries, "mails": found.mails}  # fmt: skip
    for name, rows in counts.items():
        if rows:
            typer.echo(f"  {name}: {show(rows, language())}")
    if found.preserved:
        typer.echo(Message("erase.preserved", {"count": found.preserved}).render())
    if yes:
        typer.echo(Message("erase.left").render())
