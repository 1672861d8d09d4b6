"""Items that a reviewer opens: what a decision against somebody has to name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from marsad.records.normalise import normalise
from marsad.store import log, projections
from marsad.store.database import Transaction

WORDLESS = "zxx"
"""The language of an item without words (ISO 639): whoever sees it can judge it."""


@dataclass(frozen=True)
class Item:
    """A post or a piece of media, or the subject itself, as the records have it.

    ``account`` is whose it is, ``language`` that of its text (`WORDLESS` where there is none, empty
    where it is not known), ``content`` what `content_of` makes of its text: copies have the same.
    """

    id: str
    account: str
    language: str
    content: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As it is stored in the log's private content."""
        return asdict(self)

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Item:
        """As `to_dict` wrote it."""
        return cls(said["id"], said["account"], said["language"], said["content"])


def content_of(text: str) -> str:
    """What two copies of a text share: SHA-256 of the normalised text; empty for a text that
    normalises to nothing, for nothing is no copy of nothing."""
    folded = normalise(text)
    return sha256(folded.encode("utf-8", "surrogatepass")).hexdigest() if folded else ""


def opened(transaction: Transaction, case_id: int, reviewer: str, item: str) -> Item | None:
    """An item as this reviewer saw it in a case; None where they did not open it there."""
    seq = projections.opening_of(transaction, case_id, reviewer, item)
    if seq is None:
        return None
    private = log.event(transaction, seq).private
    return Item.from_dict(private["item"]) if private else None
