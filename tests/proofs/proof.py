"""What a proof is, how its runs get their seeds, and how proofs are found."""

from __future__ import annotations

import hashlib
import importlib
import math
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Row = tuple[float | None, ...]
"""The numbers of one run, in the order of the proof's columns; None where there is none."""

Rows = Sequence[Row]
Summary = dict[str, float]
Parameters = Mapping[str, float | int | str]


@dataclass(frozen=True)
class Cell:
    """One situation. A cell with ``gated=False`` is shown but cannot fail."""

    name: str
    parameters: Parameters
    gated: bool = True


@dataclass(frozen=True)
class Proof:
    """Cells, what one run of a cell gives, and what many runs of it must show.

    ``once`` takes a cell's parameters and a seed. ``summarise`` makes the table's numbers out of a
    cell's rows; ``faults`` says in words what is wrong with them, and nothing if all is well.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    once: Callable[[Parameters, int], Row]
    summarise: Callable[[Rows], Summary]
    faults: Callable[[Rows], list[str]]
    runs: int = 1000

    def cell(self, name: str) -> Cell:
        """The cell of that name; KeyError if there is none."""
        return {cell.name: cell for cell in self.cells}[name]


def seed_of(proof: str, cell: str, run: int) -> int:
    """The seed of a run, in [0, 2⁶³): one run can be repeated without those before it."""
    digest = hashlib.sha256(f"{proof}/{cell}/{run}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def rounded(row: Sequence[float | None]) -> Row:
    """A row as it is stored: five significant digits, so that processors agree about it."""
    return tuple(None if x is None else float(f"{x:.5g}") for x in row)


def alike(one: Row, other: Row) -> bool:
    """Do two rounded rows agree to one part in 10,000? Processors differ in when a search for the
    end of an interval stops: of 250 runs of `survival` one differed, by 6 in 100,000."""
    return len(one) == len(other) and all(
        x is y if x is None or y is None else math.isclose(x, y, rel_tol=1e-4)
        for x, y in zip(one, other, strict=True)
    )


def run_once(proof: Proof, cell: Cell, run: int) -> Row:
    """The numbers of one run of a cell, rounded as they are stored."""
    row = proof.once(cell.parameters, seed_of(proof.name, cell.name, run))
    if len(row) != len(proof.columns):
        raise ValueError(f"{proof.name}: {len(row)} numbers for columns {proof.columns}")
    return rounded(row)


def all_proofs() -> dict[str, Proof]:
    """Every proof in tests/proofs, by name."""
    package = importlib.import_module("tests.proofs")
    found: dict[str, Proof] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if not module.name.startswith("proof_"):
            continue
        proof: Proof = importlib.import_module(f"tests.proofs.{module.name}").PROOF
        if proof.name in found:
            raise ValueError(f"two proofs are called {proof.name}")
        found[proof.name] = proof
    return found
