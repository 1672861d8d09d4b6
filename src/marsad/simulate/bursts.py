"""Hashtags that surge for some hours, and who attaches to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.content import write_own, write_violating
from marsad.simulate.draws import Ints, Rows, weighted
from marsad.simulate.knobs import Knobs
from marsad.simulate.members import alive
from marsad.simulate.population import Group, Origin, is_violating
from marsad.simulate.posts import Activity, Material, new_posts
from marsad.simulate.vocabulary import LANGUAGES
from marsad.simulate.window import Window

BURST = np.dtype([("number", "i4"), ("start", "i8"), ("language", "i1"), ("topic", "i1")])

_DECAY = 2 * 3600.0
_LENGTH = 8 * 3600.0
_FRESH = 7 * DAY
DEBUT = 1_800
"""Seconds in which an account that surfaces in a burst writes its first posts."""


@dataclass(frozen=True)
class Crowd:
    """Who can take part in bursts: accounts and the voices that are theirs, one each."""

    accounts: Rows
    voices: Rows


def plan_bursts(window: Window, knobs: Knobs, rng: np.random.Generator) -> Rows:
    """The bursts of a window, rows of BURST in order of time."""
    count = int(rng.poisson(knobs.bursts * window.days))
    count = max(count, 1) if knobs.bursts > 0 else 0
    rows = np.zeros(count, BURST)
    rows["number"] = np.arange(count)
    rows["start"] = np.sort(rng.integers(window.start, window.stop, count))
    weights = np.array([dict(knobs.languages).get(code, 0.0) for code in LANGUAGES])
    rows["language"] = weighted(rng, weights, count)
    rows["topic"] = rng.integers(0, 8, count)
    return rows


def burst_posts(
    bursts: Rows, crowd: Crowd, knobs: Knobs, material: Material, rng: np.random.Generator
) -> Rows:
    """The posts of all participants in bursts, and of those who surface in them."""
    parts = [
        posts
        for burst in bursts
        for posts in (
            _one_burst(burst, crowd, knobs, material, rng),
            _debuts(burst, crowd, knobs, material, rng),
        )
    ]
    return np.concatenate(parts) if parts else new_posts(0)


def _one_burst(
    burst: np.void, crowd: Crowd, knobs: Knobs, material: Material, rng: np.random.Generator
) -> Rows:
    people = _participants(burst, crowd, knobs, rng)
    own = crowd.voices[people]
    posts = new_posts(len(people))
    posts["account"] = own["account"]
    after = np.minimum(rng.exponential(_DECAY, len(people)), _LENGTH)
    posts["time"] = burst["start"] + after.astype(np.int64)
    posts["client"], posts["activity"] = own["client"], Activity.BURST
    write_own(posts, own, knobs, material, rng)
    posts["topic"] = burst["topic"]
    _hijack(posts, own, knobs, material, rng)
    posts["tag"] = material.tags.first_burst + burst["number"]
    return posts


def _debuts(
    burst: np.void, crowd: Crowd, knobs: Knobs, material: Material, rng: np.random.Generator
) -> Rows:
    """The first posts of the accounts that surface in a burst: one to three within half an hour."""
    accounts, voices = crowd.accounts, crowd.voices
    here = accounts["burst"][voices["account"]] == burst["number"]
    own = voices[here & (voices["start"] == accounts["debut"][voices["account"]])]
    own = own[np.repeat(np.arange(len(own)), rng.integers(1, 4, len(own)))]
    posts = new_posts(len(own))
    posts["account"], posts["client"] = own["account"], own["client"]
    posts["time"] = accounts["debut"][own["account"]] - rng.integers(1, DEBUT, len(own))
    posts["activity"] = Activity.BURST
    write_own(posts, own, knobs, material, rng)
    posts["topic"] = burst["topic"]
    _hijack(posts, own, knobs, material, rng)
    posts["tag"] = material.tags.first_burst + burst["number"]
    return posts


def _participants(burst: np.void, crowd: Crowd, knobs: Knobs, rng: np.random.Generator) -> Ints:
    """People of its language, and violating accounts that have come back within the week."""
    voices, rows = crowd.voices, crowd.accounts[crowd.voices["account"]]
    speaks = (voices["language"] == burst["language"]) & (voices["group"] != Group.WIRE_BOT)
    joins = speaks & (rng.random(len(voices)) < knobs.burst_size)
    back = np.isin(rows["origin"], (Origin.RETURN, Origin.TAKEOVER))
    began = np.maximum(voices["start"], rows["created"])
    fresh = back & (began <= burst["start"]) & (burst["start"] < began + _FRESH)
    joins |= fresh & (rng.random(len(voices)) < knobs.attached)
    joins &= (voices["start"] <= burst["start"]) & (burst["start"] < voices["stop"])
    people = np.flatnonzero(joins)
    return people[alive(crowd.accounts, voices["account"][people], burst["start"])]


def _hijack(
    posts: Rows, own: Rows, knobs: Knobs, material: Material, rng: np.random.Generator
) -> None:
    """Violating accounts bring their own message into the hashtag, most of the time."""
    mask = is_violating(own["group"]) & (rng.random(len(posts)) < 0.7)
    rows = posts[mask]
    rows["address"], rows["surface"], rows["variant"] = -1, -1, -1
    write_violating(rows, knobs, material, rng)
    posts[mask] = rows
