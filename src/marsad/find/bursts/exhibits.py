"""The accounts that surfaced in a burst, and the very posts with which they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.bursts.counts import OBJECT, bin_of
from marsad.find.bursts.testing import Surfacing


@dataclass(frozen=True)
class Surfaced:
    """An account, its key, and its posts (ids, where known, and times) inside the burst.

    ``inside`` counts those of its first posts that used the object; ``created`` (µs) is None
    where the account's creation is not known.
    """

    account: str
    key: int
    inside: int
    created: int | None
    posts: Sequence[tuple[str | None, int]]


def surfaced(
    engine: Engine,
    there: ir.Table,
    shares: ir.Table,
    windows: ir.Table,
    found: Sequence[Surfacing],
    window: int,
) -> dict[int, list[Surfaced]]:
    """Of each burst the accounts that surfaced in it, by how often and then by name."""
    least: dict[int, int] = {}
    for one in found:
        least[one.burst] = min(one.times, least.get(one.burst, one.times))
    asked = pa.table({"burst": list(least), "least": list(least.values())})
    new = there.filter(there.new == 1).join(engine.table(asked, "bursts_asked"), "burst")
    new = new.filter(new.inside >= new.least).select("burst", "account_key", "inside", "created")
    uses = shares.mutate(bin=bin_of(shares.shared_at, window))
    uses = uses.join(windows.select("burst", *OBJECT, "bin"), [*OBJECT, "bin"])
    uses = uses.join(new, ["burst", "account_key"])
    columns = ("burst", "account_key", "inside", "created", "account", "post", "shared_at")
    rows = engine.collect(uses.select(*columns).distinct()).to_pylist()
    posts = defaultdict(list)
    for row in rows:
        posts[row["burst"], row["account_key"]].append(row)
    lists = defaultdict(list)
    for (burst, key), mine in posts.items():
        mine.sort(key=lambda row: (row["shared_at"], row["post"] or ""))
        shown = [(row["post"], row["shared_at"]) for row in mine]
        one = mine[0]
        lists[burst].append(Surfaced(one["account"], key, one["inside"], one["created"], shown))
    for accounts in lists.values():
        accounts.sort(key=lambda account: (-account.inside, account.account))
    return dict(lists)
