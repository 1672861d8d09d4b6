"""The signals `coordination` and `automation`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.coordination.examples import APP, TOGETHER
from marsad.find.coordination.search import Outcome, Search, searched
from marsad.find.signal import (
    FOUND,
    Example,
    Found,
    NetworkSignal,
    Parameter,
    Records,
    found_batch,
)
from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.records.times import SECOND

LONGEST = 366 * 86_400
"""Longest window, in seconds."""

SHARED = (
    Parameter("window", 60, "seconds", "how close together two shares must be"),
    Parameter("rate", 0.05, "0 to 1", "false discoveries allowed among all discoveries"),
    Parameter("kinds", "", "names, with commas", "kinds of objects; all there are by default"),
)
"""What both signals can be told."""


class Coordination(NetworkSignal):
    """Accounts that share the same objects close together, more often than chance explains.

    It claims that two accounts met on more objects within the window than they would have with
    their own habits on objects of that rhythm. It does not claim an order, a paymaster or a bad
    intention: it opens a case for a person to look.
    """

    name: ClassVar[str] = "coordination"
    reads: ClassVar[tuple[str, ...]] = ("shares", "posts")
    parameters: ClassVar[tuple[Parameter, ...]] = (
        *SHARED,
        Parameter(
            "choice", False, "yes or no",
            "whether to tell of accounts, too, that pick the same rare objects, whenever they do",
        ),
        Parameter(
            "pairs", False, "yes or no",
            "whether to tell of pairs, too, that no third account joins: one may follow the other",
        ),
    )  # fmt: skip

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        if not 0 < self.settings["window"] <= LONGEST:
            raise InputError("coordination.window", given=self.settings["window"])
        if not 0 < self.settings["rate"] < 1:
            raise InputError("coordination.rate", given=self.settings["rate"])

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return TOGETHER

    def find(self, records: Records, engine: Engine) -> ir.Table:
        """Rows of `FOUND` for groups and each of their accounts."""
        outcome = searched(self._search, records, engine)
        self.notes = [*outcome.notes, *self._notes(outcome)]
        rows = self._rows(outcome)
        return engine.table(pa.Table.from_batches([found_batch(rows)], FOUND), self.name)

    @property
    def _search(self) -> Search:
        given = self.settings["kinds"].split(",")
        return Search(
            int(self.settings["window"] * SECOND),
            self.settings["rate"],
            frozenset(name.strip() for name in given if name.strip()),
            bool(self.settings.get("choice")),
            bool(self.settings.get("pairs")),
        )

    def _rows(self, outcome: Outcome) -> Sequence[Found]:
        return outcome.together

    def _notes(self, outcome: Outcome) -> Sequence[Message]:
        """What is said of this signal alone."""
        alone = {"count": outcome.alone}
        return [Message("coordination.pairs", alone)] if outcome.alone else []


class Automation(Coordination):
    """Groups whose acting together one source explains: an app, a feed, an account reposted.

    It names the source and opens no case.
    """

    name: ClassVar[str] = "automation"
    parameters: ClassVar[tuple[Parameter, ...]] = SHARED

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return APP

    def _rows(self, outcome: Outcome) -> Sequence[Found]:
        return outcome.explained

    def _notes(self, outcome: Outcome) -> Sequence[Message]:
        return []
