"""The command line: one verb a file. Nothing heavy is imported before a verb runs."""

from __future__ import annotations

import sys

import typer

from marsad import __version__
from marsad.cli import (
    bank,
    demo,
    expire,
    export,
    find,
    findings,
    import_,
    init,
    policy,
    report,
    serve,
    simulate,
    status,
)

app = typer.Typer(
    name="marsad",
    help="Find violent-extremist accounts and content, decide with evidence, measure what it did.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"marsad {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version and end."
    ),
) -> None:
    pass


app.command("demo")(demo.demo)
app.command("init")(init.init)
app.add_typer(policy.app, name="policy")
app.command("import")(import_.import_)
app.command("find")(find.find)
app.command("findings")(findings.findings)

app.add_typer(bank.app, name="bank")
app.command("report")(report.report)
app.command("export")(export.export)
app.command("serve")(serve.serve)
app.command("simulate")(simulate.simulate)
app.command("expire")(expire.expire)
app.command("status")(status.status)


def main() -> None:
    """Runs the command line; an error ends with its sentence and its exit code."""
    from marsad.records.errors import MarsadError

    try:
        app()
    except MarsadError as error:
        from marsad.cli.output import show_error

        show_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        from marsad.records.message import Message

        typer.echo(Message("interrupted").render(), err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
