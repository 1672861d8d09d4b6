"""``marsad import``: files in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marsad.cli.options import HERE, JsonOption, QuietOption, WorkspaceOption

if TYPE_CHECKING:
    from marsad.records import times
    from marsad.sources.source import Options
    from marsad.workspace.importing import Imported
    from marsad.workspace.preview import Preview


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Files or folders, also .gz, .zst and .zip."),
    ],
    kind: Annotated[
        str,
        typer.Option(
            "--as", help="posts, accounts, edges, shares, observations, labels or series."
        ),
    ] = "",
    format: Annotated[
        str, typer.Option("--format", help="A source by name, if not recognised.")
    ] = "",
    map: Annotated[
        list[str], typer.Option("--map", metavar="FIELD=COLUMN", help="Say what a column is.")
    ] = [],  # noqa: B006 - typer's form for "none given"
    platform: Annotated[str, typer.Option(help="The platform, where the file does not say.")] = "",
    route: Annotated[
        str, typer.Option(help="How it was found: search, graph, notice, bank or probe.")
    ] = "",
    dates: Annotated[
        str, typer.Option(help="dmy or mdy, for dates such as 3/4/2021 that the file leaves open.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the mapping and ten rows; take nothing.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read files into a workspace; a row that cannot be taken is kept and counted."""
    from marsad.cli.output import progress, show_json
    from marsad.workspace import Workspace
    from marsad.workspace.importing import import_files

    options = _options(kind, format, map, platform, route)
    order = _order(dates)
    if dry_run:
        from marsad.workspace.preview import preview

        _show_previews(preview(paths, options, order), json)
        return
    opened = Workspace.open(workspace)
    with progress("import", quiet or json) as tell:
        result = import_files(
            opened, paths, options,
            lambda name, done, total, rows: tell(done, total, rows, name), order,
        )  # fmt: skip
    if json:
        show_json(result.to_dict())
    else:
        _show(result)
    if result.taken + result.already == 0:
        raise typer.Exit(2)


def _options(kind: str, format: str, map: list[str], platform: str, route: str) -> Options:
    from marsad.records.errors import InputError
    from marsad.records.tables import ROUTES
    from marsad.sources.source import Options

    kinds = ("posts", "accounts", "edges", "shares", "observations", "labels", "series")
    if kind and kind not in kinds:
        raise InputError("import.kind", given=kind, valid=list(kinds))
    if route and route not in ROUTES:
        raise InputError("import.route", given=route, valid=list(ROUTES))
    mapping = {}
    for item in map:
        field, equals, column = item.partition("=")
        if not equals or not field or not column:
            raise InputError("import.map", given=item)
        mapping[field] = column
    return Options(kind or None, mapping, platform or None, route or None, format or None)


def _order(dates: str) -> times.DayOrder | None:
    from marsad.records.errors import InputError

    if dates in ("dmy", "mdy"):
        return dates  # type: ignore[return-value]
    if dates:
        raise InputError("import.dates", given=dates, valid=["dmy", "mdy"])
    return None


def _show(result: Imported) -> None:
    from marsad.locale import language, show
    from marsad.records.message import Message

    counts = {"read": result.read, "taken": result.taken, "already": result.already}
    counts["rejected"] = sum(result.rejected.values())
    typer.echo(Message("import.done", counts).render())
    for table, rows in result.tables.items():
        typer.echo(f"  {table}: {show(rows, language())}")
    for reason, rows in result.rejected.items():
        sentence = Message(f"reject.{reason}", {"count": rows}).render()
        typer.echo(f"  {show(rows, language())} {reason}: {sentence}")
    for warning in result.warnings:
        typer.echo(f"  {warning}", err=True)


def _show_previews(previews: list[Preview], json: bool) -> None:
    from dataclasses import asdict

    from marsad.cli.output import show_json
    from marsad.records.message import Message

    if json:
        show_json({"files": [asdict(one) for one in previews]})
        return
    for one in previews:
        typer.echo(f"{one.file}: {one.source}, {', '.join(one.kinds)}")
        for field, column in one.mapping.items():
            typer.echo(f"  {field:<20} <- {column}")
        if one.unused:
            typer.echo(f"  {Message('import.unused', {'columns': one.unused}).render()}")
        for warning in one.warnings:
            typer.echo(f"  {warning}")
        for row in one.rows:
            _show_row(row)


def _show_row(row: Mapping[str, Any]) -> None:
    """A record as an import would take it: its fields, then its text or why it is rejected."""
    from marsad.records import times
    from marsad.records.message import Message
    from marsad.sources.strict import TIME_COLUMN

    shown = {name: value for name, value in row.items() if value not in (None, [], "")}
    line, text, reason = (shown.pop(name, "") for name in ("line", "text", "reason"))
    for name in set(TIME_COLUMN.values()) & shown.keys():
        shown[name] = times.to_datetime(shown[name]).isoformat()
    cells = (f"{name}={_cell(value)}" for name, value in shown.items())
    typer.echo(f"{line:>8}  {'  '.join(cells)}")
    if text:
        typer.echo(f"          {' '.join(text.split())[:200]}")
    if reason:
        typer.echo(f"          {reason}: {Message(f'reject.{reason}', {'count': 1}).render()}")


def _cell(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
