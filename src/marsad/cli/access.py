"""``marsad access``: what is known of one person, for that person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang


def access(
    name: Annotated[
        str, typer.Argument(help="An account's id, reporter:ADDRESS, or user:NAME of the desk.")
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="A .json file; a page is put beside it.")
    ],
    workspace: WorkspaceOption = HERE,
    lang: LangOption = "",
    json: JsonOption = False,
) -> None:
    """Write out what workspace and desk hold about somebody, others' data left out."""
    from marsad.cli.output import show_json
    from marsad.outputs.access import write
    from marsad.records.message import Message
    from marsad.workspace import Workspace

    made = write(Workspace.open(workspace), name, out, checked_lang(lang))
    if json:
        show_json({"file": str(out), "page": str(made.page), "counts": made.counts})
        return
    values = {"file": str(out), "page": str(made.page), "count": sum(made.counts.values())}
    typer.echo(Message("access.done", values).render())
    typer.echo(Message("access.read-it").render())
