"""``marsad measure effect``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.measure.answers import as_json, refusals, show
from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang

if TYPE_CHECKING:
    from marsad.measure.effect import EffectReport


def effect(
    event: Annotated[
        list[str],
        typer.Option(metavar="DATE|FILE", help="When: a date, or a CSV file of events."),
    ],
    outcome: Annotated[
        str, typer.Option(help="posts, accounts or interactions; of a series its own.")
    ] = "posts",
    series: Annotated[str, typer.Option(help="Totals read in under this name.")] = "",
    group: Annotated[str, typer.Option(help="The group of the series that was taken down.")] = "",
    control: Annotated[list[str], typer.Option(help="A group that the takedown left alone.")] = [],  # noqa: B006 - typer's form for "none given"
    unmoved: Annotated[list[str], typer.Option(help="A group that cannot have moved.")] = [],  # noqa: B006
    elsewhere: Annotated[
        list[str], typer.Option(help="A group that the outcome may have gone to.")
    ] = [],  # noqa: B006
    bank: Annotated[str, typer.Option(help="Posts of this bank's accounts.")] = "",
    tested: Annotated[
        list[str], typer.Option(help="A rival cause that a control was chosen to tell apart.")
    ] = [],  # noqa: B006
    workspace: WorkspaceOption = HERE,
    lang: LangOption = "",
    json: JsonOption = False,
) -> None:
    """What changed around a takedown, beside placebo dates and outcomes that should not move."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace
    from marsad.workspace.measuring.effect import Asked
    from marsad.workspace.measuring.effect import effect as measure

    lang = checked_lang(lang)
    asked = Asked(event, outcome, series, group, control, unmoved, elsewhere, bank, tested)
    with refusals(json):
        reports = measure(Workspace.open(workspace), asked)
    if json:
        show_json(_as_json(reports))
    else:
        _show(reports, lang)


def _as_json(reports: Sequence[EffectReport]) -> dict[str, object]:
    from dataclasses import asdict

    told = [one for report in reports for one in report.told]
    refused = [one for report in reports for one in report.refused]
    estimates = [{**one.estimate.to_dict(), "outcome": one.outcome,
                  "controlled": one.controlled} for one in told]  # fmt: skip
    return {
        **as_json([], refused),
        "estimates": estimates,
        "placebo_dates": [
            {"outcome": report.outcome.name, "frame": report.outcome.frame, "p": one.p,
             "jump": one.jump, "dates": len(one.jumps), "window": one.window}
            for report in reports for one in report.placebos
        ],
        "ranks": [
            {"p": one.p, "ratio": one.ratio, "controls": len(one.ratios)}
            for report in reports for one in report.ranks
        ],
        "rivals": {
            day: [asdict(rival) for rival in rivals]
            for report in reports for day, rivals in report.rivals.items()
        },
        "warnings": list(dict.fromkeys(one for report in reports for one in report.warnings)),
    }  # fmt: skip


def _show(reports: Sequence[EffectReport], lang: str) -> None:
    """Sentences report after report, what could not be told, and what all of it rests on."""
    from marsad.measure.effect import sentences

    said = dict.fromkeys(one for report in reports for one in sentences(report, lang))
    for sentence in said:
        typer.echo(f"• {sentence}")
    show(
        [one.estimate for report in reports for one in report.told],
        [one for report in reports for one in report.refused],
        None, lang,
    )  # fmt: skip
