"""Posts by which actors point from one of their accounts to another."""

from __future__ import annotations

import numpy as np

from marsad.simulate.draws import Ints, Rows, new_seeds
from marsad.simulate.knobs import Knobs
from marsad.simulate.population import Origin
from marsad.simulate.posts import Activity, Kind, new_posts
from marsad.simulate.window import NEVER, Window

_HOURS = 12 * 3600


def announcement_posts(
    accounts: Rows, window: Window, knobs: Knobs, rng: np.random.Generator
) -> Rows:
    """ "I am back, my old account was …" from returns; "my other account is …" before backups.

    Who took an account over says so as well. They name the other account and no marker: telling,
    and not violating in themselves.
    """
    return np.concatenate(
        [_returns(accounts, window, knobs, rng), _backups(accounts, window, knobs, rng)]
    )


def _returns(accounts: Rows, window: Window, knobs: Knobs, rng: np.random.Generator) -> Rows:
    children = np.flatnonzero(np.isin(accounts["origin"], (Origin.RETURN, Origin.TAKEOVER)))
    children = children[rng.random(len(children)) < knobs.announced]
    posts = _posts(accounts, children, Kind.ANNOUNCEMENT, rng)
    posts["mention"] = accounts["parent"][children]
    came = np.where(accounts["taken"] < NEVER, accounts["taken"], accounts["created"])
    begins = np.maximum(came, accounts["debut"])[children]
    posts["time"] = begins + rng.integers(600, _HOURS, len(children))
    lasts = np.minimum(accounts["ended"][children], window.stop)
    return np.asarray(posts[posts["time"] < lasts])


def _backups(accounts: Rows, window: Window, knobs: Knobs, rng: np.random.Generator) -> Rows:
    backups = np.flatnonzero(accounts["origin"] == Origin.BACKUP)
    backups = backups[rng.random(len(backups)) < knobs.announced]
    parents = accounts["parent"][backups]
    posts = _posts(accounts, parents, Kind.BACKUP_NOTICE, rng)
    posts["mention"] = backups
    earliest = np.maximum(accounts["created"][backups], window.start)
    latest = np.minimum(accounts["ended"][parents], window.stop)
    posts["time"] = earliest + (rng.random(len(backups)) * (latest - earliest)).astype(np.int64)
    return np.asarray(posts[latest > earliest])


def _posts(accounts: Rows, writers: Ints, kind: Kind, rng: np.random.Generator) -> Rows:
    posts = new_posts(len(writers))
    posts["account"], posts["kind"], posts["activity"] = writers, kind, Activity.LINEAGE
    for name in ("language", "client"):
        posts[name] = accounts[name][writers]
    posts["seed"] = new_seeds(rng, len(writers))
    return posts
