"""Compares the accounts of each pair, feature by feature."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marsad.find.returns.accounts import NEVER, Accounts
from marsad.find.returns.blocks import Pairs
from marsad.find.returns.cuts import Cuts
from marsad.find.returns.features import FEATURES, NAMES, STYLE, TIMES
from marsad.find.returns.handles import jaro_winkler
from marsad.find.returns.likeness import against_cohort, together, weighted
from marsad.find.returns.moving import says_moved
from marsad.find.returns.naming import Naming
from marsad.find.returns.style import views
from marsad.find.returns.ties import KINDS, Ties
from marsad.find.returns.timelines import Timelines
from marsad.records.normalise import normalise
from marsad.records.times import DAY, SECOND

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int8]

COHORT = 200
"""Accounts that everybody's style is measured against."""

LEAST_TEXTS = 5
"""Posts below which nothing is said of a style."""

QUIET = 0.3
"""Rate before, relative to after, below which an account was waiting."""

_SOON = 3 * DAY
_SPAN = 2**36
_ADDRESSED = re.compile(r"^\s*(?:@[\w.]+[\s:,]+)+")


@dataclass(frozen=True)
class Known:
    """What comparisons draw on. ``since`` is when each parent was gone, by place (−1: no parent).

    ``cuts`` says where accounts became others; ``texts`` is None where no posts are read (yet).
    """

    accounts: Accounts
    ties: Mapping[str, Ties]
    named: Naming
    since: Ints
    cuts: Cuts
    texts: Timelines | None = None


def unwritten(known: Known, pairs: Pairs) -> dict[str, Floats]:
    """Values of the features that need no posts read, by name: what accounts show and share."""
    found = _shown(known.accounts, pairs)
    for kind in KINDS:
        if kind in known.ties:
            found[kind] = _tied(known.ties[kind], pairs)
    return found


def values(known: Known, pairs: Pairs, base: Mapping[str, Floats]) -> Floats:
    """The value of each of `FEATURES` for each pair; NaN where one side has nothing to compare.

    ``base`` is what `unwritten` gives for these pairs.
    """
    found = {**dict.fromkeys(NAMES, np.full(len(pairs), np.nan)), **base}
    found["lag"] = _lag(known, pairs)
    found["announcement"] = _announcements(known, pairs)
    if known.texts is not None:
        found |= _written(known.texts, pairs)
    # who has another's account has the other's name on it: that it differs says nothing
    taken = _perhaps_taken(known, pairs)
    for name in ("handle", "name", "bio"):
        first_step = FEATURES[NAMES.index(name)].steps[0]
        found[name] = np.where(taken & (found[name] < first_step), np.nan, found[name])
    return np.stack([found[name] for name in NAMES], axis=1)


def levels(found: Floats) -> Levels:
    """`values` as levels."""
    return np.stack([one.levels(found[:, n]) for n, one in enumerate(FEATURES)], axis=1)


def appeared(known: Known) -> Ints:
    """When each account, as it is now, is first known: µs UTC, `NEVER` where it never was."""
    return np.where(known.cuts.since >= 0, known.cuts.since, known.accounts.first)


def _perhaps_taken(known: Known, pairs: Pairs) -> npt.NDArray[np.bool_]:
    """Whether the child had fallen silent before the end of the parent, and woke after it."""
    slept, woke = known.cuts.slept[pairs.child], known.cuts.woke[pairs.child]
    since = known.since[pairs.parent]
    return np.asarray((woke >= 0) & (slept < since) & (since <= woke))


def _shown(accounts: Accounts, pairs: Pairs) -> dict[str, Floats]:
    """Handle, name, bio and avatar."""
    bones = accounts.skeletons
    names = accounts.names
    return {
        "handle": np.where(_both(bones, pairs), _alike(bones, pairs), np.nan),
        "name": np.where(_both(names, pairs), _alike(names, pairs), np.nan),
        "bio": _common_words([normalise(one) if one else "" for one in accounts.bio], pairs),
        "avatar": _pictures(accounts.avatar, pairs),
    }


def _both(texts: Sequence[str], pairs: Pairs) -> npt.NDArray[np.bool_]:
    there = np.array([bool(text) for text in texts], bool)
    return np.asarray(there[pairs.parent] & there[pairs.child])


def _alike(texts: Sequence[str], pairs: Pairs) -> Floats:
    if not any(texts):
        return np.zeros(len(pairs))
    column = np.array(texts, dtype=object)
    return jaro_winkler(list(column[pairs.parent]), list(column[pairs.child]))


def _common_words(texts: Sequence[str], pairs: Pairs) -> Floats:
    """Words in common among all words of either (Jaccard)."""
    words = [frozenset(text.split()) for text in texts]
    found = np.full(len(pairs), np.nan)
    for at in np.flatnonzero(_both(texts, pairs)):
        one, other = words[pairs.parent[at]], words[pairs.child[at]]
        found[at] = len(one & other) / max(len(one | other), 1)
    return found


def _pictures(hashes: Sequence[str], pairs: Pairs) -> Floats:
    """1 − distance/256 of PDQ hashes; other hashes are equal or not."""
    found = np.full(len(pairs), np.nan)
    for at in np.flatnonzero(_both(hashes, pairs)):
        found[at] = _picture(hashes[pairs.parent[at]], hashes[pairs.child[at]])
    return found


