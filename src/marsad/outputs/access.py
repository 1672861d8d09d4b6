"""What is known of a person as files: JSON that a program reads, and a page that a person reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from marsad import locale
from marsad.outputs.aside import written_aside
from marsad.outputs.documents.html import stylesheet
from marsad.outputs.passage import harmless
from marsad.outputs.report.page import content_policy
from marsad.records.times import now, to_datetime
from marsad.workspace.accessing import Sections, answered, gather
from marsad.workspace.folder import Workspace

SHOWN = 1_000
"""Rows of a section on the page; the JSON has all."""

FORM = 1


@dataclass(frozen=True)
class Written:
    """The page beside the file, and how many rows each section has."""

    page: Path
    counts: Mapping[str, int]


def write(workspace: Workspace, name: str, out: Path, lang: str) -> Written:
    """Writes both, readable by their owner alone, and says so in the log. Raises `InputError` where
    nothing is known of that person."""
    at, beside = now(), out.with_suffix(".html")
    found = gather(workspace, name, lang, at)
    said = {"form": FORM, "name": name, "made_at": _time(at),
            "not_searched": locale.render("access.not-searched", {}, lang),
            **_readable(found)}  # fmt: skip
    _put(out, json.dumps(said, ensure_ascii=False, indent=1, default=str))
    _put(beside, _page(name, at, found, lang))
    answered(workspace, name, at)
    return Written(beside, {section: len(rows) for section, rows in found.items()})


def _put(out: Path, content: str) -> None:
    with written_aside(out) as aside:
        aside.touch(0o600)
        aside.write_text(content, "utf-8", "replace")


def _readable(value: Any, name: str = "") -> Any:
    """The same with times as they are read: fields that end in ``at``, and ``since``."""
    if isinstance(value, Mapping):
        return {key: _readable(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_readable(one) for one in value]
    if isinstance(value, int) and (name == "at" or name.endswith("_at") or name == "since"):
        return _time(value)
    return value


def _time(at: int) -> str:
    return to_datetime(at).isoformat(timespec="seconds")


def _page(name: str, at: int, found: Sections, lang: str) -> str:
    style = stylesheet()

    def say(message_id: str, **values: Any) -> str:
        return locale.render(message_id, values, lang)

    return _environment().get_template("access.html.j2").render(
        name=name, at=_time(at), lang=lang, direction="rtl" if lang == "ar" else "ltr", say=say,
        sections=[(section, _readable(rows[:SHOWN]), len(rows)) for section, rows in found.items()],
        style=Markup(style), policy=content_policy(style),
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True,
        undefined=StrictUndefined, finalize=harmless, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
