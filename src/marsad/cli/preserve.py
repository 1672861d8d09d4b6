"""``marsad preserve``: what was removed under an order, kept apart and encrypted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from marsad.workspace.preserving import Checked

app = typer.Typer(help="What is kept apart, and for how long.", no_args_is_help=True)

NumberArgument = Annotated[int, typer.Argument(help="Its number, as preserve list shows it.")]


@app.command("add")
def add(
    case: Annotated[int, typer.Argument(help="The case's number.")],
    why: Annotated[str, typer.Option(help="Why.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Keep a case apart for six months, as under an order by itself."""
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.kept import at_the_command_line
    from marsad.workspace.preserving import keep_up

    opened = Workspace.open(workspace)
    with at_the_command_line(opened) as (desk, me):
        number = desk.preserve(me, case, why)
        keep_up(opened, desk.database)
    typer.echo(Message("preservation.done", {"record": str(number)}).render())


@app.command("list")
def list_(
    deleted: Annotated[bool, typer.Option("--deleted", help="The deleted ones, too.")] = False,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """List what is kept, and until when."""
    from marsad.cli.output import show_json
    from marsad.decide.preservation.holds import day
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.kept import at_the_command_line

    with at_the_command_line(Workspace.open(workspace)) as (desk, me):
        found = [one for one in desk.records(me) if deleted or one.deleted is None]
    if json:
        show_json({"records": [one._asdict() | {"until": one.until} for one in found]})
        return
    for one in found:
        values = {"record": str(one.id), "case": str(one.case), "day": day(one.until)}
        line = "preservation.line" if one.deleted is None else "preservation.line-deleted"
        typer.echo(Message(line, values).render())


@app.command("extend")
def extend(
    number: NumberArgument,
    until: Annotated[str, typer.Option(help="The day it ends, as 2026-03-01.")],
    purpose: Annotated[str, typer.Option(help="review, complaint or investigation.")],
    why: Annotated[str, typer.Option(help="Who asked for it, and for which proceedings.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Keep something longer."""
    from marsad.cli.days import micros_of
    from marsad.decide.preservation.holds import day
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.kept import at_the_command_line

    with at_the_command_line(Workspace.open(workspace)) as (desk, me):
        record = desk.extend(me, number, micros_of(until), purpose, why)
    values = {"record": str(number), "case": str(record.case), "day": day(record.until)}
    typer.echo(Message("preservation.line", values).render())


@app.command("open")
def open_(
    number: NumberArgument,
    out: Annotated[Path, typer.Option("-o", "--out", help="The .tar file to write.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write out what two people agreed to open at the desk today."""
    from marsad.records.errors import InputError
    from marsad.records.message import Message
    from marsad.workspace import Workspace, durable
    from marsad.workspace.preserving import opened
    from marsad.workspace.reviewing import existing_database

    if out.exists():
        raise InputError("backup.exists", file=str(out))
    found = Workspace.open(workspace)
    database = existing_database(found)
    try:
        durable.write(out, opened(found, database, number))
    finally:
        database.close()
    typer.echo(Message("preservation.opened", {"record": str(number), "file": str(out)}).render())


@app.command("verify")
def verify(workspace: WorkspaceOption = HERE, json: JsonOption = False) -> None:
    """Look whether what is kept opens and what was deleted is gone."""
    from marsad.cli.output import show_json
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.preserving import verify as check
    from marsad.workspace.reviewing import existing_database

    found = Workspace.open(workspace)
    database = existing_database(found)
    try:
        checked = check(found, database)
    finally:
        database.close()
    if json:
        show_json({"records": [_as_dict(one) for one in checked]})
    else:
        for one in checked:
            values = {"record": str(one.record.id), "digest": one.record.digest or "—",
                      "state": {"words": [f"preservation.state.{one.state}"]}}  # fmt: skip
            typer.echo(Message("preservation.checked", values).render())
    if not all(one.whole for one in checked):
        raise typer.Exit(1)


def _as_dict(one: Checked) -> dict[str, object]:
    return {"record": one.record.id, "case": one.record.case, "state": one.state,
            "digest": one.record.digest, "until": one.record.until}  # fmt: skip
