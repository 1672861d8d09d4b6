"""``marsad audit``: the log of what was decided, offline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from marsad.decide.audit import Verdict
    from marsad.store import Database
    from marsad.store.checkpoints import Checkpoint
    from marsad.workspace import Workspace

app = typer.Typer(help="The log of what was decided, offline.", no_args_is_help=True)


@app.command("verify")
def verify(
    kept: Annotated[
        list[Path] | None,
        typer.Option("--checkpoints", help="A file of checkpoints that was kept elsewhere."),
    ] = None,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Check the whole log and name the first broken entry."""
    from marsad.cli.output import show_json
    from marsad.decide.audit import verify as check
    from marsad.store.checkpoints import public_key
    from marsad.workspace.reviewing import key_file

    known = [one for path in kept or () for one in _read(path)]
    with _opened(workspace) as (opened, database):
        verdict = check(database, public_key(key_file(opened)), known)
    if json:
        show_json(_as_dict(verdict))
    if verdict.broken is not None:
        _fail(verdict, quiet=json)
    if not json:
        _show(verdict)


@app.command("export")
def export(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file; else standard output.")
    ] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write the log as lines of JSON, without anything private."""
    from marsad.outputs.aside import written_aside
    from marsad.store.export import lines

    with _opened(workspace) as (_, database), database.reading() as transaction:
        if output is None:
            for line in lines(transaction):
                typer.echo(line)
            return
        with written_aside(output) as aside, aside.open("w", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in lines(transaction))


@app.command("checkpoint")
def checkpoint(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file to add the line to.")
    ] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Sign where the log ends. Keep the line elsewhere: it tells if the log is cut or replaced."""
    from marsad.records.errors import InputError
    from marsad.records.times import now
    from marsad.store.checkpoints import make, signer
    from marsad.workspace.reviewing import key_file

    with _opened(workspace) as (opened, database):
        by = signer(key_file(opened))
        with database.writing() as transaction:
            made = make(transaction, by, now())
    if made is None:
        raise InputError("audit.empty")
    typer.echo(made.to_json())
    if output is not None:
        with output.open("a", encoding="ascii") as file:
            file.write(f"{made.to_json()}\n")


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Workspace, Database]]:
    from marsad.workspace import Workspace
    from marsad.workspace.reviewing import existing_database

    workspace = Workspace.open(folder)
    database = existing_database(workspace)
    try:
        yield workspace, database
    finally:
        database.close()


def _read(path: Path) -> list[Checkpoint]:
    from marsad.records.errors import InputError
    from marsad.store.checkpoints import Checkpoint

    if not path.is_file():
        raise InputError("audit.no-file", file=str(path))
    lines = path.read_text("utf-8", "replace").splitlines()
    return [Checkpoint.from_json(line, str(path)) for line in lines if line.strip()]


def _show(verdict: Verdict) -> None:
    from marsad.records.message import Message

    typer.echo(Message("audit.whole", {"count": verdict.entries}).render())
    unsealed = verdict.entries - verdict.sealed
    if unsealed:
        typer.echo(Message("audit.unsealed", {"count": unsealed}).render())


def _fail(verdict: Verdict, quiet: bool) -> None:
    from marsad.records.errors import MarsadError

    assert verdict.broken is not None
    if quiet:
        raise typer.Exit(MarsadError.exit_code)
    broken = verdict.broken
    raise MarsadError(f"audit.broken.{broken.why}", seq=broken.seq, what=broken.what)


def _as_dict(verdict: Verdict) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(verdict)
