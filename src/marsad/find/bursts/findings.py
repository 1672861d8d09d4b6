"""Findings of surfacing: one for the burst, and one for each account where few are there by chance.

None opens a case: to surface in a burst is no violation, and many who do have every reason to.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from marsad.find.bursts.counts import shown
from marsad.find.bursts.exhibits import Surfaced
from marsad.find.bursts.lift import limits
from marsad.find.bursts.surges import Burst
from marsad.find.bursts.testing import Surfacing
from marsad.find.signal import Found
from marsad.records.ids import key
from marsad.records.message import Message
from marsad.records.times import DAY, to_datetime

SHOWN_ACCOUNTS = 200
SHOWN_POSTS = 8


def findings(
    burst: Burst, tests: Sequence[Surfacing], accounts: Sequence[Surfaced], posts: int, rate: float
) -> Iterator[Found]:
    """Of a burst with discoveries ``tests``: its own finding, and those of its accounts.

    An account is named only by a test whose lift says that at most ``rate`` of the accounts it
    counts would have been there by chance.
    """
    best = min(tests, key=lambda one: (one.p, one.times))
    yield _of_burst(burst, best, accounts)
    clear = [one for one in tests if 1 / one.table.lift <= rate]
    for account in accounts:
        reached = [one for one in clear if one.times <= account.inside]
        if reached:
            strictest = max(reached, key=lambda one: one.times)
            yield _of_account(burst, strictest, account, posts)


def burst_id(burst: Burst) -> str:
    """The name of a burst: its object and when it began."""
    name = "\n".join((burst.platform, burst.kind, burst.object, str(burst.start)))
    return f"burst:{key(name) % 2**64:016x}"


def _of_burst(burst: Burst, test: Surfacing, accounts: Sequence[Surfaced]) -> Found:
    name = burst_id(burst)
    among = [one.account for one in accounts if one.inside >= test.times]
    evidence = {**_shown(burst), **_lift(test), "surfaced": among[:SHOWN_ACCOUNTS]}
    dated = sum(one.inside >= test.times and one.created is not None for one in accounts)
    values = {**_values(burst, test), **_compared(test), "dated": dated}
    return Found(
        "community", name, key(name), None, _score(test),
        Message(f"bursts.burst.{burst.compared}", values), [evidence], "surfacing",
        community=name, opens_case=False,
    )  # fmt: skip


def _of_account(burst: Burst, test: Surfacing, account: Surfaced, posts: int) -> Found:
    name = burst_id(burst)
    values = {**_values(burst, test), "inside": account.inside, "posts": posts}
    first = [{"post": post, "at": at} for post, at in account.posts[:SHOWN_POSTS]]
    evidence = {**_shown(burst), **_lift(test), "burst": name, "posts": first}
    evidence["created"] = account.created
    dating = "undated" if account.created is None else "dated"
    if account.created is not None:
        values["created"] = to_datetime(account.created).strftime("%Y-%m-%d")
    return Found(
        "account", account.account, account.key, account.account, _score(test),
        Message(f"bursts.account.{dating}", values), [evidence], name,
        community=name, opens_case=False,
    )  # fmt: skip


def _shown(burst: Burst) -> dict[str, Any]:
    return {
        "kind": "burst",
        "object_kind": burst.kind,
        "object": burst.object,
        "since": burst.start,
        "until": burst.stop,
        "peak": burst.peak,
        "accounts": burst.accounts,
        "expected": _rounded(burst.expected),
        "usual": _rounded(burst.usual),
        "compared": burst.compared,
        "p": burst.p,
        "q": burst.q,
    }


def _lift(test: Surfacing) -> dict[str, Any]:
    """The test of surfacing as evidence; ``high`` is null where the data set no upper limit."""
    table, interval = test.table, limits(test.table)
    return {
        "lift": {
            "value": _rounded(table.lift),
            "low": _rounded(interval.low),
            "high": None if interval.high is None else _rounded(interval.high),
            "level": interval.level,
            "times": test.times,
            "silence": test.silence,
            "new_inside": table.new_inside,
            "new_outside": table.new_outside,
            "known_inside": table.known_inside,
            "known_outside": table.known_outside,
            "expected": _rounded(table.expected),
            "p": test.p,
            "q": test.q,
        }
    }


def _values(burst: Burst, test: Surfacing) -> dict[str, Any]:
    interval = limits(test.table)
    return {
        "object": shown(burst.kind, burst.object),
        "since": _minute(burst.start),
        "until": _minute(burst.stop),
        "accounts": burst.accounts,
        "usual": _rounded(burst.usual),
        "count": test.table.new_inside,
        "times": test.times,
        # nobody thinks in fractions of an account, and "at most" stays true of more
        "expected": math.ceil(_rounded(test.table.expected)),
        "lift": _rounded(test.table.lift),
        "low": _rounded(interval.low),
        "high": "∞" if interval.high is None else _rounded(interval.high),
    }


def _compared(test: Surfacing) -> dict[str, Any]:
    """The counts that the expected number of new accounts follows from."""
    table = test.table
    return {
        "elsewhere": table.new_outside,
        "known": table.known_inside,
        "others": table.known_outside,
        "silence": test.silence / DAY,
    }


def _score(test: Surfacing) -> float:
    """Of the accounts that surfaced the fraction that chance does not bring."""
    return max(0.0, 1 - 1 / test.table.lift)


def _rounded(number: float) -> float:
    """Two figures: more would promise more than is known."""
    return float(f"{number:.2g}")


def _minute(at: int) -> str:
    return to_datetime(at).strftime("%Y-%m-%d %H:%M")
