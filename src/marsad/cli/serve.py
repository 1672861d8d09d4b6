"""``marsad serve``: the report in a browser. (The desk will stand here.)"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from marsad.cli.options import HERE, WorkspaceOption


def serve(
    host: Annotated[str, typer.Option(help="A loopback address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 8000,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Show the report of a workspace in the browser, on this machine only."""
    from tempfile import TemporaryDirectory

    from marsad.outputs.workspace import report_workspace
    from marsad.workspace import Workspace

    opened = Workspace.open(workspace)
    with TemporaryDirectory() as folder:
        pages = {
            path: report_workspace(opened, Path(folder) / f"{lang}.html", lang)
            for path, lang in (("/", "en"), ("/ar", "ar"))
        }
        serve_pages(pages, host, port)


def serve_pages(pages: Mapping[str, Path], host: str, port: int) -> None:
    """Serves until interrupted."""
    from marsad.records.message import Message
    from marsad.web.report_server import report_server

    with report_server(pages, host, port) as server:
        address = f"http://{host}:{server.server_address[1]}/"
        typer.echo(Message("serve.running", {"address": address}).render())
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("", err=True)
