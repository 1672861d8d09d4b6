"""The long proofs: does a 95 % interval hold the truth 95 times in 100?

A proof is a list of cells; a cell is a situation with a name and parameters; a run of a cell takes
a seed and gives a row of numbers. `make test-slow` runs every cell a thousand times or more and
writes docs/proofs.md with, beside it, every run's numbers. `make test-all` draws a hundredth of
those runs, runs them again from their seeds and compares the numbers.

To add one, write `tests/proofs/proof_NAME.py` with a `PROOF`; it is found by its file name:

    def once(parameters, seed):
        rng = np.random.default_rng(seed)
        truth = parameters["rate"]
        estimate = my_method(rng.poisson(truth, parameters["n"]))
        return Interval.of(estimate, truth, oracle_width=3.92 * (truth / parameters["n"]) ** 0.5)

    PROOF = interval_proof(
        "my-method", "what it shows, in one line",
        cells=[Cell("rate 1, n 50", {"rate": 1.0, "n": 50})],
        once=once,
    )

`once` must be a function of its module, and give the same numbers for the same seed whatever ran
before it. A refusal is `Interval.refusal(truth, oracle_width)`. A cell that breaks the method's
assumptions on purpose is `Cell(…, gated=False)`: printed, not judged. What is not an interval is a
plain `Proof` with columns, a summary and a gate of its own.
"""

from tests.proofs.intervals import Interval, interval_proof
from tests.proofs.proof import Cell, Proof, Row, Rows, Summary

__all__ = ["Cell", "Interval", "Proof", "Row", "Rows", "Summary", "interval_proof"]
