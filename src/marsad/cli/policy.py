"""``marsad policy``: what finding and deciding rest on."""

from __future__ import annotations

from typing import Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

app = typer.Typer(help="What finding and deciding rest on.", no_args_is_help=True)


@app.command("add", short_help="Add a policy; the one added last is in force.")
def add(
    given: Annotated[
        str, typer.Argument(metavar="POLICY", help="demo, research, or a policy file (TOML).")
    ],
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Add a policy, or a new version of one; the one added last is in force."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace

    policy = Workspace.open(workspace).policies.add(given)
    if json:
        show_json({"policy": policy.reference})
    else:
        typer.echo(policy.reference)


@app.command("show")
def show(
    given: Annotated[
        str, typer.Argument(metavar="NAME", help="A policy's name, or demo, or research.")
    ],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Print a policy, to read it or to make another from it."""
    from marsad.workspace import Workspace

    typer.echo(Workspace.open(workspace).policies.text(given), nl=False)


@app.command("list")
def list_(workspace: WorkspaceOption = HERE, json: JsonOption = False) -> None:
    """List the policies; the last is in force."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace

    policies = Workspace.open(workspace).policies.all()
    if json:
        listed = [
            {"policy": policy.reference, "title": policy.title, "days": policy.retention_days}
            for policy in policies
        ]
        show_json({"policies": listed})
        return
    for policy in policies:
        typer.echo(f"{policy.reference}\t{policy.title}")
