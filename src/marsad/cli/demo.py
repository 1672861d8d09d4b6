"""``marsad demo``: the whole path on a network whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marsad.cli.options import JsonOption, QuietOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marsad.records.estimate import Estimate
    from marsad.workspace import Workspace
    from marsad.workspace.measuring.everything import Measured


def demo(
    accounts: Annotated[int, typer.Option(help="Accounts at the start.")] = 2000,
    days: Annotated[int, typer.Option(help="Length of the window in days.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed gives the same network.")] = 1,
    serve: Annotated[bool, typer.Option(help="Open the desk in the browser at the end.")] = True,
    port: Annotated[int, typer.Option(help="Where to serve.", min=0, max=65535)] = 8000,
    workspace: Annotated[
        Path, typer.Option("-w", "--workspace", help="A new folder for the demonstration.")
    ] = Path("demo"),
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Simulate a network, import it, find, compare with its truth, measure, and report."""
    from marsad.cli.output import show_json
    from marsad.outputs.workspace import report_workspace
    from marsad.workspace import Workspace
    from marsad.workspace.folder import FORMAT_LINE, SETTINGS

    _forget(workspace)
    Workspace.create(workspace)
    (workspace / SETTINGS).write_text(f"{FORMAT_LINE}\n{DEMO_SETTINGS}", "utf-8")
    opened = Workspace.open(workspace)
    (workspace / MARK).write_text("a demonstration; `marsad demo` makes it anew\n", "utf-8")
    opened.policies.add("demo")
    network = workspace / "network"
    _simulate(network, accounts, days, seed, quiet or json)
    _import(opened, network, quiet or json)
    estimates = _find_and_compare(opened, network, quiet or json)
    measured = _measure(opened, network, quiet or json)
    reports = [
        report_workspace(opened, workspace / name, lang, estimates, measured, simulated=True)
        for lang, name in (("en", "report.html"), ("ar", "report-ar.html"))
    ]
    if json:
        every = [*estimates, *(one for answer in measured for one in answer.estimates)]
        listed = [estimate.to_dict() for estimate in every]
        show_json({"estimates": listed, "reports": [str(path) for path in reports]})
    else:
        _show(estimates, measured, reports)
    _open_desk(opened, quiet or json)
    if serve:
        _serve(opened, port)


MARK = "DEMO"
DEMO_SETTINGS = """
[platforms.simulated]
by = "simulated"

[strikes]
ladder = [
  { strikes = 1, within_days = 90, suggests = "warn" },
  { strikes = 3, within_days = 180, suggests = "suspend" },
]

[[threat.contacts]]
name = "duty desk"
phone = "000"
note = "made up, as everything here"

[operator]
name = "Simulated network"
address = "Example Street 1, 00000 Nowhere"
country = "DE"
email = "desk@simulated.example"
languages = ["en", "ar"]
size = "small"
service = "platform"

[[places]]
platform = "simulated"
host = "simulated.example"
account = ["/@{account}"]
post = ["/@{account}/{post}", "/p/{post}"]
"""
"""What the demonstration's workspace sets for its desk."""
LABELS = 300
SHOWN = 3
"""Sentences of each measure that the demonstration prints; the report has all of them."""


def _forget(folder: Path) -> None:
    """Removes an earlier demonstration, and only that."""
    import shutil

    from marsad.records.errors import InputError

    if (folder / MARK).is_file():
        shutil.rmtree(folder)
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("demo.not-here", folder=str(folder))


def _simulate(network: Path, accounts: int, days: int, seed: int, quiet: bool) -> None:
    from marsad.cli.failures import writing_to
    from marsad.cli.output import progress, step
    from marsad.simulate import DEMO, simulate

    with progress("simulate", quiet) as tell, writing_to(network):
        summary = simulate(network, accounts, days, seed, DEMO, lambda part: tell(part, 1.0))
    step(quiet, "demo.simulated", accounts=summary.accounts, posts=summary.posts, days=days)


def _import(workspace: Workspace, network: Path, quiet: bool) -> None:
    from marsad.banks.lists import read_list
    from marsad.cli.output import progress, step
    from marsad.sources.source import Options
    from marsad.workspace.importing import import_files

    files = [network / name for name in ("posts.ndjson", "observations.ndjson", "follows.csv")]
    with progress("import", quiet) as tell:
        done = import_files(
            workspace, files, Options(platform="simulated"),
            lambda name, part, total, rows: tell(part, total, rows, name),
        )  # fmt: skip
    step(quiet, "demo.imported", read=done.read, taken=done.taken)
    for path in sorted((network / "banks").glob("[a-z]*")):
        kind = path.stem.removeprefix("negative-")
        entries = read_list(path, kind).entries
        workspace.banks.add(path.stem, entries, kind=kind, negative=kind != path.stem)


