"""``marsad simulate``: a network whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marsad.cli.options import JsonOption, QuietOption


def simulate(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="An empty or new folder for the files.")
    ],
    accounts: Annotated[int, typer.Option(help="Accounts at the start.")] = 2000,
    days: Annotated[int, typer.Option(help="Length of the window in days.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed gives the same network.")] = 1,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a simulated social network as plain files, with its truth beside it."""
    from dataclasses import asdict

    from marsad.cli.failures import writing_to
    from marsad.cli.output import progress, show_json
    from marsad.records.message import Message
    from marsad.simulate import simulate as write_network

    with progress("simulate", quiet or json) as tell, writing_to(folder):
        summary = write_network(folder, accounts, days, seed, progress=lambda part: tell(part, 1.0))
    if json:
        show_json({**asdict(summary), "folder": str(folder)})
    else:
        typer.echo(Message("simulate.done", {**asdict(summary), "folder": str(folder)}).render())
