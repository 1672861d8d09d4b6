"""Communities that share the same objects within seconds: the core, and a counter-campaign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.simulate.activity import DAY, time_at
from marsad.simulate.addresses import articles, community_page
from marsad.simulate.content import give_markers, violating_kinds
from marsad.simulate.draws import Floats, Ints, Mask, Rows, new_seeds
from marsad.simulate.knobs import Knobs
from marsad.simulate.members import Members, acting
from marsad.simulate.population import Group
from marsad.simulate.posts import (
    ACTION_KEY,
    DECORATIONS,
    KEYS,
    Activity,
    Kind,
    Material,
    copy_content,
    new_posts,
)
from marsad.simulate.vocabulary import TOPICS
from marsad.simulate.window import Window

LINK, TAG, REPOST, TEXT = range(4)
OBJECTS = ("link", "hashtag", "repost", "text")
_WEIGHTS = [0.3, 0.15, 0.3, 0.25]

ACTION = np.dtype(
    [
        ("number", "i4"),
        ("community", "i4"),
        ("time", "i8"),
        ("object", "i1"),
        ("outside", "?"),
        ("violating", "?"),
        ("topic", "i1"),
    ]
)


@dataclass(frozen=True)
class Habit:
    """How a group acts together: actions a day, mean seconds of delay and their spread relative to
    it, whether it may violate."""

    group: Group
    actions: float
    delay: float
    violating: float
    jitter: float


def habits(knobs: Knobs) -> tuple[Habit, Habit]:
    """The coordinated core, and a campaign against it that is coordinated as well."""
    return (
        Habit(
            Group.CORE, knobs.core_actions, knobs.core_delay, knobs.violating_actions, knobs.jitter
        ),
        Habit(Group.CAMPAIGNER, knobs.campaign_actions, knobs.campaign_delay, 0.0, knobs.jitter),
    )


def plan_actions(
    habit: Habit,
    members: Members,
    day: Window,
    first: int,
    knobs: Knobs,
    rng: np.random.Generator,
) -> tuple[Rows, Ints]:
    """The actions that begin on a day, numbered from ``first``; and each one's community position.

    Objects are links, hashtags, reposts and copied texts. Some links and hashtags are ones that
    outsiders share as well.
    """
    count = int(rng.poisson(habit.actions * members.count)) if members.count else 0
    which = np.sort(rng.integers(0, max(members.count, 1), count))
    rows = np.zeros(count, ACTION)
    rows["number"] = first + np.arange(count)
    rows["community"] = members.numbers[which] if count else 0
    # The last minutes of a day are left free, so that delays seldom run past its end.
    rows["time"] = day.start + np.minimum(time_at(rng.random(count)), DAY - 600).astype(np.int64)
    rows["object"] = rng.choice(len(OBJECTS), count, p=_WEIGHTS)
    rows["topic"] = rng.integers(0, len(TOPICS), count)
    shareable = (rows["object"] == LINK) | (rows["object"] == TAG)
    rows["outside"] = shareable & (rng.random(count) < knobs.outside_objects)
    rows["violating"] = ~rows["outside"] & (rng.random(count) < habit.violating)
    return rows, which


def act(
    actions: Rows,
    which: Ints,
    habit: Habit,
    members: Members,
    accounts: Rows,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    """The posts of all participants of the actions."""
    event, who = members.all_of(which)
    joins = rng.random(len(who)) < knobs.participation
    joins &= acting(accounts, who, actions["time"][event])
    order = np.lexsort((rng.random(int(joins.sum())), event[joins]))
    event, who = event[joins][order], who[joins][order]
    leads = np.diff(event, prepend=-1) != 0
    posts = _posts(actions[event], who, leads, accounts, habit, rng)
    _write(posts, actions[event], habit, knobs, material, rng)
    leader = np.flatnonzero(leads)[np.cumsum(leads) - 1]
    _share(posts, actions[event], leader, material)
    _mark_reposts(posts, actions["object"][event] == REPOST, leads)
    return posts


def _posts(
    actions: Rows, who: Ints, leads: Mask, accounts: Rows, habit: Habit, rng: np.random.Generator
) -> Rows:
    """One post for each participant, the first one's at once, the others' seconds later."""
    posts = new_posts(len(who))
    later = np.ceil(_delays(habit, len(who), rng)).astype(np.int64)
    posts["time"] = actions["time"] + np.where(leads, 0, later)
    posts["account"], posts["event"] = who, actions["number"]
    posts["activity"] = Activity.JOINT_ACTION
    posts["topic"] = actions["topic"]
    for name in ("language", "client"):
        posts[name] = accounts[name][who]
    return posts


def _delays(habit: Habit, count: int, rng: np.random.Generator) -> Floats:
    """Gamma of the habit's mean and relative spread; exponential where the spread is 1."""
    if habit.jitter == 0 or habit.delay == 0:
        return np.full(count, habit.delay)
    shape = habit.jitter**-2
    return rng.gamma(shape, habit.delay / shape, count)


def _write(
    posts: Rows,
    actions: Rows,
    habit: Habit,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> None:
    """Each participant's own words, in place; a violating action on a link is on a marker's."""
    count = len(posts)
    posts["seed"] = new_seeds(rng, count)
    innocent = Kind.ORDINARY if habit.group == Group.CORE else Kind.COUNTER_SPEECH
    kinds = violating_kinds(rng.random(count), rng.random(count), knobs)
    kinds[actions["object"] == LINK] = Kind.MARKER_LINK
    posts["kind"] = np.where(actions["violating"], kinds, innocent)
    give_markers(posts, material)


def _share(posts: Rows, actions: Rows, leader: Ints, material: Material) -> None:
    """Give all participants of an action the same object, in place."""
    _share_links(posts, actions, leader)
    _share_tags(posts, actions, leader, material)
    same = np.isin(actions["object"], (REPOST, TEXT))
    copy_content(posts, same, posts[leader][same])
    copied = (actions["object"] == TEXT) & (posts["kind"] != Kind.NEAR_COPY)
    # Copied texts differ a little: the writer adds a word or a sign.
    posts["variant"] = np.where(copied, posts["account"] % DECORATIONS, posts["variant"])


def _share_links(posts: Rows, actions: Rows, leader: Ints) -> None:
    """Marker addresses where the action violates, else an article, else the community's page."""
    # The upper end of the article's popularity is left out: nobody else may share those.
    spread = actions["number"] % 89 / 200.0
    article = articles(actions["time"] // DAY, posts["language"], spread)
    page = community_page(actions["community"], actions["number"])
    innocent = np.where(actions["outside"], article, page)
    shared = np.where(actions["violating"], posts["address"][leader], innocent)
    posts["address"] = np.where(actions["object"] == LINK, shared, posts["address"])


def _share_tags(posts: Rows, actions: Rows, leader: Ints, material: Material) -> None:
    """A topic's tag where outsiders are to share it, else the community's own."""
    known = material.tags.of_topic(posts["language"], posts["topic"], posts["seed"][leader])
    own = material.tags.of_community(actions["community"])
    tag = np.where(actions["outside"], known, own)
    posts["tag"] = np.where(actions["object"] == TAG, tag, posts["tag"])


def _mark_reposts(posts: Rows, reposts: Mask, leads: Mask) -> None:
    """The first participant's post is the original, named by a key; the others repost it."""
    keys = posts["event"].astype(np.int64) * KEYS + ACTION_KEY
    posts["key"] = np.where(reposts & leads, keys, -1)
    posts["target"] = np.where(reposts & ~leads, keys, -1)
