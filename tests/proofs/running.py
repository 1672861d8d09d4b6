"""Running proofs: all of them on every core, or a few runs drawn at random."""

from __future__ import annotations

import math
import os
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context

from tests.proofs.proof import Proof, Row, Rows, all_proofs, run_once

CHUNK = 50  # runs handed to a process at a time
MOST = 60  # runs of one proof that a draw repeats
Drawn = tuple[str, str, int]
"""A run by name: proof, cell, number."""


def run_all(proof: Proof, workers: int | None = None) -> Iterator[tuple[str, Rows]]:
    """Each cell's name with its rows, in the order of cells."""
    jobs = [
        (proof.name, cell.name, start, min(start + CHUNK, proof.runs))
        for cell in proof.cells
        for start in range(0, proof.runs, CHUNK)
    ]
    # A fresh process for each worker: some libraries do not survive a fork of their threads.
    with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=get_context("spawn")) as pool:
        parts = zip(jobs, pool.map(run_part, jobs), strict=True)
        for name, group in groupby(parts, key=lambda part: part[0][1]):
            yield name, [row for _, rows in group for row in rows]


def run_part(job: tuple[str, str, int, int]) -> list[Row]:
    name, cell_name, start, stop = job
    proof = all_proofs()[name]
    cell = proof.cell(cell_name)
    return [run_once(proof, cell, run) for run in range(start, stop)]


def draw(
    stored: dict[str, dict[str, Rows]], fraction: float, seed: int, most: int = MOST
) -> list[Drawn]:
    """A fraction of all stored runs, drawn without replacement, at least one of each proof and at
    most ``most``."""
    generator = random.Random(seed)
    drawn: list[Drawn] = []
    for name in sorted(stored):
        runs = [(name, cell, i) for cell, rows in stored[name].items() for i in range(len(rows))]
        drawn += generator.sample(runs, min(math.ceil(len(runs) * fraction), most))
    return drawn
