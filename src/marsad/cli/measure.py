"""``marsad measure``: estimates, each with its interval, or a refusal that says what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang

if TYPE_CHECKING:
    from marsad.records.estimate import Estimate
    from marsad.workspace.measuring.returns import ReturnsMeasured

app = typer.Typer(
    help="Estimates with their intervals, or what is missing for one.", no_args_is_help=True
)


@app.callback()
def _group() -> None:
    pass


@app.command("returns", short_help="Who came back after a takedown: how many, how soon.")
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
    from marsad.measure.refusal import Refused
    from marsad.workspace import Workspace
    from marsad.workspace.measuring.returns import returns as measure

    lang = checked_lang(lang)
    try:
        measured = measure(Workspace.open(workspace), _days(days), labels)
    except Refused as refusal:
        if not json:
            raise
        show_json(refusal.to_dict())
        raise typer.Exit(refusal.exit_code) from refusal
    if json:
        show_json(_as_json(measured))
    else:
        _show(measured, lang)


def _days(given: str) -> list[float]:
    """The days asked for, without doubles, in order."""
    from marsad.records.errors import InputError

    try:
        days = sorted({float(part) for part in given.split(",")})
    except ValueError:
        days = []
    if not days or not all(0 < day < 36_500 for day in days):
        raise InputError("measure.returns.days-option", given=given[:100])
    return days


def _as_json(measured: ReturnsMeasured) -> dict[str, object]:
    return {
        "estimates": [estimate.to_dict() for estimate in measured.estimates],
        "accounts": {
            "listed": measured.listed, "used": measured.used, "left_out": dict(measured.left_out),
        },
        "links": {"match": measured.links, "unsure": measured.unsure},
        "not_measured": [refusal.to_dict() for refusal in measured.refused],
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
    for estimate in measured.estimates:
        typer.echo(f"• {sentence(estimate, lang)}")
    for refusal in measured.refused:
        typer.echo(f"– {refusal.message.render(lang)}")
    _show_ids(measured.estimates, lang)


def _show_ids(estimates: Sequence[Estimate], lang: str) -> None:
    """Methods, assumptions and warnings of all estimates, each said once."""
    from marsad.locale import render

    said = {
        "method": [estimate.method for estimate in estimates],
        "assumption": [one for estimate in estimates for one in estimate.assumptions],
        "warning": [one for estimate in estimates for one in estimate.warnings],
    }
    for group, ids in said.items():
        if ids:
            typer.echo(render(f"measure.shown.{group}", {}, lang))
        for one in dict.fromkeys(ids):
            typer.echo("  " + render(f"report.{group}.{one}", {}, lang))
