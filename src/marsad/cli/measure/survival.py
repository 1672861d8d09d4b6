"""``marsad measure survival``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.measure.answers import as_json, days_of, refusals, show
from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang

if TYPE_CHECKING:
    from marsad.workspace.measuring.survival import SurvivalMeasured


def survival(
    days: Annotated[str, typer.Option(help="Days of life, parted by commas.")] = "1,7,30",
    since: Annotated[
        str, typer.Option(help="Count days since an account was first seen, or created.")
    ] = "seen",
    by: Annotated[str, typer.Option(help="Compare groups: language, or month of first look.")] = "",
    ends: Annotated[
        str, typer.Option(help="States that end a life, parted by commas.")
    ] = "suspended,removed,deactivated,missing",
    bank: Annotated[str, typer.Option(help="Only accounts of this bank.")] = "",
    found: Annotated[
        bool, typer.Option("--found", help="Only accounts with a finding that opens a case.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    lang: LangOption = "",
    json: JsonOption = False,
) -> None:
    """How long accounts live: what looks on schedule tell, gone between two of them."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace
    from marsad.workspace.measuring.survival import Asked
    from marsad.workspace.measuring.survival import survival as measure

    lang = checked_lang(lang)
    states = [state.strip() for state in ends.split(",")]
    asked = Asked(days_of(days), since, by, states, bank, found)
    with refusals(json):
        measured = measure(Workspace.open(workspace), asked)
    if json:
        show_json(_as_json(measured))
    else:
        _show(measured, lang)


def _as_json(measured: SurvivalMeasured) -> dict[str, object]:
    return {
        **as_json(measured.estimates, measured.refused),
        "accounts": {
            "looked_at": measured.accounts, "used": measured.used, "ended": measured.ended,
            "left_out": dict(measured.left_out),
        },
    }  # fmt: skip


def _show(measured: SurvivalMeasured, lang: str) -> None:
    from marsad.locale import render
    from marsad.measure.survival.sentences import sentence

    counts = {"accounts": measured.accounts, "used": measured.used, "ended": measured.ended}
    typer.echo(render("measure.survival.used", counts, lang))
    for why, count in sorted(measured.left_out.items()):
        typer.echo("  " + render(f"measure.survival.left-out.{why}", {"count": count}, lang))
    show(measured.estimates, measured.refused, sentence, lang)
