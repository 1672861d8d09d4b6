"""``marsad label``: draws what to label, and reads the labels back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import HERE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marsad.workspace.importing import Imported
    from marsad.workspace.labelling import Progress

app = typer.Typer(
    help="Draw what to label, and read the labels back; measures rest on them.",
    no_args_is_help=True,
)


@app.command("next", short_help="Draw a sample and write it as a table to fill in.")
def next_(
    n: Annotated[int, typer.Option("--n", help="How many to draw.", min=1)] = 200,
    kind: Annotated[str, typer.Option("--kind", help="account or post.")] = "account",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A CSV file; else standard output.")
    ] = None,
    labeller: Annotated[
        str, typer.Option(help="Who will label: what this person has not labelled yet.")
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="A new draw, though the last has some left.")
    ] = False,
    hits: Annotated[
        bool, typer.Option("--hits", help="No draw: all accounts that routes of discovery found.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed draws the same.", min=0)] = 0,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Draw a sample with known chances, stratified by score, and write it as a table to fill in.

    The table shows what to judge and no score. While a draw has some left, it gives those.
    """
    from marsad.cli.output import show_json
    from marsad.outputs.sheet import write_sheet
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.drawing import hits_to_label, next_to_label

    opened = Workspace.open(workspace)
    wanted = (
        hits_to_label(opened, labeller) if hits
        else next_to_label(opened, n, kind, labeller, seed, again)
    )  # fmt: skip
    write_sheet(opened, wanted, output, labeller)
    told = {
        "draw": wanted.draw, "count": len(wanted.subjects), "drawn": wanted.drawn,
        "frame": wanted.frame,
    }  # fmt: skip
    if json:
        show_json({**told, "kind": wanted.kind, "new": wanted.new, "file": str(output or "-")})
    else:
        message = "label.hits" if hits else "label.drawn" if wanted.new else "label.left"
        typer.echo(Message(message, told).render(), err=True)


@app.command("import", short_help="Read filled-in tables back.")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Filled-in tables.")],
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Read filled-in tables back; rows without a label are kept aside and counted."""
    from marsad.cli.output import show_json
    from marsad.sources.source import Options
    from marsad.workspace import Workspace
    from marsad.workspace.importing import import_files
    from marsad.workspace.labelling import progress

    opened = Workspace.open(workspace)
    result = import_files(opened, paths, Options(kind="labels"))
    draws = progress(opened)
    if json:
        show_json({**result.to_dict(), "draws": [asdict(one) for one in draws]})
    else:
        _show(result, draws)
    if result.taken + result.already == 0:
        raise typer.Exit(2)


@app.command("sample", short_help="Open blind cases at the desk for a random sample.")
def sample(
    n: Annotated[int, typer.Option("--n", help="How many to draw.", min=1)] = 200,
    kind: Annotated[str, typer.Option("--kind", help="post or account.")] = "post",
    by: Annotated[
        str | None, typer.Option("--by", help="Strata: language, month or platform.")
    ] = None,
    days: Annotated[float, typer.Option("--days", help="Over how many days they come.", min=0)] = 7,
    seed: Annotated[int, typer.Option(help="The same seed draws the same.", min=0)] = 0,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
) -> None:
    """Draw posts or accounts by chance alone, and open a case for each that shows no finding.

    They come one by one among the others; what is decided tells the prevalence on this platform.
    """
    from marsad.cli.output import show_json
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.sampling import sample_cases

    drawn = sample_cases(Workspace.open(workspace), n, seed, kind, by, days)
    if json:
        show_json(asdict(drawn))
    else:
        told = {"draw": drawn.draw, "count": drawn.opened, "frame": drawn.frame}
        typer.echo(Message("sample.drawn", told).render())


@app.command("decisions", short_help="Take decisions of the desk as labels.")
def decisions(workspace: WorkspaceOption = HERE, json: JsonOption = False) -> None:
    """Take what was decided at the desk as labels, each with how its case came to be seen."""
    from marsad.cli.output import show_json
    from marsad.workspace import Workspace
    from marsad.workspace.decided_labels import label_decisions
    from marsad.workspace.labelling import progress

    opened = Workspace.open(workspace)
    result = label_decisions(opened)
    draws = progress(opened)
    if json:
        show_json({**result.to_dict(), "draws": [asdict(one) for one in draws]})
    else:
        _show(result, draws)


def _show(result: Imported, draws: Sequence[Progress]) -> None:
    from marsad.records.message import Message

    waiting = result.rejected.get("no-label", 0)
    others = sum(result.rejected.values()) - waiting
    counts = {
        "taken": result.taken, "already": result.already, "waiting": waiting, "rejected": others,
    }  # fmt: skip
    typer.echo(Message("label.taken", counts).render())
    for warning in result.warnings:
        typer.echo(f"  {warning}", err=True)
    for one in draws:
        typer.echo("  " + Message("label.progress", asdict(one)).render())
