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
    BROADCASTER = 10
    PARTY_SUPPORTER = 11
    FACT_CHECKER = 12
    ACTIVIST = 13


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
        ("handle", "i4"),  # number of the handle among the originals, SIMILAR or ANOTHER
        ("shift", "i4"),  # seconds from UTC to the account's own midnight
        ("created", "i8"),  # seconds since 1970
        ("ended", "i8"),  # suspended or deactivated then, or NEVER
        ("taken", "i8"),  # taken over from its owner then, or NEVER
        ("rate", "f8"),  # posts a day at volume 1
        ("visibility", "f4"),  # how easily every route finds it, standard normal
        ("face", "u8"),  # seed of name and avatar
        ("bio", "u8"),  # seed of the bio
        ("style", "u2"),  # way of writing, 0 for none of one's own
        ("debut", "i8"),  # posts nothing before; 0, or when it surfaces in a burst
        ("burst", "i4"),  # number of the burst it surfaces in, -1 for none
        ("paused", "i8"),  # silent from then, or NEVER
        ("woke", "i8"),  # until then
        ("renamed", "i8"),  # showed the name of `was` until then, or NEVER
        ("was", "u8"),
    ]
)

_TIME_ZONES = {"ar": 3, "en": 0, "fr": 1, "tr": 3, "fa": 3.5}
SIMILAR, ANOTHER = -1, -2
"""Handles of later accounts: like the parent's, or one that has nothing to do with it."""

_FANS_OF_A_STAR = 50
_USERS_OF_AN_APP = 400
_BOTS_OF_AN_AGENCY = 10
_CHECKERS_OF_A_DESK = 8
_ACTIVISTS_OF_A_CAUSE = 40
_PARTIES = 2
_ABROAD = 3600
"""Seconds from UTC to the midnight of those who live abroad, an hour more or less."""
STYLES = 60_000


def is_violating(groups: Ints) -> Mask:
    """Which of the group codes are those of violating accounts."""
    return np.isin(groups, VIOLATING)


_OF_ANY_LANGUAGE = (
    Group.ORDINARY,
    Group.FAN,
    Group.STAR,
    Group.BROADCASTER,
    Group.PARTY_SUPPORTER,
    Group.FACT_CHECKER,
    Group.ACTIVIST,
)


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
        Group.BROADCASTER: knobs.broadcasters,
        Group.PARTY_SUPPORTER: knobs.party_supporters,
        Group.FACT_CHECKER: knobs.fact_checkers,
        Group.ACTIVIST: knobs.activists,
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
    rows["community"], rows["parent"], rows["burst"] = -1, -1, -1
    for name in ("ended", "taken", "paused", "woke", "renamed"):
        rows[name] = NEVER
    rows["actor"] = np.arange(count)
    rows["handle"] = rng.permutation(count)
    rows["face"], rows["bio"] = new_seeds(rng, count), new_seeds(rng, count)
    rows["visibility"] = rng.standard_normal(count)
    rows["style"] = rng.integers(1, STYLES, count)
    _give_languages(rows, knobs, rng)
    _form_communities(rows, knobs)
    _give_habits(rows, knobs, rng)
    rows["created"] = _creation(rows, window, knobs, rng)
    return rows


def _give_languages(rows: Rows, knobs: Knobs, rng: np.random.Generator) -> None:
    """A language for each account; quoting and app accounts need one with markers and lines."""
    rows["language"] = _languages(knobs.languages, len(rows), rng)
    bound = ~np.isin(rows["group"], _OF_ANY_LANGUAGE)
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
        Group.FACT_CHECKER: _CHECKERS_OF_A_DESK,
        Group.ACTIVIST: _ACTIVISTS_OF_A_CAUSE,
    }
    parts = {Group.CORE: knobs.communities, Group.PARTY_SUPPORTER: _PARTIES}
    first = 0
    for group in (*sizes, Group.PARTY_SUPPORTER):
        members = np.flatnonzero(rows["group"] == group)
        fitting = max(1, round(len(members) / sizes.get(group, 1)))
        wanted = min(parts.get(group, 0) or fitting, max(len(members), 1))
        first += _cut(rows, members, wanted, first)
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
    # parties of one country
    party = rows["group"] == Group.PARTY_SUPPORTER
    rows["language"][party] = rows["language"][party][:1] if party.any() else 0


def _give_habits(rows: Rows, knobs: Knobs, rng: np.random.Generator) -> None:
    """Rates, topics, hours and clients."""
    violating = is_violating(rows["group"])
    for camp in (violating, ~violating):
        rows["rate"][camp] = np.minimum(stratified_rates(rng, int(camp.sum())), knobs.ceiling)
    rows["rate"][rows["group"] == Group.CORE] *= knobs.cover
    # A wire bot posts the wire's lines and nothing else.
    rows["rate"][rows["group"] == Group.WIRE_BOT] = 0
    rows["topic_a"] = rng.integers(0, len(TOPICS), len(rows))
    rows["topic_b"] = rng.integers(0, len(TOPICS), len(rows))
    zones = np.array([_TIME_ZONES[code] for code in LANGUAGES])[rows["language"]]
    rows["shift"] = (zones + rng.normal(0, 1.5, len(rows))) * 3600
    abroad = rows["group"] == Group.ACTIVIST
    rows["shift"][abroad] = _ABROAD + rng.normal(0, 1800, int(abroad.sum()))
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
