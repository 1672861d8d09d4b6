"""The signal `bursts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.bursts.counts import Span, acts, busy, counted, spans, uses
from marsad.find.bursts.examples import SURFACING
from marsad.find.bursts.exhibits import surfaced
from marsad.find.bursts.findings import findings
from marsad.find.bursts.newcomers import FEWEST, others
from marsad.find.bursts.surfacing import creations, placed, present, tallied, windows_of
from marsad.find.bursts.surges import Burst, Surges, surges
from marsad.find.bursts.testing import Surfacing, put_to_test
from marsad.find.precision import fine_enough
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
from marsad.records.times import DAY, SECOND

KINDS = ("hashtag", "url")
"""Kinds of objects in which bursts are sought by default."""

MOST_PRESENT = 50_000_000
"""Accounts that are counted in all windows of all bursts together; beyond, the smallest bursts
are left out."""

SHOWN_OBJECTS = 5
"""Objects that a note names."""

_LIMITS: Mapping[str, tuple[float, float]] = {
    "window": (1, 86_400),
    "rate": (1e-6, 0.5),
    "least": (2, 1_000_000),
    "lead": (0, 3_650),
    "posts": (1, 100),
    "young": (0, 3_650),
    "lift": (1, 1_000),
}


@dataclass(frozen=True)
class Ground:
    """What bursts are sought on: moments, uses of objects, and the platforms' spans."""

    shares: ir.Table
    done: ir.Table
    used: ir.Table
    spans: Mapping[str, Span]


