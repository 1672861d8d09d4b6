"""What reposts and replies refer to: recent posts that their authors could have seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.draws import Ints, Mask, Rows
from marsad.simulate.members import alive
from marsad.simulate.posts import CIRCLE, Wants, copy_content, new_posts, rooms
from marsad.simulate.vocabulary import LANGUAGES

_LOOKBACK = 6 * 3600.0
"""Mean age in seconds of what people repost or answer."""
_KEPT_POSTS = 200_000
_KEPT_SECONDS = 3 * DAY
_NUMBERS = 2**40


@dataclass(frozen=True)
class Memory:
    """The posts that later ones may refer to, in order of time, and planned originals by key."""

    recent: Rows
    originals: Rows
    next_number: int = 0

    @classmethod
    def empty(cls) -> Memory:
        """Nothing has been posted yet."""
        return cls(new_posts(0), new_posts(0))

    def after(self, posts: Rows) -> Memory:
        """The memory once these posts, later than all before, are out."""
        number = self.next_number + len(posts)
        if not len(posts):
            return self
        oldest = posts["time"][-1] - _KEPT_SECONDS
        recent = np.concatenate([self.recent, posts])[-_KEPT_POSTS:]
        originals = np.concatenate([self.originals, posts[posts["key"] >= 0]])
        originals = originals[originals["time"] >= oldest]
        return Memory(
            recent[recent["time"] >= oldest],
            originals[np.argsort(originals["key"], kind="stable")],
            number,
        )


def thread(drafts: Rows, memory: Memory, accounts: Rows, rng: np.random.Generator) -> Rows:
    """Drafts in order of time as posts: numbered, and each pointing at what it refers to.

    Drafts of accounts that do not exist at their time fall away, and planned reposts and replies
    whose original did. A repost that finds nothing becomes an original with words of its own.
    """
    posts = drafts[np.argsort(drafts["time"], kind="stable")]
    posts = posts[alive(accounts, posts["account"], posts["time"])]
    posts, original, planned = _planned_reposts(posts, memory, accounts)
    posts["number"] = memory.next_number + np.arange(len(posts))
    _point_planned(posts, planned, _numbered(original, posts))
    entries = np.concatenate([memory.recent, posts])
    found = _look_back(posts, entries, rng)
    _reply(posts, entries, found, accounts)
    # After the replies: a repost of a reply has its mention too.
    entries[len(memory.recent) :] = posts
    _repost(posts, entries, found, accounts, memory)
    return posts


def _planned_reposts(posts: Rows, memory: Memory, accounts: Rows) -> tuple[Rows, Rows, Mask]:
    """Posts without orphans; the originals of planned ones; which posts point to those."""
    known = np.concatenate([memory.originals, posts[posts["key"] >= 0]])
    known = known[np.argsort(known["key"], kind="stable")]
    planned = posts["target"] >= 0
    if not len(known):
        return posts[~planned], known, planned[~planned]
    at = np.minimum(np.searchsorted(known["key"], posts["target"]), len(known) - 1)
    original = known[at]
    there = (original["key"] == posts["target"]) & (original["time"] <= posts["time"])
    there &= alive(accounts, original["account"], posts["time"])
    keep = ~planned | there
    return posts[keep], original[keep & planned], planned[keep]


def _numbered(originals: Rows, posts: Rows) -> Rows:
    """Originals with the numbers that those among ``posts`` have just been given."""
    fresh = posts[posts["key"] >= 0]
    fresh = fresh[np.argsort(fresh["key"], kind="stable")]
    if not len(fresh) or not len(originals):
        return originals
    at = np.minimum(np.searchsorted(fresh["key"], originals["key"]), len(fresh) - 1)
    same = fresh["key"][at] == originals["key"]
    originals["number"] = np.where(same, fresh["number"][at], originals["number"])
    return originals


def _point_planned(posts: Rows, planned: Mask, originals: Rows) -> None:
    """Planned reposts and replies, pointed at their originals in place."""
    answers = posts["wants"][planned] == Wants.REPLY
    which = np.flatnonzero(planned)
    _point(posts, which[~answers], originals[~answers])
    posts["reply_to"][which[answers]] = originals["number"][answers]
    for name in ("reply_account", "mention"):
        posts[name][which[answers]] = originals["account"][answers]


def _point(posts: Rows, which: Mask | Ints, originals: Rows) -> None:
    posts["repost_of"][which] = originals["number"]
    posts["repost_account"][which] = originals["account"]


def _look_back(posts: Rows, entries: Rows, rng: np.random.Generator) -> Ints:
    """For each post that wants one, an entry of its room from before it; else -1.

    Reposts count as entries, so what was reposted often is found often: popularity feeds itself.
    """
    seen_in = np.where(entries["wants"] == Wants.REPOST, entries["room"], rooms(entries))
    when = posts["time"] - rng.exponential(_LOOKBACK, len(posts))
    found = np.full(len(posts), -1, np.int64)
    for room in (CIRCLE, *range(len(LANGUAGES))):
        inside = np.flatnonzero(seen_in == room)
        open_ = (posts["wants"] != Wants.NOTHING) & (posts["target"] < 0)
        asks = np.flatnonzero(open_ & (posts["room"] == room))
        if len(inside) and len(asks):
            at = np.searchsorted(entries["time"][inside], when[asks], side="right") - 1
            found[asks] = np.where(at >= 0, inside[np.maximum(at, 0)], -1)
    return _roots(found, posts, len(entries))


def _roots(found: Ints, posts: Rows, entries: int) -> Ints:
    """Follow reposts of this slice that point to other reposts, down to what they repost."""
    earlier = entries - len(posts)
    leads_to = np.arange(entries)
    pending = (posts["wants"] == Wants.REPOST) & (found >= 0)
    leads_to[earlier:][pending] = found[pending]
    while True:
        further = leads_to[leads_to]
        if np.array_equal(further, leads_to):
            return np.where(found >= 0, leads_to[found], -1)
        leads_to = further


def _repost(posts: Rows, entries: Rows, found: Ints, accounts: Rows, memory: Memory) -> None:
    """Turn posts that want a repost into one, in place, where what they found can be reposted."""
    asks = np.flatnonzero((posts["wants"] == Wants.REPOST) & (found >= 0))
    roots = _originals(entries[found[asks]])
    own = posts[asks]
    good = alive(accounts, roots["account"], own["time"])
    good &= (roots["account"] != own["account"]) & (rooms(roots) == own["room"])
    good &= ~_repeated(own["account"], roots["number"], good, posts, memory)
    _point(posts, asks[good], roots[good])
    copy_content(posts, asks[good], roots[good])
    left = np.ones(len(posts), np.bool_)
    left[asks[good]] = False
    posts["wants"][left & (posts["wants"] == Wants.REPOST)] = Wants.NOTHING


def _originals(rows: Rows) -> Rows:
    """Entries as their originals: a repost has its original's content, and knows its number."""
    again = rows["repost_of"] >= 0
    rows["account"] = np.where(again, rows["repost_account"], rows["account"])
    rows["number"] = np.where(again, rows["repost_of"], rows["number"])
    return rows


def _repeated(who: Ints, what: Ints, good: Mask, posts: Rows, memory: Memory) -> Mask:
    """Which reposts their account has made before: nobody reposts the same post twice."""
    before = np.concatenate([memory.recent, posts])
    before = before[before["repost_of"] >= 0]
    done = before["account"].astype(np.int64) * _NUMBERS + before["repost_of"]
    now = who.astype(np.int64) * _NUMBERS + what
    _, first = np.unique(np.where(good, now, -1 - np.arange(len(now))), return_index=True)
    again = np.ones(len(now), np.bool_)
    again[first] = False
    return again | np.isin(now, done)


def _reply(posts: Rows, entries: Rows, found: Ints, accounts: Rows) -> None:
    """Turn posts that want to answer into replies that mention whom they answer, in place."""
    asks = np.flatnonzero((posts["wants"] == Wants.REPLY) & (found >= 0))
    roots = _originals(entries[found[asks]])
    own = posts[asks]
    good = alive(accounts, roots["account"], own["time"]) & (roots["account"] != own["account"])
    posts["reply_to"][asks[good]] = roots["number"][good]
    for name in ("reply_account", "mention"):
        posts[name][asks[good]] = roots["account"][good]
