"""What `bursts` must find, and what it must leave alone."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from marsad.find.bursts.surges import Burst
from marsad.find.signal import Example
from marsad.records.times import DAY, HOUR, SECOND

START = 1_433_116_800_000_000
DAYS = 9
BEGINS = START + 6 * DAY + 12 * HOUR
TAG = "marker_festival"
OF_A_DAY = {"lead": 4}

Row = Mapping[str, Any]


def _everyday(seed: int = 1, accounts: int = 220, posts: int = 14) -> list[Row]:
    """Accounts that post when they like, on hashtags of their own choice; one in ten comes late."""
    draw = random.Random(seed)
    rows = []
    for one in range(accounts):
        since = draw.randrange(DAYS) * DAY if one % 10 == 0 else 0
        for _ in range(posts):
            at = START + since + draw.randrange((DAYS * DAY - since) // SECOND) * SECOND
            tag = f"everyday_{int(40 * draw.random() ** 2)}"
            rows.append(_post(f"everyday-{one}", tag, at))
    return rows


def _weekly(seed: int = 2) -> list[Row]:
    """The festival's hashtag has a past: a few accounts use it every day."""
    draw = random.Random(seed)
    return [
        _post(f"everyday-{1 + one * 3}", TAG, START + day * DAY + draw.randrange(24) * HOUR)
        for day in range(DAYS)
        for one in draw.sample(range(60), 3)
    ]


def _joined(seed: int = 3, accounts: int = 24) -> list[Row]:
    """Accounts that have been there all along turn to the hashtag in one hour."""
    draw = random.Random(seed)
    names = draw.sample([one for one in range(220) if one % 10], accounts)
    return [_post(f"everyday-{one}", TAG, _in_the_hour(draw)) for one in names]


def _surfaced(seed: int = 4, accounts: int = 16) -> list[Row]:
    """Accounts whose first three posts are on the hashtag, in that hour."""
    draw = random.Random(seed)
    rows = []
    for one in range(accounts):
        at = _in_the_hour(draw)
        rows += [_post(f"fresh-{one}", TAG, at + n * 60 * SECOND) for n in range(3)]
        rows += [_post(f"fresh-{one}", f"everyday_{n}", at + (n + 1) * DAY // 2) for n in range(3)]
    return rows


def _loud() -> list[Row]:
    """One account that posts the hashtag a hundred times in the hour."""
    return [_post("everyday-1", TAG, BEGINS + n * 30 * SECOND) for n in range(100)]


def _in_the_hour(draw: random.Random) -> int:
    return BEGINS + draw.randrange(50 * 60) * SECOND


def _post(account: str, tag: str, at: int) -> Row:
    return {"account": f"x:@{account}", "created_at": at, "text": "", "hashtags": [tag]}


def _numbered(rows: Sequence[Row]) -> list[Row]:
    return [{"id": f"x:{number}", **row} for number, row in enumerate(rows)]


_BACKGROUND = [*_everyday(), *_weekly()]


def _burst() -> str:
    from marsad.find.bursts.findings import burst_id

    return burst_id(
        Burst("x", "hashtag", TAG, BEGINS, BEGINS + HOUR, BEGINS, 0, 0.0, 0.0, "past", 0.0, 0.0)
    )


SURFACING = (
    Example(
        "Sixteen accounts surface in the hour in which a hashtag surges.",
        _numbered([*_BACKGROUND, *_joined(), *_surfaced()]),
        frozenset({_burst(), *(f"x:@fresh-{one}" for one in range(16))}),
        parameters=OF_A_DAY,
    ),
    Example(
        "The same hashtag surges among accounts that have been there all along.",
        _numbered([*_BACKGROUND, *_joined()]),
        frozenset(),
        parameters=OF_A_DAY,
    ),
    Example(
        "One account posts it a hundred times in an hour.",
        _numbered([*_BACKGROUND, *_loud()]),
        frozenset(),
        parameters=OF_A_DAY,
    ),
    Example(
        "Everybody posts what and when they like.",
        _numbered(_everyday()),
        frozenset(),
        parameters=OF_A_DAY,
    ),
)
