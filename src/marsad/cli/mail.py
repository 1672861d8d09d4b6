"""``marsad mail``: sends what waits, or one mail to see whether the settings are right."""

from __future__ import annotations

from typing import Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption


def mail(
    to: Annotated[
        str, typer.Option("--test", metavar="ADDRESS", help="Send a test mail there, nothing else.")
    ] = "",
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Send the mail that waits, as a running desk does by itself."""
    from dataclasses import asdict

    from marsad.cli.output import show_json
    from marsad.records.message import Message
    from marsad.workspace import Workspace, mailing
    from marsad.workspace.reviewing import existing_database

    opened = Workspace.open(workspace)
    if to:
        mailing.test(opened, to)
        typer.echo(Message("mailing.tested", {"to": to}).render())
        return
    database = existing_database(opened)
    try:
        done, left = mailing.deliver(opened, database), mailing.waiting(database)
    finally:
        database.close()
    if json:
        show_json(asdict(done) | {"waiting": left[0], "undeliverable": left[1]})
        return
    typer.echo(Message("mailing.done", {"count": done.sent}).render())
    if any(left):
        values = {"waiting": str(left[0]), "undeliverable": str(left[1]), "said": done.said or "—"}
        typer.echo(Message("mailing.left", values).render())
