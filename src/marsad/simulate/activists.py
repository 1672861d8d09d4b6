"""Activists abroad: real people who pass on the same few accounts, at the same hours."""

from __future__ import annotations

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.content import write_own
from marsad.simulate.draws import Ints, Rows
from marsad.simulate.knobs import Knobs
from marsad.simulate.members import Members, acting
from marsad.simulate.occasions import Occasion, Public
from marsad.simulate.posts import (
    APPEAL_KEY,
    KEYS,
    Activity,
    Kind,
    Material,
    Wants,
    copy_content,
    new_posts,
)
from marsad.simulate.window import Window

_HUBS = 3
"""Accounts of a cause that the others pass on."""
_APPEALS, _ON_CAMPAIGN = 0.7, 5.0
"""Posts of a hub a day, and on a campaign day."""
_PASSES, _PASSES_ON_CAMPAIGN = 0.15, 0.4
_OWN = 3.0
"""Posts of an activist's own on a campaign day."""
_EVENING, _HOURS = 18 * 3600, 1.5 * 3600
_AFTER = 2_400.0
_MOST = 100_000


def activist_posts(
    causes: Members,
    occasions: Rows,
    public: Public,
    day: Window,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    """A day's appeals of the hubs, reposts of them, and on campaign days posts of people's own."""
    if not causes.count:
        return new_posts(0)
    today = occasions[occasions["kind"] == Occasion.CAMPAIGN_DAY]
    today = today[(day.start <= today["start"]) & (today["start"] < day.stop)]
    number = np.full(causes.count, -1, np.int64)
    number[np.searchsorted(causes.numbers, today["community"])] = today["number"]
    place = public.voices_of(causes.accounts)
    appeals, cause = _appeals(causes, place, number, public, day, knobs, material, rng)
    parts = [
        appeals,
        _passed_on(causes, appeals, cause, number, public, rng),
        _own(causes, place, number, public, day, knobs, material, rng),
    ]
    posts = np.concatenate(parts)
    posts["activity"] = Activity.ACTIVISM
    return posts[acting(public.accounts, posts["account"], posts["time"])]


def _appeals(
    causes: Members,
    place: Ints,
    number: Ints,
    public: Public,
    day: Window,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> tuple[Rows, Ints]:
    """What the hubs of each cause write, and of which cause each is."""
    hubs = np.minimum(np.diff(causes.first), _HUBS)
    cause = np.repeat(np.arange(causes.count), hubs)
    within = np.arange(len(cause)) - np.repeat(np.cumsum(hubs) - hubs, hubs)
    rate = np.where(number[cause] >= 0, _ON_CAMPAIGN, _APPEALS)
    times = rng.poisson(rate)
    who = np.repeat(causes.first[cause] + within, times)
    cause = np.repeat(cause, times)
    posts = _written(place[who], public, day, knobs, material, rng)
    _tag(posts, number[cause], material)
    posts["key"] = (day.start // DAY * _MOST + np.arange(len(posts))) * KEYS + APPEAL_KEY
    lives = acting(public.accounts, posts["account"], posts["time"])
    return posts[lives], cause[lives]


def _passed_on(
    causes: Members, appeals: Rows, cause: Ints, number: Ints, public: Public,
    rng: np.random.Generator,
) -> Rows:  # fmt: skip
    """Reposts by the others of the cause, within the hours that all of them are about."""
    event, who = causes.all_of(cause)
    chance = np.where(number[cause[event]] >= 0, _PASSES_ON_CAMPAIGN, _PASSES)
    joins = (rng.random(len(who)) < chance) & (who != appeals["account"][event])
    event, who = event[joins], who[joins]
    posts = new_posts(len(who))
    copy_content(posts, np.arange(len(who)), appeals[event])
    posts["account"], posts["client"] = who, public.accounts["client"][who]
    posts["time"] = appeals["time"][event] + 20 + rng.exponential(_AFTER, len(who)).astype(np.int64)
    posts["target"] = appeals["key"][event]
    return posts


def _own(
    causes: Members,
    place: Ints,
    number: Ints,
    public: Public,
    day: Window,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    cause = np.repeat(np.arange(causes.count), np.diff(causes.first))
    times = rng.poisson(np.where(number[cause] >= 0, _OWN, 0.0))
    posts = _written(np.repeat(place, times), public, day, knobs, material, rng)
    _tag(posts, number[np.repeat(cause, times)], material)
    return posts


def _written(
    voices: Ints,
    public: Public,
    day: Window,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    """Posts in people's own words, in the evening where they live."""
    own = public.voices[voices]
    posts = new_posts(len(own))
    posts["account"], posts["client"] = own["account"], own["client"]
    local = np.clip(rng.normal(_EVENING, _HOURS, len(own)), 0, DAY - 1)
    posts["time"] = day.start + np.asarray(local, dtype=np.int64) - own["shift"]
    write_own(posts, own, knobs, material, rng)
    posts["kind"], posts["surface"], posts["variant"] = Kind.ORDINARY, -1, -1
    posts["wants"] = Wants.NOTHING
    return posts


def _tag(posts: Rows, number: Ints, material: Material) -> None:
    """The cause's hashtag on its campaign days, in place."""
    tags = material.tags.first_occasion + number
    posts["tag"] = np.where(number >= 0, tags, posts["tag"])
