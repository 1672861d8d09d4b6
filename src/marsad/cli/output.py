"""Results on standard output, progress and errors on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from marsad.records.errors import MarsadError


def show_json(value: Any) -> None:
    """One JSON object, in ASCII where standard output has no other letters."""
    universal = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    typer.echo(json.dumps(value, ensure_ascii=not universal, default=str))


def show_error(error: MarsadError, cause: BaseException | None = None) -> None:
    """The error's sentence; with ``$MARSAD_DEBUG`` also a failed query, and where in the code."""
    typer.echo(f"marsad: {error.message.render()}", err=True)
    if os.environ.get("MARSAD_DEBUG"):
        from traceback import format_exception

        typer.echo(error.message.values.get("query") or "", err=True)
        typer.echo("".join(format_exception(cause or error)), err=True)


def step(quiet: bool, message_id: str, **values: Any) -> None:
    """A line on standard error that says what was done."""
    from marsad.records.message import Message

    if not quiet:
        typer.echo(Message(message_id, values).render(), err=True)


@contextmanager
def progress(label: str, quiet: bool, unit: str = "rows") -> Iterator[Callable[..., None]]:
    """A bar with rate and time left on standard error: call with (done, total, count, note).

    Without a terminal that can draw, or when quiet, nothing is drawn.
    """
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") in ("dumb", "unknown"):
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),  # it may be a file's name
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, rate="")

        def update(done: float, total: float, count: int = 0, note: str = "") -> None:
            elapsed = bar.tasks[0].elapsed or 0
            rate = f"{count / elapsed:,.0f} {unit}/s" if count and elapsed else ""
            bar.update(task, completed=done, total=total, rate=rate, description=note or label)

        yield update
