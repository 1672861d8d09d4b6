"""The signals `coordination` and `automation`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.coordination.choice import choices
from marsad.find.coordination.common_interest import choice_findings
from marsad.find.coordination.commons import commons
from marsad.find.coordination.derived import DERIVED, derived_shares
from marsad.find.coordination.examples import APP, TOGETHER
from marsad.find.coordination.exhibits import exhibits
from marsad.find.coordination.findings import group_findings
from marsad.find.coordination.groups import groups
from marsad.find.coordination.network import validated
from marsad.find.coordination.shares import collected
from marsad.find.coordination.testing import Tested, put_to_test
from marsad.find.signal import (
    FOUND,
    Example,
    Found,
    NetworkSignal,
    Parameter,
    Records,
    Refusal,
    found_batch,
)
from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.records.times import SECOND

KINDS = ("hashtag", "image", "mention", "reply", "repost", "sequence", "text", "url")
"""Kinds of objects that posts share; imported shares may bring others."""


class Coordination(NetworkSignal):
    """Accounts that share the same objects close together, more often than chance explains.

    It claims that two accounts met on more objects within the window than they would have with
    their own habits on objects of that rhythm. It does not claim an order, a paymaster or a bad
    intention: it opens a case for a person to look.
    """

    name: ClassVar[str] = "coordination"
    reads: ClassVar[tuple[str, ...]] = ("shares", "posts")
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("window", 60, "seconds", "how close together two shares must be"),
        Parameter("rate", 0.05, "0 to 1", "false discoveries allowed among all discoveries"),
        Parameter("kinds", "", "names, with commas", "kinds of objects; all there are by default"),
        Parameter(
            "choice", False, "yes or no",
            "whether to tell of accounts, too, that pick the same rare objects, whenever they do",
        ),
    )  # fmt: skip

    explained: ClassVar[bool] = False
    """Whether it tells of groups that one source explains, or of the others."""

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        if not self.settings["window"] > 0:
            raise InputError("coordination.window", given=self.settings["window"])
        if not 0 < self.settings["rate"] < 1:
            raise InputError("coordination.rate", given=self.settings["rate"])

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return TOGETHER

    def find(self, records: Records, engine: Engine) -> ir.Table:
        """Rows of `FOUND` for groups and each of their accounts."""
        window = int(self.settings["window"] * SECOND)
        shares = self._fine_enough(self._shares(records, engine), engine, window)
        tested = self._tested(shares, engine, window)
        rows = list(self._found(records, shares, engine, tested, window)) if tested else []
        return engine.table(pa.Table.from_batches([found_batch(rows)], FOUND), self.name)

    def _found(
        self,
        records: Records,
        shares: ir.Table,
        engine: Engine,
        tested: dict[str, Tested],
        window: int,
    ) -> Iterator[Found]:
        chosen = {kind: choices(one.close.shares) for kind, one in tested.items() if self._chooses}
        edges, picked = validated(tested, self.settings["rate"], chosen)
        if len(edges):
            known = exhibits(engine, shares, records.posts, tested, edges, window)
            for group in groups(known, commons(engine, records.posts, shares)):
                if (group.source is not None) == self.explained:
                    yield from group_findings(group, window)
        kinds = {kind: (tested[kind].close.shares, one) for kind, one in chosen.items()}
        yield from choice_findings(engine, shares, picked, kinds)

    def _shares(self, records: Records, engine: Engine) -> ir.Table:
        """The shares of the kinds asked for: those the records name, and those made of posts."""
        asked = self._asked
        made = [kind for kind in DERIVED if not asked or kind in asked]
        parts = [derived_shares(engine, records.posts, kind) for kind in made]
        if not asked or asked - set(DERIVED):
            parts.append(records.shares)
        every = ibis.union(*[part.select(*records.shares.columns) for part in parts])
        return every.filter(every.object_kind.isin(sorted(asked))) if asked else every

    @property
    def _chooses(self) -> bool:
        return bool(self.settings.get("choice"))

    @property
    def _asked(self) -> set[str]:
        return {name.strip() for name in self.settings["kinds"].split(",") if name.strip()}

    def _tested(self, shares: ir.Table, engine: Engine, window: int) -> dict[str, Tested]:
        tested = {}
        for kind in self._kinds(shares, engine):
            given = collected(engine, shares, kind)
            if len(given.at):
                tested[kind] = put_to_test(given, window, self.settings["rate"])
        left_out = sum(int((~one.close.used).sum()) for one in tested.values())
        if left_out:
            self.notes.append(Message("coordination.left-out", {"count": left_out}))
        if not tested:
            self.notes.append(Message("coordination.nothing-shared"))
        return tested

    def _kinds(self, shares: ir.Table, engine: Engine) -> list[str]:
        """The kinds asked for, or all there are."""
        there = engine.collect(shares.select("object_kind").distinct())["object_kind"].to_pylist()
        for name in sorted(self._asked - set(there)):
            raise Refusal("coordination.kind", given=name, valid=list(KINDS))
        return sorted(there)

    def _fine_enough(self, shares: ir.Table, engine: Engine, window: int) -> ir.Table:
        """The shares whose times are known as finely as the window is."""
        coarse = (shares.precision > window).fill_null(True)
        counted = shares.agg(
            coarse=coarse.cast("int64").sum().fill_null(0),
            every=shares.count(),
            precision=shares.precision.max().fill_null(0),
        )
        row = engine.collect(counted).to_pylist()[0]
        if row["coarse"] and row["coarse"] == row["every"]:
            precision = row["precision"] // SECOND
            given = self.settings["window"]
            raise Refusal("coordination.precision", given=given, precision=precision)
        if row["coarse"]:
            self.notes.append(Message("coordination.coarse", {"count": row["coarse"]}))
        return shares.filter(~coarse)


class Automation(Coordination):
    """Groups whose acting together one source explains: an app, a feed, an account reposted.

    It names the source and opens no case.
    """

    name: ClassVar[str] = "automation"
    explained: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = Coordination.parameters[:-1]

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return APP
