"""``marsad transparency``: the public account of what was decided, and counting it again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marsad.cli.options import HERE, JsonOption, QuietOption, WorkspaceOption

if TYPE_CHECKING:
    from marsad.workspace.transparency.checking import Checked
    from marsad.workspace.transparency.span import Span

app = typer.Typer(
    help="The public account of what was decided, and counting it again.", no_args_is_help=True
)


@app.command("report")
def report(
    year: Annotated[int, typer.Option(help="A calendar year, UTC.")] = 0,
    first: Annotated[
        str, typer.Option("--from", metavar="DATE", help="The first day, YYYY-MM-DD.")
    ] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")] = "",
    internal: Annotated[
        bool, typer.Option("--internal", help="Small cells too: not for publishing.")
    ] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Show it on the desk's public page.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The folder to write to.")
    ] = None,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the report of a year, or of any days: HTML, CSV and JSON."""
    from marsad.cli.output import progress, show_json
    from marsad.outputs.transparency.publishing import place_for
    from marsad.outputs.transparency.writing import written
    from marsad.records.errors import InputError
    from marsad.records.message import Message
    from marsad.records.times import now
    from marsad.workspace import Workspace
    from marsad.workspace.operating import operator
    from marsad.workspace.reviewing import existing_database
    from marsad.workspace.transparency.figures import account
    from marsad.workspace.transparency.suppressing import suppressed

    if internal and publish:
        raise InputError("transparency.internal")
    opened, span = Workspace.open(workspace), _span(year, first, last)
    folder = place_for(opened, span) if publish else output or Path(f"transparency-{span.name}")
    database = existing_database(opened)
    try:
        with progress(Message("transparency.counting").render(), quiet, "entries") as shown:
            told = account(database, span, shown)
    finally:
        database.close()
    told = told if internal else suppressed(told)
    files = written(told, operator(opened), folder, now())
    if json:
        show_json({"files": [str(path) for path in files], "figures": len(told.figures)})
        return
    values = {"folder": str(folder), "count": len(told.figures)}
    typer.echo(Message("transparency.written", values).render())
    if span.until > now():
        typer.echo(Message("transparency.not-over").render(), err=True)


@app.command("check")
def check(
    report: Annotated[Path, typer.Argument(help="figures.json of a report.")],
    log: Annotated[Path, typer.Argument(help="The log: marsad audit export -o log.ndjson")],
    json: JsonOption = False,
) -> None:
    """Count a report's figures again from the exported log, and compare."""
    from dataclasses import asdict

    from marsad.cli.output import show_json
    from marsad.records.errors import MarsadError
    from marsad.workspace.transparency.checking import check as compare

    checked = compare(report, log)
    if json:
        show_json(asdict(checked))
    else:
        _show(checked)
    if checked.different:
        if json:
            raise typer.Exit(MarsadError.exit_code)
        raise MarsadError("transparency.differs", count=len(checked.different))


def _show(checked: Checked) -> None:
    from marsad.records.message import Message

    for one in checked.different[:100]:
        values = {"figure": one.figure, "of": one.of, "told": _numbers(one.told),
                  "counted": _numbers(one.counted)}  # fmt: skip
        typer.echo(Message("transparency.difference", values).render())
    found: dict[str, int | str] = {"count": checked.same, "hidden": str(checked.hidden),
              "entries": str(checked.entries)}  # fmt: skip
    typer.echo(Message("transparency.same", found).render())


def _numbers(said: Mapping[str, Any] | None) -> str:
    from marsad.records.message import Message

    if said is None:
        return "—"
    if said.get("hidden"):
        return Message("transparency.withheld").render()
    numbers = ((name, said[name]) for name in said if name not in ("figure", "of"))
    return ", ".join(f"{name} {_number(value)}" for name, value in numbers)


def _number(value: object) -> str:
    """A number, or an estimate with its interval."""
    if isinstance(value, dict):
        return " ".join(f"{name} {value[name]}" for name in ("value", "low", "high", "n")
                        if name in value)  # fmt: skip
    return str(value)


def _span(year: int, first: str, last: str) -> Span:
    from marsad.records.errors import InputError
    from marsad.workspace.transparency import span

    if year and not (first or last):
        return span.year(year)
    if first and last and not year:
        return span.between(first, last)
    raise InputError("transparency.which")
