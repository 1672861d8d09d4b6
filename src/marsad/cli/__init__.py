"""The command line: one verb a file. Nothing heavy is imported before a verb runs."""

from __future__ import annotations

import atexit
import codecs
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import IO, NoReturn

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
    epilog="First steps: marsad demo. With files of your own: marsad init DIR --policy research; "
    "marsad import FILE -w DIR; marsad find -w DIR; marsad report -w DIR.",
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


def _interrupted() -> NoReturn:
    """Says so, removes what is left to remove, and ends at once: a thread of the query that was
    stopped may still ask for Python while Python goes, and that aborts the process."""
    from marsad.records.message import Message

    with suppress(OSError):
        typer.echo(Message("interrupted").render(), err=True)
        sys.stdout.flush()
    atexit._run_exitfuncs()
    os._exit(INTERRUPTED)


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C is what lies behind an error: libraries raise their own in its place."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _open_streams() -> None:
    """Makes both streams ones that take any text: a caller may have closed them, or have set an
    encoding that has no Arabic."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for as long as the process lives
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            plain = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(
                encoding="utf-8" if plain else stream.encoding, errors="backslashreplace"
            )


def _run() -> int | str | None:
    """Runs the verb; returns the exit code. What it wrote is written out here, where what fails
    can still be told."""
    code: int | str | None = 0
    try:
        app()
    except SystemExit as end:
        code = end.code
    if code == INTERRUPTED:  # typer says so without a word
        _interrupted()
    sys.stdout.flush()
    return code


def _let_go(stream: IO[str]) -> None:
    """Writes out what waits; what nobody takes goes nowhere, or Python would complain of it."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main() -> None:
    """Runs the command line; an error ends with its sentence and its exit code."""
    _open_streams()
    try:
        code = _run()
    except KeyboardInterrupt:
        _interrupted()
    except BrokenPipeError:
        code = 0
    except Exception as error:
        if _was_interrupted(error):
            _interrupted()
        from marsad.cli.failures import explained
        from marsad.cli.output import show_error

        shown = explained(error)
        with suppress(OSError):  # nobody may be listening
            show_error(shown, error)
        code = shown.exit_code
    from marsad.locale import choose

    choose("")
    _let_go(sys.stdout)
    _let_go(sys.stderr)
    sys.exit(code)
