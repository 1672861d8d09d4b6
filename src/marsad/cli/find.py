"""``marsad find``: run signals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import (
    HERE,
    EngineOption,
    JsonOption,
    MasterOption,
    QuietOption,
    WorkspaceOption,
)

if TYPE_CHECKING:
    from marsad.records.estimate import Estimate
    from marsad.workspace import Workspace
    from marsad.workspace.finding import SignalOutcome
    from marsad.workspace.replaying import Replayed
    from marsad.workspace.shadow import Shadow


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
    from marsad.cli.output import progress, show_error, show_json
    from marsad.find.settings import settings
    from marsad.find.signal import Refusal
    from marsad.workspace import Workspace
    from marsad.workspace.finding import find as run_signals
    from marsad.workspace.replaying import compare
    from marsad.workspace.shadow import Shadow

    opened = Workspace.open(workspace)
    shadow = Shadow.of(opened.settings)  # what is not right in it is said before the work is done
    _check(opened, quiet)
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
    pairs = {one.signal: (one.now, one.then) for one in outcomes} if replay else {}
    changed = compare(opened, pairs) if replay else {}
    if json:
        said = [_as_dict(one, changed.get(one.signal), shadow) for one in outcomes]
        show_json({"replay": replay, "signals": said})
        return
    for outcome in outcomes:
        _show(outcome, changed.get(outcome.signal), shadow, replay)


def _check(workspace: Workspace, quiet: bool) -> None:
    """Says what is wrong with files and policy before the first signal's work is done."""
    from marsad.cli.output import step
    from marsad.workspace.damage import check

    check(workspace.log, workspace.log.snapshot().files)
    policy = workspace.policy()
    if policy.unfilled:
        step(quiet, "policy.unfilled", policy=policy.reference, missing=policy.unfilled)


def _show(one: SignalOutcome, changed: Replayed | None, shadow: Shadow, replay: bool) -> None:
    from marsad.records.message import Message

    form = "find.replayed" if replay else "find.done"
    typer.echo(Message(form, {**one.to_dict(), "count": one.findings}).render())
    for line in (*_said(one, changed, shadow), *one.notes):
        typer.echo(f"  {line}")


def _as_dict(one: SignalOutcome, changed: Replayed | None, shadow: Shadow) -> dict[str, object]:
    said = {**one.to_dict(), "shadow": shadow.of_signal(one.signal)}
    if changed is None:
        return said
    now, then = changed.now.to_dict(), changed.then.to_dict()
    decided = {"new": changed.new, "gone": changed.gone, "now": now, "then": then}
    return {**said, "decided": decided}


def _said(one: SignalOutcome, changed: Replayed | None, shadow: Shadow) -> Iterator[str]:
    """Sentences about a signal: whether it is in shadow, and what a replay would change in what
    people decided."""
    from marsad.measure.refusal import Refused
    from marsad.records.message import Message

    if (below := shadow.of_signal(one.signal)) is not None:
        message = "find.shadow" if below == "all" else "find.shadow-below"
        yield Message(message, {"signal": one.signal, "score": below}).render()
    if changed is None:
        return
    for name, outcomes in (("new", changed.new), ("gone", changed.gone)):
        yield _outcomes(name, outcomes)
    for name, value in (("now", changed.now), ("then", changed.then)):
        if isinstance(value, Refused):
            yield Message(f"find.decided-{name}-none", {}).render()
        else:
            yield _precision(name, value)


def _outcomes(name: str, outcomes: Mapping[str, int]) -> str:
    from marsad.locale import language, number, render
    from marsad.records.message import Message

    lang = language()
    told = f"{render('report.list.comma', {}, lang)} ".join(
        f"{render(f'desk.outcome.{one}', {}, lang)} {number(count, lang)}"
        for one, count in outcomes.items()
    )
    values = {"count": sum(outcomes.values()), "outcomes": f" ({told})" if told else ""}
    return Message(f"find.decided-{name}", values).render()


def _precision(name: str, value: Estimate) -> str:
    from marsad.locale import language, percent
    from marsad.records.message import Message

    lang = language()
    said = {end: percent(getattr(value, end), lang) for end in ("value", "low", "high")}
    said["level"] = percent(value.level, lang, "#,##0%")
    return Message(f"find.precision-{name}", {**said, "count": value.n}).render()
