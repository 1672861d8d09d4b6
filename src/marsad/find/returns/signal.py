"""The signal `returns`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import ibis.expr.types as ir
import pyarrow as pa

from marsad.banks.accounts import spelled
from marsad.engines import Engine, views
from marsad.find.returns.blocks import ALL_PAIRS
from marsad.find.returns.examples import CAME_BACK
from marsad.find.returns.findings import findings
from marsad.find.returns.matching import Weighed, weighed
from marsad.find.returns.parents import judged, vouched
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


class Returns(NetworkSignal):
    """Accounts of somebody whose earlier account is gone: new ones, backups, taken-over ones.

    It starts only from accounts in a bank, for which somebody vouches, and proposes; it merges
    nothing, and names nobody. A clear match opens a case, an unsure one does not.
    """

    name: ClassVar[str] = "returns"
    reads: ClassVar[tuple[str, ...]] = ("posts", "observations", "edges", "shares")
    bank_kinds: ClassVar[tuple[str, ...]] = ("accounts",)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("candidates", 20, "accounts", "most candidates an account gets from one block"),
    )

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        given = self.settings["candidates"]
        if not isinstance(given, int) or not 1 <= given <= 1000:
            raise InputError("returns.candidates", given=given)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return CAME_BACK

    def find(self, records: Records, engine: Engine) -> ir.Table:
        """Rows of `FOUND`, one an account that looks like a return.

        Refuses where no bank names an account that is gone. Where all entries were withdrawn, or
        none is in the records, nothing is found and a note says why: earlier findings must go.
        """
        rows = self._found(records, engine)
        return engine.table(pa.Table.from_batches([found_batch(rows)], FOUND), self.name)

    def _found(self, records: Records, engine: Engine) -> list[Found]:
        ids = views.ids_of(spelled(records.banks), records.observations, engine)
        gone = vouched(records.banks, ids)
        if not gone:
            self.notes.append(Message("returns.all-withdrawn"))
            return []
        labels = judged(records.banks, ids)
        found = weighed(records, engine, gone, labels, self.settings["candidates"])
        if found is None:
            self.notes.append(Message("returns.none-in-data", {"count": len(gone)}))
            return []
        for name, count in (("absent", found.absent), ("unread", found.unread)):
            if count:
                self.notes.append(Message(f"returns.{name}", {"count": count}))
        made = list(findings(found, gone))
        self.notes += _compared(found, len(made))
        return made


def _compared(found: Weighed, made: int) -> list[Message]:
    """How many pairs were compared, where nothing was found or not all were."""
    parents, accounts = int((found.known.since >= 0).sum()), len(found.known.accounts)
    possible = parents * (accounts - 1)
    pairs = {"pairs": len(found.pairs), "possible": possible}
    notes = [] if made else [Message("returns.none", {**pairs, "gone": parents})]
    if parents * accounts > ALL_PAIRS:
        notes.append(Message("returns.blocked", pairs))
    return notes
