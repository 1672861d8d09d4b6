"""The stored results: one JSON file a proof with every run's numbers, and one page for all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests.proofs.proof import Proof, Rows

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "proofs"
PAGE = ROOT / "docs" / "proofs.md"

HEAD = """# Proofs

Each method that gives an interval is run on made-up situations whose truth is known, a thousand
times a situation or more: the tables say how often the interval held the truth. Signals that test
against chance are run a hundred times a situation: the tables say how often they found something
where there was nothing, and how much where there was. `make test-slow` writes this page;
`make test-all` repeats a random hundredth of the runs and compares the numbers.

The seed of a run is made of its names: the first 63 bits of SHA-256 of `proof/cell/run`, runs
counted from 0. Cells marked *not judged* break the method's assumptions on purpose, or ask more
than it promises. The rules for the others: of 1,000 runs at least 92.7 % hold the truth (of 4,000,
93.9 %); above 97 %, the mean width is at most 1.5 times that of an oracle; a refusal is a miss, and
at most 5 % are refused.
"""


@dataclass(frozen=True)
class Stored:
    """The results of a proof as they lie on disk: rows by cell name."""

    columns: tuple[str, ...]
    cells: dict[str, Rows]


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.json"


def save(proof: Proof, results: dict[str, Rows]) -> None:
    """Write the rows of a proof's cells that have run: a line each, by column; a constant column is
    one number."""
    lines = [
        f"  {json.dumps(cell.name)}: {packed(proof, results[cell.name])}"
        for cell in proof.cells if cell.name in results
    ]  # fmt: skip
    FOLDER.mkdir(parents=True, exist_ok=True)
    path_of(proof.name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


def packed(proof: Proof, rows: Rows) -> str:
    columns: dict[str, object] = {"runs": len(rows)}
    for name, values in zip(proof.columns, zip(*rows, strict=True), strict=True):
        columns[name] = values[0] if len(set(values)) == 1 else values
    return json.dumps(columns, separators=(",", ":"))


def load(name: str) -> Stored:
    """The stored results of a proof; FileNotFoundError if it was never run."""
    cells: dict[str, Rows] = {}
    columns: tuple[str, ...] = ()
    for cell, by_column in json.loads(path_of(name).read_text()).items():
        runs = by_column.pop("runs")
        columns = tuple(by_column)
        spread = [x if isinstance(x, list) else [x] * runs for x in by_column.values()]
        cells[cell] = list(zip(*spread, strict=True))
    return Stored(columns, cells)


def page(proofs: dict[str, Proof]) -> str:
    """The page for all proofs whose results are stored."""
    sections = [section(p) for _, p in sorted(proofs.items()) if path_of(p.name).exists()]
    return "\n".join([HEAD, *sections])


def section(proof: Proof) -> str:
    stored = load(proof.name)
    lines: list[str] = []
    for name, rows in stored.cells.items():
        summary = proof.summarise(rows)
        if not lines:
            lines += [table_row(["cell", "runs", *summary, "verdict"])]
            lines += [table_row(["---", *["---:"] * (len(summary) + 1), "---"])]
        numbers = [f"{value:.3f}" for value in summary.values()]
        lines.append(table_row([name, str(len(rows)), *numbers, verdict(proof, name, rows)]))
    numbers_link = f"Every run's numbers: [{proof.name}.json](proofs/{proof.name}.json)."
    return "\n".join([f"## {proof.title}", "", *lines, "", numbers_link, ""])


def table_row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def verdict(proof: Proof, cell: str, rows: Rows) -> str:
    """What a cell's rows amount to, in a word or with the reasons it fails."""
    if not proof.cell(cell).gated:
        return "not judged"
    found = proof.faults(rows)
    return f"**fails**: {'; '.join(found)}" if found else "holds"
