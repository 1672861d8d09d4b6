"""``marsad findings``: read what was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marsad.cli.options import HERE, LangOption, WorkspaceOption, checked_lang

if TYPE_CHECKING:
    import ibis.expr.types as ir

COLUMNS = (
    "finding_id", "run_id", "subject_kind", "subject_id", "signal", "score", "score_kind",
    "sentence", "evidence", "community", "opens_case",
)  # fmt: skip
FORMATS = ("table", "csv", "json")


def findings(
    signal: Annotated[str, typer.Option(help="Only of this signal.")] = "",
    subject: Annotated[str, typer.Option(help="Only about this subject, by its id.")] = "",
    format: Annotated[str, typer.Option(help="table, csv, or json: one object a line.")] = "table",
    limit: Annotated[
        int, typer.Option(help="Rows of the table; csv and json give all.", min=1)
    ] = 50,
    workspace: WorkspaceOption = HERE,
    lang: LangOption = "",
) -> None:
    """Read findings, highest score first, with platform ids; exports carry pseudonyms instead."""
    from marsad.find.registry import signal as known
    from marsad.records.errors import InputError
    from marsad.workspace import Workspace
    from marsad.workspace.library import Library

    lang = checked_lang(lang)
    if signal:
        known(signal)
    if format not in FORMATS:
        raise InputError("findings.format", given=format, valid=list(FORMATS))
    with Library(Workspace.open(workspace)) as library:
        rows = library.findings()
        rows = rows.filter(rows.signal == signal) if signal else rows
        rows = rows.filter(rows.subject_id == subject) if subject else rows
        ordered = rows.order_by(rows.score.desc(), rows.signal, rows.subject_id, rows.finding_id)
        total = int(library.engine.collect(rows.aggregate(n=rows.count()))["n"][0].as_py())
        shown = _rows(library, ordered.limit(limit) if format == "table" else ordered, lang)
        _WRITERS[format](shown, total, lang)


def _rows(library: Any, rows: ir.Table, lang: str) -> Iterator[dict[str, Any]]:
    import json

    from marsad.records.message import Message

    for batch in library.engine.run(rows):
        for row in batch.to_pylist():
            row["sentence"] = Message.from_json(row["message"], row["values"]).render(lang)
            row["evidence"] = json.loads(row["evidence"])
            yield {name: row[name] for name in COLUMNS}


def _write_json(rows: Iterator[dict[str, Any]], total: int, lang: str) -> None:
    from marsad.cli.output import show_json

    for row in rows:
        show_json(row)


def _write_csv(rows: Iterator[dict[str, Any]], total: int, lang: str) -> None:
    import csv
    import json
    import sys

    from marsad.outputs.tables import harmless

    writer = csv.DictWriter(sys.stdout, COLUMNS)
    writer.writeheader()
    for row in rows:
        row["evidence"] = json.dumps(row["evidence"], ensure_ascii=False)
        cells = {name: harmless(one) if isinstance(one, str) else one for name, one in row.items()}
        writer.writerow(cells)


def _write_table(rows: Iterator[dict[str, Any]], total: int, lang: str) -> None:
    from marsad.outputs.passage import one_line
    from marsad.records.message import Message

    count = 0
    for row in rows:
        count += 1
        typer.echo(
            f"{row['score']:.2f}  {one_line(row['signal']):<12} {one_line(row['subject_id'])}"
        )
        typer.echo(f"      {one_line(row['sentence'])}")
    said = Message("findings.shown", {"count": count, "total": total})
    typer.echo((said if total else Message("findings.none")).render(lang), err=True)


_WRITERS = {"table": _write_table, "csv": _write_csv, "json": _write_json}
