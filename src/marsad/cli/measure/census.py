"""``marsad measure census``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.measure.answers import as_json, date_of, refusals, show
from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marsad.measure.census.marginals import Marginal
    from marsad.workspace.measuring.census import CensusMeasured


def census(
    positive: Annotated[
        list[str], typer.Option(metavar="LABEL", help="A label that counts as positive; else yes.")
    ] = [],  # noqa: B006 - typer's form for "none given"
    since: Annotated[str, typer.Option(help="Hits of routes from this date on.")] = "",
    until: Annotated[str, typer.Option(help="Hits of routes before this date.")] = "",
    seeded: Annotated[
        list[str],
        typer.Option(metavar="ROUTE,ROUTE", help="Routes of which one was the seed of another."),
    ] = [],  # noqa: B006
    gold: Annotated[
        str,
        typer.Option(metavar="LABELLER", help="Whose labels are right: corrects for the others'."),
    ] = "",
    referrals: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="CSV: account, recruiter, degree, and outcomes to tell shares of."
        ),
    ] = None,
    workspace: WorkspaceOption = HERE,
    lang: LangOption = "",
    json: JsonOption = False,
) -> None:
    """How many: in the frame by a drawn sample, and beyond it by how routes overlap."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace
    from marsad.workspace.measuring.census import Asked
    from marsad.workspace.measuring.census import census as measure

    lang = checked_lang(lang)
    groups = [[one.strip() for one in group.split(",")] for group in seeded]
    asked = Asked(positive, date_of(since, "--since"), date_of(until, "--until"), groups, gold,
                  referrals)  # fmt: skip
    with refusals(json):
        measured = measure(Workspace.open(workspace), asked)
    if json:
        show_json(_as_json(measured))
    else:
        _show(measured, lang)
    if not measured.estimates:
        raise typer.Exit(2)


def _chain(measured: CensusMeasured) -> dict[str, int]:
    return {
        "frame": measured.frame, "drawn": measured.drawn, "labelled": measured.labelled,
        "found": measured.found,
    }  # fmt: skip


def _as_json(measured: CensusMeasured) -> dict[str, object]:
    first = {} if measured.estimates else measured.refused[0].to_dict()
    return {**first, **as_json(measured.estimates, measured.refused), "chain": _chain(measured)}


def _show(measured: CensusMeasured, lang: str) -> None:
    from marsad.locale import render
    from marsad.measure.census.sentences import is_share, sentence

    typer.echo(render("measure.census.chain", _chain(measured), lang))
    for estimate in measured.estimates:
        if not is_share(estimate):
            typer.echo(f"• {sentence(estimate, lang)}")
    _show_marginals(measured.marginals, lang)
    show(measured.estimates, measured.refused, None, lang)


def _show_marginals(marginals: Sequence[Marginal], lang: str) -> None:
    """The shares, a table for each marginal."""
    from marsad.locale import render
    from marsad.measure.census.sentences import row
    from marsad.measure.saying import values_of

    for one in marginals[:1]:
        first = one.shares[0][1]
        typer.echo(render("measure.census.shares", values_of(first, "fraction", lang), lang))
    for one in marginals:
        typer.echo("  " + render(f"marginal.{one.name}", {}, lang))
        for group, estimate in one.shares:
            typer.echo("    " + row(one.name, group, estimate, lang))
