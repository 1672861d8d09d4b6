"""``marsad statements``: what people and the public are told of decisions, and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from marsad.decide.statements.sending import Sent
    from marsad.store import Database
    from marsad.workspace import Workspace

app = typer.Typer(help="Statements of reasons: what was decided, and why.", no_args_is_help=True)


@app.command("list")
def list_(
    state: Annotated[
        str,
        typer.Option(help="held, refused, waiting, accepted, dropped, failed; else how many."),
    ] = "",
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """List records for the public by their state."""
    from marsad.cli.output import show_json
    from marsad.store import statements

    with _opened(workspace) as (_, database):
        if not state:
            with database.reading() as transaction:
                counts = statements.counts(transaction)
            rows = {name: counts.get(name, 0) for name in (*statements.LISTED, statements.FAILED)}
            show_json(rows) if json else _lines(f"{name} {n}" for name, n in rows.items())
            return
        if state == statements.FAILED:
            failed = _failed(database)
            show_json({"failed": failed}) if json else _lines(
                f"{one['decision']} {one['why']}" for one in failed
            )
            return
        found = _found(database, state)
    if json:
        show_json({"statements": found})
    else:
        _lines(f"{one['statement']} {one['case']} {one['puid']}" for one in found)


@app.command("send")
def send(workspace: WorkspaceOption = HERE, json: JsonOption = False) -> None:
    """Make what is due, and send what waits."""
    import time

    from marsad.cli.output import show_json
    from marsad.decide.statements.sending import Sent, complaint
    from marsad.records.times import MINUTE, SECOND, now
    from marsad.workspace import stating

    with _opened(workspace) as (opened, database):
        desk, total = stating.desk(opened, database), Sent()
        while desk.make():
            pass
        sender = stating.must_send(opened, database)
        while True:
            done = sender.send()
            _add(total, done)
            if done.next_at is None or done.said or done.next_at > now() + MINUTE:
                break
            time.sleep(max(0, done.next_at - now()) / SECOND)
        address = sender.address
    if json:
        show_json({"accepted": total.accepted, "existing": total.existing,
                   "refused": total.refused, "waiting": total.waiting})  # fmt: skip
    else:
        _say(total)
    if total.said is not None:
        raise complaint(total.said, address)


@app.command("check")
def check(workspace: WorkspaceOption = HERE, json: JsonOption = False) -> None:
    """Look again at all that waits to be sent."""
    from marsad.cli.output import show_json
    from marsad.records.message import Message
    from marsad.workspace import stating

    with _opened(workspace) as (_, database):
        done = stating.check_waiting(database)
    wrong = {str(number): [list(one) for one in some] for number, some in done.wrong.items()}
    if json:
        show_json({"checked": done.count, "wrong": wrong})
    else:
        for number, some in done.wrong.items():
            typer.echo(f"{number} " + ", ".join(f"{one.field}: {one.kind}" for one in some))
        values = {"count": done.count, "wrong": len(wrong)}
        typer.echo(Message("statements.checked", values).render())
    if wrong:
        raise typer.Exit(1)


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Workspace, Database]]:
    from marsad.workspace import Workspace
    from marsad.workspace.reviewing import existing_database

    opened = Workspace.open(folder)
    database = existing_database(opened)
    try:
        yield opened, database
    finally:
        database.close()


def _found(database: Database, state: str) -> list[dict[str, object]]:
    from marsad.records.errors import InputError
    from marsad.store import statements

    if state not in statements.LISTED:
        valid = [*statements.LISTED, statements.FAILED]
        raise InputError("statements.state", given=state[:100], valid=valid)
    with database.reading() as transaction:
        if state in (statements.ACCEPTED, statements.DROPPED):
            found = statements.ended(transaction, state, 1_000)
        else:
            found = statements.in_state(transaction, state, 1_000)
        return [{"statement": one.seq, "case": one.case_id, "puid": one.puid,
                 "made_at": one.made_at} for one in found]  # fmt: skip


def _failed(database: Database) -> list[dict[str, object]]:
    from marsad.store import statements

    with database.reading() as transaction:
        found = statements.failed(transaction, 1_000)
    return [{"decision": one.decision, "why": one.why.render(), "tries": one.tries,
             "due_at": one.due_at} for one in found]  # fmt: skip


def _add(total: Sent, done: Sent) -> None:
    total.accepted += done.accepted
    total.existing += done.existing
    total.refused += done.refused
    total.waiting, total.said = done.waiting, done.said


def _say(total: Sent) -> None:
    from marsad.records.message import Message

    values = {"count": total.accepted, "refused": total.refused, "waiting": total.waiting}
    typer.echo(Message("statements.sent", values).render())


def _lines(lines: Iterator[str]) -> None:
    for line in lines:
        typer.echo(line)
