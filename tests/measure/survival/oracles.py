"""R's results on textbook data, and looks at simulated lifetimes."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
INFINITY = math.inf


def output(shared_data: Path, name: str) -> Any:
    return json.loads((shared_data / "oracles" / name).read_text())["output"]


def rows(
    shared_data: Path, name: str, chosen: Callable[[dict[str, str]], bool] = lambda row: True
) -> list[dict[str, str]]:
    with (shared_data / "oracles" / name).open() as file:
        return [row for row in csv.DictReader(file) if chosen(row)]


def column(table: list[dict[str, str]], name: str) -> list[float]:
    """Numbers; an empty cell is infinity, as the oracles write "still alive"."""
    return [float(row[name] or "inf") for row in table]


def agree(found: Floats | Sequence[float], expected: Sequence[Any], tolerance: float) -> None:
    """Equal to within ``tolerance``, relative where above 1; null means not computed."""
    known = np.array([np.nan if x is None else float(x) for x in expected])
    given = np.asarray(found, dtype=float)
    assert given.shape == known.shape
    np.testing.assert_allclose(
        given[~np.isnan(known)], known[~np.isnan(known)], rtol=tolerance, atol=tolerance
    )


def looked_at(
    rng: np.random.Generator,
    life: Floats,
    entry: Floats | float = 0.0,
    between: tuple[float, float] = (0.5, 7.0),
    until: float = 60.0,
) -> tuple[Floats, Floats]:
    """Last seen alive and first found gone, by looks at each account's own times."""
    look = np.zeros(len(life)) + entry
    left, right, going = look.copy(), np.full(len(life), np.inf), np.ones(len(life), dtype=bool)
    while going.any():
        look = np.where(going, look + rng.uniform(*between, len(life)), look)
        gone = going & (life <= look)
        right[gone] = look[gone]
        left = np.where(going & ~gone, look, left)
        going &= ~gone & (look < entry + until)
    return left, right
