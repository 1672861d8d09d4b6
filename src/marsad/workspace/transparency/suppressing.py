"""Small cells are not told: who stands behind one or two entries could be found out.

Among cells that add up to a total that is told, the next smallest are hidden too, until two are and
they hold the threshold together: or the first could be had by subtraction. Of removal orders "none"
and "few" look alike, for the law may forbid to tell of one: the cells that are always there are
hidden when they are 0, too, and any other small one is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from marsad.decide.outcomes import ACTING
from marsad.workspace.transparency.figures import Account, Figure, sorted_figures

THRESHOLD = 5
"""The smallest count that is told."""

ADDING = ("outcome", "kind", "route", "platform", "language", "policy", "act", "channel", "ground",
          "about", "result", "issuer", "step", "exemption")  # fmt: skip
"""Parts whose cells add up to the figure's total; a case may have several signals."""


ALWAYS = (("opened", "route:other"), ("decisions", "route:other"), ("orders", "all"),
          ("opened-to-decided", "route:other"),
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
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(account.figures):
        part, _, name = one.of.partition(":")
        if part in ADDING:  # how many acted on somebody is told beside what was overturned
            acting = str(name in ACTING) if part == "outcome" else ""
            groups[one.figure, part, acting].append(number)
    for group in groups.values():
        hidden |= _beside(group, hidden, account.figures, threshold)
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


def _beside(
    group: Sequence[int], hidden: set[int], figures: Sequence[Figure], threshold: int
) -> set[int]:
    """What is hidden beside: until two cells are, and they hold the threshold together."""
    mine = [number for number in group if number in hidden]
    rest = [number for number in group if number not in hidden]
    rest.sort(key=lambda number: (figures[number].size, figures[number].of))
    more: set[int] = set()
    while mine and rest and (
        len(mine) < 2 or sum(figures[number].size for number in mine) < threshold
    ):  # fmt: skip
        more.add(rest[0])
        mine.append(rest.pop(0))
    return more
