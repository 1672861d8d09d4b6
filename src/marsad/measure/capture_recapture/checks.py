"""What capture–recapture refuses to answer, and what it says to do instead."""

from __future__ import annotations

import math

import numpy as np

from marsad.measure.capture_recapture.histories import MOST_ROUTES, Histories
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError

MOST_TURNOVER = 0.1
ROUTES = "marsad import FILE --as observations"
WINDOW = "marsad measure census --until DATE"
FEWEST_LISTS = 3


def check_closed(turnover: float | None, removal: bool) -> None:
    """Refuse a population that changes under the routes' eyes.

    ``turnover`` is the fraction that enters or leaves in the window; ``removal`` says that a hit
    can take an account away before other routes have looked.
    """
    if turnover is not None and (math.isnan(turnover) or turnover < 0):
        raise InputError("measure.capture.turnover", given=turnover)
    if turnover is not None and turnover > MOST_TURNOVER:
        raise Refused("measure.capture.open", ["closed-window"], WINDOW, turnover=f"{turnover:.0%}")
    if removal:
        raise Refused("measure.capture.removal", ["hits-before-removal"], WINDOW)


def check_lists(lists: tuple[str, ...]) -> None:
    """Refuse fewer than three lists; `InputError` for more than can be modelled."""
    if len(lists) < FEWEST_LISTS:
        raise Refused("measure.capture.lists", ["routes"], ROUTES, lists=len(lists))
    if len(lists) > MOST_ROUTES:
        raise InputError("measure.capture.many-lists", lists=len(lists), most=MOST_ROUTES)


def check_overlap(table: Histories) -> None:
    """Refuse a table that is empty, has no unit seen twice, or a route that shares none."""
    if table.n == 0:
        raise Refused("measure.capture.nothing", ["hits"], ROUTES)
    shared = table.overlaps()
    if not shared.any():
        raise Refused("measure.capture.no-overlap", ["overlap"], ROUTES, seen=table.n)
    apart = [table.routes[j] for j in np.flatnonzero(~shared.any(axis=1))]
    if apart:
        raise Refused("measure.capture.apart", ["overlap"], ROUTES, routes=apart)


def check_stratum(table: Histories, name: str) -> None:
    """As `check_overlap`, for one stratum of several."""
    try:
        check_overlap(table)
    except Refused as refused:
        raise Refused(
            "measure.capture.stratum", refused.missing, ROUTES, stratum=name, seen=table.n
        ) from None
