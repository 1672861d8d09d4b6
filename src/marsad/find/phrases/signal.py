"""The `phrases` signal: posts that hold a listed phrase.

Claims that the words of an entry stand in the post, whatever the spelling. Says nothing of what the
post means: news, counter-speech and reports of abuse quote the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, ClassVar

import pyarrow as pa

from marsad.banks import Bank, Entry
from marsad.find.phrases.automaton import Match, Phrase, PhraseAutomaton
from marsad.find.phrases.examples import EXAMPLES
from marsad.find.phrases.spans import original_spans
from marsad.find.signal import Example, Found, ItemSignal, Parameter, found_batch
from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.records.normalise import normalise

SHOWN_MATCHES = 20
"""Entries named in one finding's evidence, and places of one entry; all are counted."""

MATCHING = ("words", "substring", "proclitics")


class Phrases(ItemSignal):
    """Finds phrases as whole words, across spelling variants of Arabic and look-alikes."""

    name: ClassVar[str] = "phrases"
    reads: ClassVar[tuple[str, ...]] = ("key", "id", "account", "text")
    bank_kinds: ClassVar[tuple[str, ...]] = ("phrases",)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("match", "words", "", f"how entries match that do not say: one of {MATCHING}"),
    )

    def load(self, banks: Sequence[Bank]) -> PhraseMatcher:
        match = self.settings["match"]
        if match not in MATCHING:
            raise InputError("phrases.match", given=str(match), valid=list(MATCHING))
        return PhraseMatcher(banks, match)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return EXAMPLES


class PhraseMatcher:
    """The phrases of some banks, ready to screen posts."""

    def __init__(self, banks: Sequence[Bank], match: str) -> None:
        listed = [
            (bank, entry) for bank in banks if bank.kind == "phrases" for entry in bank.active
        ]
        listed = [(bank, entry) for bank, entry in listed if normalise(entry.value)]
        self._listed = [(bank.name, bank.version, entry.value) for bank, entry in listed]
        self._automaton = PhraseAutomaton(
            [_phrase(entry, bank.negative, match) for bank, entry in listed]
        )

    def screen(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows of `FOUND`, one for each post that holds a phrase."""
        texts = batch["text"].to_pylist()
        matches = self._automaton.match(normalise(text) if text else "" for text in texts)
        hits = [row for row, found in enumerate(matches) if found]
        posts = batch.select(["key", "id", "account"]).take(pa.array(hits, pa.int64())).to_pylist()
        found = [
            self._found(post, texts[row], matches[row])
            for post, row in zip(posts, hits, strict=True)
        ]
        return found_batch(found)

    def _found(self, post: Mapping[str, Any], text: str, matches: Sequence[Match]) -> Found:
        places: dict[int, list[tuple[int, int]]] = {}
        for match in matches:
            places.setdefault(match.phrase, []).append((match.start, match.end))
        shown = list(places.items())[:SHOWN_MATCHES]
        names = [self._listed[phrase][2] for phrase, _ in shown]
        return Found(
            "post",
            post["id"],
            post["key"],
            post["account"],
            score=1 - 0.5 ** len(places),
            message=Message("phrases.found", {"count": len(places), "phrases": names[:3]}),
            evidence=self._evidence(text, shown),
            evidence_key=" ".join(sorted(self._named(phrase) for phrase in places)),
        )

    def _named(self, phrase: int) -> str:
        bank, _, value = self._listed[phrase]
        return f"{bank}:{value}"

    def _evidence(
        self, text: str, places: Sequence[tuple[int, list[tuple[int, int]]]]
    ) -> list[dict[str, Any]]:
        """Each entry with where it stands in the text as posted."""
        found = [span for _, spans in places for span in spans[:SHOWN_MATCHES]]
        original = iter(original_spans(text, found))
        return [
            self._exhibit(
                phrase, len(spans), list(islice(original, min(len(spans), SHOWN_MATCHES)))
            )
            for phrase, spans in places
        ]

    def _exhibit(self, phrase: int, times: int, spans: Sequence[tuple[int, int]]) -> dict[str, Any]:
        bank, version, value = self._listed[phrase]
        return {
            "kind": "phrase",
            "bank": bank,
            "version": version,
            "entry": value,
            "times": times,
            "spans": [list(span) for span in spans],
        }


def _phrase(entry: Entry, negative: bool, match: str) -> Phrase:
    how = str(entry.options.get("match", match))
    return Phrase(
        entry.value, substring=how == "substring", proclitics=how == "proclitics", negative=negative
    )
