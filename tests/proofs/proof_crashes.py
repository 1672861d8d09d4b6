"""Does an import that is killed at a random moment leave everything as it was?

A run kills ten imports with SIGKILL, half of them near the end, finishes each workspace with
another import, and compares its tables with those of an import that nobody killed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile

from tests.conftest import ROOT
from tests.proofs import Cell, Proof, Row, Rows, Summary
from tests.proofs.proof import Parameters

COLUMNS = ("kills", "torn", "orphans", "unequal")


def once(parameters: Parameters, seed: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        arguments = [folder, str(parameters["kills"]), str(seed)]
        command = [sys.executable, "-m", "tests.workspace.killing", *arguments]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=900)
    found = json.loads(done.stdout)
    return tuple(float(found[name]) for name in COLUMNS)


def summarise(rows: Rows) -> Summary:
    return {name: sum(row[i] or 0 for row in rows) for i, name in enumerate(COLUMNS)}


def faults(rows: Rows) -> list[str]:
    totals = summarise(rows)
    return [f"{totals[name]:.0f} {name}" for name in COLUMNS[1:] if totals[name]]


PROOF = Proof(
    "crashes",
    "Imports killed at random moments",
    columns=COLUMNS,
    cells=(Cell("10 kills a run", {"kills": 10}),),
    once=once,
    summarise=summarise,
    faults=faults,
    runs=21,
)
