"""``marsad backup``: workspace and database in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")],
    with_keys: Annotated[
        bool,
        typer.Option("--with-keys", help="The keys too: whoever has them can undo pseudonyms."),
    ] = False,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Write workspace and database, as they are at one moment, into one file."""
    from dataclasses import asdict

    from marsad.cli.output import show_json
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.backing_up import back_up

    made = back_up(Workspace.open(workspace), file, with_keys)
    if json:
        show_json(asdict(made) | {"file": str(file)})
        return
    values = {"file": str(file), "count": len(made.files), "entries": made.head[0],
              "size": file.stat().st_size}  # fmt: skip
    typer.echo(Message("backup.done", values).render())
    if not with_keys:
        typer.echo(Message("backup.no-keys").render())
