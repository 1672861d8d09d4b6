"""Near copies of the texts of banks: posts screened one batch, or one post, at a time."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pyarrow as pa

from marsad.banks import Bank
from marsad.find.copies.content import content
from marsad.find.copies.findings import percent
from marsad.find.copies.index import Listed, Match, TextIndex
from marsad.find.signal import Found, found_batch
from marsad.records.ids import key
from marsad.records.message import Message

log = logging.getLogger(__name__)

SHOWN = 5
"""Most bank entries named as evidence of one post, the nearest first."""

EXCERPT = 200
"""Most characters shown of an entry."""


class TextMatcher:
    """Screens posts against texts. A near copy of a text in a negative bank matches nothing.

    Pickled, it is its banks and settings; the index (about 2 KB a text) is built when first used.
    """

    def __init__(self, banks: Sequence[Bank], threshold: float, min_characters: int) -> None:
        self._banks = tuple(bank for bank in banks if bank.kind == "texts")
        self._threshold, self._min_characters = threshold, min_characters

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._banks, self._threshold, self._min_characters)

    @cached_property
    def index(self) -> TextIndex:
        """The texts of the banks."""
        built = TextIndex(self._banks, self._threshold, self._min_characters)
        for note in notes(built):
            log.warning(note.render())
        return built

    def screen(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows of `FOUND` for posts with columns ``id``, ``key``, ``account`` and ``text``."""
        contents = [content(text or "") for text in batch["text"].to_pylist()]
        found = []
        for row, matches in enumerate(self.index.matches(contents)):
            if matches and not self.refuses(matches):
                post = {name: batch[name][row].as_py() for name in ("id", "key", "account")}
                found.append(self._found(post, matches))
        return found_batch(found)

    def refuses(self, matches: Sequence[Match]) -> bool:
        """Whether one of the matches is with a text of a negative bank."""
        return any(
            listed.bank.negative for match in matches for listed in self.index.listed[match.text]
        )

    def _found(self, post: Mapping[str, Any], matches: Sequence[Match]) -> Found:
        shown = [
            (listed, match.jaccard)
            for match in matches[:SHOWN]
            for listed in self.index.listed[match.text]
        ][:SHOWN]
        best, jaccard = shown[0]
        values = {"bank": best.bank.name, "percent": percent(jaccard)}
        return Found(
            subject_kind="post",
            subject_id=post["id"],
            subject_key=post["key"],
            account=post["account"],
            score=jaccard,
            message=Message("copies.bank", values),
            evidence=[_evidence(listed, value) for listed, value in shown],
            evidence_key=f"{best.bank.name}:{_name(best)}",
        )


def notes(index: TextIndex) -> list[Message]:
    """What a user should know of an index: entries that cannot match, or not always."""
    found = []
    if index.wordless:
        found.append(Message("copies.bank-wordless", {"count": index.wordless}))
    if index.crowded:
        found.append(Message("copies.bank-crowded", {"count": index.crowded}))
    return found


def _name(listed: Listed) -> str:
    """A short stable name of a bank text: it stays when its punctuation or order changes."""
    return f"{key(content(listed.entry.value)):016x}"


def _evidence(listed: Listed, jaccard: float) -> dict[str, Any]:
    return {
        "kind": "bank",
        "bank": listed.bank.name,
        "version": listed.bank.version,
        "entry": listed.entry.value[:EXCERPT],
        "entry_key": _name(listed),
        "jaccard": round(jaccard, 4),
    }
