"""The report: what was read, what was found and on what evidence, in one file for people."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import ibis.expr.types as ir

from marsad.engines import Engine
from marsad.find.signal import Records
from marsad.locale import LANGUAGES
from marsad.outputs.aside import written_aside
from marsad.outputs.report.data import BankLine, Context, Limits, PolicyLine, RunLine
from marsad.outputs.report.gather import gather
from marsad.outputs.report.page import render
from marsad.outputs.report.wording import Language
from marsad.records.errors import InputError

__all__ = ["BankLine", "Context", "Limits", "PolicyLine", "RunLine", "write_report"]


def write_report(
    records: Records,
    findings: ir.Table,
    engine: Engine,
    out: Path,
    lang: str,
    context: Context,
) -> Path:
    """Writes the report to ``out`` and returns its path.

    ``records`` hold the current version of each post, ``findings`` the current findings (schema
    ``FINDINGS``), one row each. Only counts and the rows
    that are shown leave the engine, so memory does not grow with the data. The file appears whole
    or not at all. ``lang`` is one of `marsad.locale.LANGUAGES`.
    """
    if lang not in LANGUAGES:
        raise InputError("report.language", given=lang, valid=list(LANGUAGES))
    page = render(gather(records, findings, engine, context), cast(Language, lang))
    with written_aside(out) as aside:
        aside.write_text(page, "utf-8")
    return out
