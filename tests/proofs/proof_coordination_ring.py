"""Does `coordination` find twenty accounts that share thirty objects within 60 s, and them alone?

They are hidden among 5,000 accounts and 200,000 shares, or beside a network of another rhythm in
which nobody agreed. `recall` is the fraction of the twenty that is found; `false` the fraction of
accounts found that are none of them; `alone` whether all that is found is one community of theirs.
Not judged is the cell in which each takes part six times in ten and nobody else shares the objects:
objects of fewer members each are less, and recall falls below .95.
"""

from __future__ import annotations

import numpy as np

from marsad.find.coordination.communities import communities
from tests.find.coordination.nulls import NULLS
from tests.find.coordination.rings import planted
from tests.find.coordination.rows import Rows as Shared
from tests.find.coordination.rows import found
from tests.proofs import Cell, Proof, Row, Rows, Summary
from tests.proofs.proof import Parameters

COLUMNS = ("recall", "false", "alone")
LEAST, MOST = 0.95, 0.05


def once(parameters: Parameters, seed: int) -> Row:
    draw = np.random.default_rng(seed)
    given = dict(parameters)
    beside = given.pop("beside", None)
    rows, members = planted(draw, **given)  # type: ignore[arg-type]
    if beside is not None:
        more = NULLS[str(beside)](draw)
        objects = int(rows.object.max()) + 1
        rows = rows.and_(Shared(more.account + 5000, more.object + objects, more.at))
    accounts, of = communities(found(rows))
    named = set(accounts.tolist())
    wrong = len(named - members) / max(len(named), 1)
    return len(named & members) / len(members), wrong, float(not wrong and set(of.tolist()) == {0})


def summarise(rows: Rows) -> Summary:
    return dict(zip(COLUMNS, np.array(rows, float).mean(axis=0).tolist(), strict=True))


def faults(rows: Rows) -> list[str]:
    told = summarise(rows)
    found = [f"{name} {told[name]:.3f}" for name in ("recall", "alone") if told[name] < LEAST]
    return [*found, *([f"false {told['false']:.3f}"] if told["false"] > MOST else [])]


BESIDE = ("daily", "bursty", "fast fans", "keen viewers", "crowd")
PROOF = Proof(
    "coordination-ring",
    "Coordination where twenty agreed: recall, and who else is named",
    columns=COLUMNS,
    cells=(
        Cell("nobody else shares these objects", {"others": 0}),
        Cell("a hundred others at any time", {"others": 100}),
        Cell("a hundred others within the hour after", {"others": 100, "spread": 3600.0}),
        Cell("of the twenty six in ten each time", {"others": 0, "part": 0.6}, gated=False),
        Cell("six in ten, a hundred others", {"others": 100, "part": 0.6}),
        *(
            Cell(f"beside {name}", {"others": 100, "beside": name, "count": 60_000})
            for name in BESIDE
        ),
    ),
    once=once,
    summarise=summarise,
    faults=faults,
    runs=100,
)
