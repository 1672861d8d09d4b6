"""What a source is: a format recognised from content, and how its rows become loose rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import ibis.expr.types as ir
import pyarrow as pa

from marsad.records.message import Message

Layout = Literal["json", "table"]


@dataclass(frozen=True)
class Sample:
    """The first rows of a file, enough to recognise it.

    ``layout`` is ``json`` (``objects`` holds parsed JSON values, one a row) or ``table`` (``rows``
    holds the columns as the reader gives them). ``path`` is for error messages only: what a file
    is called says nothing certain about what it holds.
    """

    path: str
    layout: Layout
    objects: Sequence[Any] = ()
    rows: pa.Table | None = None


@dataclass(frozen=True)
class Options:
    """What the user said on the command line: ``--as``, ``--map``, ``--platform``, ``--format``."""

    kind: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    platform: str | None = None
    route: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class RawBlock:
    """Some rows of a file as they stand there, with their line numbers.

    ``rows`` has a column ``line`` (int64, 1-based physical line, or row number where a format has
    no lines) and either the column ``json`` (the text of one JSON value, valid UTF-8) or the
    file's own columns. ``rejected`` has the columns of `REJECTED`. ``done`` and ``total`` count
    bytes of the file as stored, for the progress bar.
    """

    rows: pa.Table
    rejected: pa.Table
    done: int
    total: int


RAW_LIMIT = 64 << 10
"""How much is kept of a row that cannot be taken: bytes where they are at hand, else characters."""

REJECTED = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("raw", pa.string()),
    ]
)
"""Rows that no record can be made of: where, why (an id of the catalogues,
``reject.<reason>``, stored without the prefix) and what stood there, cut to 64 KiB."""


class Plan(ABC):
    """How the rows of one file become loose rows. Made by `Source.recognise`."""

    source: str
    kinds: tuple[str, ...]
    """The kinds of loose rows that `loose` returns; most plans return one."""
    mapping: Mapping[str, str]
    """Loose field → column or path in the file, for ``--dry-run``."""
    unused: tuple[str, ...]
    """Columns or paths of the sample that no field takes."""
    warnings: Sequence[Message] = ()
    """What the user should know that was taken for granted."""

    @abstractmethod
    def loose(self, raw: ir.Table) -> Mapping[str, ir.Table]:
        """Loose tables (schemas in `marsad.sources.loose`) by kind, over a raw table.

        ``raw`` has ``line`` and ``json``, or ``line`` and the file's columns. Every row of ``raw``
        appears exactly once, in one of the kinds; what the source cannot use carries a
        ``reason`` there (and ``raw``: its text, cut). Runs on the embedded engine.
        """


class Source(ABC):
    """One format."""

    name: ClassVar[str]
    layout: ClassVar[Layout]

    @classmethod
    @abstractmethod
    def recognise(cls, sample: Sample, options: Options) -> Plan | None:
        """A plan if the sample is of this format, else None. Sources are asked in order, the most
        particular first; the plain table comes last and takes what has the columns it needs."""
