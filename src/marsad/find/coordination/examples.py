"""What `coordination` and `automation` must find, and what they must leave alone."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from marsad.find.signal import Example
from marsad.records.ids import key
from marsad.records.times import DAY, HOUR, MINUTE, SECOND

START = 1_433_116_800_000_000
DAYS = 20
LINKS = 60

Row = Mapping[str, Any]


def _everyday(seed: int = 1, accounts: int = 60, shares: int = 20) -> list[Row]:
    """Accounts that share links of their own choice at times of their own choice."""
    draw = random.Random(seed)
    return [
        _post(f"everyday-{one}", f"https://news.example/{draw.randrange(LINKS)}", _any_time(draw))
        for one in range(accounts)
        for _ in range(shares)
    ]


def _together(
    names: Sequence[str], host: str = "notes{n}.example", seed: int = 2, **more: Any
) -> list[Row]:
    """Accounts that share fifteen links within seconds of one another."""
    draw = random.Random(seed)
    rows = []
    for number in range(15):
        at = _any_time(draw)
        link = f"https://{host.format(n=number)}/{number}"
        rows += [_post(name, link, at + draw.randrange(20) * SECOND, **more) for name in names]
    return rows


def _by_the_clock(names: Sequence[str]) -> list[Row]:
    """Accounts for which something posts at three times of five days, later by a minute a day."""
    draw = random.Random(4)
    return [
        _post(
            name,
            f"https://verses{day}-{hour}.example/",
            START + day * (DAY + MINUTE) + hour * HOUR + draw.randrange(20) * SECOND,
        )
        for day in range(5)
        for hour in (4, 11, 17)
        for name in names
    ]


def _own_links(names: Sequence[str]) -> list[Row]:
    """Five links each that nobody else shares."""
    draw = random.Random(5)
    return [
        _post(name, f"https://{name}.example/{number}", _any_time(draw))
        for name in names
        for number in range(5)
    ]


def _goals() -> list[Row]:
    """Thirty of two hundred viewers share each goal of a match in the same seconds."""
    return [
        _post(f"viewer-{one}", f"https://match.example/{goal}", START + goal * DAY + 11 * SECOND)
        for goal in range(12)
        for one in random.Random(goal).sample(range(200), 30)
    ]


def _one_hour() -> list[Row]:
    """Thirty accounts that are awake in the same hour, each at its own time in it."""
    draw = random.Random(3)
    return [
        _post(
            f"early-{one}",
            f"https://news.example/{link}",
            START + link * DAY + 5 * HOUR + draw.randrange(3600) * SECOND,
        )
        for one in range(30)
        for link in range(12)
    ]


def _any_time(draw: random.Random) -> int:
    return START + draw.randrange(DAYS * DAY // SECOND) * SECOND


def _post(account: str, link: str, at: int, **more: Any) -> Row:
    return {"account": f"x:@{account}", "created_at": at, "text": "", "urls": [link], **more}


def _numbered(rows: Sequence[Row]) -> list[Row]:
    return [{"id": f"x:{number}", **row} for number, row in enumerate(rows)]


_SIX = tuple(f"together-{one}" for one in range(6))

_GROUP = _numbered([*_everyday(), *_together(_SIX)])
_APP = _numbered([*_everyday(), *_together(_SIX, client="Verses")])
_FEED = _numbered([*_everyday(), *_together(_SIX, host="wire.example")])
_CLOCK = _numbered([*_everyday(), *_by_the_clock(_SIX), *_own_links(_SIX)])
_CLOCK_ALONE = _numbered([*_everyday(), *_by_the_clock(_SIX)])
_APP_AND_MORE = _numbered(
    [
        *_everyday(),
        *_together(_SIX, client="Verses"),
        *_own_links(_SIX),
        *_together(_SIX, seed=6)[:24],
    ]
)
_WATCHING = _numbered([*_everyday(), *_goals()])
_ONE_HOUR = _numbered(_one_hour())


def _community(names: Sequence[str]) -> frozenset[str]:
    members = "\n".join(sorted(f"x:@{name}" for name in names))
    return frozenset({f"community:{key(members):016x}", *(f"x:@{name}" for name in names)})


TOGETHER = (
    Example(
        "Six accounts share fifteen links within seconds of one another.",
        _GROUP,
        _community(_SIX),
    ),
    Example("Everybody shares what and when they like.", _numbered(_everyday()), frozenset()),
    Example("The same six with one app that posts for them: automation.", _APP, frozenset()),
    Example(
        "The same six with an app of their own, who share four other links together.",
        _APP_AND_MORE,
        _community(_SIX),
    ),
    Example(
        "Six accounts that post at the same minutes of each day and do nothing else.",
        _CLOCK_ALONE,
        _community(_SIX),
    ),
    Example(
        "The same six, who post other things of their own at other times: automation.",
        _CLOCK,
        frozenset(),
    ),
    Example(
        "Viewers of a match share each goal in the same seconds, others every time.",
        _WATCHING,
        frozenset(),
    ),
    Example("Thirty accounts that are all awake in the same hour.", _ONE_HOUR, frozenset()),
)

APP = (
    Example(
        "An app that posts the same in the same seconds for all who use it.",
        _APP,
        _community(_SIX),
    ),
    Example("Accounts that pass on one feed.", _FEED, _community(_SIX)),
    Example(
        "Something that posts for six people at the same minutes of each day.",
        _CLOCK,
        _community(_SIX),
    ),
    Example("Six accounts without a common source are another signal's.", _GROUP, frozenset()),
)