def _picture(one: str, other: str) -> float:
    if len(one) == len(other) == 64:
        try:
            return 1 - (int(one, 16) ^ int(other, 16)).bit_count() / 256
        except ValueError:
            pass
    return float(one == other)


def _tied(ties: Ties, pairs: Pairs) -> Floats:
    having = ties.having
    return np.where(
        having[pairs.parent] & having[pairs.child], ties.cosines(pairs.parent, pairs.child), np.nan
    )


def _lag(known: Known, pairs: Pairs) -> Floats:
    """When the other came: see `FEATURES`."""
    since, first = known.since[pairs.parent], appeared(known)[pairs.child]
    days = (first - since) / DAY
    before = np.where(_quiet(known, pairs), 1.0, 0.0)
    found = np.select([first < since, days > 30, days > 7], [before, 2.0, 3.0], 4.0)
    return np.where((since < 0) | (first == NEVER), np.nan, found)


def _quiet(known: Known, pairs: Pairs) -> npt.NDArray[np.bool_]:
    """Whether the child hardly posted while the parent was there: not at all, or at less than
    `QUIET` of its rate afterwards; or not for long, until the parent was gone."""
    since, posted = known.since[pairs.parent], known.accounts.posted[pairs.child]
    found = np.asarray((posted >= since) & (posted != NEVER))
    found |= _perhaps_taken(known, pairs)
    if known.texts is None:
        return found
    posts = known.texts.posts
    order = posts.account * _SPAN + posts.at // SECOND
    start, stop = (pairs.child * _SPAN + end for end in (0, _SPAN - 1))
    first, last = np.searchsorted(order, start), np.searchsorted(order, stop)
    middle = np.searchsorted(order, start + np.clip(since // SECOND, 0, _SPAN - 1))
    some = last > first
    at = np.append(posts.at, 0)
    ends = [at[np.where(some, place, len(posts.at))] for place in (first, last - 1)]
    before = (middle - first) / np.maximum(since - ends[0], DAY)
    after = (last - middle) / np.maximum(ends[1] - since, DAY)
    return np.asarray(found | (some & (last > middle) & (before < QUIET * after)))


def _announcements(known: Known, pairs: Pairs) -> Floats:
    """1 where one names the other; 2 where the later one does, in its bio or its first texts, or
    the gone one did in any; 3 where that text says of its writer that they moved."""
    accounts = known.accounts
    named = known.named.among(pairs.parent, pairs.child)
    posted = accounts.last >= 0
    found = np.where(posted[pairs.parent] | posted[pairs.child], 0.0, np.nan)
    found[named] = 1.0
    early = _early_texts(known)
    for at in np.flatnonzero(named):
        parent, child = int(pairs.parent[at]), int(pairs.child[at])
        telling = [
            *_naming(accounts.handle[parent], [*early.get(child, ()), accounts.bio[child]]),
            *_naming(accounts.handle[child], [*early.get(-1 - parent, ()), accounts.bio[parent]]),
        ]
        if telling:
            found[at] = 3.0 if any(map(says_moved, telling)) else 2.0
    return found


def _naming(handle: str, texts: Sequence[str]) -> list[str]:
    """The texts that name an account by its handle."""
    named = re.compile(rf"@{re.escape(handle)}(?!\w)", re.IGNORECASE)
    return [text for text in texts if named.search(text)] if handle else []


def _early_texts(known: Known) -> dict[int, list[str]]:
    """First texts of each account that name somebody (its first days), by place; and all texts
    naming somebody by −1 − place."""
    found: dict[int, list[str]] = {}
    texts = known.texts
    if texts is None:
        return found
    first = appeared(known)
    count = len(known.accounts)
    posts = texts.posts
    each = zip(posts.account, posts.at, posts.texts, texts.answers, strict=True)
    for face, at, text, answer in each:
        # whom a reply is addressed to is named by the platform
        text = _ADDRESSED.sub("", text) if text and answer else text
        if text and "@" in text and face < count:
            found.setdefault(-1 - int(face), []).append(text)
            if at <= first[face] + _SOON or at <= known.accounts.posted[face] + _SOON:
                found.setdefault(int(face), []).append(text)
    return found


def _written(texts: Timelines, pairs: Pairs) -> dict[str, Floats]:
    """Style, hours, language and client."""
    counted = views(texts.posts)
    having = np.bincount(texts.posts.account, minlength=texts.posts.accounts) >= LEAST_TEXTS
    cohort = np.flatnonzero(having)
    if len(cohort) > COHORT:
        cohort = cohort[np.linspace(0, len(cohort) - 1, COHORT).astype(np.int64)]
    enough = having[pairs.parent] & having[pairs.child] & (len(cohort) > 3)
    at = np.flatnonzero(enough)
    ends = (pairs.parent[at], pairs.child[at])
    z = {
        view: against_cohort(weighted(view, counted[view]), *ends, cohort)
        for view in ((*STYLE, *TIMES) if len(at) else ())
    }
    found = {}
    for name, factors in (("style", STYLE), ("hours", TIMES)):
        found[name] = np.full(len(pairs), np.nan)
        if len(at):
            found[name][at] = together(z, factors)
    for name, codes in (("language", texts.language), ("client", texts.client)):
        one, other = codes[pairs.parent], codes[pairs.child]
        found[name] = np.where((one >= 0) & (other >= 0), (one == other).astype(float), np.nan)
    return found
