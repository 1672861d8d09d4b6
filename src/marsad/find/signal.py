"""What a signal is, and what it gives back.

A signal reads records and emits rows of `FOUND`. Item signals judge one post at a time against
banks; network signals look at all records together. A signal may be both.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import ibis.expr.types as ir
import pyarrow as pa

from marsad.banks import Bank
from marsad.engines import Engine, views
from marsad.records.errors import InputError
from marsad.records.message import Message

FOUND = pa.schema(
    [
        pa.field("subject_kind", pa.string(), nullable=False),
        pa.field("subject_id", pa.string(), nullable=False),
        pa.field("subject_key", pa.int64(), nullable=False),
        pa.field("account", pa.string()),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("score_kind", pa.string(), nullable=False),
        pa.field("message", pa.string(), nullable=False),
        pa.field("values", pa.string(), nullable=False),
        pa.field("evidence", pa.string(), nullable=False),
        pa.field("evidence_key", pa.string(), nullable=False),
        pa.field("community", pa.string()),
        pa.field("opens_case", pa.bool_(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Found:
    """One row of `FOUND`: a subject, how sure, the sentence and the evidence for it.

    ``score`` in [0, 1]; ``score_kind`` is ``rank``, ``weight`` or ``probability`` (only what was
    calibrated). ``evidence`` is a list of JSON objects, each with ``kind`` (what it is) and
    what a reader needs to check it: ids of posts, spans as [start, end) in the original text, the
    bank and the entry matched. ``evidence_key`` names the evidence (a bank and entry, say): with
    signal and subject it makes the finding's id, so the same evidence is the same finding.
    """

    subject_kind: str
    subject_id: str
    subject_key: int
    account: str | None
    score: float
    message: Message
    evidence: Sequence[Mapping[str, Any]]
    evidence_key: str
    score_kind: str = "rank"
    community: str | None = None
    opens_case: bool = True


def found_batch(rows: Sequence[Found]) -> pa.RecordBatch:
    """Rows as one Arrow batch with the schema `FOUND`."""
    columns: dict[str, list[Any]] = {name: [] for name in FOUND.names}
    for row in rows:
        for name in ("subject_kind", "subject_id", "subject_key", "account", "score"):
            columns[name].append(getattr(row, name))
        columns["score_kind"].append(row.score_kind)
        columns["message"].append(row.message.id)
        columns["values"].append(row.message.to_json())
        columns["evidence"].append(json.dumps(list(row.evidence), ensure_ascii=False))
        columns["evidence_key"].append(row.evidence_key)
        columns["community"].append(row.community)
        columns["opens_case"].append(row.opens_case)
    return pa.RecordBatch.from_pydict(columns, schema=FOUND)


class Refusal(InputError):  # noqa: N818 - it says what it is, as `NotTaken` does
    """What a signal claims cannot be told from these records, and why.

    Asked for by name, `find` fails with it; among all signals it is noted, and the others go on.
    """


@dataclass(frozen=True)
class Parameter:
    """A setting of a signal: its default, its unit (``""`` for pure numbers) and what it does."""

    name: str
    default: Any
    unit: str
    help: str


@dataclass(frozen=True)
class Example:
    """A case the signal must get right: posts, the banks it reads, and whom it must flag.

    ``posts`` are dicts with columns of `marsad.records.tables.POSTS`; what is left out gets a plain
    default. ``flagged`` are the ids of subjects that must be found; all others must not.
    ``about`` is one sentence for the docs.
    """

    about: str
    posts: Sequence[Mapping[str, Any]]
    flagged: frozenset[str]
    banks: Sequence[Bank] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Records:
    """The tables a network signal reads, as Ibis tables of one engine.

    ``posts`` in their current version, ``observations`` as stored; ``edges`` and ``shares`` are
    those that follow from posts and those that were imported, as `marsad.engines.views` has them.
    """

    posts: ir.Table
    observations: ir.Table
    edges: ir.Table
    shares: ir.Table
    banks: Sequence[Bank] = ()

    @classmethod
    def of(
        cls,
        posts: ir.Table,
        observations: ir.Table,
        follows: ir.Table,
        shares: ir.Table,
        banks: Sequence[Bank] = (),
    ) -> Records:
        """From the tables of these kinds as they are stored."""
        edges = views.edges(posts, follows)
        return cls(posts, observations, edges, views.shares(posts, shares), banks)


class Matcher(Protocol):
    """What an item signal loads from banks; kept in memory and used for every batch."""

    def screen(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows of `FOUND` for a batch of posts with the columns the signal ``reads``."""
        ...


class Signal(ABC):
    """One technique. Subclass `ItemSignal`, `NetworkSignal` or both."""

    name: ClassVar[str]
    reads: ClassVar[tuple[str, ...]]
    """Columns of posts an item signal needs, or tables (``posts``, ``edges``…) of a network one."""
    bank_kinds: ClassVar[tuple[str, ...]] = ()
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    notes: list[Message]
    """What a reader of the findings must know: what was capped or left out, filled by a run."""

    def __init__(self, **parameters: Any) -> None:
        known = {parameter.name: parameter.default for parameter in self.parameters}
        unknown = set(parameters) - set(known)
        if unknown:
            raise InputError(
                "find.parameter", signal=self.name, given=sorted(unknown), valid=list(known)
            )
        self.settings: dict[str, Any] = {**known, **parameters}
        self.notes: list[Message] = []

    @classmethod
    @abstractmethod
    def examples(cls) -> Sequence[Example]:
        """Cases it must get right; they feed the docs, the demo and the contract test."""


class ItemSignal(Signal):
    """Judges one post at a time against banks."""

    @abstractmethod
    def load(self, banks: Sequence[Bank]) -> Matcher:
        """A matcher for the banks of the kinds it reads. Called once in every worker process."""

    def seen(self, posts: ir.Table, engine: Engine) -> Sequence[Bank]:
        """Banks that all posts together give beside those of the workspace; none by default.

        Asked by `find` alone: a single post that is screened has only the banks.
        """
        return ()


class NetworkSignal(Signal):
    """Looks at all records together."""

    @abstractmethod
    def find(self, records: Records, engine: Engine) -> ir.Table:
        """Rows of `FOUND` as a table of the engine."""
