"""Tables and JSON rows of no particular format: columns mapped by their names and what they hold.

Two formats with one plan: ``table`` (CSV, TSV, Parquet) and ``json`` (JSON rows, flat or nested,
whose paths are the columns). They come last: what they cannot place ends in an error that says what
was found, what each kind of record needs, and what to run next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from marsad.records.errors import InputError
from marsad.sources.paths import Path, parse, readable_together, structure
from marsad.sources.plain.build import values
from marsad.sources.plain.cells import Row
from marsad.sources.plain.columns import Column, flattened, of_table
from marsad.sources.plain.kinds import decide, strange_states, unsaid
from marsad.sources.rows import loose_table, raw_text
from marsad.sources.source import Layout, Options, Plan, Sample, Source
from marsad.sources.strict.native import exact


class PlainPlan(Plan):
    """How the rows of a table become loose rows of one kind.

    ``rivals`` adds to the mapping which other columns would have done as well as the one taken: the
    earlier column of the file wins. ``warnings`` are for the user.
    """

    def __init__(
        self, source: type[Source], sample: Sample, columns: list[Column], options: Options
    ) -> None:
        chosen = decide(sample.path, _some(sample, columns), options)
        self.source = source.name
        self.kinds = (chosen.kind,)
        self.mapping = chosen.shown()
        self.unused = tuple(one.label for one in columns if one.label not in chosen.used)
        self.rivals: Mapping[str, tuple[str, ...]] = chosen.rivals
        self._chosen = chosen
        self.warnings = strange_states(sample.path, chosen)
        self.warnings += () if options.kind else unsaid(sample.path, chosen)
        self._platform = options.platform

    def _values(self, row: Row) -> dict[str, ir.Value]:
        found = values(self._chosen, row)
        platform = self._platform or "unknown"
        given = found.get("platform")
        if self._platform or given is None:
            found["platform"] = ibis.literal(platform)
        else:
            found["platform"] = ibis.coalesce(given, platform)
        return found


class TablePlan(PlainPlan):
    """A plan over the columns of a table."""

    def loose(self, raw: ir.Table) -> Mapping[str, ir.Table]:
        kind = self._chosen.kind
        return {kind: loose_table(kind, raw, self._values(Row(raw, True)))}


class JsonPlan(PlainPlan):
    """A plan over the paths of JSON rows."""

    def loose(self, raw: ir.Table) -> Mapping[str, ir.Table]:
        docs = parse(raw, structure(self._paths()))
        found = self._values(Row(docs["doc"], False))
        found["reason"] = docs["reason"]
        found["raw"] = raw_text(docs)
        kind = self._chosen.kind
        return {kind: loose_table(kind, docs, found)}

    def _paths(self) -> list[Path]:
        return [column.path for columns in self._chosen.fields.values() for column in columns]


class Table(Source):
    """CSV, TSV and Parquet."""

    name: ClassVar[str] = "table"
    layout: ClassVar[Layout] = "table"

    @classmethod
    def recognise(cls, sample: Sample, options: Options) -> TablePlan | None:
        if sample.layout != "table" or sample.rows is None:
            return None
        # what a column holds is judged without what a spreadsheet wrote around it
        columns = [
            replace(column, values=tuple(map(exact, column.values)))
            for column in of_table(sample.rows)
        ]
        return TablePlan(cls, sample, columns, options)


class Json(Source):
    """JSON rows of unknown shape."""

    name: ClassVar[str] = "json"
    layout: ClassVar[Layout] = "json"

    @classmethod
    def recognise(cls, sample: Sample, options: Options) -> JsonPlan | None:
        if sample.layout != "json":
            return None
        rows = [row for row in sample.objects if isinstance(row, Mapping)]
        found = flattened(rows)
        together = set(readable_together([column.path for column in found]))
        columns = [column for column in found if column.path in together]
        return JsonPlan(cls, sample, columns, options)


def _some(sample: Sample, columns: list[Column]) -> list[Column]:
    if not columns:
        raise InputError("sources.no-columns", path=sample.path)
    return columns
