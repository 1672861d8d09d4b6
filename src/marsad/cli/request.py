"""``marsad request``: what people ask for about their own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from marsad.store.holds import Request

app = typer.Typer(help="Requests of people about their own data.", no_args_is_help=True)

NumberArgument = Annotated[int, typer.Argument(help="Its number, as request list shows it.")]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Whose data: an account's id, or reporter:ADDRESS.")],
    kind: Annotated[str, typer.Option(help="access or erasure.")],
    received: Annotated[str, typer.Option(help="The day it came, as 2026-03-01; else today.")] = "",
    note: Annotated[str, typer.Option(help="How you know that it is theirs, and more.")] = "",
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Record a request; it is to be answered within a month."""
    from marsad.cli.days import micros_of
    from marsad.cli.output import show_json
    from marsad.decide.preservation.holds import day
    from marsad.records.message import Message
    from marsad.records.times import now
    from marsad.workspace import Workspace
    from marsad.workspace.kept import at_the_command_line

    with at_the_command_line(Workspace.open(workspace)) as (desk, me):
        made = desk.receive(me, name, kind, micros_of(received) if received else now(), note)
    if json:
        show_json(made._asdict())
        return
    typer.echo(Message("request.made", {"request": str(made.id), "day": day(made.due_at)}).render())


@app.command("extend")
def extend(
    number: NumberArgument,
    note: Annotated[str, typer.Option(help="Why; tell who asked within the first month.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Take two months more."""
    from marsad.decide.preservation.holds import day
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.kept import at_the_command_line

    with at_the_command_line(Workspace.open(workspace)) as (desk, me):
        made = desk.extend_request(me, number, note)
    typer.echo(Message("request.made", {"request": str(made.id), "day": day(made.due_at)}).render())


@app.command("answer")
def answer(
    number: NumberArgument,
    outcome: Annotated[str, typer.Argument(help="done or refused.")],
    note: Annotated[str, typer.Option(help="What was answered; a refusal needs a reason.")] = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Say what became of a request. marsad access and erase answer those that they meet."""
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.kept import at_the_command_line

    with at_the_command_line(Workspace.open(workspace)) as (desk, me):
        desk.answer(me, number, outcome, note)
    typer.echo(Message("request.met", {"request": str(number)}).render())


@app.command("list")
def list_(
    answered: Annotated[bool, typer.Option("--answered", help="The answered ones, too.")] = False,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """List the requests that wait for an answer."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace
    from marsad.workspace.kept import at_the_command_line

    with at_the_command_line(Workspace.open(workspace)) as (desk, me):
        found = [one for one, _ in desk.requests(me) if answered or one.outcome is None]
    if json:
        show_json({"requests": [one._asdict() for one in found]})
        return
    for one in found:
        typer.echo(_line(one))


def _line(one: Request) -> str:
    from marsad.decide.preservation.holds import day
    from marsad.outputs.passage import one_line
    from marsad.records.message import Message

    values = {"request": str(one.id), "name": one_line(one.name or "—"),
              "kind": {"words": [f"request.kind.{one.kind}"]}}  # fmt: skip
    if one.outcome is None:
        return Message("request.line", {**values, "day": day(one.due_at)}).render()
    ended = {"day": day(one.answered_at or 0), "outcome": {"words": [f"request.{one.outcome}"]}}
    return Message("request.line-answered", {**values, **ended}).render()
