"""What a workspace knows of the accounts of a draw: followers, dates, clients."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from marsad.engines import Engine, views
from marsad.find.coordination.automation import family
from marsad.measure.census.marginals import Facts
from marsad.workspace.folder import Workspace
from marsad.workspace.runs import Snapshot

MOST = 10_000_000


def facts(workspace: Workspace, engine: Engine, snapshot: Snapshot, drawn: pa.Table) -> Facts:
    """Of each account of ``drawn`` (rows of `DRAWS` with a ``subject``): posts a day and language
    as they were when it was drawn; followers and creation date by the last look that says; the
    client of most of its posts, whatever the device it runs on."""
    subjects = drawn["subject"].to_pylist()
    observations = workspace.current(engine, snapshot, "observations")
    ids = views.ids_of(subjects, observations, engine)
    seen = _only(views.looks(observations), [ids[one] for one in subjects], engine)
    followers = _last(engine, seen, "followers")
    created = _last(engine, seen, "account_created_at")
    clients = _clients(
        engine, _only(workspace.current(engine, snapshot, "posts"), subjects, engine)
    )
    return Facts(
        drawn["activity"].to_numpy(),
        np.array([followers.get(ids[one], np.nan) for one in subjects], float),
        np.array([created.get(ids[one], -1) for one in subjects], np.int64),
        drawn["language"].to_pylist(),
        [clients.get(one) for one in subjects],
    )


def _only(rows: ir.Table, accounts: Sequence[str], engine: Engine) -> ir.Table:
    wanted = engine.table(pa.table({"wanted": pa.array(sorted(set(accounts)), pa.string())}),
                          "wanted")  # fmt: skip
    return rows.semi_join(wanted, rows.account == wanted.wanted)


def _last(engine: Engine, seen: ir.Table, column: str) -> dict[str, int]:
    """The value of a column in the last look at each account that has one."""
    last = views.last_looks(seen.filter(seen[column].notnull()))
    rows = engine.collect(last.select("account", column), limit=MOST)
    return dict(zip(rows["account"].to_pylist(), rows[column].to_pylist(), strict=True))


def _clients(engine: Engine, posts: ir.Table) -> dict[str, str]:
    """The client of most posts of each account; of equal ones the first by name."""
    used = posts.filter(posts.client.notnull(), posts.client != "")
    counted = used.group_by("account", "client").aggregate(n=ibis._.count())
    by_account: dict[str, Counter[str]] = defaultdict(Counter)
    for row in engine.collect(counted, limit=MOST).to_pylist():
        by_account[row["account"]][family(row["client"]) or ""] += row["n"]
    return {
        account: min(counts, key=lambda name: (-counts[name], name))
        for account, counts in by_account.items()
    }
