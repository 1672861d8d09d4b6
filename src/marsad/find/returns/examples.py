"""What `returns` must find, and what it must leave alone."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from marsad.banks import Bank, Entry
from marsad.find.signal import Example
from marsad.records.times import DAY, HOUR

START = 1_433_116_800_000_000
GONE = "2015-06-20"
"""Nineteen days after `START`."""

Row = Mapping[str, Any]

_STRANGERS = """
    amber_mill copperfield dawnwatcher elmstreet foxglove_ harbor.light ironbridge junipertea
    kettle_black larkspur9 mapleleaf noonbell oak_barrel pebblebeach quarterdeck rainpost
    saltmarsh tinroof underhill vinegarden wheatfields yarn_ball zinc_spoon brassdoor
"""
_WORDS = """
    morning market bread river window story paper garden winter train letter music evening
    kitchen bridge yellow school corner summer table village old new long small walk read cook
    write sing wait open close carry find keep
"""


def _posts(
    name: str, days: range, seed: int, tags: Sequence[str] = (), links: str = "", **more: Any
) -> list[Row]:
    """A post a day, with words and hours of one's own, and now and then a tag or a link."""
    draw = random.Random(seed)
    mine, hour = draw.sample(_WORDS.split(), 12), draw.randrange(24)
    rows: list[Row] = []
    for day in days:
        tag = draw.choice(tags) if tags and draw.random() < 0.7 else ""
        said = " ".join(draw.choices(mine, k=9)) + (f" #{tag}" if tag else "")
        rows.append({
            "account": f"x:@{name}", "text": said, "hashtags": [tag] if tag else [],
            "created_at": START + day * DAY + (hour + draw.randrange(3)) % 24 * HOUR,
            "urls": [f"https://{links}/{day % 4}"] if links else [], **more,
        })  # fmt: skip
    return rows


def _everyday() -> list[Row]:
    return [
        row
        for number, name in enumerate(_STRANGERS.split())
        for row in _posts(
            name, range(40), 100 + number, _WORDS.split()[number % 9 : number % 9 + 4]
        )
    ]


def _gone() -> list[Row]:
    return _posts("quietlantern", range(18), 1, ("quartzfair", "lanternday"), "lantern.example")


def _numbered(rows: Sequence[Row]) -> list[Row]:
    return [{"id": f"x:{number}", **row} for number, row in enumerate(rows)]


def _bank(*entries: Entry) -> tuple[Bank, ...]:
    return (Bank("gone", "accounts", entries),)


_LIST = _bank(Entry("x:@quietlantern", options={"since": GONE, "basis": "final decision"}))

_BACK = _posts("quiet_lantern2", range(21, 40), 1, ("quartzfair", "lanternday"), "lantern.example")
_TOLD = {**_BACK[0], "text": "I am back, my old account was @quietlantern",
         "mentions": ["x:@quietlantern"]}  # fmt: skip
_RETURN = [*_everyday(), *_gone(), _TOLD, *_BACK[1:]]
_BACKUP = [
    *_everyday(),
    *_gone(),
    *_posts("quietlantern_backup", range(5, 6), 1, ("quartzfair",), "lantern.example"),
    *_posts("quietlantern_backup", range(20, 40), 1, ("quartzfair",), "lantern.example"),
]
_STRANGER = [*_everyday(), *_gone(), *_posts("quietlantern77", range(40), 55, ("breadday",))]
_OTHER = _bank(
    Entry("x:@quietlantern", options={"since": GONE}, withdrawn="2015-07-01"),
    Entry("x:@amber_mill", options={"since": GONE}),
)

CAME_BACK = (
    Example(
        "A new account with nearly the handle, the tags and the pages, that says so itself.",
        _numbered(_RETURN),
        frozenset({"x:@quiet_lantern2"}),
        _LIST,
    ),
    Example(
        "An account that was kept in reserve and speaks up when the first is gone.",
        _numbered(_BACKUP),
        frozenset({"x:@quietlantern_backup"}),
        _LIST,
    ),
    Example(
        "Somebody else with nearly the handle, who was there all the time.",
        _numbered(_STRANGER),
        frozenset(),
        _LIST,
    ),
    Example(
        "The same return, but the decision was withdrawn: nothing rests on it any more.",
        _numbered(_RETURN),
        frozenset(),
        _OTHER,
    ),
)
