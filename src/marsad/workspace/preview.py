"""What an import would do: the mapping and the first ten records, with nothing taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from marsad.engines.duckdb import DuckDBEngine
from marsad.records import times
from marsad.sources import registry, strict
from marsad.sources.readers import InputFile, files, open_reader
from marsad.sources.source import Options
from marsad.workspace.importing import SAMPLE_ROWS, Contexts, first_rows

ROWS = 10
_SHOWN = frozenset((
    "id", "platform", "account", "subject", "source", "target", "kind", "created_at",
    "observed_at", "shared_at", "labelled_at", "day", "text", "language", "hashtags", "urls",
    "mentions", "handle", "name", "followers", "following", "state", "label", "labeller",
    "object_kind", "object", "post", "group", "outcome", "value", "reason", "line",
))  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """One file as an import would read it.

    ``mapping`` is field → column; ``rows`` are records of the first kind with the fields that are
    set, or with ``reason`` where the row would be rejected.
    """

    file: str
    source: str
    kinds: Sequence[str]
    mapping: Mapping[str, str]
    unused: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    warnings: Sequence[str]


def preview(
    paths: Sequence[Path], options: Options, order: times.DayOrder | None = None
) -> list[Preview]:
    """How each file would be read. Raises `InputError` where one is not recognised."""
    registry.check_format(options.format)
    with TemporaryDirectory() as folder, DuckDBEngine(Path(folder)) as engine:
        contexts = Contexts(engine, options, order)
        return [_preview(file, engine, contexts, options) for file in files(paths)]


def _preview(
    file: InputFile, engine: DuckDBEngine, contexts: Contexts, options: Options
) -> Preview:
    reader = open_reader(file)
    plan = registry.recognise(reader.sample(), options)
    first = first_rows(reader, SAMPLE_ROWS)
    context = contexts.of(file, reader, plan, first)
    raw = engine.view("raw", first.slice(0, 10 * ROWS))
    rows: list[dict[str, Any]] = []
    for kind, loose in plan.loose(raw).items():
        staged = strict.stage(kind, loose, context)
        rows += [
            {"record": kind, **{k: v for k, v in row.items() if v is not None and k in _SHOWN}}
            for row in engine.collect(staged.order_by("line").limit(ROWS)).to_pylist()
        ]
    first = sorted(rows, key=lambda row: int(row["line"]))[:ROWS]
    warnings = [told.render() for told in (*reader.warnings, *plan.warnings)]
    mapping = dict(plan.mapping)
    return Preview(file.name, plan.source, plan.kinds, mapping, plan.unused, first, warnings)
