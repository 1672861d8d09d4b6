"""Daily series of a workspace: totals that were read in as such, and counts of posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from marsad.engines import Engine, views
from marsad.measure.effect import Accounts, Series
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.times import DAY
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.population import of_bank, with_findings
from marsad.workspace.runs import Snapshot

IMPORT_SERIES = "marsad import FILE --as series"
OUTCOMES = ("posts", "accounts", "interactions")
"""Outcomes of posts: how many, by how many accounts, and reposts and answers they got."""
LEAST_DAYS = 14


def imported(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, name: str, outcome: str
) -> dict[str, Series]:
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


def _by_group(rows: pa.Table, outcome: str) -> dict[str, Series]:
    """Groups with days enough; one with fewer tells nothing and is left out."""
    group = np.array(rows["group"].to_pylist(), np.str_)
    day, value = rows["day"].to_numpy(), rows["value"].to_numpy()
    return {
        str(one): Series.of(f"{one or outcome}", day[group == one], value[group == one])
        for one in np.unique(group) if (group == one).sum() >= LEAST_DAYS
    }  # fmt: skip


@dataclass(frozen=True)
class Watching:
    """Posts of the ``watched`` accounts day by day, those of the ``panel`` that posted before a day
    alone, and those of all ``others``."""

    watched: Series
    panel: Series
    others: Series


def of_posts(
    workspace: Workspace,
    engine: Engine,
    snapshot: Snapshot,
    outcome: str,
    event: int,
    bank: str = "",
) -> Watching:
    """An outcome of the posts of accounts with a finding that opens a case, or of a bank's.

    ``event`` (epoch day) parts the closed panel, accounts that posted before it, from newcomers. A
    day on which nobody at all posted is missing, not 0.
    """
    if outcome not in OUTCOMES:
        raise InputError("measure.option", option="--outcome", given=outcome, valid=list(OUTCOMES))
    posts = workspace.current(engine, snapshot, "posts")
    posts = posts.mutate(day=(posts.created_at / DAY).floor().cast("int64"))
    days = _days(engine, posts)
    chosen = _chosen(workspace, engine, snapshot, bank)
    mine = engine.materialise(posts.semi_join(chosen, "account"), "watched_posts")
    old = mine.filter(mine.day < event).select("account").distinct()
    parts = {
        "watched": mine,
        "panel": mine.semi_join(old, "account"),
        "others": posts.anti_join(chosen, "account"),
    }
    frames = {"watched": "replenished", "panel": "closed-panel", "others": "replenished"}
    made = {
        name: Series.of(
            outcome if name != "others" else "others", days,
            _counts(engine, posts, rows, outcome, days), frame=frames[name],  # type: ignore[arg-type]
        )
        for name, rows in parts.items()
    }  # fmt: skip
    return Watching(**made)


def _chosen(workspace: Workspace, engine: Engine, snapshot: Snapshot, bank: str) -> ir.Table:
    """The accounts that are watched: ``account``."""
    if bank:
        return of_bank(workspace, engine, snapshot, bank)
    found = with_findings(workspace, engine, snapshot)
    if not engine.collect(found.limit(1)).num_rows:
        raise Refused("measure.effect.nobody", ["findings"], "marsad find")
    return found


def _days(engine: Engine, posts: ir.Table) -> list[int]:
    rows = engine.collect(posts.select("day").distinct().order_by("day"), limit=100_000)
    days = rows["day"].to_pylist()
    if len(days) < LEAST_DAYS:
        raise Refused(
            "measure.effect.few-days", ["posts"], "marsad import FILE", count=len(days),
            least=LEAST_DAYS,
        )  # fmt: skip
    return [int(day) for day in days]


def _counts(
    engine: Engine, posts: ir.Table, rows: ir.Table, outcome: str, days: Sequence[int]
) -> list[float]:
    if outcome == "interactions":
        wanted = rows.select(target=rows.id)
        got = [
            posts.filter(posts[column].notnull()).semi_join(wanted, posts[column] == wanted.target)
            for column in ("repost_of", "reply_to")
        ]
        rows = got[0].union(got[1])
    counted = rows.group_by("day").aggregate(
        n=rows.account.nunique() if outcome == "accounts" else rows.count()
    )
    found = engine.collect(counted, limit=100_000)
    by_day = dict(zip(found["day"].to_pylist(), found["n"].to_pylist(), strict=True))
    return [float(by_day.get(day, 0)) for day in days]


def followers(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, bank: str = ""
) -> Accounts | None:
    """Followers of watched accounts at looks, with when each was made; None where no look says."""
    seen = views.looks(workspace.current(engine, snapshot, "observations"))
    seen = seen.semi_join(_chosen(workspace, engine, snapshot, bank), "account")
    known = seen.filter(
        seen.followers.notnull(), seen.account_created_at.notnull(),
        seen.account_created_at <= seen.observed_at, seen.state == "alive",
    )  # fmt: skip
    rows = engine.collect(
        known.select("account", "account_created_at", "observed_at", "followers"),
        limit=20_000_000,
    )
    if not rows.num_rows:
        return None
    return Accounts.of(
        rows["account"].to_pylist(), rows["account_created_at"].to_numpy() // DAY,
        rows["observed_at"].to_numpy() // DAY, rows["followers"].to_numpy(),
    )  # fmt: skip
