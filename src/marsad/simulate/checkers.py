"""Fact-checkers: a few accounts that answer the same posts with the same link."""

from __future__ import annotations

import numpy as np

from marsad.simulate.activity import DAY, time_at
from marsad.simulate.addresses import community_page
from marsad.simulate.draws import Rows, new_seeds
from marsad.simulate.knobs import Knobs
from marsad.simulate.members import Members, alive
from marsad.simulate.occasions import Public
from marsad.simulate.posts import KEYS, RUMOUR_KEY, Activity, Kind, Material, Wants, new_posts
from marsad.simulate.vocabulary import TOPICS
from marsad.simulate.window import Window

_ANSWERS = 0.7
_AFTER = 3_600.0
_MOST = 10_000


def check_posts(
    desks: Members,
    public: Public,
    day: Window,
    knobs: Knobs,
    material: Material,
    rng: np.random.Generator,
) -> Rows:
    """A day's rumours, posted by anybody, and the answers to them within some hours."""
    count = min(int(rng.poisson(knobs.fact_checks * desks.count)), _MOST)
    which = rng.integers(0, max(desks.count, 1), count)
    rumours, which = _rumours(which, desks, public, day, material, rng)
    event, who = desks.all_of(which) if len(which) else (which, which)
    joins = (rng.random(len(who)) < _ANSWERS) & (who != rumours["account"][event])
    event, who = event[joins], who[joins]
    posts = new_posts(len(who))
    posts["account"], posts["client"] = who, public.accounts["client"][who]
    posts["time"] = rumours["time"][event] + 60 + rng.exponential(_AFTER, len(who)).astype(np.int64)
    posts["kind"], posts["variant"] = Kind.CORRECTION, rng.integers(0, 3, len(who))
    posts["language"], posts["activity"] = rumours["language"][event], Activity.FACT_CHECK
    posts["wants"], posts["target"] = Wants.REPLY, rumours["key"][event]
    page = day.start // DAY % 20_000 * _MOST + event
    posts["address"] = community_page(desks.numbers[which[event]], page)
    return np.concatenate([rumours, posts])


def _rumours(
    which: np.ndarray,
    desks: Members,
    public: Public,
    day: Window,
    material: Material,
    rng: np.random.Generator,
) -> tuple[Rows, np.ndarray]:
    """Posts by people of the desks' languages; and the desk that answers each."""
    accounts = public.accounts
    rows = new_posts(len(which))
    if not len(rows):
        return rows, which
    rows["language"] = accounts["language"][desks.accounts[desks.first[which]]]
    times = day.start + time_at(rng.random(len(rows))).astype(np.int64)
    rows["time"] = np.minimum(times, day.stop - 1)
    writers = [public.speakers(int(code), day.start) for code in rows["language"]]
    there = np.array([len(among) > 0 for among in writers])
    rows, which = rows[there], which[there]
    chosen = [among[rng.integers(0, len(among))] for among in writers if len(among)]
    rows["account"] = public.voices["account"][np.array(chosen, np.int64)] if len(rows) else 0
    rows["client"] = accounts["client"][rows["account"]]
    rows["kind"], rows["activity"] = Kind.ORDINARY, Activity.RUMOUR
    rows["seed"], rows["topic"] = new_seeds(rng, len(rows)), rng.integers(0, len(TOPICS), len(rows))
    numbers = day.start // DAY * _MOST + np.arange(len(rows))
    rows["key"] = numbers * KEYS + RUMOUR_KEY
    lives = alive(accounts, rows["account"], rows["time"])
    return rows[lives], which[lives]
