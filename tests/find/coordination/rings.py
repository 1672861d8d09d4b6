"""Shares of groups that agreed, hidden among those of others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tests.find.coordination.nulls import uniform
from tests.find.coordination.rows import WEEK, Ints, Rows


def ring(draw: np.random.Generator, size: int, objects: int) -> tuple[Rows, set[int]]:
    """Some of five thousand accounts share many objects within 60 s that nobody else shares."""
    rows, members = uniform(draw, 5000, 95_000), draw.choice(5000, size, replace=False)
    for number in range(objects):
        at = draw.uniform(0, WEEK) + draw.uniform(0, 60, size)
        rows = rows.and_(_of(members, 9500 + number, at))
    return rows, set(members.tolist())


def planted(
    draw: np.random.Generator,
    others: int = 0,
    spread: float | None = None,
    part: float = 1.0,
    accounts: int = 5000,
    count: int = 200_000,
) -> tuple[Rows, set[int]]:
    """Twenty of the accounts share thirty objects within 60 s; ``others`` share them too.

    They come at any time, or within ``spread`` seconds on average after the twenty. ``part`` of the
    twenty take part each time.
    """
    rows = uniform(draw, accounts, count)
    members = draw.choice(accounts, 20, replace=False)
    for number in range(30):
        name, at = count // 10 + number, draw.uniform(0, WEEK)
        mine = members[draw.random(20) < part]
        rows = rows.and_(_of(mine, name, at + draw.uniform(0, 60, len(mine))))
        theirs = draw.choice(accounts, others, replace=False)
        later = (
            draw.uniform(0, WEEK, others) if spread is None else draw.exponential(spread, others)
        )
        rows = rows.and_(_of(theirs, name, later if spread is None else at + later))
    return rows, set(members.tolist())


def _of(accounts: Ints, name: int, at: npt.NDArray[np.float64]) -> Rows:
    return Rows(accounts, np.full(len(accounts), name), at)
