"""``marsad measure network``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.measure.answers import as_json, date_of, refusals, show
from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang

if TYPE_CHECKING:
    from marsad.workspace.measuring.network import NetworkMeasured


def network(
    event: Annotated[str, typer.Option(metavar="DATE", help="Before and after this date.")],
    days: Annotated[
        float | None,
        typer.Option(
            help="How long before, and how long after; else 14, or as far as looks reach.",
            min=1,
            max=366,
        ),
    ] = None,
    bank: Annotated[
        str, typer.Option(help="The network of this bank's accounts, not of those found.")
    ] = "",
    workspace: WorkspaceOption = HERE,
    lang: LangOption = "",
    json: JsonOption = False,
) -> None:
    """The shape of the watched network before and after: reach, cores, who can still be reached."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace
    from marsad.workspace.measuring.network import Asked
    from marsad.workspace.measuring.network import network as measure

    lang = checked_lang(lang)
    with refusals(json):
        measured = measure(
            Workspace.open(workspace), Asked(date_of(event, "--event"), days or 0, bank)
        )
    if json:
        show_json(_as_json(measured))
    else:
        _show(measured, lang)


def _as_json(measured: NetworkMeasured) -> dict[str, object]:
    return {
        **as_json(measured.estimates, measured.refused),
        "accounts": _counts(measured),
        "ties": measured.kind,
    }


def _counts(measured: NetworkMeasured) -> dict[str, int]:
    return {"watched": measured.watched, "gone": measured.gone, "came": measured.came}


def _show(measured: NetworkMeasured, lang: str) -> None:
    from marsad.locale import render
    from marsad.measure.network.sentences import sentence

    typer.echo(render(f"measure.network.of.{measured.kind}", _counts(measured), lang))
    show(measured.estimates, measured.refused, sentence, lang)
