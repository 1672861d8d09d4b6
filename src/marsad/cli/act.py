"""``marsad act``: asks platforms for what was decided, and looks whether it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from marsad.decide.actions.carrying import Carried, Done


def act(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be asked; ask and change nothing.")
    ] = False,
    limit: Annotated[int, typer.Option(help="At most so many requests and looks.", min=1)] = 500,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Ask platforms for what was decided and is due, and look whether it was done."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace
    from marsad.workspace.acting import carry_out
    from marsad.workspace.reviewing import existing_database

    opened = Workspace.open(workspace)
    database = existing_database(opened)
    try:
        carried = carry_out(opened, dry_run=dry_run, limit=limit, database=database)
    finally:
        database.close()
    if json:
        show_json(_as_dict(carried))
    else:
        _show(carried, dry_run)


def _as_dict(carried: Carried) -> dict[str, object]:
    from collections import Counter
    from dataclasses import asdict

    counts = Counter(one.became for one in carried.steps)
    steps = [asdict(one) for one in carried.steps]
    return {"counts": dict(counts), "next_at": carried.next_at, "steps": steps}


def _show(carried: Carried, dry_run: bool) -> None:
    from marsad.records.message import Message
    from marsad.records.times import SECOND, to_datetime

    for one in carried.steps:
        typer.echo(_line(one))
    message = "act.would" if dry_run else "act.done"
    typer.echo(Message(message, {"count": len(carried.steps)}).render())
    if carried.next_at is not None and not dry_run:
        at = to_datetime(carried.next_at - carried.next_at % SECOND).isoformat()
        typer.echo(Message("act.next", {"at": at}).render())


def _line(one: Done) -> str:
    from marsad.records.message import Message

    values = {
        "action": str(one.action), "subject": one.subject, "by": one.by,
        "act": {"words": [f"action.act.{one.act}"]},
        "became": {"words": [f"action.became.{one.became}"]},
    }  # fmt: skip
    said = f" ({one.said})" if one.said else ""
    return Message(f"act.{one.step}", values).render() + said
