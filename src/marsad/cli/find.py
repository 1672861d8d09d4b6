"""``marsad find``: run signals."""

from __future__ import annotations

from typing import Annotated

import typer

from marsad.cli.options import (
    HERE,
    EngineOption,
    JsonOption,
    MasterOption,
    QuietOption,
    WorkspaceOption,
)


def find(
    signals: Annotated[
        list[str] | None,
        typer.Argument(metavar="SIGNAL", help="Signals by name; all if none is named."),
    ] = None,
    engine: EngineOption = "duckdb",
    master: MasterOption = "",
    replay: Annotated[
        bool,
        typer.Option(
            "--replay", help="Store nothing; say what would be found and what would fall away."
        ),
    ] = False,
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A setting of the signals, e.g. window=30 or coordination.window=30; repeatable.",
        ),
    ] = None,
    workspace: WorkspaceOption = HERE,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Run signals over all posts; their findings replace the earlier ones."""
    from dataclasses import asdict

    from marsad.cli.output import progress, show_error, show_json, step
    from marsad.find.settings import settings
    from marsad.find.signal import Refusal
    from marsad.records.message import Message
    from marsad.workspace import Workspace
    from marsad.workspace.damage import check
    from marsad.workspace.finding import find as run_signals

    opened = Workspace.open(workspace)
    check(opened.log, opened.log.snapshot().files)  # not after the first signal's work is done
    if missing := opened.policy().unfilled:
        step(quiet, "policy.unfilled", policy=opened.policy().reference, missing=missing)
    with progress("find", quiet or json) as tell:
        try:
            outcomes = run_signals(
                opened, signals or (), engine, master, replay, settings(given or (), signals or ()),
                progress=lambda name, done, total: tell(done, total, 0, name),
            )  # fmt: skip
        except Refusal as refusal:
            if not json:
                raise
            show_error(refusal)
            show_json({"replay": replay, "refused": refusal.message.render()})
            raise typer.Exit(refusal.exit_code) from None
    if json:
        show_json({"replay": replay, "signals": [asdict(outcome) for outcome in outcomes]})
        return
    for outcome in outcomes:
        form = "find.replayed" if replay else "find.done"
        typer.echo(Message(form, {**asdict(outcome), "count": outcome.findings}).render())
        for note in outcome.notes:
            typer.echo(f"  {note}")
