"""``marsad report``: one HTML file that a person can read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang


def report(
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write.")] = Path(
        "report.html"
    ),
    event: Annotated[
        list[str],
        typer.Option(metavar="DATE|FILE", help="Measure what changed around this, too."),
    ] = [],  # noqa: B006 - typer's form for "none given"
    lang: LangOption = "",
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Write the report: self-contained, in English or Arabic, with pseudonyms."""
    from marsad.cli.output import show_json
    from marsad.outputs.workspace import report_workspace
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.measuring.everything import everything

    opened, lang = Workspace.open(workspace), checked_lang(lang)
    path = report_workspace(opened, out, lang, measured=everything(opened, event))
    if json:
        show_json({"report": str(path)})
    else:
        typer.echo(Message("report.written", {"file": str(path)}).render(lang))