def _find_and_compare(workspace: Workspace, network: Path, quiet: bool) -> Sequence[Estimate]:
    from marsad.cli.output import progress, step
    from marsad.measure.accuracy import against_truth
    from marsad.workspace.finding import find
    from marsad.workspace.library import Library

    with progress("find", quiet) as tell:
        outcomes = find(workspace, progress=lambda name, done, total: tell(done, total, 0, name))
    for outcome in outcomes:
        step(quiet, "find.done", signal=outcome.signal, count=outcome.findings,
             new=outcome.new, gone=outcome.gone)  # fmt: skip
    with Library(workspace) as library:
        signals = [one.signal for one in outcomes]
        return against_truth(library.findings(), network / "truth", library.engine, signals)


def _measure(workspace: Workspace, network: Path, quiet: bool) -> Sequence[Measured]:
    """Labels are drawn by the tool and answered from the truth; the wave of suspensions is the
    event, and the census takes the routes' finds of the days before it."""
    from marsad.cli.output import progress, step
    from marsad.measure.effect.series import day_text
    from marsad.records.times import DAY
    from marsad.simulate.answers import answer_labels, wave_at
    from marsad.workspace.drawing import hits_to_label, next_to_label
    from marsad.workspace.measuring.everything import everything

    wave = wave_at(network)
    with progress("measure", quiet) as tell:
        for done, wanted in enumerate((next_to_label(workspace, LABELS), hits_to_label(workspace))):
            tell(done, 3)
            rows = answer_labels(network, wanted.subjects, wanted.draw)
            _import_labels(workspace, network / f"labels-{done}.ndjson", rows)
        tell(2, 3)
        measured = everything(workspace, [day_text(wave // DAY)], until=wave)
    step(quiet, "demo.measured", count=sum(len(one.estimates) for one in measured))
    return measured


def _import_labels(workspace: Workspace, path: Path, rows: Sequence[object]) -> None:
    from json import dumps

    from marsad.sources.source import Options
    from marsad.workspace.importing import import_files

    path.write_text("".join(f"{dumps(row)}\n" for row in rows), "utf-8")
    import_files(workspace, [path], Options(kind="labels"))


PEOPLE = {"demo": "senior", "second": "moderator", "appeals": "appeals", "auditor": "auditor"}
"""Who can log in to the demonstration, with which role: a suspension takes two people."""
PASSWORD = "marsad-demo"
"""Known to everybody, for a desk that listens on loopback and holds a simulated network."""


def _open_desk(workspace: Workspace, quiet: bool) -> None:
    """Opens the cases, and adds the demonstration's people."""
    from marsad.cli.output import step
    from marsad.decide import users
    from marsad.records.times import now
    from marsad.workspace.reviewing import database, open_cases

    step(quiet, "demo.cases", count=open_cases(workspace).opened)
    store = database(workspace)
    try:
        for name, role in PEOPLE.items():
            users.add(store, name, [role], at=now(), password=PASSWORD)
    finally:
        store.close()


def _serve(workspace: Workspace, port: int) -> None:
    from marsad.cli.serve import run
    from marsad.web.site import Site

    run(Site.of(workspace, demo=(next(iter(PEOPLE)), PASSWORD)), "127.0.0.1", port)


def _show(
    estimates: Sequence[Estimate], measured: Sequence[Measured], reports: Sequence[Path]
) -> None:
    from marsad.locale import language, percent
    from marsad.records.message import Message

    typer.echo(Message("demo.against-truth").render())
    for estimate in estimates:
        kind, _, signal = estimate.name.partition(":")
        value, low, high = map(percent, (estimate.value, estimate.low, estimate.high))
        typer.echo(f"  {signal:<12} {kind:<10} {value:>7}  ({low} – {high}; n = {estimate.n:,})")
    typer.echo(Message("demo.said").render())
    for one in measured:
        for sentence in one.said(language())[:SHOWN]:
            typer.echo(f"• {sentence}")
    for path in reports:
        typer.echo(Message("report.written", {"file": str(path)}).render())
