"""``marsad user``: who can log in to the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from marsad.decide.oidc.identity import Identity
    from marsad.decide.users import Added
    from marsad.store import Database
    from marsad.store.users import User
    from marsad.workspace import Workspace

app = typer.Typer(help="Who can log in to the desk.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The name they log in with.")]


@app.command("add")
def add(
    name: NameArgument,
    role: Annotated[list[str], typer.Option(help="What they may do; several times for more.")],
    reads: Annotated[
        list[str] | None, typer.Option(help="A language they read, as ar; else ar and en.")
    ] = None,
    lang: Annotated[
        str, typer.Option(help="The language of their pages, en or ar; else their browser's.")
    ] = "",
    oidc: Annotated[
        str | None,
        typer.Option(metavar="SUBJECT", help="Who they are at the provider; no password then."),
    ] = None,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Add somebody. Their first password is shown once; they change it when they log in."""
    from marsad.decide import users
    from marsad.locale import LANGUAGES
    from marsad.records.times import now
    from marsad.workspace import Workspace

    opened = Workspace.open(workspace)
    identity = _identity(opened, oidc) if oidc is not None else None
    with _database(opened) as database:
        added = users.add(
            database, name, role, at=now(), reads=reads or LANGUAGES, lang=lang, identity=identity
        )
    _show(added, "user.added" if identity is None else "user.added-linked", json)


@app.command("link")
def link(
    name: NameArgument,
    subject: Annotated[str, typer.Argument(help="Who they are at the provider.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Let somebody log in through the provider; their sessions end."""
    from marsad.decide import users
    from marsad.records.message import Message
    from marsad.records.times import now
    from marsad.workspace import Workspace

    opened = Workspace.open(workspace)
    identity = _identity(opened, subject)
    with _database(opened) as database:
        user = users.link(database, name, identity, at=now())
    typer.echo(Message("user.linked", {"name": user.name, "id": user.id}).render())


@app.command("unlink")
def unlink(name: NameArgument, workspace: WorkspaceOption = HERE) -> None:
    """No longer let somebody log in through the provider."""
    from marsad.decide import users
    from marsad.records.message import Message
    from marsad.records.times import now

    with _opened(workspace) as database:
        user = users.link(database, name, None, at=now())
    left = "user.unlinked" if user.password else "user.unlinked-without-password"
    typer.echo(Message(left, {"name": user.name}).render())


@app.command("role")
def role(
    name: NameArgument,
    roles: Annotated[
        list[str] | None, typer.Argument(help="All their roles from now on; none locks them out.")
    ] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Give somebody other roles; they have to log in again."""
    from marsad.decide import users
    from marsad.records.message import Message
    from marsad.records.times import now

    with _opened(workspace) as database:
        user = users.set_roles(database, name, roles or (), at=now())
    listed = {"name": user.name, "roles": sorted(user.roles)}
    typer.echo(Message("user.has-roles" if user.roles else "user.has-none", listed).render())


@app.command("reset")
def reset(name: NameArgument, workspace: WorkspaceOption = HERE, json: JsonOption = False) -> None:
    """Give somebody a new password, shown once; their sessions end."""
    from marsad.decide import users
    from marsad.records.times import now

    with _opened(workspace) as database:
        added = users.reset(database, name, at=now())
    _show(added, "user.was-reset", json)


@app.command("list")
def list_(workspace: WorkspaceOption = HERE, json: JsonOption = False) -> None:
    """List who can log in, with the pseudonym the log has for them."""
    from marsad.cli.output import show_json
    from marsad.decide import users

    with _opened(workspace) as database:
        every = users.every(database)
    if json:
        show_json({"users": [_as_dict(user) for user in every]})
        return
    for user in every:
        typer.echo(f"{user.name:<24} {user.id:<12} {', '.join(sorted(user.roles)) or '–'}")


def _show(added: Added, message: str, json: bool) -> None:
    from marsad.cli.output import show_json
    from marsad.records.message import Message

    if json:
        show_json(_as_dict(added.user) | {"password": added.password or None})
        return
    values = {"name": added.user.name, "id": added.user.id, "password": added.password}
    typer.echo(Message(message, values).render())


def _as_dict(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "id": user.id,
        "roles": sorted(user.roles),
        "reads": sorted(user.reads),
        "second_factor": user.second_factor is not None,
        "linked": user.identity is not None,
    }


def _identity(workspace: Workspace, subject: str) -> Identity:
    from marsad.decide.oidc.identity import identity
    from marsad.workspace.providing import existing_settings

    return identity(existing_settings(workspace).issuer, subject)


@contextmanager
def _opened(folder: Path) -> Iterator[Database]:
    from marsad.workspace import Workspace

    with _database(Workspace.open(folder)) as store:
        yield store


@contextmanager
def _database(workspace: Workspace) -> Iterator[Database]:
    from marsad.workspace.reviewing import database

    store = database(workspace)
    try:
        yield store
    finally:
        store.close()
