"""Innocent accounts that act at the same moment: apps, news wires, and fans of a star."""

from __future__ import annotations

import numpy as np

from marsad.simulate.activity import DAY, activity_until, time_at
from marsad.simulate.addresses import WIRE
from marsad.simulate.content import give_markers
from marsad.simulate.draws import Ints, Mask, Rows, chance, mixed, new_seeds
from marsad.simulate.knobs import WITH_MARKERS, Knobs
from marsad.simulate.members import Members, alive
from marsad.simulate.population import APP_CLIENT, WIRE_CLIENT
from marsad.simulate.posts import (
    KEYS,
    STAR_KEY,
    Activity,
    Kind,
    Material,
    copy_content,
    new_posts,
)
from marsad.simulate.vocabulary import TOPICS, vocabulary
from marsad.simulate.window import Window

_WIRE_SPREAD = 20
_LOCAL = 3 * 3600
"""Apps keep to the hours of UTC+3."""
_WIRE_QUOTES = 0.05


def app_posts(
    users: Members, accounts: Rows, day: Window, knobs: Knobs, rng: np.random.Generator
) -> Rows:
    """Lines of well-wishing that an app posts for its users, the same line in the same minute."""
    count = users.count * knobs.app_lines
    if not count:
        return new_posts(0)
    which = np.repeat(np.arange(users.count), knobs.app_lines)
    slot = np.tile(np.arange(knobs.app_lines), users.count)
    # From early morning to late evening, in each app's own minute.
    hour = 5 + 17 * slot / max(knobs.app_lines - 1, 1)
    minute = (hour * 60).astype(np.int64) + users.numbers[which] * 7 % 60
    lines = min(len(vocabulary(language)["wishes"]) for language in WITH_MARKERS)
    line = (day.start // DAY * knobs.app_lines + slot + users.numbers[which]) % lines
    event, who = users.all_of(which)
    joins = rng.random(len(who)) < knobs.app_participation
    event, who = event[joins], who[joins]
    posts = new_posts(len(who))
    posts["time"] = day.start + minute[event] * 60 - _LOCAL + rng.integers(0, 60, len(who))
    posts["account"], posts["variant"] = who, line[event]
    posts["kind"], posts["activity"], posts["client"] = Kind.WISH, Activity.APP, APP_CLIENT
    posts["language"] = accounts["language"][who]
    return posts


def wire_posts(
    bots: Members,
    accounts: Rows,
    day: Window,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    """Headlines of a wire, posted by all its bots within seconds, with the wire's own address."""
    count = int(rng.poisson(knobs.wire_headlines * bots.count)) if bots.count else 0
    which = rng.integers(0, max(bots.count, 1), count)
    event, who = bots.all_of(which) if count else (which, which)
    lines = new_posts(count)
    lines["time"] = day.start + time_at(rng.random(count)).astype(np.int64)
    lines["kind"] = np.where(rng.random(count) < _WIRE_QUOTES, Kind.NEWS, Kind.HEADLINE)
    lines["seed"], lines["topic"] = new_seeds(rng, count), rng.integers(0, len(TOPICS), count)
    lines["language"] = accounts["language"][bots.accounts[bots.first[which]]] if count else 0
    lines["address"] = WIRE + day.start // DAY * 1_000_000 + np.arange(count)
    give_markers(lines, material)
    posts = lines[event]
    posts["time"] += rng.integers(0, _WIRE_SPREAD + 1, len(posts))
    posts["account"], posts["client"] = who, WIRE_CLIENT
    posts["activity"] = Activity.WIRE
    return posts


def fan_posts(
    stars: Members,
    fans: Members,
    accounts: Rows,
    day: Window,
    knobs: Knobs,
    rng: np.random.Generator,
) -> Rows:
    """A star's posts, and the reposts of fans: some with notifications on, most hours later."""
    if not stars.count:
        return new_posts(0)
    originals, which = _star_posts(stars, accounts, day, knobs, rng)
    place = np.searchsorted(fans.numbers, stars.numbers[which])
    event, who = fans.all_of(place) if fans.count else (which[:0], which[:0])
    joins = rng.random(len(who)) < knobs.fan_participation
    event, who = event[joins], who[joins]
    posts = new_posts(len(who))
    copy_content(posts, np.arange(len(who)), originals[event])
    posts["time"] = originals["time"][event] + _reaction(accounts, who, knobs, rng)
    posts["account"], posts["client"] = who, accounts["client"][who]
    posts["activity"], posts["target"] = Activity.FAN, originals["key"][event]
    return np.concatenate([originals, posts])


def _star_posts(
    stars: Members, accounts: Rows, day: Window, knobs: Knobs, rng: np.random.Generator
) -> tuple[Rows, Ints]:
    """The day's posts of all stars, and whose they are."""
    count = int(rng.poisson(knobs.star_posts * stars.count))
    which = rng.integers(0, stars.count, count)
    rows = new_posts(count)
    rows["account"] = stars.accounts[which]
    own = accounts[rows["account"]]
    for name in ("language", "client"):
        rows[name] = own[name]
    rows["topic"], rows["seed"] = own["topic_a"], new_seeds(rng, count)
    rows["time"] = day.start + _awake(own["shift"], rng)
    rows["activity"] = Activity.STAR
    rows["key"] = (day.start // DAY * 1_000_000 + np.arange(count)) * KEYS + STAR_KEY
    lives = alive(accounts, rows["account"], rows["time"])
    return rows[lives], which[lives]


def _awake(shifts: Ints, rng: np.random.Generator) -> Ints:
    """Seconds since midnight UTC at which people of these hours are about."""
    start = activity_until(shifts.astype(np.float64))
    return np.floor(time_at(start + rng.random(len(shifts))) - shifts).astype(np.int64)


def _reaction(accounts: Rows, who: Ints, knobs: Knobs, rng: np.random.Generator) -> Ints:
    """Seconds until a fan's repost: about twenty with notifications on, else about three hours."""
    notified = has_notifications(accounts, knobs)[who]
    quick = 20 * np.exp(rng.normal(0, 0.7, len(who)))
    slow = rng.exponential(3 * 3600, len(who))
    return np.asarray(np.where(notified, quick, slow) + 1, dtype=np.int64)


def has_notifications(accounts: Rows, knobs: Knobs) -> Mask:
    """Which accounts, were they fans, have notifications on. A trait that stays."""
    return np.asarray(chance(mixed(accounts["face"], 5), 6) < knobs.fans_notified)
