"""Does `coordination` find anything where nobody agreed on anything?

A run makes the shares of one rhythm (tests/find/coordination/nulls.py: no generator is the model
the test assumes) and counts what is found at a false discovery rate of 5 %: pairs that belong to
groups, and pairs alone, which are told only as a number. Where nothing is true each seed with any
finding is a false discovery, so at most 5 in 100 may have one.

p-values are super-uniform if of all tests at most x come out at x or below. They are known of the
pairs whose p could be small enough for a discovery; below that threshold none is missing, so the
tests that fell below it are counted there, beside the number that may.
"""

from __future__ import annotations

import math

import numpy as np

from marsad.find.coordination.candidates import met_twice
from marsad.find.coordination.joined import joined
from marsad.find.coordination.network import validated
from marsad.find.coordination.testing import put_to_test
from tests.find.coordination.nulls import NULLS
from tests.find.coordination.rows import WINDOW
from tests.proofs import Cell, Proof, Row, Rows, Summary
from tests.proofs.proof import Parameters

LEVEL = 0.05
COLUMNS = ("pairs in groups", "pairs alone", "small p", "may be small")


def once(parameters: Parameters, seed: int) -> Row:
    shares = NULLS[str(parameters["rhythm"])](np.random.default_rng(seed)).shares()
    tested = {"url": put_to_test(shares, WINDOW, LEVEL)}
    edges, _ = validated(tested, LEVEL)
    together = int(joined(edges, tested).sum())
    one = tested["url"]
    threshold = LEVEL * len(met_twice(one.close)[0]) / one.tests
    small = int((one.timing <= threshold).sum() + (one.audience <= threshold).sum())
    return float(together), float(len(edges) - together), float(small), threshold * one.tests


def summarise(rows: Rows) -> Summary:
    groups, alone, small, may = np.array(rows, float).T
    return {
        "seeds with groups": float((groups > 0).mean()),
        "with pairs alone": float((alone > 0).mean()),
        "small p": float(small.sum()),
        "may be small": float(may.sum()),
    }


def faults(rows: Rows) -> list[str]:
    told = summarise(rows)
    found = []
    if told["seeds with groups"] > LEVEL:
        found.append(f"groups in {told['seeds with groups']:.0%} of seeds")
    if told["small p"] > told["may be small"] + 3 * math.sqrt(told["may be small"]):
        found.append(f"{told['small p']:.0f} small p-values, {told['may be small']:.0f} may be")
    return found


PROOF = Proof(
    "coordination-null",
    "Coordination where nobody agreed: false discoveries, and p-values",
    columns=COLUMNS,
    cells=tuple(Cell(name, {"rhythm": name}) for name in NULLS),
    once=once,
    summarise=summarise,
    faults=faults,
    runs=100,
)
