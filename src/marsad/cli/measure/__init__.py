"""``marsad measure``: estimates, each with its interval, or a refusal that says what is missing."""

from __future__ import annotations

import typer

from marsad.cli.measure.census import census
from marsad.cli.measure.claim import claim
from marsad.cli.measure.effect import effect
from marsad.cli.measure.network import network
from marsad.cli.measure.returns import returns
from marsad.cli.measure.survival import survival

app = typer.Typer(
    help="Estimates with their intervals, or what is missing for one.", no_args_is_help=True
)


@app.callback()
def _group() -> None:
    pass


app.command("census", short_help="How many, from a drawn sample and routes of discovery.")(census)
app.command("claim", short_help="A published figure held against the workspace.")(claim)
app.command("effect", short_help="What changed around a takedown.")(effect)
app.command("network", short_help="The shape of the network before and after.")(network)
app.command("returns", short_help="Who came back after a takedown: how many, how soon.")(returns)
app.command("survival", short_help="How long accounts live, from looks at them.")(survival)
