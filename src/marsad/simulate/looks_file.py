"""Looks at accounts as an export would have them: ``observations.ndjson``."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.simulate import ndjson
from marsad.simulate.activity import DAY
from marsad.simulate.columns import indices
from marsad.simulate.discovery import Route
from marsad.simulate.draws import Ints, Mask, Rows
from marsad.simulate.followers import FollowerCounts
from marsad.simulate.identities import bios, names
from marsad.simulate.population import State
from marsad.simulate.window import NEVER, iso
from marsad.simulate.world import World


class LooksFile:
    """Writes looks, slice after slice, beside the posts whose number they show."""

    def __init__(self, file: BinaryIO, world: World, counts: FollowerCounts) -> None:
        self._file, self._world, self._counts = file, world, counts
        self._posts = _posts_before(world)

    def write(self, looks: Rows, posts: Rows) -> None:
        """Append the looks of a slice whose posts these are, both in order of time."""
        starts = self._world.window.start + (looks["time"] - self._world.window.start) // DAY * DAY
        for start in np.unique(starts).tolist():
            today = starts == start
            followers = self._counts.advance((start - self._world.window.start) // DAY)
            ndjson.write(self._lines(looks[today], posts, followers), self._file)
        size = len(self._posts)
        self._posts += np.bincount(posts["account"], minlength=size)

    def _lines(self, looks: Rows, posts: Rows, followers: Ints) -> pa.Array:
        who = looks["account"].astype(np.int64)
        rows, identity = self._shown(looks), self._world.identities
        state = np.where(looks["time"] < rows["ended"], State.ALIVE, rows["state"])
        state = np.where(looks["failed"], State.UNKNOWN, state)
        seen = state == State.ALIVE
        text = ndjson.quoted
        shown = self._posts[who] + _posts_so_far(looks, posts)
        return ndjson.lines(
            [
                ("account_id", text(identity.id_texts(who))),
                ("handle", text(identity.handles.take(indices(who)))),
                ("name", _if(seen, text(names(rows["face"], self._named_in(looks))))),
                ("bio", _if(seen, text(bios(rows["bio"], rows["language"])))),
                ("observed_at", text(iso(looks["time"]))),
                ("route", text(_names(Route).take(indices(looks["route"])))),
                ("state", text(_names(State).take(indices(state)))),
                ("followers", _if(seen, ndjson.numbers(pa.array(followers[who])))),
                ("following", _if(seen, ndjson.numbers(pa.array(self._counts.following[who])))),
                ("posts", _if(seen, ndjson.numbers(pa.array(shown)))),
                ("account_created_at", _if(seen, text(iso(rows["created"])))),
            ]
        )

    def _shown(self, looks: Rows) -> Rows:
        """The accounts as each look shows them: before a takeover with the owner's bio, before a
        new name with the old one."""
        rows: Rows = self._world.accounts[looks["account"]].copy()
        owned, owners = self._owners(looks)
        before = owned & (looks["time"] < rows["taken"])
        for name in ("bio", "language"):
            rows[name] = np.where(before, owners[name], rows[name])
        old = (rows["renamed"] < NEVER) & (looks["time"] < rows["renamed"])
        rows["face"] = np.where(old, rows["was"], rows["face"])
        return rows

    def _named_in(self, looks: Rows) -> Ints:
        """The language of the name: the owner's as long as an account shows the owner's name."""
        rows = self._world.accounts[looks["account"]]
        owned, owners = self._owners(looks)
        theirs = owned & (looks["time"] < rows["renamed"])
        return np.where(theirs, owners["language"], rows["language"]).astype(np.int64)

    def _owners(self, looks: Rows) -> tuple[Mask, Rows]:
        """Whose account was taken over, ever, and the rows of their owners; of others their own."""
        lineages = self._world.lineages
        rows = self._world.accounts[looks["account"]]
        if not len(lineages.owned):
            return np.zeros(len(looks), bool), rows
        order = np.argsort(lineages.owned)
        at = np.searchsorted(lineages.owned[order], looks["account"])
        at = order[np.minimum(at, len(order) - 1)]
        owned = lineages.owned[at] == looks["account"]
        return owned, np.where(owned, lineages.owners[at], rows)


def _posts_before(world: World) -> Ints:
    """Posts of each account before the window, at its owner's rate."""
    accounts = world.accounts
    rates = accounts["rate"].copy()
    rates[world.lineages.owned] = world.lineages.owners["rate"]
    age = np.maximum(world.window.start - accounts["created"], 0) / DAY
    return np.asarray(rates * world.knobs.volume * age, dtype=np.int64)


def _posts_so_far(looks: Rows, posts: Rows) -> Ints:
    """How many of a slice's posts each look's account had made by then."""
    base = int(min(posts["time"].min(initial=NEVER), looks["time"].min(initial=NEVER)))
    width = 2**34
    made = np.sort(posts["account"].astype(np.int64) * width + (posts["time"] - base))
    begin = looks["account"].astype(np.int64) * width
    upto = begin + (looks["time"] - base)
    found = np.searchsorted(made, upto, side="right") - np.searchsorted(made, begin)
    return np.asarray(found, dtype=np.int64)


def _names(values: type[Route] | type[State]) -> pa.Array:
    return pa.array([value.name.lower() for value in values])


def _if(mask: Mask, values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(mask), values, pa.scalar(None, pa.string()))
