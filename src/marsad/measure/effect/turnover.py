"""Turnover is not effect: a takedown swaps old accounts for young ones, who have less of all.

The mean over living accounts falls with their age, though no account does anything else than
before. So the same accounts (closed panel), all that live on a day (replenished frame), and the
comparison at equal account age stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.measure.effect.accounts import AGES, Accounts, Side
from marsad.measure.effect.equal_age import ratio_of_means
from marsad.measure.effect.events import Event
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate

LEAST_ACCOUNTS, LEAST_SHARED, LEAST_IN_BAND = 10, 0.2, 3
NEXT = "marsad import FILE --as observations"


@dataclass(frozen=True)
class Turnover:
    """Ratios of means after over before, and what could not be told.

    ``living`` over all accounts seen on a day; ``same`` over those seen on both sides; ``at_age``
    over accounts of equal age, ages weighted as they were before. ``shared`` is the fraction of the
    accounts before whose ages were seen after too. ``name`` says of what the means are.
    """

    living: Estimate
    same: Estimate | None
    at_age: Estimate | None
    shared: float
    refused: tuple[Refused, ...]
    name: str = "value"


def turnover(accounts: Accounts, event: Event, *, level: float = 0.95) -> Turnover:
    """Before and after an event, in both frames and at equal account age.

    Only ``at_age`` may be read as a change in what accounts do or get, and only if who survives
    does not depend on it: a takedown that finds the largest first leaves the smaller of each age.
    Ages are compared in bands (0, 1, 2, 3, 4, 6, 9 … days, each half as wide again), and within a
    band both sides' means are carried along the line through its ages to the mean age before. Bands
    with fewer than 3 accounts on a side are left out. Raises `Refused` with fewer than 10 accounts
    on a side.
    """
    before, after = accounts.day < event.day, accounts.day >= event.after
    sides = [len(np.unique(accounts.account[one])) for one in (before, after)]
    if min(sides) < LEAST_ACCOUNTS:
        raise Refused(
            "measure.effect.few-accounts", ["accounts"], NEXT,
            before=sides[0], after=sides[1], least=LEAST_ACCOUNTS, date=event.date,
        )  # fmt: skip
    living = _ratio_of_means("living", accounts, before, after, event, level)
    refused: list[Refused] = []
    same = _same(accounts, before, after, event, level, refused)
    at_age, shared = _at_age(accounts, before, after, event, level, refused)
    return Turnover(living, same, at_age, shared, tuple(refused), accounts.name)


def _same(
    accounts: Accounts, before: Side, after: Side, event: Event, level: float,
    refused: list[Refused],
) -> Estimate | None:  # fmt: skip
    """The closed panel: who is there on both sides. That activity fell it can never say."""
    both = np.intersect1d(accounts.account[before], accounts.account[after])
    if len(both) < LEAST_ACCOUNTS:
        refused.append(Refused(
            "measure.effect.panel-gone", ["accounts"], NEXT,
            count=len(both), least=LEAST_ACCOUNTS, date=event.date,
        ))  # fmt: skip
        return None
    inside = np.isin(accounts.account, both)
    return _ratio_of_means("same", accounts, before & inside, after & inside, event, level)


def _at_age(
    accounts: Accounts, before: Side, after: Side, event: Event, level: float,
    refused: list[Refused],
) -> tuple[Estimate | None, float]:  # fmt: skip
    band = np.searchsorted(AGES, accounts.day - accounts.created, side="right")
    seen = np.bincount(band[before], minlength=len(AGES) + 1)
    shared = np.flatnonzero([_enough(accounts, band == one, before, after)
                             for one in range(len(AGES) + 1)])  # fmt: skip
    share = float(seen[shared].sum() / seen.sum())
    newcomers = (accounts.created[after] >= event.day).any()
    if share < LEAST_SHARED or not newcomers:
        reason = "no-newcomers" if not newcomers else "ages-differ"
        refused.append(Refused(
            f"measure.effect.{reason}", ["replenished-frame"], NEXT,
            percent=round(100 * share), date=event.date,
        ))  # fmt: skip
        return None, share
    weight = seen[shared] / seen[shared].sum()
    made = ratio_of_means(
        f"equal-age-{event.date}", accounts, band, before, after, shared, weight, level,
        method="age-standardised", frame="replenished",
    )  # fmt: skip
    return made, share


def _enough(accounts: Accounts, inside: Side, before: Side, after: Side) -> bool:
    return all(
        len(np.unique(accounts.account[inside & side])) >= LEAST_IN_BAND for side in (before, after)
    )


def _ratio_of_means(
    name: str, accounts: Accounts, before: Side, after: Side, event: Event, level: float
) -> Estimate:
    """The plain means, over all ages at once."""
    everybody = np.zeros(len(accounts.day), dtype=np.int64)
    frame = "closed-panel" if name == "same" else "replenished"
    return ratio_of_means(
        f"{name}-accounts-{event.date}", accounts, everybody, before, after, np.array([0]),
        np.ones(1), level, method="ratio-of-means", frame=frame,
    )  # fmt: skip
