"""An election: a day on which everybody posts on one hashtag, and parties' supporters on links."""

from __future__ import annotations

import numpy as np

from marsad.simulate.activity import DAY, time_at
from marsad.simulate.addresses import community_page
from marsad.simulate.content import write_own
from marsad.simulate.draws import Rows
from marsad.simulate.knobs import Knobs
from marsad.simulate.members import Members
from marsad.simulate.occasions import Public
from marsad.simulate.posts import Activity, Kind, Material, new_posts

_SHARES = 0.4
"""Chance that a supporter shares one of the party's links."""
_LINKED = 0.08
"""Fraction of other people's posts that share one too."""
_CALLS = 0.15
_AFTER = 5_400.0
_FIRST_LINK = 1_000_000


def election_posts(
    occasion: np.void,
    public: Public,
    parties: Members,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    """What is posted on election day: by people all day long, by supporters after each link."""
    posts = np.concatenate(
        [
            _people(occasion, public, parties, knobs, material, rng),
            _supporters(occasion, public, parties, knobs, material, rng),
        ]
    )
    calls = rng.random(len(posts)) < np.where(posts["address"] >= 0, 0.0, _CALLS)
    posts["kind"][calls], posts["variant"][calls] = Kind.CALL, rng.integers(0, 3, int(calls.sum()))
    posts["tag"] = material.tags.first_occasion + occasion["number"]
    posts["activity"] = Activity.ELECTION
    return posts


def _people(
    occasion: np.void,
    public: Public,
    parties: Members,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    start = int(occasion["start"])
    among = public.speakers(int(occasion["language"]), start)
    voters = among[rng.random(len(among)) < knobs.turnout]
    posts = _written(
        np.repeat(voters, 1 + rng.poisson(0.7, len(voters))), public, knobs, material, rng
    )
    local = time_at(rng.random(len(posts)))
    posts["time"] = start + np.asarray(local, dtype=np.int64)
    linked = rng.random(len(posts)) < (_LINKED if parties.count and knobs.party_links else 0.0)
    which = rng.integers(0, max(parties.count, 1), len(posts))
    link = rng.integers(0, max(knobs.party_links, 1), len(posts))
    pages = community_page(parties.numbers[which], _FIRST_LINK + link) if parties.count else which
    posts["address"] = np.where(linked, pages, -1)
    return posts


def _supporters(
    occasion: np.void,
    public: Public,
    parties: Members,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    """Each link goes round among a party's supporters within some hours of its coming out."""
    which = np.repeat(np.arange(parties.count), knobs.party_links)
    link = np.tile(np.arange(knobs.party_links), parties.count)
    out = np.sort(rng.uniform(6 * 3600, 19 * 3600, len(which)))
    event, who = parties.all_of(which)
    shares = rng.random(len(who)) < _SHARES
    event, who = event[shares], who[shares]
    posts = _written(public.voices_of(who), public, knobs, material, rng)
    after = np.minimum(out[event] + rng.exponential(_AFTER, len(event)), DAY - 1)
    posts["time"] = occasion["start"] + np.asarray(after, dtype=np.int64)
    posts["address"] = community_page(parties.numbers[which[event]], _FIRST_LINK + link[event])
    return posts


def _written(
    voices: np.ndarray, public: Public, knobs: Knobs, material: Material, rng: np.random.Generator
) -> Rows:
    own = public.voices[voices]
    posts = new_posts(len(own))
    posts["account"], posts["client"] = own["account"], own["client"]
    write_own(posts, own, knobs, material, rng)
    posts["kind"], posts["surface"], posts["variant"] = Kind.ORDINARY, -1, -1
    posts["address"] = -1
    return posts
