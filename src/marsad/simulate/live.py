"""Football and live television: the same exclamations within seconds of the same moments."""

from __future__ import annotations

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.content import write_own
from marsad.simulate.draws import Ints, Rows, new_seeds
from marsad.simulate.knobs import Knobs
from marsad.simulate.members import alive
from marsad.simulate.occasions import MOST_MOMENTS, Occasion, Public
from marsad.simulate.population import Group
from marsad.simulate.posts import (
    BROADCAST_KEY,
    KEYS,
    Activity,
    Kind,
    Material,
    Wants,
    copy_content,
    new_posts,
)

_GOALS, _MATCH = 2.8, 6_600
_TURNS, _SHOW = 6.0, 5_400
_REACTS = 0.5
"""Chance that a viewer posts at one moment."""
_EXCLAIMS, _REPOSTS = 0.6, 0.25
"""What those who react do; the others use words of their own."""
_SPORT, _MUSIC = 1, 5
_FEW_LINES = 3.0


def live_posts(
    occasion: np.void,
    public: Public,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    """A broadcaster's posts at each moment, and what viewers post and repost seconds later."""
    match = occasion["kind"] == Occasion.MATCH
    part = knobs.match_viewers if match else knobs.show_viewers
    start, language = int(occasion["start"]), int(occasion["language"])
    people = public.viewers(language, start, part, int(occasion["kind"]), rng)
    moments = _moments(start, bool(match), rng)
    reports = _reports(occasion, moments, public, material, rng)
    event = np.repeat(np.arange(len(moments)), len(people))
    who = np.tile(people, len(moments))
    reacts = rng.random(len(who)) < _REACTS
    event, who = event[reacts], who[reacts]
    own = public.voices[who]
    posts = new_posts(len(who))
    posts["account"], posts["client"] = own["account"], own["client"]
    posts["time"] = moments[event] + _delays(len(who), rng)
    write_own(posts, own, knobs, material, rng)
    posts["topic"] = _SPORT if match else _MUSIC
    does = rng.random(len(who))
    _exclaim(posts, does < _EXCLAIMS, rng)
    posts["tag"] = material.tags.first_occasion + occasion["number"]
    _repost(posts, (does >= 1 - _REPOSTS), event, reports, rng)
    every = np.concatenate([posts, reports])
    every["activity"] = Activity.FOOTBALL if match else Activity.TELEVISION
    return every


def _moments(start: int, match: bool, rng: np.random.Generator) -> Ints:
    """Kick-off, goals and the end; or the turns of a show."""
    length = _MATCH if match else _SHOW
    between = rng.integers(300, length, min(int(rng.poisson(_GOALS if match else _TURNS)), 60))
    return np.concatenate([[start], start + np.sort(between), [start + length]])[:MOST_MOMENTS]


def _delays(count: int, rng: np.random.Generator) -> Ints:
    """Seconds until people have seen it, shouted and typed: a dozen in the middle."""
    return np.asarray(3 + 12 * np.exp(rng.normal(0, 0.8, count)), dtype=np.int64)


def _reports(
    occasion: np.void, moments: Ints, public: Public, material: Material, rng: np.random.Generator
) -> Rows:
    """What the broadcaster writes at each moment; none where there is no broadcaster."""
    accounts = public.accounts
    there = np.flatnonzero(accounts["group"] == Group.BROADCASTER)
    there = there[alive(accounts, there, np.full(len(there), moments[-1]))]
    same = there[accounts["language"][there] == occasion["language"]]
    among = same if len(same) else there
    rows = new_posts(len(moments) if len(among) else 0)
    if not len(rows):
        return rows
    rows["account"] = among[int(occasion["number"]) % len(among)]
    rows["time"] = moments + rng.integers(2, 8, len(rows))
    rows["kind"], rows["seed"] = Kind.ORDINARY, new_seeds(rng, len(rows))
    rows["language"], rows["topic"] = occasion["language"], _SPORT
    rows["client"] = accounts["client"][rows["account"]]
    rows["tag"] = material.tags.first_occasion + occasion["number"]
    numbers = (occasion["start"] // DAY * 1_000 + occasion["number"]) * MOST_MOMENTS
    rows["key"] = (numbers + np.arange(len(rows))) * KEYS + BROADCAST_KEY
    return rows


def _exclaim(posts: Rows, which: np.ndarray, rng: np.random.Generator) -> None:
    """One of a few short lines, the first ones far more often, in place."""
    posts["kind"][which] = Kind.EXCLAMATION
    posts["surface"][which], posts["address"][which] = -1, -1
    lines = np.minimum(rng.geometric(1 / _FEW_LINES, len(posts)) - 1, 5)
    posts["variant"][which] = lines[which]


def _repost(
    posts: Rows, which: np.ndarray, event: Ints, reports: Rows, rng: np.random.Generator
) -> None:
    """Pass on what the broadcaster wrote at that moment, in place."""
    if not len(reports):
        return
    again = np.flatnonzero(which)
    originals = reports[event[again]]
    copy_content(posts, again, originals)
    posts["target"][again] = originals["key"]
    posts["wants"][again] = Wants.NOTHING
    later = np.asarray(rng.exponential(40.0, len(again)), dtype=np.int64) + 2
    posts["time"][again] = originals["time"] + later
