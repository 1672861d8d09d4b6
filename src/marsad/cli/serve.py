"""``marsad serve``: the desk and its API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, WorkspaceOption

if TYPE_CHECKING:
    from marsad.web.site import Site


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 8000,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Open the desk in the browser: cases, decisions, and the log of them."""
    from marsad.decide import users
    from marsad.records.message import Message
    from marsad.web.site import Site
    from marsad.workspace import Workspace

    opened = Workspace.open(workspace)
    site = Site.of(opened)
    if not users.every(site.desk.database):
        typer.echo(Message("serve.nobody", {"folder": str(workspace)}).render(), err=True)
    run(site, host, port)


def run(site: Site, host: str, port: int) -> None:
    """Serves until interrupted, and says where."""
    from marsad.records.message import Message
    from marsad.web.server import serve as serve_site

    def ready(address: str) -> None:
        typer.echo(Message("serve.running", {"address": address}).render())
        if site.demo:
            name, password = site.demo
            typer.echo(Message("serve.demo", {"name": name, "password": password}).render())

    try:
        serve_site(site, host, port, ready)
    except KeyboardInterrupt:
        typer.echo("", err=True)
