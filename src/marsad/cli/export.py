"""``marsad export``: tables and networks out, with pseudonyms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang


def export(
    what: Annotated[
        str,
        typer.Argument(metavar="WHAT", help="findings, accounts, posts, edges or coordination."),
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="A .csv, .parquet, .graphml or .gexf file.")
    ],
    workspace: WorkspaceOption = HERE,
    lang: LangOption = "",
    json: JsonOption = False,
) -> None:
    """Write a table or a network to a file, with pseudonyms; its ending says the format."""
    from marsad.cli.output import show_json
    from marsad.outputs.workspace import export_workspace
    from marsad.records.message import Message
    from marsad.workspace import Workspace

    rows = export_workspace(Workspace.open(workspace), what, out, checked_lang(lang))
    if json:
        show_json({"file": str(out), "rows": rows})
    else:
        typer.echo(Message("export.done", {"count": rows, "file": str(out)}).render())
