"""Surges: what many more of the cases just opened share than used to. A proposal to seniors.

Cases that share a key are counted in the last hours (k) and in the weeks before (m). If both came
at one rate, k of k + m would be Binomial with the hours' share of the time (two Poisson counts,
given their sum); Clopper and Pearson's interval of that proportion is one of how many times the
usual rate there is now. As all that is opened may have grown, because a file was imported, say, the
same proportion of all other cases must lie below the interval, too. Imports come in lots, which
Poisson counts do not: therefore the bound has to lie well above the usual, not just above it.
"""

from __future__ import annotations

from dataclasses import dataclass

from marsad.decide import sharing
from marsad.decide.sharing import Key
from marsad.records.estimate import proportion
from marsad.records.message import Message
from marsad.records.times import DAY, HOUR
from marsad.store import case_keys, sealed
from marsad.store import crises as store
from marsad.store.database import Transaction

KINDS = ("entry", "hashtag", "domain", "community", "text")
LEVEL, LEAST, TIMES = 0.999, 8, 3.0
MOST_CASES, MOST_KEYS = 20_000, 50


@dataclass(frozen=True)
class Surge:
    """``count`` cases of the last ``hours`` share ``key``; that many in the time before they would
    be ``usual``. ``times`` the usual rate it is, at least ``low`` with 99.9 %."""

    key: Key
    count: int
    hours: float
    usual: float
    times: float | None
    low: float

    @property
    def message(self) -> Message:
        """The proposal as a sentence."""
        values = {
            "count": self.count, "hours": round(self.hours), "usual": round(self.usual, 1),
            "low": round(self.low, 1), "what": self.key.value.replace("\n", " / "),
            "kind": {"words": [f"desk.key.{self.key.kind}"]},
        }  # fmt: skip
        return Message("crisis.proposal", values)


def surges(
    transaction: Transaction, now: int, hours: float = 6, past_days: float = 28
) -> list[Surge]:
    """Keys whose cases surge, the strongest first. None where the desk knows less of the time
    before than three times ``hours``: there is no usual yet."""
    since = now - round(hours * HOUR)
    first = max(store.first_since(transaction, since), store.nth_newest(transaction, MOST_CASES))
    start = store.first_since(transaction, since - round(past_days * DAY))
    began = store.opened_at(transaction, start)
    if began is None or since - began < 3 * (now - since):
        return []
    shares = (now - since) / (now - began)
    every = (store.opened_between(transaction, first, 2**62),
             store.opened_between(transaction, start, first))  # fmt: skip
    found = []
    for number, kind, count in store.frequent_keys(transaction, first, KINDS, LEAST, MOST_KEYS):
        before = store.count_with(transaction, number, start, first)
        rates = times_usual(count, before, shares, every)
        if rates is not None:
            usual = before * shares / (1 - shares)
            found.append(Surge(_named(transaction, number, kind), count, hours, usual, *rates))
    return sorted(found, key=lambda one: (-one.low, one.key.value))


def times_usual(
    count: int, before: int, shares: float, every: tuple[int, int]
) -> tuple[float | None, float] | None:
    """How many times the usual rate there is, and the low end of its interval; None where that is
    no surge. ``count`` came in the ``shares`` of the time that is looked at, ``before`` in the
    rest; ``every`` are both of all there is."""
    seen = proportion(count, count + before, LEVEL)
    others = (every[0] - count + 1) / (sum(every) - count - before + 2)
    usual = shares / (1 - shares)
    low = seen.low / (1 - seen.low) / usual if seen.low < 1 else float("inf")
    if low < TIMES or seen.low <= others:
        return None
    return (count / before / usual if before else None), low


def _named(transaction: Transaction, number: int, kind: str) -> Key:
    for case_id in case_keys.with_key(transaction, number, 3):
        for one in sharing.of_findings(sealed.of_case(transaction, case_id)):
            if one.number == number:
                return one
    return Key(kind, "")
