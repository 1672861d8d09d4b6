"""Small cells are not told: who stands behind one or two entries could be found out.

Where one cell alone would be hidden among those that add up to a total that is told, the next
smallest is hidden too, or the first could be had by subtraction. Of removal orders "none" and "few"
look alike, for the law may forbid to tell of one: the cells that are always there are hidden when
they are 0, too, and any other small one is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from marsad.workspace.transparency.figures import Account, Figure, sorted_figures

THRESHOLD = 5
"""The smallest count that is told."""

ADDING = ("outcome", "kind", "route", "platform", "language", "policy", "act", "channel", "ground",
          "about", "result", "issuer")  # fmt: skip
"""Parts whose cells add up to the figure's total; a case may have several signals."""


ALWAYS = (("opened", "route:other"), ("decisions", "route:other"), ("orders", "all"),
          ("orders-in-time", "all"), ("order-to-confirmed", "all"))  # fmt: skip
"""Cells that are there whatever they hold: what orders there were is not to be read off them."""


def is_of_orders(figure: str) -> bool:
    """Whether a figure tells of removal orders."""
    return figure.startswith("order")


def suppressed(account: Account, threshold: int = THRESHOLD) -> Account:
    """The report as it may be published."""
    known = {(one.figure, one.of) for one in account.figures}
    nothing = [Figure(*cell, count=0) for cell in ALWAYS if cell not in known]
    account = replace(account, figures=sorted_figures([*account.figures, *nothing]))
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
        if number not in hidden or not is_of_orders(one.figure) or (one.figure, one.of) in ALWAYS
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
