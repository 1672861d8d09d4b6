"""How watched accounts were selected, and what that makes of a change: a list falls as it was made.

Whoever lists suspended accounts has a list that falls silent, whatever the takedown did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis.expr.types as ir

from marsad.engines import Engine, views
from marsad.measure.effect import Series
from marsad.measure.effect.series import Frame
from marsad.measure.observed_lives import ENDS
from marsad.records.times import DAY
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.population import first_known
from marsad.workspace.runs import Snapshot

MOSTLY = 0.9
"""Where as many of the accounts of a list were gone when last looked at, it is one of accounts that
were taken down."""


@dataclass(frozen=True)
class Selected:
    """The ``frame`` of watched accounts, and what every estimate of them assumes and warns of."""

    frame: Frame = "replenished"
    assumed: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()

    def apply(self, series: Series) -> Series:
        """A series of these accounts, that says so."""
        return replace(series, frame=self.frame, assumed=self.assumed, warned=self.warned)


FOUND = Selected()
"""Accounts that signals found, which look at new ones too."""


def listed(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, chosen: ir.Table, event: int
) -> Selected:
    """The accounts of a bank: a closed panel where none of them is new since ``event`` (epoch
    day)."""
    known = first_known(workspace, engine, snapshot).semi_join(chosen, "account")
    entered = engine.collect(known.filter(known["at"] >= event * DAY).limit(1)).num_rows > 0
    seen = views.looks(workspace.current(engine, snapshot, "observations"))
    last = views.last_looks(seen.semi_join(chosen, "account"))
    states = engine.collect(last.group_by("state").aggregate(n=last.count())).to_pylist()
    gone = sum(row["n"] for row in states if row["state"] in ENDS)
    mostly = gone > 0 and gone >= MOSTLY * sum(row["n"] for row in states)
    return Selected(
        "replenished" if entered else "closed-panel",
        ("listed-whatever-came",),
        ("mostly-taken-down",) if mostly else (),
    )
