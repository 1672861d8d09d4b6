"""``marsad measure``: estimates, each with its interval, or a refusal that says what is missing."""

from __future__ import annotations

import typer

from marsad.cli.measure.network import network
from marsad.cli.measure.returns import returns
from marsad.cli.measure.survival import survival

app = typer.Typer(
    help="Estimates with their intervals, or what is missing for one.", no_args_is_help=True
)


@app.callback()
def _group() -> None:
    pass


app.command("network", short_help="The shape of the network before and after.")(network)
app.command("returns", short_help="Who came back after a takedown: how many, how soon.")(returns)
app.command("survival", short_help="How long accounts live, from looks at them.")(survival)
