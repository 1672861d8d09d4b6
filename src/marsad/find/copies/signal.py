"""The signal `copies`: near copies of a text within the data, and of the texts of banks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import ibis.expr.types as ir
import pyarrow as pa

from marsad.banks import Bank
from marsad.engines import Engine
from marsad.find.copies import stars
from marsad.find.copies.banding import banding
from marsad.find.copies.bank import TextMatcher
from marsad.find.copies.examples import EXAMPLES
from marsad.find.copies.findings import EVIDENCE, copied_posts, render, write_evidence
from marsad.find.copies.links import find_links
from marsad.find.copies.texts import carriers, distinct_texts, first_uses
from marsad.find.signal import (
    FOUND,
    Example,
    ItemSignal,
    NetworkSignal,
    Parameter,
    Records,
)
from marsad.records.errors import InputError
from marsad.records.message import Message

log = logging.getLogger(__name__)

LEAST_THRESHOLD = 0.5
"""Below, two texts differ in more shingles than they share, and so many pairs must be compared that
time no longer grows with the number of posts."""


class Copies(ItemSignal, NetworkSignal):
    """Posts that carry nearly the same text as others, or as a text of a bank.

    With banks (`load`) it judges a post at a time; a match opens a case. Within the data (`find`)
    it needs all posts; what it finds opens no case, because jokes, prayers, songs and news are
    copied all day by people who do nothing wrong.
    """

    name: ClassVar[str] = "copies"
    reads: ClassVar[tuple[str, ...]] = (
        "id", "key", "account", "account_key", "created_at", "kind", "text",
    )  # fmt: skip
    bank_kinds: ClassVar[tuple[str, ...]] = ("texts",)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            "threshold", 0.7, "Jaccard similarity, 0.5 to 1",
            "how much of their character 4-grams two texts must share to be near copies",
        ),
        Parameter(
            "min_characters", 40, "characters",
            "length of a text, without links, mentions and signs, from which it is compared",
        ),
        Parameter("min_posts", 2, "posts", "posts that must carry a text or a near copy of it"),
        Parameter("min_accounts", 2, "accounts", "accounts those posts must come from"),
    )  # fmt: skip

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        _check(self.settings)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return EXAMPLES

    def load(self, banks: Sequence[Bank]) -> TextMatcher:
        """A matcher for the banks of kind ``texts``; its index is built when first used."""
        return TextMatcher(banks, self.settings["threshold"], self.settings["min_characters"])

    def find(self, records: Records, engine: Engine) -> ir.Table:
        """Rows of `FOUND` for posts with near copies by other accounts; reads ``posts`` alone.

        Texts of negative banks, and near copies of them, are left out. What could not be compared
        is counted in ``notes``.
        """
        threshold = self.settings["threshold"]
        posts = carriers(engine, records.posts, self.settings["min_characters"])
        texts = engine.materialise(distinct_texts(posts), "copies_texts")
        texts = self._without_negative(engine, texts, records.banks)
        uses = engine.materialise(first_uses(posts), "copies_uses")
        links = find_links(engine, texts, banding(threshold), threshold)
        links = engine.materialise(links, "copies_links")
        self._note_uncompared(engine, links)
        return self._report(engine, posts, texts, uses, links)

    def _report(
        self, engine: Engine, posts: ir.Table, texts: ir.Table, uses: ir.Table, links: ir.Table
    ) -> ir.Table:
        all_stars = engine.materialise(stars.stars(texts, links), "copies_stars")
        least = self.settings["min_posts"], self.settings["min_accounts"]
        centres = engine.materialise(stars.told(all_stars, texts, uses, *least), "copies_centres")
        homes = engine.materialise(stars.homes(all_stars, centres, texts), "copies_homes")
        members = engine.materialise(stars.members(all_stars, homes), "copies_members")
        counts = engine.materialise(stars.counts(members, texts, uses), "copies_counts")
        evidence = engine.map_batches(write_evidence, stars.exhibits(members, uses), EVIDENCE)
        return engine.map_batches(render, copied_posts(posts, homes, counts, evidence), FOUND)

    def _without_negative(self, engine: Engine, texts: ir.Table, banks: Sequence[Bank]) -> ir.Table:
        negative = [bank for bank in banks if bank.negative and bank.kind == "texts"]
        if not negative:
            return texts
        refused = engine.map_batches(
            Refused(self.load(negative)), texts.select("text_key", "content"), REFUSED
        )
        return engine.materialise(texts.anti_join(refused, "text_key"), "copies_allowed")

    def _note_uncompared(self, engine: Engine, links: ir.Table) -> None:
        left = links.filter(links.centre.isnull())
        count = engine.collect(left.agg(count=left.text.nunique()))["count"][0].as_py()
        self.notes = [Message("copies.uncompared", {"count": count})] if count else []
        for note in self.notes:
            log.warning(note.render())


REFUSED = pa.schema([pa.field("text_key", pa.int64(), nullable=False)])


@dataclass(frozen=True)
class Refused:
    """Keys of the texts in a batch that are near copies of texts in negative banks."""

    matcher: TextMatcher

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        matches = self.matcher.index.matches(batch["content"].to_pylist())
        keys = batch["text_key"].filter(pa.array([bool(found) for found in matches], pa.bool_()))
        return pa.RecordBatch.from_arrays([keys], schema=REFUSED)


def _check(settings: dict[str, Any]) -> None:
    """Refuses settings with which the signal would mean something else, or nothing."""
    if not LEAST_THRESHOLD <= settings["threshold"] <= 1:
        raise InputError(
            "copies.threshold", given=settings["threshold"], least=LEAST_THRESHOLD, most=1
        )
    for name, least in (("min_characters", 8), ("min_posts", 2), ("min_accounts", 2)):
        if settings[name] < least:
            raise InputError("copies.least", name=name, given=settings[name], least=least)
