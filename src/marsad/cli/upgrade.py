"""``marsad upgrade``: workspace and database of an older version become ones of this version."""

from __future__ import annotations

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption


def upgrade(workspace: WorkspaceOption = HERE, json: JsonOption = False) -> None:
    """Bring a workspace and its database to this version. Stop the desk, back up first."""
    from dataclasses import asdict

    from marsad.cli.output import show_json
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.upgrading import upgrade as bring

    done = bring(Workspace.open(workspace))
    if json:
        show_json(asdict(done))
        return
    message = "upgrade.none" if done.schema is None else "upgrade.current"
    typer.echo(Message("upgrade.done" if done.before else message, asdict(done)).render())
