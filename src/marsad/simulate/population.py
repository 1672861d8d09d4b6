"""Who is there at the start: groups, languages, habits, communities."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from marsad.simulate.activity import DAY, stratified_rates
from marsad.simulate.draws import Ints, Mask, Rows, new_seeds
from marsad.simulate.knobs import Knobs, Shares
from marsad.simulate.vocabulary import LANGUAGES, TOPICS
from marsad.simulate.window import NEVER, Window


class Group(IntEnum):
    """What an account is, in truth."""

    ORDINARY = 0
    SUPPORTER = 1
    CORE = 2
    COUNTER_SPEAKER = 3
    NEWSROOM = 4
    WIRE_BOT = 5
    APP_USER = 6
    STAR = 7
    FAN = 8
    CAMPAIGNER = 9


class Origin(IntEnum):
    """How an account came to its actor."""

    ORIGINAL = 0
    RETURN = 1
    BACKUP = 2
    TAKEOVER = 3


class State(IntEnum):
    """What a look at an account finds."""

    ALIVE = 0
    SUSPENDED = 1
    DEACTIVATED = 2
    UNKNOWN = 3


VIOLATING = (Group.SUPPORTER, Group.CORE)
COORDINATED = (Group.CORE, Group.CAMPAIGNER)

CLIENTS = (
    "Android App",
    "iPhone App",
    "Web App",
    "Tablet App",
    "Scheduler",
    "Daily Wishes",
    "Wire Relay",
)
APP_CLIENT, WIRE_CLIENT = CLIENTS.index("Daily Wishes"), CLIENTS.index("Wire Relay")
_CLIENT_WEIGHTS = [0.42, 0.30, 0.20, 0.05, 0.03]

ACCOUNT = np.dtype(
    [
        ("group", "i1"),  # Group
        ("origin", "i1"),  # Origin
        ("state", "i1"),  # State after `ended`
        ("language", "i1"),  # index into LANGUAGES
        ("topic_a", "i1"),  # favourite and second topic, indices into TOPICS
        ("topic_b", "i1"),
        ("client", "i1"),  # index into CLIENTS
        ("community", "i4"),  # number over all communities, -1 for none
        ("actor", "i4"),  # who is behind it
        ("parent", "i4"),  # row of the account it follows upon, -1 for none
        ("handle", "i4"),  # number of the handle among the originals, -1 for a changed one
        ("shift", "i4"),  # seconds from UTC to the account's own midnight
        ("created", "i8"),  # seconds since 1970
        ("ended", "i8"),  # suspended or deactivated then, or NEVER
        ("taken", "i8"),  # taken over from its owner then, or NEVER
        ("rate", "f8"),  # posts a day at volume 1
        ("visibility", "f4"),  # how easily every route finds it, standard normal
        ("face", "u8"),  # seed of name and avatar
        ("bio", "u8"),  # seed of the bio
    ]
)

_TIME_ZONES = {"ar": 3, "en": 0, "fr": 1, "tr": 3, "fa": 3.5}
_FANS_OF_A_STAR = 50
_USERS_OF_AN_APP = 400
_BOTS_OF_AN_AGENCY = 10


def is_violating(groups: Ints) -> Mask:
    """Which of the group codes are those of violating accounts."""
    return np.isin(groups, VIOLATING)


def group_sizes(accounts: int, knobs: Knobs) -> dict[Group, int]:
    """How many accounts each group has; what is left over is ordinary."""
    wanted = {
        Group.SUPPORTER: knobs.supporters,
        Group.CORE: knobs.core,
        Group.COUNTER_SPEAKER: knobs.counter_speakers,
        Group.NEWSROOM: knobs.newsrooms,
        Group.WIRE_BOT: knobs.wire_bots,
        Group.APP_USER: knobs.app_users,
        Group.FAN: knobs.fans,
        Group.CAMPAIGNER: knobs.campaigners,
    }
    # At least four of each group that is wanted at all: fewer could not act together.
    sizes = {group: max(4, round(part * accounts)) for group, part in wanted.items() if part > 0}
    if Group.FAN in sizes:
        sizes[Group.STAR] = max(1, round(sizes[Group.FAN] / _FANS_OF_A_STAR))
    sizes[Group.ORDINARY] = accounts - sum(sizes.values())
    return sizes


def initial_accounts(count: int, window: Window, knobs: Knobs, rng: np.random.Generator) -> Rows:
    """``count`` rows of ACCOUNT, nobody suspended yet."""
    rows = np.zeros(count, ACCOUNT)
    sizes = group_sizes(count, knobs)
    rows["group"] = np.repeat([int(group) for group in sizes], list(sizes.values()))
    rows["community"], rows["parent"] = -1, -1
    rows["ended"], rows["taken"] = NEVER, NEVER
    rows["actor"] = np.arange(count)
    rows["handle"] = rng.permutation(count)
    rows["face"], rows["bio"] = new_seeds(rng, count), new_seeds(rng, count)
    rows["visibility"] = rng.standard_normal(count)
    _give_languages(rows, knobs, rng)
    _form_communities(rows, knobs)
    _give_habits(rows, knobs.ceiling, rng)
    rows["created"] = _creation(rows, window, knobs, rng)
    return rows


def _give_languages(rows: Rows, knobs: Knobs, rng: np.random.Generator) -> None:
    """A language for each account; quoting and app accounts need one with markers and lines."""
    rows["language"] = _languages(knobs.languages, len(rows), rng)
    bound = ~np.isin(rows["group"], (Group.ORDINARY, Group.FAN, Group.STAR))
    rows["language"][bound] = _languages(knobs.violating_languages, int(bound.sum()), rng)


def _languages(shares: Shares, count: int, rng: np.random.Generator) -> Ints:
    codes = [LANGUAGES.index(code) for code, _ in shares]
    weights = np.array([share for _, share in shares])
    return rng.choice(codes, count, p=weights / weights.sum())


def _form_communities(rows: Rows, knobs: Knobs) -> None:
    """Groups that act together or share a source, cut into communities of one language each."""
    sizes = {
        Group.CORE: knobs.community_size,
        Group.CAMPAIGNER: knobs.community_size,
        Group.WIRE_BOT: _BOTS_OF_AN_AGENCY,
        Group.APP_USER: _USERS_OF_AN_APP,
    }
    first = 0
    for group, size in sizes.items():
        members = np.flatnonzero(rows["group"] == group)
        first += _cut(rows, members, max(1, round(len(members) / size)), first)
    stars = np.flatnonzero(rows["group"] == Group.STAR)
    rows["community"][stars] = first + np.arange(len(stars))
    _cut(rows, np.flatnonzero(rows["group"] == Group.FAN), len(stars), first)
    _share_language(rows)


def _cut(rows: Rows, members: Ints, parts: int, first: int) -> int:
    """Number the members' communities from ``first``; returns how many there are."""
    if not len(members):
        return 0
    rows["community"][members] = first + np.arange(len(members)) % parts
    return parts


