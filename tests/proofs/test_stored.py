"""The stored proofs: are they all there, do they hold, and do they still come out the same?

`make test-all` repeats a random hundredth of the runs, sixty of a proof at most;
MARSAD_SAMPLE_SEED repeats one draw.
"""

from __future__ import annotations

import os
import secrets

import pytest

from tests.proofs import table
from tests.proofs.proof import Proof, alike, all_proofs, run_once
from tests.proofs.running import draw

PROOFS = all_proofs()
AGAIN = "run: make test-slow"


@pytest.mark.parametrize("proof", PROOFS.values(), ids=PROOFS)
def test_what_is_stored_is_what_is_registered(proof: Proof) -> None:
    stored = table.load(proof.name)
    assert stored.columns == proof.columns, AGAIN
    assert list(stored.cells) == [cell.name for cell in proof.cells], AGAIN
    assert {len(rows) for rows in stored.cells.values()} == {proof.runs}, AGAIN


@pytest.mark.parametrize("proof", PROOFS.values(), ids=PROOFS)
def test_every_judged_cell_holds(proof: Proof) -> None:
    rows = table.load(proof.name).cells
    failing = {cell.name: proof.faults(rows[cell.name]) for cell in proof.cells if cell.gated}
    assert {name: found for name, found in failing.items() if found} == {}


def test_the_page_is_made_from_the_stored_numbers() -> None:
    assert table.PAGE.read_text() == table.page(PROOFS), AGAIN


@pytest.mark.long
@pytest.mark.slow_sample
def test_a_random_hundredth_comes_out_the_same() -> None:
    seed = int(os.environ.get("MARSAD_SAMPLE_SEED") or secrets.randbelow(2**32))
    stored = {name: table.load(name).cells for name in PROOFS}
    changed = {}
    for name, cell, run in draw(stored, 0.01, seed):
        row = run_once(PROOFS[name], PROOFS[name].cell(cell), run)
        if not alike(row, stored[name][cell][run]):
            changed[f"{name}/{cell}/{run}"] = (stored[name][cell][run], row)
    assert changed == {}, f"drawn with MARSAD_SAMPLE_SEED={seed}; stored, then now. {AGAIN}"
