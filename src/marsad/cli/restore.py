"""``marsad restore``: a backup becomes a workspace again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marsad.cli.options import JsonOption


def restore(
    file: Annotated[Path, typer.Argument(help="A file that marsad backup wrote.")],
    folder: Annotated[Path, typer.Argument(help="The new workspace: a folder that is empty.")],
    database: Annotated[
        str | None,
        typer.Option(help="Another database: a PostgreSQL URL, or sqlite; else as it was."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Make a workspace of a backup, and check its files and its log."""
    from dataclasses import asdict

    from marsad.cli.output import show_json
    from marsad.records.message import Message
    from marsad.workspace.restoring import restore as bring_back

    done = bring_back(file, folder, database)
    if json:
        show_json(asdict(done))
        return
    values = {"folder": done.folder, "count": done.files, "made_at": done.made_at}
    typer.echo(Message("restore.done", values).render())
    if done.database is not None:
        values = {"database": done.database, "count": done.rows, "entries": done.entries}
        typer.echo(Message("restore.database", values).render())
    for key in done.lacks:
        typer.echo(Message(f"restore.lacks.{key.removesuffix('.key')}").render())
