"""``marsad init``: a new workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marsad.cli.options import JsonOption


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that is empty or does not exist yet.")
    ],
    policy: Annotated[
        str, typer.Option("--policy", help="demo, research, or a policy file (TOML).")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Make a new workspace; without a policy nothing can be found in it."""
    from marsad.cli.output import show_json
    from marsad.records.message import Message
    from marsad.records.policy import check_given
    from marsad.workspace import Workspace

    if policy:
        check_given(policy)
    workspace = Workspace.create(folder)
    added = workspace.policies.add(policy) if policy else None
    if json:
        show_json({"workspace": str(folder), "policy": added.reference if added else None})
        return
    if added:
        message = Message("init.done", {"folder": str(folder), "policy": added.reference})
    else:
        message = Message("init.no-policy", {"folder": str(folder)})
    typer.echo(message.render())
