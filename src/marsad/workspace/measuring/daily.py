"""Daily totals that were read in as such."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pyarrow as pa

from marsad.engines import Engine
from marsad.measure.effect import Series
from marsad.measure.effect.noise import Floats
from marsad.measure.effect.series import Days, enough_days
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.times import DAY
from marsad.workspace.folder import Workspace
from marsad.workspace.runs import Snapshot

IMPORT_SERIES = "marsad import FILE --as series"
LEAST_DAYS = 14

Groups = Mapping[str, Callable[[], Series]]
"""The series of each group, made when it is asked for."""


def imported(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, name: str, outcome: str
) -> Groups:
    """The series of this name and outcome by group. `InputError` names what there is instead."""
    rows = workspace.current(engine, snapshot, "series")
    there = engine.collect(rows.select("name", "outcome").distinct()).to_pylist()
    if not there:
        raise Refused("measure.effect.no-series", ["series"], IMPORT_SERIES)
    for given, column in ((name, "name"), (outcome, "outcome")):
        valid = sorted({row[column] for row in there})
        if given not in valid:
            raise InputError("measure.option", option=f"--{_OPTION[column]}", given=given,
                             valid=valid[:20])  # fmt: skip
    chosen = rows.filter(rows.name == name, rows.outcome == outcome)
    totals = chosen.group_by("group", day=(chosen.day / DAY).floor().cast("int64")).aggregate(
        value=chosen.value.sum()
    )
    found = engine.collect(totals.order_by(["group", "day"]), limit=5_000_000)
    return _by_group(found, outcome)


_OPTION = {"name": "series", "outcome": "outcome"}


def _by_group(rows: pa.Table, outcome: str) -> Groups:
    """The series of each group, made when it is asked for: what one of them lacks is not held
    against the others."""
    group = np.array(rows["group"].to_pylist(), np.str_)
    day, value = rows["day"].to_numpy(), rows["value"].to_numpy()
    return {
        str(one): partial(_series, str(one) or outcome, day[group == one], value[group == one])
        for one in np.unique(group)
    }


def _series(name: str, day: Days, value: Floats) -> Series:
    """One that falls below zero cannot be of counts; it is one of means."""
    enough_days(name, len(day))
    return Series.of(name, day, value, "mean" if (value < 0).any() else "count")
