"""The command line: one verb a file. Nothing heavy is imported before a verb runs."""

from __future__ import annotations

import sys

import typer

from marsad import __version__
from marsad.cli.verbs import Verbs

INTERRUPTED = 130

app = typer.Typer(
    cls=Verbs,
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


def _interrupted() -> None:
    from marsad.records.message import Message

    typer.echo(Message("interrupted").render(), err=True)
    sys.exit(INTERRUPTED)


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C is what lies behind an error: libraries raise their own in its place."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def main() -> None:
    """Runs the command line; an error ends with its sentence and its exit code."""
    try:
        app()
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer says so without a word
            _interrupted()
        raise
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if _was_interrupted(error):
            _interrupted()
        from marsad.cli.output import show_error
        from marsad.records.errors import MarsadError

        if not isinstance(error, MarsadError):
            raise
        show_error(error)
        sys.exit(error.exit_code)
