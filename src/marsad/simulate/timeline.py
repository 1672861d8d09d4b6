"""All posts of a network in order of time, a slice after another, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.draws import Rows, generator
from marsad.simulate.joint_actions import ACTION
from marsad.simulate.organic import organic_posts
from marsad.simulate.plan import Planner
from marsad.simulate.threads import Memory, thread
from marsad.simulate.window import Window
from marsad.simulate.world import World

_SLICE = 150_000


@dataclass(frozen=True)
class Slice:
    """The posts of a span of time, and the joint actions planned since the slice before."""

    span: Window
    posts: Rows
    actions: Rows


def slices_a_day(world: World) -> int:
    """How many slices a day is cut into, so that each has about 150,000 everyday posts or fewer."""
    expected = float(world.voices["rate"].sum()) * world.knobs.volume
    return max(1, ceil(expected / _SLICE))


def timeline(world: World) -> Iterator[Slice]:
    """The network's posts, slice after slice."""
    planner, memory = Planner(world), Memory.empty()
    waiting = planner.announcements()
    for number, span, first_of_day in _spans(world):
        actions = np.zeros(0, ACTION)
        if first_of_day is not None:
            plan = planner.day(first_of_day, Window(span.start, span.start + DAY))
            waiting, actions = np.concatenate([waiting, plan.posts]), plan.actions
        due = waiting["time"] < span.stop
        own = organic_posts(
            world.voices,
            span,
            world.window.start,
            world.knobs,
            world.material,
            generator(world.seed, "organic", number),
        )
        drafts = np.concatenate([waiting[due], own])
        waiting = waiting[~due]
        rng = generator(world.seed, "threads", number)
        posts = thread(drafts, memory, world.accounts, rng)
        memory = memory.after(posts)
        yield Slice(span, posts, actions)


def _spans(world: World) -> Iterator[tuple[int, Window, int | None]]:
    """Number and span of each slice, and for the first slice of a day that day's number."""
    parts = slices_a_day(world)
    for day in range(world.window.days):
        start = world.window.start + day * DAY
        edges = [start + DAY * part // parts for part in range(parts + 1)]
        for part in range(parts):
            span = Window(edges[part], edges[part + 1])
            yield day * parts + part, span, day if part == 0 else None
