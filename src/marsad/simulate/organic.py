"""Everyday posts: each voice at its own rate and hours."""

from __future__ import annotations

import numpy as np

from marsad.simulate.activity import activity_until, time_at
from marsad.simulate.content import write_own
from marsad.simulate.draws import Floats, Ints, Rows
from marsad.simulate.knobs import Knobs
from marsad.simulate.population import Group, is_violating
from marsad.simulate.posts import CIRCLE, Material, Wants, new_posts
from marsad.simulate.window import Window

_CIRCLE_REPOSTS = 0.5
"""Fraction of violating accounts' reposts, and of counter-speakers' replies, within the circle."""
_USUAL_CLIENT = 0.95


def organic_posts(
    voices: Rows,
    span: Window,
    origin: int,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    """The posts that voices write of their own accord within ``span``.

    ``origin`` is the first second of the simulation, from which activity is counted.
    """
    behind, times = _when(voices, span, origin, knobs.volume, rng)
    posts, own = new_posts(len(behind)), voices[behind]
    posts["account"], posts["time"] = own["account"], times
    posts["client"] = _clients(own, rng)
    write_own(posts, own, knobs, material, rng)
    _refer(posts, own, knobs, rng)
    return posts


def _when(
    voices: Rows, span: Window, origin: int, volume: float, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Which voice posts at which second: a Poisson process that follows the hours of the day."""
    start = np.maximum(voices["start"], span.start)
    stop = np.maximum(np.minimum(voices["stop"], span.stop), start)
    shift = voices["shift"] - float(origin)
    low, high = activity_until(start + shift), activity_until(stop + shift)
    counts = rng.poisson(voices["rate"] * volume * (high - low))
    behind = np.repeat(np.arange(len(voices)), counts)
    activity = low[behind] + rng.random(len(behind)) * (high - low)[behind]
    times = _seconds(time_at(activity) - shift[behind])
    # Rounding must not carry a post over the edge of its span, or past the end of its account.
    return behind, np.clip(times, start[behind], stop[behind] - 1)


def _seconds(times: Floats) -> Ints:
    return np.asarray(np.floor(times), dtype=np.int64)


def _clients(own: Rows, rng: np.random.Generator) -> Ints:
    """Nearly always the usual client, else the web."""
    return np.where(rng.random(len(own)) < _USUAL_CLIENT, own["client"], 2)


def _refer(posts: Rows, own: Rows, knobs: Knobs, rng: np.random.Generator) -> None:
    """Decide which posts are reposts or replies, and where they look for what they refer to."""
    u, v = rng.random(len(posts)), rng.random(len(posts))
    repost = u < knobs.reposts
    reply = ~repost & (u < knobs.reposts + knobs.replies)
    posts["wants"] = np.where(repost, Wants.REPOST, np.where(reply, Wants.REPLY, Wants.NOTHING))
    circle = np.where(is_violating(own["group"]), v < _CIRCLE_REPOSTS, v < knobs.stray_reposts)
    answers = reply & (own["group"] == Group.COUNTER_SPEAKER)
    circle = np.where(answers, v < _CIRCLE_REPOSTS, circle)
    posts["room"] = np.where(circle & (repost | reply), CIRCLE, own["language"])
