"""Does `bursts` name anybody where events draw everybody alike?

A run makes three weeks of one rhythm with eight events (tests/find/bursts/networks.py) and counts
findings, of bursts or accounts: nothing is true, so at most 5 in 100 seeds may have one. In the
cell with twenty new accounts that surface in an event, `named` are those found, and `false` others.
"""

from __future__ import annotations

import numpy as np

from tests.find.bursts.networks import RHYTHMS, accounts_of, found, null, planted
from tests.proofs import Cell, Proof, Row, Rows, Summary
from tests.proofs.proof import Parameters

COLUMNS = ("findings", "named", "false", "planted")


def once(parameters: Parameters, seed: int) -> Row:
    uses = null(seed, str(parameters["rhythm"]))
    fresh: set[str] = set()
    if parameters.get("accounts"):
        uses, fresh = planted(uses, seed, int(parameters["accounts"]))
    rows = found(uses)
    named = accounts_of(rows)
    return float(len(rows)), float(len(named & fresh)), float(len(named - fresh)), float(len(fresh))


def summarise(rows: Rows) -> Summary:
    findings, named, false, there = np.array(rows, float).T
    return {
        "seeds with findings": float((findings > 0).mean()),
        "recall": float(named.sum() / there.sum()) if there.any() else 0.0,
        "false": float(false.sum() / max((named + false).sum(), 1)),
    }


def faults(rows: Rows) -> list[str]:
    told = summarise(rows)
    if any(row[3] for row in rows):
        return [f"false {told['false']:.3f}"] if told["false"] > 0.05 else []
    many = told["seeds with findings"] > 0.05
    return [f"findings in {told['seeds with findings']:.0%} of seeds"] if many else []


PROOF = Proof(
    "bursts",
    "Bursts: false discoveries where events draw everybody alike, and twenty newcomers",
    columns=COLUMNS,
    cells=(
        *(Cell(name, {"rhythm": name}) for name in RHYTHMS),
        Cell("daily, twenty surface", {"rhythm": "daily", "accounts": 20}),
    ),
    once=once,
    summarise=summarise,
    faults=faults,
    runs=100,
)
