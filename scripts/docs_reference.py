"""A hook of MkDocs: writes the reference of the command line from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from typer.core import TyperCommand, TyperGroup

PAGE = "reference/commands.md"
HEAD = """# Commands

What `marsad COMMAND --help` says, for every command.
"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    from marsad.cli import app

    command = typer.main.get_command(app)
    pages = [HEAD, *(section(name, text) for name, text in helps(command, "marsad"))]
    files.append(File.generated(config, PAGE, content="\n".join(pages)))
    return files


def helps(command: TyperCommand | TyperGroup, name: str) -> Iterator[tuple[str, str]]:
    """Name and help of a command and of all below it."""
    context = typer.Context(command, info_name=name)
    yield name, command.get_help(context)
    if isinstance(command, TyperGroup):
        for verb in command.list_commands(context):
            found = command.get_command(context, verb)
            assert found is not None
            yield from helps(found, f"{name} {verb}")


def section(name: str, text: str) -> str:
    return f"## {name}\n\n```text\n{text}\n```\n"
