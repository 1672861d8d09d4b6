"""``marsad measure effect``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.measure.answers import as_json, refusals, show
from marsad.cli.options import HERE, JsonOption, LangOption, WorkspaceOption, checked_lang

if TYPE_CHECKING:
    from marsad.measure.effect import EffectReport
    from marsad.measure.refusal import Refused
    from marsad.records.estimate import Estimate
    from marsad.workspace import Workspace


def effect(
    event: Annotated[
        list[str],
        typer.Option(metavar="DATE|FILE", help="When: a date, or a CSV file of events."),
    ],
    outcome: Annotated[
        str,
        typer.Option(help="posts, accounts, interactions or reach, else all; of a series its own."),
    ] = "",
    series: Annotated[str, typer.Option(help="Totals read in under this name.")] = "",
    group: Annotated[str, typer.Option(help="The group of the series that was taken down.")] = "",
    control: Annotated[list[str], typer.Option(help="A group that the takedown left alone.")] = [],  # noqa: B006 - typer's form for "none given"
    unmoved: Annotated[list[str], typer.Option(help="A group that cannot have moved.")] = [],  # noqa: B006
    elsewhere: Annotated[
        list[str],
        typer.Option(
            help="Where it may have gone: a group of the series, or hashtag:NAME, site:HOST,"
            " platform:NAME."
        ),
    ] = [],  # noqa: B006
    bank: Annotated[str, typer.Option(help="Posts of this bank's accounts.")] = "",
    tested: Annotated[
        list[str], typer.Option(help="A rival cause that a control was chosen to tell apart.")
    ] = [],  # noqa: B006
    trend: Annotated[
        bool, typer.Option("--trend", help="Let the drift from the controls go on as before.")
    ] = False,
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
    asked = Asked(event, outcome, series, group, control, unmoved, elsewhere, bank, tested, trend)
    with refusals(json):
        opened = Workspace.open(workspace)
        reports = measure(opened, asked)
        came_back = Back() if series else Back.of(opened)
    if json:
        show_json(_as_json(reports, came_back))
    else:
        _show(reports, came_back, lang)


@dataclass(frozen=True)
class Back:
    """Who came back after it, of the accounts in banks; or what is missing to tell."""

    estimates: Sequence[Estimate] = ()
    refused: Sequence[Refused] = ()

    @classmethod
    def of(cls, workspace: Workspace) -> Back:
        from marsad.measure.refusal import Refused
        from marsad.workspace.measuring.returns import returns

        try:
            found = returns(workspace)
        except Refused as refusal:
            return cls(refused=[refusal])
        return cls(found.estimates, found.refused)


def _as_json(reports: Sequence[EffectReport], back: Back) -> dict[str, object]:
    from dataclasses import asdict

    told = [one for report in reports for one in report.told]
    refused = [*(one for report in reports for one in report.refused), *back.refused]
    estimates = [{**one.estimate.to_dict(), "outcome": one.outcome,
                  "controlled": one.controlled} for one in told]  # fmt: skip
    return {
        **as_json([], refused),
        "estimates": estimates,
        "returns": [one.to_dict() for one in back.estimates],
        "placebo_dates": [
            {"outcome": report.outcome.name, "frame": report.outcome.frame,
             "event": one.event.date, "p": one.p, "jump": one.jump, "dates": len(one.jumps),
             "window": one.window}
            for report in reports for one in report.placebos
        ],
        "ranks": [
            {"event": one.event.date, "p": one.p, "ratio": one.ratio, "controls": len(one.ratios)}
            for report in reports for one in report.ranks
        ],
        "outliers": [
            {"outcome": one.name, "frame": one.frame, "date": one.date, "value": one.value,
             "median": one.median}
            for report in reports for one in report.outliers
        ],
        "rivals": {
            day: [asdict(rival) for rival in rivals]
            for report in reports for day, rivals in report.rivals.items()
        },
        "warnings": list(dict.fromkeys(one for report in reports for one in report.warnings)),
    }  # fmt: skip


def _show(reports: Sequence[EffectReport], back: Back, lang: str) -> None:
    """Sentences report after report, of several outcomes the first of each; what could not be told,
    and what all of it rests on."""
    from marsad.locale import render
    from marsad.measure.effect.sentences import headlines, of_each_kind, sentences, whose
    from marsad.measure.minding import Whose
    from marsad.measure.returns.sentences import sentence as of_returns

    several = len({report.outcome.name for report in reports}) > 1
    refused = [one for report in reports for one in report.refused]
    if several:
        said = headlines(reports, lang)
        refused = of_each_kind(refused)
    else:
        said = [one for report in reports for one in sentences(report, lang)]
    said += [of_returns(one, lang) for one in back.estimates]
    for sentence in dict.fromkeys(said):
        typer.echo(f"• {sentence}")
    show(
        [*(one.estimate for report in reports for one in report.told), *back.estimates],
        [*refused, *back.refused],
        None, lang, [*whose(reports, lang), *Whose.each(back.estimates)],
    )  # fmt: skip
    if several:
        typer.echo(render("measure.effect.more", {}, lang))
