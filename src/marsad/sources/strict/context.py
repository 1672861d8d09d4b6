"""What the rows of a file have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from marsad.records import times
from marsad.records.platforms import platform_named


@dataclass(frozen=True)
class Context:
    """What a file's rows have in common: platform where rows name none, route, how it writes times.

    ``platform`` may be any name of it, and becomes its id (`marsad.records.platforms`); InputError
    for what is no name. ``now`` (µs) is when the run began; times beyond it are refused.
    """

    platform: str
    route: str
    now: int
    file: str
    series: str = ""
    day_order: times.DayOrder | None = None
    likely: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "platform", platform_named(self.platform))

    def time(self, text: ir.StringValue) -> ir.IntegerValue:
        """A time of this file in microseconds."""
        return times.parse(text, self.day_order, self.likely)
