"""Posts as rows of numbers: who, when, and from what its text is made. Text comes at writing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from marsad.simulate.addresses import NO_ADDRESS, Addresses, addresses
from marsad.simulate.draws import Ints, Mask, Rows
from marsad.simulate.marker_texts import MarkerTexts, marker_texts
from marsad.simulate.markers import Surfaces, surfaces
from marsad.simulate.tags import NO_TAG, Tags, tags


class Kind(IntEnum):
    """What a post says, in truth."""

    ORDINARY = 0
    MARKER = 1
    MARKER_EVASION = 2
    MARKER_LINK = 3
    NEAR_COPY = 4
    COUNTER_SPEECH = 5
    NEWS = 6
    HOMONYM = 7
    HEADLINE = 8
    WISH = 9
    ANNOUNCEMENT = 10
    BACKUP_NOTICE = 11
    EXCLAMATION = 12
    CALL = 13
    CORRECTION = 14


class Activity(IntEnum):
    """How a post came about, in truth."""

    OWN = 0
    JOINT_ACTION = 1
    APP = 2
    WIRE = 3
    STAR = 4
    FAN = 5
    BURST = 6
    LINEAGE = 7
    FOOTBALL = 8
    TELEVISION = 9
    ELECTION = 10
    RUMOUR = 11
    FACT_CHECK = 12
    ACTIVISM = 13


class Wants(IntEnum):
    """Whether a post refers to another one."""

    NOTHING = 0
    REPOST = 1
    REPLY = 2


VIOLATING_KINDS = (Kind.MARKER, Kind.MARKER_EVASION, Kind.MARKER_LINK, Kind.NEAR_COPY)
QUOTING_KINDS = (
    Kind.MARKER,
    Kind.MARKER_EVASION,
    Kind.COUNTER_SPEECH,
    Kind.NEWS,
    Kind.HOMONYM,
)
"""Kinds whose text has a marker surface."""
CIRCLE = -2
"""The room of violating posts and announcements; other rooms are language codes."""

DECORATIONS = 12
"""In how many ways a copied text may end."""
# Keys name planned originals, so that planned reposts can find them: number * KEYS + source.
KEYS = 8
ACTION_KEY, STAR_KEY, BROADCAST_KEY, RUMOUR_KEY, APPEAL_KEY = range(5)
LINES = {
    Kind.WISH: "wishes",
    Kind.EXCLAMATION: "exclamations",
    Kind.CALL: "calls",
    Kind.CORRECTION: "corrections",
}
"""Kinds whose text is one line of a list: of that section, the line of their ``variant``."""

# What a text is made of. A repost has its original's, and so the same text.
CONTENT = [
    ("kind", "i1"),
    ("language", "i1"),
    ("topic", "i1"),
    ("seed", "u8"),
    ("style", "u2"),  # way of writing, 0 for none of one's own
    ("surface", "i4"),  # number of the marker surface, -1 for none
    ("variant", "i4"),  # near copy, line of a list, or decoration of a joint text; -1 for none
    ("tag", "i4"),
    ("address", "i8"),
    ("mention", "i4"),  # account mentioned first, -1 for none
]
CONTENT_FIELDS = [name for name, _ in CONTENT]
POST = np.dtype(
    [
        *CONTENT,
        ("time", "i8"),
        ("account", "i4"),
        ("client", "i1"),
        ("activity", "i1"),
        ("event", "i4"),  # joint action, -1 for none
        ("wants", "i1"),
        ("room", "i1"),  # where to look for the post it refers to
        ("key", "i8"),  # name of a planned original, -1 for none
        ("target", "i8"),  # key of the planned original it reposts or answers, -1 for none
        ("number", "i8"),
        ("repost_of", "i8"),  # number of the reposted original, -1 for none
        ("repost_account", "i4"),
        ("reply_to", "i8"),
        ("reply_account", "i4"),
    ]
)
_ABSENT = {
    "surface": -1,
    "variant": -1,
    "tag": NO_TAG,
    "address": NO_ADDRESS,
    "mention": -1,
    "event": -1,
    "key": -1,
    "target": -1,
    "number": -1,
    "repost_of": -1,
    "repost_account": -1,
    "reply_to": -1,
    "reply_account": -1,
}


@dataclass(frozen=True)
class Material:
    """Everything that post rows point into by number."""

    surfaces: Surfaces
    texts: MarkerTexts
    addresses: Addresses
    tags: Tags


def material(
    seed: int, burst_languages: list[str], communities: int, occasions: list[tuple[str, str]]
) -> Material:
    """The material of one simulation."""
    known = tags(burst_languages, communities, occasions)
    return Material(surfaces(seed), marker_texts(seed), addresses(), known)


def new_posts(count: int) -> Rows:
    """``count`` rows of POST with nothing in them."""
    rows = np.zeros(count, POST)
    for name, value in _ABSENT.items():
        rows[name] = value
    return rows


def violates(rows: Rows) -> Mask:
    """Which posts violate the demonstration's policy, by what they say."""
    return np.isin(rows["kind"], VIOLATING_KINDS)


def rooms(rows: Rows) -> Ints:
    """Where a post is read: among its language, or in the circle of violating accounts."""
    inside = violates(rows) | np.isin(rows["kind"], (Kind.ANNOUNCEMENT, Kind.BACKUP_NOTICE))
    return np.where(inside, CIRCLE, rows["language"])


def copy_content(rows: Rows, into: Mask | Ints, originals: Rows) -> None:
    """Give reposts the content of their originals."""
    for name in CONTENT_FIELDS:
        rows[name][into] = originals[name]
