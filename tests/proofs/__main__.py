"""`make test-slow`: run the long proofs, write docs/proofs.md; PROOFS="name …" runs some alone."""

from __future__ import annotations

import sys
import time

from tests.proofs import table
from tests.proofs.proof import Proof, all_proofs
from tests.proofs.running import run_all


def main(names: list[str]) -> int:
    proofs = all_proofs()
    unknown = [name for name in names if name not in proofs]
    if unknown:
        print(f"no proof is called {', '.join(unknown)}; there are {', '.join(proofs)}")
        return 2
    for name in names or proofs:
        run(proofs[name])
    table.PAGE.write_text(table.page(proofs))
    failed = "fails" in table.PAGE.read_text()
    print(f"written: {table.PAGE.relative_to(table.ROOT)}{'; some cells fail' if failed else ''}")
    return int(failed)


def run(proof: Proof) -> None:
    started, results = time.monotonic(), {}
    for cell, rows in run_all(proof):
        results[cell] = rows
        spent = time.monotonic() - started
        said = table.verdict(proof, cell, rows)
        print(f"{proof.name} / {cell}: {said} ({spent:.0f} s)", flush=True)
        table.save(proof, results)  # after each: a run of hours may be cut


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
