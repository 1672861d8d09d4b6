"""What accounts wrote, and when: their own posts, cut where an account became another."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.returns.accounts import Accounts
from marsad.find.returns.cuts import Cuts
from marsad.find.returns.style import Posts
from marsad.find.signal import Records
from marsad.records.times import HOUR

Ints = npt.NDArray[np.int64]

FIRST_AND_LAST = 100
"""Of each account's own posts the first and the last so many are read."""

LEAST_HOURS = 8
"""Posts of either face below which nothing is said of its hours."""


@dataclass(frozen=True)
class Timelines:
    """Own posts of the accounts that are compared, by account and time.

    Whose posts they are is the account, or past the accounts' number the former face of one that
    came back changed (see `marsad.find.returns.cuts`). ``changed`` says in what, hours too;
    ``language`` and ``client`` are each face's most used (code, −1 unknown); ``answers`` says which
    posts are replies.
    """

    posts: Posts
    answers: npt.NDArray[np.bool_]
    changed: dict[int, tuple[str, ...]]
    language: Ints
    client: Ints


def collected(
    records: Records, engine: Engine, accounts: Accounts, cuts: Cuts, wanted: Ints
) -> Timelines:
    """The timelines of ``wanted`` (places in ``accounts``)."""
    posts = records.posts
    names = pa.table({"account": accounts.ids.take(pa.array(wanted))})
    chosen = engine.table(names, "compared")
    own = posts.filter(posts.kind != "repost", posts.repost_of.isnull())
    own = own.semi_join(chosen, "account")
    order = [own.created_at, own.key]
    own = own.mutate(
        answer=own.reply_to.notnull(),
        early=ibis.row_number().over(group_by=own.account, order_by=order),
        late=ibis.row_number().over(group_by=own.account, order_by=[one.desc() for one in order]),
    )
    kept = own.filter((own.early < FIRST_AND_LAST) | (own.late < FIRST_AND_LAST))
    kept = kept.select("account", "created_at", "key", "text", "language", "client", "answer")
    return _timelines(engine.collect(kept.order_by("account", "created_at", "key")), accounts, cuts)


def _timelines(table: pa.Table, accounts: Accounts, cuts: Cuts) -> Timelines:
    account = accounts.places(table["account"].combine_chunks().cast(pa.string()))
    at = table["created_at"].to_numpy()
    order = np.lexsort((table["key"].to_numpy(), at, account))
    account, at = account[order], at[order]
    table = table.take(pa.array(order))
    language, client = _codes(table["language"]), _codes(table["client"])
    changed = dict(cuts.changed)
    face, faces = account.copy(), len(accounts)
    for place in sorted(changed):
        start, stop = np.searchsorted(account, [place, place + 1])
        middle = start + int(np.searchsorted(at[start:stop], cuts.since[place]))
        if middle > start:
            face[start:middle] = faces
            faces += 1
        if _other_hours(at[start:middle], at[middle:stop]):
            changed[place] = (*changed[place], "hours")
    order = np.argsort(face, kind="stable")
    texts = table["text"].take(pa.array(order)).to_pylist()
    answers = table["answer"].take(pa.array(order)).to_numpy()
    posts = Posts(face[order], at[order], texts, faces)
    return Timelines(
        posts, answers, changed,
        _most_used(face, language, faces), _most_used(face, client, faces),
    )  # fmt: skip


def _other_hours(one: Ints, other: Ints) -> bool:
    """Whether two faces post at other hours, in parts of three of a day (cosine of the roots of
    fractions below .6). Alone it says nothing: people travel, and change their work."""
    if min(len(one), len(other)) < LEAST_HOURS:
        return False
    counts = [np.bincount(part // HOUR % 24 // 3, minlength=8) for part in (one, other)]
    roots = [np.sqrt(part / part.sum()) for part in counts]
    return float(roots[0] @ roots[1]) < 0.6


def _codes(column: pa.ChunkedArray) -> Ints:
    """Values as numbers; −1 for none."""
    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    names = coded.dictionary.to_pylist()
    rank = np.argsort(np.argsort(np.array(names, dtype=object))) if names else np.empty(0, np.int64)
    places = pa.compute.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return np.where(places >= 0, np.append(rank, -1)[places], -1).astype(np.int64)


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
