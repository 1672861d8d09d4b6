"""``marsad measure returns``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.measure.answers import as_json, days_of, refusals, show
from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang

if TYPE_CHECKING:
    from marsad.workspace.measuring.returns import ReturnsMeasured


def returns(
    days: Annotated[str, typer.Option(help="Days after the closing, parted by commas.")] = "1,7,30",
    labels: Annotated[
        Path | None,
        typer.Option(
            help="Labelled links (CSV: child, parent, is_return, probability), to correct for "
            "wrong and missed ones."
        ),
    ] = None,
    workspace: WorkspaceOption = HERE,
    lang: LangOption = "",
    json: JsonOption = False,
) -> None:
    """Returns of the accounts in banks of kind accounts: rates by day, lineages, followers."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace
    from marsad.workspace.measuring.returns import returns as measure

    lang = checked_lang(lang)
    with refusals(json):
        measured = measure(Workspace.open(workspace), days_of(days), labels)
    if json:
        show_json(_as_json(measured))
    else:
        _show(measured, lang)


def _as_json(measured: ReturnsMeasured) -> dict[str, object]:
    return {
        **as_json(measured.estimates, measured.refused),
        "accounts": {
            "listed": measured.listed, "used": measured.used, "left_out": dict(measured.left_out),
        },
        "links": {"match": measured.links, "unsure": measured.unsure},
    }  # fmt: skip


def _show(measured: ReturnsMeasured, lang: str) -> None:
    """Sentences, what they rest on, and what to mind."""
    from marsad.locale import render
    from marsad.measure.returns.sentences import sentence

    used = {"count": measured.used, "listed": measured.listed, "links": measured.links,
            "unsure": measured.unsure}  # fmt: skip
    typer.echo(render("measure.returns.used", used, lang))
    for why, count in sorted(measured.left_out.items()):
        typer.echo("  " + render(f"measure.returns.left-out.{why}", {"count": count}, lang))
    show(measured.estimates, measured.refused, sentence, lang)
