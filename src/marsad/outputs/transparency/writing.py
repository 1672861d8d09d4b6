"""Writing a transparency report: a page for each language, CSV and JSON, in one folder."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from marsad import locale
from marsad.decide import duties
from marsad.decide.operator import Operator
from marsad.outputs import report
from marsad.outputs.aside import written_aside
from marsad.outputs.passage import harmless
from marsad.outputs.report.page import content_policy, stylesheet
from marsad.outputs.report.wording import Words
from marsad.outputs.tables import csv_text
from marsad.outputs.transparency.tables import SECTIONS, section
from marsad.records.errors import OutsideError
from marsad.records.times import DAY
from marsad.workspace.transparency.figures import Account, Figure

PAGES = {"en": "report.html", "ar": "report-ar.html"}
FIGURES, ROWS = "figures.json", "figures.csv"
COLUMNS = (
    "figure", "of", "count", "n", "value", "low", "high", "level", "method",
    "median_us", "median_low_us", "median_high_us", "p95_us", "p95_low_us", "p95_high_us", "hidden",
)  # fmt: skip


def written(account: Account, operator: Operator, folder: Path, made_at: int) -> list[Path]:
    """Writes the report into a folder, which is made where there is none; each file appears whole
    or not at all. ``made_at`` is µs UTC. Returns the files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = error.strerror or str(error)
        raise OutsideError("export.cannot-write", path=str(folder), error=said) from error
    texts = {name: page(account, operator, lang, made_at) for lang, name in PAGES.items()}
    texts |= {FIGURES: account.to_json() + "\n", ROWS: rows(account)}
    for name, text in texts.items():
        with written_aside(folder / name) as aside:
            aside.write_text(text, "utf-8")
    return [folder / name for name in texts]


def rows(account: Account) -> str:
    """The figures as CSV."""
    return csv_text([COLUMNS, *(_row(one) for one in account.figures)])


def _row(one: Figure) -> Iterator[Any]:
    yield from (one.figure, one.of, one.count, one.n)
    share = one.share
    names = ("value", "low", "high", "level", "method")
    yield from (getattr(share, name) if share else None for name in names)
    for value, interval in ((one.median, one.median_interval), (one.p95, one.p95_interval)):
        ends = (round(interval.low), round(interval.high)) if interval else (None, None)
        yield from (value, *ends)
    yield "yes" if one.hidden else None


def page(account: Account, operator: Operator, lang: str, made_at: int) -> str:
    """The page in one language; it asks nothing of any network and runs no script."""
    words, style = Words(lang), stylesheet()  # type: ignore[arg-type]
    return _environment().get_template("page.html.j2").render(
        account=account, operator=operator, words=words, style=Markup(style),
        policy=content_policy(style), made_at=made_at, last=account.span.until - DAY,
        sections=[(name, section(name, account, words)) for name in SECTIONS],
        duty=lambda name: locale.render(f"desk.duties.{name}", {}, lang),
        say=lambda message, **values: locale.render(f"transparency.{message}", values, lang),
        isolated=locale.isolated,
        duties=[one for one in duties.of(operator) if one.follows == "yes"],
    )  # fmt: skip


@cache
def _environment() -> Environment:
    folders = [Path(__file__).parent / "templates", Path(report.__file__).parent / "templates"]
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
