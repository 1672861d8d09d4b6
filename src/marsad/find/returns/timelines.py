"""What accounts wrote, and when: their own posts, and where a silence cuts an account in two."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.returns.accounts import Accounts
from marsad.find.returns.style import Posts
from marsad.find.signal import Records
from marsad.records.times import DAY, HOUR

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FIRST_AND_LAST = 100
"""Of each account's own posts the first and the last so many are read."""

SILENCE = 7 * DAY
"""Shortest silence, µs, that may part two owners of an account."""

LEAST_POSTS = 3
"""Posts on either side of a silence without which nothing can be said of a change."""


@dataclass(frozen=True)
class Timelines:
    """Own posts of the accounts that are compared, by account and time.

    ``face`` is the account, or past the accounts' number the former face of one that was silent
    for long and came back changed: ``former`` says of each account which face that is (−1: none),
    ``since`` when the present one began (−1). ``changed`` says in what: ``language``, ``client``,
    ``hours``; ``language`` and ``client`` are each face's most used (code, −1 unknown).
    """

    posts: Posts
    former: Ints
    since: Ints
    changed: dict[int, tuple[str, ...]]
    language: Ints
    client: Ints


def collected(records: Records, engine: Engine, accounts: Accounts, wanted: Ints) -> Timelines:
    """The timelines of ``wanted`` (places in ``accounts``)."""
    posts = records.posts
    names = pa.table({"account": accounts.ids.take(pa.array(wanted))})
    chosen = engine.table(names, "compared")
    own = posts.filter(posts.kind != "repost", posts.repost_of.isnull())
    own = own.semi_join(chosen, "account")
    order = [own.created_at, own.key]
    own = own.mutate(
        early=ibis.row_number().over(group_by=own.account, order_by=order),
        late=ibis.row_number().over(group_by=own.account, order_by=[one.desc() for one in order]),
    )
    kept = own.filter((own.early < FIRST_AND_LAST) | (own.late < FIRST_AND_LAST))
    kept = kept.select("account", "created_at", "key", "text", "language", "client")
    return _timelines(engine.collect(kept.order_by("account", "created_at", "key")), accounts)


def wakings(records: Records, engine: Engine, accounts: Accounts) -> Ints:
    """When each account last posted again after a long silence, µs UTC; −1 where it never did.

    Cheap, over all posts: who is worth reading as an account that somebody else may have now.
    """
    posts = records.posts
    before = posts.created_at.lag().over(group_by=posts.account, order_by=posts.created_at)
    paused = posts.mutate(pause=posts.created_at - before)
    paused = paused.filter(paused.pause >= SILENCE)
    rows = engine.collect(paused.group_by("account").agg(woke=paused.created_at.max()))
    found = np.full(len(accounts), -1, np.int64)
    found[accounts.places(rows["account"].combine_chunks())] = rows["woke"].to_numpy()
    return found


def _timelines(table: pa.Table, accounts: Accounts) -> Timelines:
    account = accounts.places(table["account"].combine_chunks().cast(pa.string()))
    at = table["created_at"].to_numpy()
    order = np.lexsort((table["key"].to_numpy(), at, account))
    account, at = account[order], at[order]
    table = table.take(pa.array(order))
    language, client = _codes(table["language"]), _codes(table["client"])
    cut = _silences(account, at)
    former, since = np.full(len(accounts), -1), np.full(len(accounts), -1)
    changed: dict[int, tuple[str, ...]] = {}
    face = account.copy()
    for place in cut:
        start, stop = np.searchsorted(account, [account[place], account[place] + 1])
        what = _changes(slice(start, place), slice(place, stop), at, language, client)
        if what:
            who = int(account[place])
            changed[who] = what
            former[who], since[who] = len(accounts) + len(changed) - 1, at[place]
            face[start:place] = former[who]
    order = np.argsort(face, kind="stable")
    faces = len(accounts) + len(changed)
    texts = table["text"].take(pa.array(order)).to_pylist()
    posts = Posts(face[order], at[order], texts, faces)
    return Timelines(
        posts, former, since, changed,
        _most_used(face, language, faces), _most_used(face, client, faces),
    )  # fmt: skip


def _silences(account: Ints, at: Ints) -> Ints:
    """The first post after each account's longest silence, where that is long and posts are on
    both sides."""
    same = account[1:] == account[:-1]
    pause = np.where(same, np.diff(at), 0)
    long = np.flatnonzero(pause >= SILENCE)
    order = long[np.lexsort((long, -pause[long], account[long]))]
    first = np.ones(len(order), bool)
    first[1:] = account[order][1:] != account[order][:-1]
    place = order[first] + 1
    start = np.searchsorted(account, account[place])
    stop = np.searchsorted(account, account[place], side="right")
    enough = (place - start >= LEAST_POSTS) & (stop - place >= LEAST_POSTS)
    return np.sort(place[enough])


def _changes(
    before: slice, after: slice, at: Ints, language: Ints, client: Ints
) -> tuple[str, ...]:
    """In what an account differs after a silence: in the language or the client, and then in the
    hours, too. These alone say nothing: people travel, and change their work."""
    found = []
    for name, codes in (("language", language), ("client", client)):
        one, other = _usual(codes[before]), _usual(codes[after])
        if one >= 0 and other >= 0 and one != other:
            found.append(name)
    if not found:
        return ()
    hours = [np.bincount(at[part] // HOUR % 24 // 3, minlength=8) for part in (before, after)]
    if min(part.sum() for part in hours) >= 8:
        roots = [np.sqrt(part / part.sum()) for part in hours]
        if float(roots[0] @ roots[1]) < 0.6:
            found.append("hours")
    return tuple(found)


def _codes(column: pa.ChunkedArray) -> Ints:
    """Values as numbers; −1 for none."""
    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    names = coded.dictionary.to_pylist()
    rank = np.argsort(np.argsort(np.array(names, dtype=object))) if names else np.empty(0, np.int64)
    places = pa.compute.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return np.where(places >= 0, np.append(rank, -1)[places], -1).astype(np.int64)


def _usual(codes: Ints) -> int:
    """The value that more than half have, else −1."""
    known = codes[codes >= 0]
    if not len(known):
        return -1
    counts = np.bincount(known)
    return int(counts.argmax()) if counts.max() * 2 > len(known) else -1


def _most_used(face: Ints, codes: Ints, faces: int) -> Ints:
    """The most used value of each face, the first where several are."""
    found = np.full(faces, -1)
    known = codes >= 0
    if not known.any():
        return found
    width = int(codes.max()) + 1
    keys, counts = np.unique(face[known] * width + codes[known], return_counts=True)
    order = np.lexsort((keys, -counts, keys // width))
    who = keys[order] // width
    first = np.ones(len(who), bool)
    first[1:] = who[1:] != who[:-1]
    found[who[first]] = (keys[order] % width)[first]
    return found
