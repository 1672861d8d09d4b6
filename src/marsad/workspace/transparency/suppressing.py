"""Small cells are not told: who stands behind one or two entries could be found out.

A cell below the threshold is hidden, zero included wherever a figure could be zero, for "none" and
"few" must look alike. Where one cell alone would be hidden among those that add up to a total that
is told, the next smallest is hidden too, or the first could be had by subtraction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from marsad.workspace.transparency.figures import Account, Figure

THRESHOLD = 5
"""The smallest count that is told."""

ADDING = ("outcome", "kind", "route", "platform", "language", "policy", "act")
"""Parts whose cells add up to the figure's total; a case may have several signals."""


def suppressed(account: Account, threshold: int = THRESHOLD) -> Account:
    """The report as it may be published."""
    hidden = {number for number, one in enumerate(account.figures) if _small(one, threshold)}
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, one in enumerate(account.figures):
        part = one.of.partition(":")[0]
        if part in ADDING:
            groups[one.figure, part].append(number)
    for group in groups.values():
        hidden |= _beside(group, hidden, account.figures)
    told = tuple(
        Figure(one.figure, one.of, hidden=True) if number in hidden else one
        for number, one in enumerate(account.figures)
    )
    return replace(account, threshold=threshold, figures=told)


def _small(one: Figure, threshold: int) -> bool:
    """A fraction is small by either side: all but two of a thousand tell of the two."""
    if one.share is not None:
        hits, rest = one.count or 0, (one.n or 0) - (one.count or 0)
        return one.size < threshold or 0 < hits < threshold or 0 < rest < threshold
    return one.size < threshold


def _beside(group: Sequence[int], hidden: set[int], figures: Sequence[Figure]) -> set[int]:
    mine = [number for number in group if number in hidden]
    if len(mine) != 1 or len(group) == 1:
        return set()
    others = [number for number in group if number not in hidden]
    return {min(others, key=lambda number: (figures[number].size, figures[number].of))}
