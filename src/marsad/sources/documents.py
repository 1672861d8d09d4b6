"""What the formats of JSON rows have in common: fields by declared paths, one kind a row.

A format says which fields are read from which paths (`Documents.kinds`), which other paths its
own rules read (`also`), what kind of record a row makes (`kind_of`), and what paths alone cannot
say (`values`, `reason`). The rest is done here: one pass over the JSON, and every row in
exactly one kind.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import ibis
import ibis.expr.types as ir

from marsad.records.errors import InputError
from marsad.sources.choices import unknown_column, unknown_field
from marsad.sources.loose import LOOSE
from marsad.sources.paths import Document, Path, Tree, alternatives, once, parse, path, structure
from marsad.sources.plain.columns import flattened
from marsad.sources.plain.needs import kind_named
from marsad.sources.rows import loose_table, raw_text
from marsad.sources.said import not_itself
from marsad.sources.source import Layout, Options, Plan, Sample, Source

Fields = Mapping[str, str]
"""Loose field → path, or alternatives in order."""

Object = Mapping[str, Any]

HALF = 0.5

NOT_MAPPED = frozenset({"line", "reason", "raw"})
"""Columns of loose rows that no column of a file can be mapped to."""


class Documents(Source):
    """A format whose rows are JSON objects of known shapes."""

    layout: ClassVar[Layout] = "json"
    platform: ClassVar[str]
    kinds: ClassVar[Mapping[str, Fields]]
    """The kinds of rows, the most usual first, with the fields that paths alone give."""
    also: ClassVar[str] = ""
    """Paths that `kind_of`, `values` and `reason` read besides, separated by white space."""

    @classmethod
    @abstractmethod
    def fits(cls, row: Object) -> bool:
        """Whether a parsed row has a shape of this format."""

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue | None:
        """The kind of each row, NULL for what is not kept; None if all are of the first kind."""
        return None

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        """Fields of ``kind`` that no path alone gives, or that override one."""
        return {}

    @classmethod
    def reason(cls, kind: str, doc: Document) -> ir.StringValue | None:
        """Why a row of ``kind`` is not taken, NULL where it is."""
        return None

    @classmethod
    def parsed(cls, raw: ir.Table, tree: Tree) -> ir.Table:
        """Raw rows as `marsad.sources.paths.parse` gives them."""
        return parse(raw, tree)

    @classmethod
    def within(cls, label: str) -> str:
        """The path at which `parsed` puts what the file has at ``label``."""
        return label

    @classmethod
    def shown(cls, text: str) -> str:
        """A declared path as the file has it: what `within` undoes."""
        return text

    @classmethod
    def recognise(cls, sample: Sample, options: Options) -> DocumentPlan | None:
        rows = [row for row in sample.objects if isinstance(row, Mapping)]
        fitting = sum(cls.fits(row) for row in rows)
        forced = options.format == cls.name
        if (
            sample.layout != cls.layout
            or not fitting
            or (fitting < HALF * len(rows) and not forced)
        ):
            return None
        asked = kind_named(options.kind) if options.kind else None
        if asked and asked not in cls.kinds and not forced:
            return None
        return cls.plan(rows, options)

    @classmethod
    def plan(cls, rows: Sequence[Object], options: Options) -> DocumentPlan:
        """The plan for rows of this format."""
        return DocumentPlan(
            cls, _override(cls, rows, options), options.platform or cls.platform, rows
        )


def _override(source: type[Documents], rows: Sequence[Object], options: Options) -> Fields:
    """What ``--map`` says, its fields and paths checked."""
    fields = {field for kind in source.kinds for field in LOOSE[kind].names}
    labels = [column.label for column in flattened(rows)]
    declared = {source.shown(str(one)) for one in _paths(source, {})}
    for field, column in options.mapping.items():
        if field not in fields - NOT_MAPPED:
            raise unknown_field(field, sorted(fields - NOT_MAPPED))
        if column not in labels and column not in declared:
            raise unknown_column(column, labels)
    return {field: source.within(column) for field, column in options.mapping.items()}


class DocumentPlan(Plan):
    """How a file of a `Documents` format becomes loose rows."""

    def __init__(
        self,
        source: type[Documents],
        override: Fields,
        platform: str,
        rows: Sequence[Object] = (),
    ) -> None:
        self.format = source
        self.source = source.name
        self.kinds = tuple(source.kinds)
        self.platform = platform
        self._override = override
        self._tree = _tree(source, override)
        merged = _merged(source.kinds, override)
        self.mapping = {field: source.shown(text) for field, text in merged.items()}
        used = {source.shown(str(one)) for one in _paths(source, override)}
        self.unused = tuple(
            label
            for label in (column.label for column in flattened(rows))
            if not _is_read(label, used) and not _is_read(source.shown(source.within(label)), used)
        )

    def loose(self, raw: ir.Table) -> Mapping[str, ir.Table]:
        """Loose tables by kind; see `marsad.sources.source.Plan.loose`."""
        docs = self.format.parsed(raw, self._tree)
        kinds = self.format.kind_of(Document(docs["doc"]))
        first = self.kinds[0]
        if kinds is None:
            return {first: self._rows(first, docs)}
        not_kept = ibis.cases((docs["reason"].isnull() & kinds.isnull(), "kind-not-kept"))
        docs = docs.mutate(
            kind=once(kinds.fill_null(first)), reason=ibis.coalesce(docs["reason"], not_kept)
        )
        return {kind: self._rows(kind, docs.filter(docs["kind"] == kind)) for kind in self.kinds}

    def _rows(self, kind: str, docs: ir.Table) -> ir.Table:
        own = self.format.reason(kind, Document(docs["doc"]))
        docs = docs if own is None else docs.mutate(reason=ibis.coalesce(docs["reason"], own))
        # Of what is not taken nothing is read further.
        docs = docs.mutate(doc=ibis.cases((docs["reason"].isnull(), docs["doc"])))
        doc = Document(docs["doc"])
        values: dict[str, ir.Value] = {"platform": ibis.literal(self.platform)}
        values |= _by_path(kind, self.format.kinds[kind], doc)
        values |= self.format.values(kind, doc)
        values |= _by_path(kind, _fields_of(kind, self._override), doc)
        values |= not_itself(values)
        values["reason"] = docs["reason"]
        values["raw"] = raw_text(docs)
        return loose_table(kind, docs, values)


def _paths(source: type[Documents], override: Fields) -> list[Path]:
    declared = [one for fields in source.kinds.values() for one in _all(fields)]
    return [*declared, *map(path, source.also.split()), *_all(override)]


def _all(fields: Fields) -> list[Path]:
    return [one for text in fields.values() for one in alternatives(text)]


def _tree(source: type[Documents], override: Fields) -> Tree:
    try:
        return structure(_paths(source, override))
    except ValueError:
        given = ", ".join(override.values())
        raise InputError("sources.map-path", given=given, format=source.name) from None


def _fields_of(kind: str, fields: Fields) -> Fields:
    return {field: text for field, text in fields.items() if field in LOOSE[kind].names}


def _by_path(kind: str, fields: Fields, doc: Document) -> dict[str, ir.Value]:
    return {
        field: doc.texts(text) if alternatives(text)[0].many else doc.text(text)
        for field, text in fields.items()
    }


def _merged(kinds: Mapping[str, Fields], override: Fields) -> dict[str, str]:
    """Field → paths over all kinds; where kinds differ, what the first of them reads."""
    merged: dict[str, str] = {}
    for fields in kinds.values():
        for field, text in fields.items():
            merged.setdefault(field, text)
    return {**merged, **override}


def _is_read(label: str, used: set[str]) -> bool:
    """Whether a path of the sample, one above it or (of an empty list) one below it is read."""
    plain = label.replace("[]", "")
    read = {one.replace("[]", "").replace("{}", "") for one in used}
    steps = plain.split(".")
    above = any(".".join(steps[: n + 1]) in read for n in range(len(steps)))
    return above or any(one.startswith(plain + ".") for one in read)
