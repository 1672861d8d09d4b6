"""Small cells are not told: who stands behind one or two entries could be found out.

Among cells that add up to a total that is told, the next smallest are hidden too, until two are and
they hold the threshold together: or the first could be had by subtraction. A cell that adds up with
no other is hidden where what is left of the total without it is small, and a cell that another one
follows from is hidden with that. Of removal orders "none" and "few" look alike, for the law may
forbid to tell of one: the cells that are always there are hidden when they are 0, too, and any
other small one is left out; where there were few orders all are, for one may name many addresses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from marsad.decide.outcomes import ACTING
from marsad.workspace.transparency.figures import Account, Figure, sorted_figures

THRESHOLD = 5
"""The smallest count that is told."""

ADDING = ("outcome", "kind", "route", "platform", "language", "policy", "act", "channel", "ground",
          "about", "result", "issuer", "step", "exemption")  # fmt: skip
"""Parts whose cells add up to the figure's total; a case may have several signals."""


ALWAYS = (("orders", "all"), ("order-items", "all"), ("orders-in-time", "all"),
          ("order-to-confirmed", "all"))  # fmt: skip
"""Cells that are there whatever they hold: what orders there were is not to be read off them."""

RESTRICTED = ("statements", "step:restricted")
"""As many as there were decisions against somebody."""

FOLLOWS = {
    ("opened", "signal"): ("opened", "route:signal"),
    ("decisions", "signal"): ("decisions", "route:signal"),
    ("found-right", "signal"): ("decisions", "route:signal"),
    ("overturned", "signal"): ("decisions", "route:signal"),
    ("decisions", "exemption"): ("decisions", "outcome:exempt"),
    ("statements", "all"): RESTRICTED,
}
"""Parts of a figure, and the cell that would follow from them: a desk may have one signal alone."""


def is_of_orders(figure: str) -> bool:
    """Whether a figure tells of removal orders."""
    return figure.startswith("order")


def suppressed(account: Account, threshold: int = THRESHOLD) -> Account:
    """The report as it may be published."""
    known = {(one.figure, one.of) for one in account.figures}
    nothing = [Figure(*cell, count=0) for cell in ALWAYS if cell not in known]
    account = replace(account, figures=sorted_figures([*account.figures, *nothing]))
    cells = {(one.figure, one.of): one for one in account.figures}
    hidden = {number for number, one in enumerate(account.figures)
              if _small(one, cells, threshold)}  # fmt: skip
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(account.figures):
        part, _, name = one.of.partition(":")
        if part in ADDING:  # how many acted on somebody is told beside what was overturned
            acting = str(name in ACTING) if part == "outcome" else ""
            groups[one.figure, part, acting].append(number)
    for group in groups.values():
        hidden |= _beside(group, hidden, account.figures, threshold)
    hidden |= _followed_from(account.figures, hidden)
    told = tuple(
        Figure(one.figure, one.of, hidden=True) if number in hidden else one
        for number, one in enumerate(account.figures)
        if number not in hidden or not is_of_orders(one.figure) or (one.figure, one.of) in ALWAYS
    )
    return replace(account, threshold=threshold, figures=told)


def _small(one: Figure, cells: Mapping[tuple[str, str], Figure], threshold: int) -> bool:
    """A fraction is small by either side: all but two of a thousand tell of the two. So is a part
    that adds up with no other: without it the total is."""
    if is_of_orders(one.figure) and cells["orders", "all"].size < threshold:
        return True
    sizes = _sizes(one)
    if one.size < threshold or any(0 < size < threshold for size in sizes):
        return True
    whole = cells.get((one.figure, "all"))
    if whole is None or one.of.partition(":")[0] in ADDING:
        return False
    left = (all_ - mine for all_, mine in zip(_sizes(whole), sizes, strict=True))
    return any(0 < size < threshold for size in left)


def _sizes(one: Figure) -> tuple[int, ...]:
    if one.share is None:
        return (one.size,)
    return one.size, one.count or 0, one.size - (one.count or 0)


def _followed_from(figures: Sequence[Figure], hidden: set[int]) -> set[int]:
    """What a hidden cell would follow from."""
    withheld = {(figures[number].figure, figures[number].of) for number in hidden}
    if any(figure == "statements" for figure, _ in withheld):
        withheld.add(RESTRICTED)
    return {number for number, one in enumerate(figures)
            if FOLLOWS.get((one.figure, one.of.partition(":")[0])) in withheld}  # fmt: skip


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
