"""Daily outcomes of the posts of a workspace: of the watched accounts, and of all others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import ibis.expr.types as ir

from marsad.engines import Engine, views
from marsad.measure.effect import Accounts, Series
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.times import DAY
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.daily import LEAST_DAYS
from marsad.workspace.measuring.population import of_bank, with_findings
from marsad.workspace.measuring.selection import FOUND, Selected, listed
from marsad.workspace.runs import Snapshot

MOST_DAYS = 100_000


@dataclass(frozen=True)
class Posts:
    """Every post with its ``day`` (epoch days); those of the watched accounts (``chosen``), of the
    ``panel`` of them that posted before the event (None: no other has entered), and of all
    ``others``; the ``days`` on which anybody posted: a day without is missing, not 0; and how the
    watched were ``selected``."""

    every: ir.Table
    chosen: ir.Table
    watched: ir.Table
    panel: ir.Table | None
    others: ir.Table
    days: Sequence[int]
    selected: Selected

    def series(self, engine: Engine, rows: ir.Table, name: str) -> Series:
        """A series of counts: ``n`` on each ``day``, as in `a_day`."""
        found = engine.collect(rows.select("day", "n"), limit=MOST_DAYS)
        by_day = dict(zip(found["day"].to_pylist(), found["n"].to_pylist(), strict=True))
        values = [float(by_day.get(day, 0)) for day in self.days]
        return Series.of(name, list(self.days), values)


def a_day(rows: ir.Table) -> ir.Table:
    """How many rows there are on each day: ``day``, ``n``."""
    return rows.group_by("day").aggregate(n=rows.count())


@dataclass(frozen=True)
class Watching:
    """One outcome of the ``watched`` accounts day by day, of the closed ``panel`` alone where that
    is another, and of all ``others``."""

    watched: Series
    panel: Series | None
    others: Series


def posts(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, event: int, bank: str = ""
) -> Posts:
    """Posts of accounts with a finding that opens a case, or of a bank's, and those of all others.

    ``event`` (epoch day) parts the closed panel from newcomers. Raises `Refused` with fewer than 14
    days, or where nobody is watched.
    """
    every = workspace.current(engine, snapshot, "posts")
    every = every.mutate(day=(every.created_at / DAY).floor().cast("int64"))
    days = _days(engine, every)
    chosen = _chosen(workspace, engine, snapshot, bank)
    watched = engine.materialise(every.semi_join(chosen, "account"), "watched_posts")
    old = watched.filter(watched.day < event).select("account").distinct()
    selected = listed(workspace, engine, snapshot, chosen, event) if bank else FOUND
    return Posts(
        every, chosen, watched,
        None if selected.frame == "closed-panel" else watched.semi_join(old, "account"),
        every.anti_join(chosen, "account"), days, selected,
    )  # fmt: skip


def outcome(engine: Engine, found: Posts, name: str) -> Watching:
    """An outcome by name: one of `OUTCOMES`."""
    if name not in OUTCOMES:
        raise InputError("measure.option", option="--outcome", given=name, valid=list(OUTCOMES))
    counted = OUTCOMES[name]

    def daily(rows: ir.Table, whom: str) -> Series:
        return found.series(engine, a_day(counted(found, rows)), f"{name}-of-{whom}")

    watched = found.selected.apply(daily(found.watched, "watched"))
    panel = None if found.panel is None else replace(
        found.selected.apply(daily(found.panel, "watched")), frame="closed-panel"
    )  # fmt: skip
    return Watching(watched, panel, daily(found.others, "others"))


def _posted(found: Posts, rows: ir.Table) -> ir.Table:
    return rows.select("day")


def _active(found: Posts, rows: ir.Table) -> ir.Table:
    return rows.select("day", "account").distinct()


def _interactions(found: Posts, rows: ir.Table) -> ir.Table:
    return _reactions(found, rows).select("day")


def _reached(found: Posts, rows: ir.Table) -> ir.Table:
    """Accounts that are not watched themselves and show that they saw one of the posts."""
    outside = _reactions(found, rows).anti_join(found.chosen, "account")
    return outside.select("day", "account").distinct()


def _reactions(found: Posts, rows: ir.Table) -> ir.Table:
    """Reposts of and answers to these posts, on the days they were made."""
    wanted = rows.select(target=rows.id).distinct()
    posts = found.every
    got = [
        posts.semi_join(wanted, posts[column] == wanted.target).select("day", "account")
        for column in ("repost_of", "reply_to")
    ]
    return got[0].union(got[1])


OUTCOMES: dict[str, Callable[[Posts, ir.Table], ir.Table]] = {
    "posts": _posted,
    "accounts": _active,
    "interactions": _interactions,
    "reach": _reached,
}
"""How many posts, by how many accounts; the reposts and answers they got, and how many accounts
outside gave them."""


def _chosen(workspace: Workspace, engine: Engine, snapshot: Snapshot, bank: str) -> ir.Table:
    """The accounts that are watched: ``account``."""
    if bank:
        return of_bank(workspace, engine, snapshot, bank)
    found = with_findings(workspace, engine, snapshot)
    if not engine.collect(found.limit(1)).num_rows:
        raise Refused("measure.effect.nobody", ["findings"], "marsad find")
    return engine.materialise(found, "watched_accounts")


def _days(engine: Engine, posts: ir.Table) -> list[int]:
    rows = engine.collect(posts.select("day").distinct().order_by("day"), limit=MOST_DAYS)
    days = rows["day"].to_pylist()
    if len(days) < LEAST_DAYS:
        raise Refused(
            "measure.effect.few-days", ["posts"], "marsad import FILE", count=len(days),
            least=LEAST_DAYS,
        )  # fmt: skip
    return [int(day) for day in days]


def followers(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, chosen: ir.Table
) -> Accounts | None:
    """Followers of watched accounts at looks, with when each was made; None where no look says."""
    seen = views.looks(workspace.current(engine, snapshot, "observations"))
    seen = seen.semi_join(chosen, "account")
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
        name="followers-of-watched",
    )  # fmt: skip
