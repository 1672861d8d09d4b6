"""What all measures share on the command line: refusals, sentences, and what to mind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from marsad.measure.minding import Whose
    from marsad.measure.refusal import Refused
    from marsad.records.estimate import Estimate

MOST_DAYS = 36_500


@contextmanager
def refusals(json: bool) -> Iterator[None]:
    """A refusal in the block is printed as JSON where that is asked for; it ends the command."""
    from marsad.cli.output import show_json
    from marsad.measure.refusal import Refused

    try:
        yield
    except Refused as refusal:
        if not json:
            raise
        show_json(refusal.to_dict())
        raise typer.Exit(refusal.exit_code) from refusal


def days_of(given: str) -> list[float]:
    """The days of ``--days``, parted by commas, without doubles, in order."""
    from marsad.records.errors import InputError

    try:
        days = sorted({float(part) for part in given.split(",")})
    except ValueError:
        days = []
    if not days or not all(0 < day <= MOST_DAYS for day in days):
        raise InputError("measure.days-option", given=given[:100], most=MOST_DAYS)
    return days


def date_of(given: str, option: str) -> int:
    """A date or time of an option, in µs UTC; 0 where none is given."""
    from datetime import UTC, datetime

    from marsad.records.errors import InputError

    if not given:
        return 0
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise InputError("measure.date-option", option=option, given=given[:100]) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1_000_000)


def as_json(estimates: Sequence[Estimate], refused: Sequence[Refused]) -> dict[str, object]:
    """Estimates, and what could not be told."""
    return {
        "estimates": [estimate.to_dict() for estimate in estimates],
        "not_measured": [refusal.to_dict() for refusal in _once(refused)],
    }


def show(
    estimates: Sequence[Estimate],
    refused: Sequence[Refused],
    sentence: Callable[[Estimate, str], str] | None,
    lang: str,
    named: Sequence[Whose] | None = None,
) -> None:
    """A sentence an estimate, unless they were said already; what could not be told, and what all
    of it rests on. ``named`` says of what each estimate is, where their names do not."""
    from marsad.measure.minding import Whose

    if sentence:
        for estimate in estimates:
            typer.echo(f"• {sentence(estimate, lang)}")
    for refusal in _once(refused):
        typer.echo(f"– {refusal.message.render(lang)}")
    _show_ids(estimates, lang)
    _show_minded(Whose.each(estimates) if named is None else named, lang)


def _once(refused: Sequence[Refused]) -> list[Refused]:
    """Each refusal once, though it stands in the way of several estimates."""
    return list({refusal.message.render("en"): refusal for refusal in refused}.values())


def _show_ids(estimates: Sequence[Estimate], lang: str) -> None:
    """Methods and assumptions of all estimates, each said once."""
    from marsad.locale import render

    said = {
        "method": [estimate.method for estimate in estimates],
        "assumption": [one for estimate in estimates for one in estimate.assumptions],
    }
    for group, ids in said.items():
        if ids:
            typer.echo(render(f"measure.shown.{group}", {}, lang))
        for one in dict.fromkeys(ids):
            typer.echo("  " + render(f"report.{group}.{one}", {}, lang))


def _show_minded(told: Sequence[Whose], lang: str) -> None:
    """Warnings, each once with the estimates it belongs to."""
    from marsad.locale import render
    from marsad.measure.minding import minded

    found = minded(told, lang)
    if found:
        typer.echo(render("measure.shown.warning", {}, lang))
    for said, whose in found:
        typer.echo(f"  {said}")
        if whose:
            typer.echo(f"    {whose}")
