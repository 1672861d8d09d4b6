"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WorkspaceOption = Annotated[
    Path,
    typer.Option(
        "-w",
        "--workspace",
        envvar="MARSAD_WORKSPACE",
        help="The workspace; else the current folder.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")]
LangOption = Annotated[str, typer.Option("--lang", help="en or ar; $MARSAD_LANG if not given.")]
EngineOption = Annotated[str, typer.Option("--engine", help="duckdb, or spark for many machines.")]
MasterOption = Annotated[
    str, typer.Option("--master", help="Spark's master, e.g. spark://host:7077; else local[*].")
]
HERE = Path(".")


def checked_lang(lang: str) -> str:
    """The language, the user's where none is given, or an error that names the valid ones. From
    here on errors are in it too."""
    from marsad.locale import LANGUAGES, choose, language
    from marsad.records.errors import InputError

    if not lang:
        return language()
    if lang not in LANGUAGES:
        raise InputError("cli.lang", given=lang, valid=list(LANGUAGES))
    choose(lang)
    return lang