def _share_language(rows: Rows) -> None:
    """Everybody in a community takes the language of its first member."""
    inside = np.flatnonzero(rows["community"] >= 0)
    _, first, which = np.unique(rows["community"][inside], return_index=True, return_inverse=True)
    rows["language"][inside] = rows["language"][inside][first][which]


def _give_habits(rows: Rows, ceiling: float, rng: np.random.Generator) -> None:
    """Rates, topics, hours and clients."""
    violating = is_violating(rows["group"])
    for camp in (violating, ~violating):
        rows["rate"][camp] = np.minimum(stratified_rates(rng, int(camp.sum())), ceiling)
    # A wire bot posts the wire's lines and nothing else.
    rows["rate"][rows["group"] == Group.WIRE_BOT] = 0
    rows["topic_a"] = rng.integers(0, len(TOPICS), len(rows))
    rows["topic_b"] = rng.integers(0, len(TOPICS), len(rows))
    zones = np.array([_TIME_ZONES[code] for code in LANGUAGES])[rows["language"]]
    rows["shift"] = (zones + rng.normal(0, 1.5, len(rows))) * 3600
    rows["client"] = rng.choice(len(_CLIENT_WEIGHTS), len(rows), p=_CLIENT_WEIGHTS)


def _creation(rows: Rows, window: Window, knobs: Knobs, rng: np.random.Generator) -> Ints:
    """Ages are log-normal, violating accounts younger; a few are created within the window."""
    median = np.where(is_violating(rows["group"]), 150.0, 700.0)
    oldest = 4_500 * rng.uniform(0.8, 1.0, len(rows))
    age = np.clip(median * np.exp(rng.normal(0, 1.0, len(rows))), 0.5, oldest)
    created = window.start - (age * DAY).astype(np.int64)
    new = (rng.random(len(rows)) < knobs.newcomers) & np.isin(
        rows["group"], (Group.ORDINARY, Group.SUPPORTER)
    )
    created[new] = rng.integers(window.start, window.stop, int(new.sum()))
    return np.asarray(created, dtype=np.int64)
