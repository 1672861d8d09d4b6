"""``marsad hold``: what has to be kept, for a court, an archive or proceedings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from marsad.decide.preservation.holds import Told

app = typer.Typer(help="What has to be kept: nothing of it is deleted.", no_args_is_help=True)

NumberArgument = Annotated[int, typer.Argument(help="The hold's number, as hold list shows it.")]


@app.command("set")
def set_(
    name: Annotated[str, typer.Argument(help="The account's id, as marsad findings shows it.")],
    kind: Annotated[str, typer.Option(help="court, archive or proceedings.")],
    basis: Annotated[str, typer.Option(help="The legal basis: which order, law or agreement.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    until: Annotated[str, typer.Option(help="The day it ends by itself, as 2026-03-01.")] = "",
    review: Annotated[
        str, typer.Option(help="Or open, and the day somebody looks at it again.")
    ] = "",
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Set a hold: erasing and expiry leave everything about that account."""
    from marsad.cli.days import micros_of
    from marsad.cli.output import show_json
    from marsad.decide.preservation.holds import Wanted
    from marsad.records.message import Message
    from marsad.records.times import now
    from marsad.workspace import Workspace
    from marsad.workspace.accessing import is_known
    from marsad.workspace.kept import at_the_command_line

    opened = Workspace.open(workspace)
    wanted = Wanted(name, kind, basis, reason, micros_of(until) if until else None,
                    micros_of(review) if review else None)  # fmt: skip
    known = is_known(opened, name, now())
    with at_the_command_line(opened) as (desk, me):
        hold = desk.set_hold(me, wanted)
    if json:
        show_json(hold._asdict() | {"known": known})
        return
    typer.echo(Message("hold.done", {"hold": str(hold.id), "name": name}).render())
    if not known:
        typer.echo(Message("hold.unknown", {"hold": str(hold.id), "name": name}).render())


@app.command("end")
def end(
    number: NumberArgument,
    reason: Annotated[str, typer.Option(help="Why it is needed no longer.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """End a hold."""
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.kept import at_the_command_line

    with at_the_command_line(Workspace.open(workspace)) as (desk, me):
        desk.end_hold(me, number, reason)
    typer.echo(Message("hold.over", {"hold": str(number)}).render())


@app.command("list")
def list_(
    ended: Annotated[bool, typer.Option("--ended", help="Those that have ended, too.")] = False,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """List the holds that stand."""
    from marsad.cli.output import show_json
    from marsad.records.times import now
    from marsad.workspace import Workspace
    from marsad.workspace.kept import at_the_command_line

    with at_the_command_line(Workspace.open(workspace)) as (desk, me):
        found = [one for one in desk.holds(me) if ended or one.hold.stands(now())]
    if json:
        show_json({"holds": [_as_dict(one) for one in found]})
        return
    for one in found:
        typer.echo(_line(one))


def _as_dict(one: Told) -> dict[str, object]:
    return one.hold._asdict() | {"basis": one.basis, "reason": one.reason}


def _line(one: Told) -> str:
    from marsad.decide.preservation.holds import day
    from marsad.outputs.passage import one_line
    from marsad.records.message import Message

    hold = one.hold
    values = {"hold": str(hold.id), "name": one_line(hold.name or "—"),
              "basis": one_line(one.basis),
              "kind": {"words": [f"hold.kind.{hold.kind}"]}}  # fmt: skip
    if hold.ended_at is not None:
        return Message("hold.line-ended", {**values, "day": day(hold.ended_at)}).render()
    if hold.until is not None:
        return Message("hold.line", {**values, "day": day(hold.until)}).render()
    return Message("hold.line-open", {**values, "day": day(hold.review_at or 0)}).render()
