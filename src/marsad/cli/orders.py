"""``marsad orders``: removal orders out of files, and the authorities that may send them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marsad.decide.orders.authorities import Listed
    from marsad.store.orders import Order

app = typer.Typer(help="Removal orders of authorities.", no_args_is_help=True)
listing = typer.Typer(help="The authorities that may send orders.", no_args_is_help=True)
app.add_typer(listing, name="authorities")


@app.command("import", short_help="Take in an order: its hour runs.")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="The order as JSON.",
        ),
    ],
    signature: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="An Ed25519 signature over the file."),
    ] = None,
    received_at: Annotated[
        str, typer.Option(help="When it came, ISO 8601, UTC where no zone is named; else now.")
    ] = "",
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Take in an order out of a file: from its receipt the hour runs."""
    from dataclasses import replace

    from marsad.cli.output import show_json
    from marsad.decide.orders import reading
    from marsad.workspace import Workspace, ordering, reviewing

    opened = Workspace.open(workspace)
    content = _bytes(file, reading.LARGEST)
    given = reading.of_file(content)
    if received_at:
        given = replace(given, received_at=reading.time_of("received_at", received_at))
    signed = (content, _bytes(signature, 1_000)) if signature else None
    database = reviewing.database(opened)
    try:
        done = ordering.orders(opened, database).import_(given, signed)
    finally:
        database.close()
    if json:
        show_json({"order": done.order.id, "again": done.again, "state": done.order.state,
                   "due_at": _time(done.order.due_at), "checks": list(done.checks)})  # fmt: skip
    else:
        _show(done.order, done.again, done.checks)
    _tell_of_a_broken_list(opened.folder)


@app.command("list")
def list_(workspace: WorkspaceOption = HERE, json: JsonOption = False) -> None:
    """List orders, the newest first."""
    from marsad.cli.output import show_json
    from marsad.store import orders
    from marsad.workspace import Workspace, reviewing

    database = reviewing.existing_database(Workspace.open(workspace))
    try:
        with database.reading() as transaction:
            found = list(reversed(orders.everything(transaction)))
    finally:
        database.close()
    if json:
        show_json({"orders": [_as_dict(one) for one in found]})
        return
    for one in found:
        _row(one)


@listing.command("add", short_help="Add authorities; one with a known id is replaced.")
def add(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="A list as JSON, or a table as CSV."
        ),
    ],
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Add the authorities of a file; one whose id is known takes its place."""
    from marsad.decide.orders import authorities
    from marsad.workspace import Workspace

    _authorities(authorities.add(Workspace.open(workspace).folder, file).listed, json)


@listing.command("list")
def list_authorities(workspace: WorkspaceOption = HERE, json: JsonOption = False) -> None:
    """List the authorities, by id."""
    from marsad.decide.orders import authorities
    from marsad.workspace import Workspace

    _authorities(authorities.read(Workspace.open(workspace).folder).listed, json)


def _tell_of_a_broken_list(folder: Path) -> None:
    """An order is taken in all the same, as one of an authority that is on no list."""
    from marsad.decide.orders import authorities
    from marsad.records.errors import MarsadError

    try:
        authorities.read(folder)
    except MarsadError as error:
        typer.echo(error.message.render(), err=True)


def _authorities(listed: Sequence[Listed], json: bool) -> None:
    from marsad.cli.output import show_json

    if json:
        show_json({"authorities": [asdict(one) for one in listed]})
        return
    for one in listed:
        typer.echo("\t".join((one.id, one.state, one.name, one.phone, one.email)))


def _bytes(file: Path, most: int) -> bytes:
    """A file's bytes, one more than ``most`` at the longest: what is longer is said to be so."""
    with file.open("rb") as opened:
        return opened.read(most + 1)


def _show(order: Order, again: bool, checks: Sequence[str]) -> None:
    from marsad.decide.orders.checks import GOOD
    from marsad.decide.orders.states import RUNNING
    from marsad.records.message import Message

    said = "orders.again" if again else "orders.received"
    values = {"order": str(order.id), "due": _time(order.due_at), "state": _state(order)}
    typer.echo(Message(said if order.state in RUNNING else "orders.again-over", values).render())
    for one in checks:
        do = f" {Message(f'desk.order.check.{one}.do', {}).render()}" if one not in GOOD else ""
        typer.echo(f"- {Message(f'desk.order.check.{one}', {}).render()}{do}")


def _row(one: Order) -> None:
    from marsad.records.message import Message

    values = {"order": str(one.id), "state": _state(one),
              "authority": one.authority, "reference": one.reference or "–",
              "due": _time(one.due_at)}  # fmt: skip
    typer.echo(Message("orders.row", values).render())


def _state(one: Order) -> dict[str, list[str]]:
    return {"words": [f"desk.order.state.{one.state}"]}


def _as_dict(one: Order) -> dict[str, object]:
    times = ("received_at", "due_at", "ended_at", "late_at", "confidential_until")
    said = one._asdict()
    said |= {name: _time(said[name]) if said[name] is not None else None for name in times}
    return {name: value for name, value in said.items() if name not in ("version", "hour")}


def _time(micros: int) -> str:
    from marsad.records.times import to_datetime

    return to_datetime(micros).isoformat()