class Bursts(NetworkSignal):
    """Bursts of hashtags and links in which more new accounts surface than chance explains.

    It claims that accounts without an earlier footprint began inside the burst, several times as
    often as accounts that had long been silent turned to it. It does not claim that any of them
    did wrong, and opens no case: a match brings its fans too.
    """

    name: ClassVar[str] = "bursts"
    reads: ClassVar[tuple[str, ...]] = ("shares", "posts", "observations")
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("window", 3600, "seconds", "width of the windows accounts are counted in"),
        Parameter("rate", 0.05, "0 to 0.5", "false discoveries allowed among all discoveries"),
        Parameter(
            "kinds", "", "names, with commas", "kinds of objects; hashtag and url by default"
        ),
        Parameter("least", 5, "accounts", "fewest accounts of a burst, and that surface in it"),
        Parameter("lead", 7, "days", "first days of the data, in which everybody seems new"),
        Parameter("posts", 3, "posts", "first posts of an account that are looked at"),
        Parameter("young", 30, "days", "oldest an account may be to count as new"),
        Parameter("lift", 2, "times", "how much oftener than known accounts is not remarkable"),
    )

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        for name, (low, high) in _LIMITS.items():
            given = self.settings[name]
            if not low <= given <= high:
                raise InputError("bursts.parameter", name=name, given=given, low=low, high=high)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return SURFACING

    def find(self, records: Records, engine: Engine) -> ir.Table:
        """Rows of `FOUND` for bursts in which accounts surface, and for those accounts."""
        ground = self._ground(records, engine)
        found = self.found_bursts(ground, engine)
        rows = self._surfacing(records, ground, engine, found) if found else []
        return engine.table(pa.Table.from_batches([found_batch(rows)], FOUND), self.name)

    def found_bursts(self, ground: Ground, engine: Engine) -> list[Burst]:
        """The bursts themselves, whoever is in them; notes say what could not be judged."""
        found = self._bursts(ground, engine)
        if found.unjudged:
            names = sorted(found.unjudged, key=lambda name: (-found.unjudged[name], name))
            values = {"count": len(names), "objects": names[:SHOWN_OBJECTS], "fewest": FEWEST}
            values["least"] = int(self.settings["least"])
            self.notes.append(Message("bursts.unjudged", values))
        return found.bursts

    def _ground(self, records: Records, engine: Engine) -> Ground:
        window = int(self.settings["window"] * SECOND)
        shares, notes = fine_enough(
            records.shares, engine, window, "bursts.precision", "bursts.coarse"
        )
        self.notes += notes
        posts = records.posts.filter((records.posts.precision <= window).fill_null(False))
        done = engine.materialise(acts(posts, shares, window), "bursts_acts")
        used = uses(shares, self._kinds(shares, engine), window)
        used = engine.materialise(used, "bursts_uses")
        return Ground(shares, done, used, spans(engine, done, window))

    def _bursts(self, ground: Ground, engine: Engine) -> Surges:
        least, lead = int(self.settings["least"]), int(self.settings["lead"] * DAY)
        counts = engine.materialise(counted(ground.used), "bursts_counts")
        reach = busy(engine, counts, dict(ground.spans), least)
        if not reach:
            self.notes.append(Message("bursts.nothing-used", {"least": least}))
            return Surges()
        if not self._long_enough(ground.spans, lead):
            return Surges()
        window = int(self.settings["window"] * SECOND)
        lag = max(window, DAY // window * window)
        compared = others(engine, counts, ground.spans, lead, lag)
        return surges(reach, ground.spans, compared, least, self.settings["rate"], lead)

    def _long_enough(self, spans_: Mapping[str, Span], lead: int) -> bool:
        """Whether anything comes after the days in which everybody seems new; says so."""
        days = self.settings["lead"]
        for name, span in spans_.items():
            length = span.stop - span.first
            if length <= lead:
                there = round(length / DAY, 1)
                values = {"platform": name, "days": days, "there": there}
                self.notes.append(Message("bursts.too-short", values))
            elif lead:
                values = {"platform": name, "days": days}
                self.notes.append(Message("bursts.skipped", values))
        return any(span.stop - span.first > lead for span in spans_.values())

    def _surfacing(
        self, records: Records, ground: Ground, engine: Engine, every: Sequence[Burst]
    ) -> list[Found]:
        bursts = self._countable(every, ground.spans)
        window = int(self.settings["window"] * SECOND)
        windows = windows_of(engine, bursts, ground.spans, "bursts_windows")
        there = self._present(records, ground, engine, windows)
        tested = put_to_test(
            engine.collect(tallied(there)), len(bursts), int(self.settings["posts"]),
            self.settings["lift"], int(self.settings["least"]),
        )  # fmt: skip
        found = tested.discoveries(self.settings["rate"])
        if tested.untested:
            self.notes.append(Message("bursts.untested", {"count": tested.untested}))
        with_some = sorted({one.burst for one in found})
        values = {"count": len(every), "surfacing": len(with_some)}
        self.notes.append(Message("bursts.found", values))
        if not found:
            return []
        accounts = surfaced(engine, there, ground.shares, windows, found, window)
        return [
            row
            for burst in with_some
            for row in self._of_burst(bursts[burst], burst, found, accounts[burst])
        ]

    def _of_burst(
        self, burst: Burst, number: int, found: Sequence[Surfacing], accounts: Sequence[Any]
    ) -> list[Found]:
        mine = [one for one in found if one.burst == number]
        return list(
            findings(burst, mine, accounts, int(self.settings["posts"]), self.settings["rate"])
        )

    def _present(
        self, records: Records, ground: Ground, engine: Engine, windows: ir.Table
    ) -> ir.Table:
        created = engine.materialise(creations(records.observations), "bursts_created")
        known = engine.collect(created.agg(known=created.count()))["known"][0].as_py()
        if not known:
            self.notes.append(Message("bursts.no-creation"))
        moments = engine.materialise(placed(ground.done), "bursts_moments")
        posts, young = int(self.settings["posts"]), int(self.settings["young"] * DAY)
        there = present(moments, ground.used, windows, created, posts, young)
        return engine.materialise(there, "bursts_there")

    def _countable(self, bursts: Sequence[Burst], spans_: Mapping[str, Span]) -> list[Burst]:
        """The bursts that fit, the largest first kept; said where some do not."""
        kept: set[int] = set()
        room = MOST_PRESENT
        for number in sorted(range(len(bursts)), key=lambda one: (-bursts[one].accounts, one)):
            burst = bursts[number]
            span = spans_[burst.platform]
            first = (burst.start - span.first) // span.window
            room -= int(span.about[first : (burst.stop - span.first) // span.window].sum())
            if room < 0:
                break
            kept.add(number)
        if len(kept) < len(bursts):
            self.notes.append(Message("bursts.left-out", {"count": len(bursts) - len(kept)}))
        return [burst for number, burst in enumerate(bursts) if number in kept]

    def _kinds(self, shares: ir.Table, engine: Engine) -> list[str]:
        """The kinds asked for, or those of `KINDS` that there are."""
        there = engine.collect(shares.select("object_kind").distinct())["object_kind"].to_pylist()
        asked = [name.strip() for name in self.settings["kinds"].split(",") if name.strip()]
        for name in asked:
            if name not in there:
                valid = sorted(there) or list(KINDS)
                raise Refusal("bursts.kind", given=name, valid=valid)
        return sorted(asked or KINDS)
