"""Findings as they are copied into a case when it opens, and sealed there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

_COLUMNS = (
    "finding_id", "subject_kind", "subject_id", "account", "signal", "score", "score_kind",
    "message", "values", "evidence", "community", "opens_case", "policy", "found_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SealedFinding:
    """A finding with its evidence, as `marsad.records.tables.FINDINGS` has it."""

    finding_id: str
    subject_kind: str
    subject_id: str
    account: str | None
    signal: str
    score: float
    score_kind: str = "rank"
    message: str = ""
    values: Mapping[str, Any] | None = None
    evidence: Any = ()
    community: str | None = None
    opens_case: bool = True
    policy: str | None = None
    found_at: int = 0

    @property
    def person(self) -> str:
        """Whom erasing would concern: the account behind it, else the subject itself."""
        return self.account or self.subject_id

    def to_dict(self) -> dict[str, Any]:
        """As it is stored in the log's private content."""
        return asdict(self)


def from_table(findings: pa.Table) -> Iterator[SealedFinding]:
    """Findings out of a table with the columns of `marsad.records.tables.FINDINGS`."""
    for batch in findings.select(_COLUMNS).to_batches():
        for row in batch.to_pylist():
            row["values"] = json.loads(row["values"] or "{}")
            row["evidence"] = json.loads(row["evidence"] or "[]")
            yield SealedFinding(**row)
