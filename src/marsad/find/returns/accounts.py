"""What is known of accounts besides their texts: names, when they appeared, when they were last
seen to post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine, views
from marsad.find.returns.handles import skeleton
from marsad.find.signal import Records
from marsad.records.ids import SEPARATOR
from marsad.records.normalise import normalise

Ints = npt.NDArray[np.int64]
NEVER = np.iinfo(np.int64).max

_SHOWN = ("handle", "name", "bio", "avatar")


@dataclass(frozen=True)
class Accounts:
    """All accounts of the records, by ascending id; columns are as long as ``ids``.

    ``first`` is when an account is first known to exist (creation, look or post), ``posted`` and
    ``last`` its first and last post, µs UTC, `NEVER` where unknown (``last``: −1). The texts are
    what it last showed; a suspended account shows nothing, so each is the last that was seen.
    """

    ids: pa.Array
    handle: list[str]
    name: list[str]
    bio: list[str]
    avatar: list[str]
    first: Ints
    posted: Ints
    last: Ints

    @cached_property
    def skeletons(self) -> list[str]:
        """What is left of each handle; see `marsad.find.returns.handles.skeleton`."""
        return [skeleton(one) if one else "" for one in self.handle]

    @cached_property
    def names(self) -> list[str]:
        """Names in one spelling."""
        return [normalise(one) if one else "" for one in self.name]

    def __len__(self) -> int:
        return len(self.ids)

    def places(self, ids: pa.Array | list[str]) -> Ints:
        """Where ids stand; −1 for those that are not there."""
        found = pa.compute.index_in(pa.array(ids, pa.string()), value_set=self.ids)
        return np.asarray(pa.compute.fill_null(found, -1)).astype(np.int64)


def collected(records: Records, engine: Engine) -> Accounts:
    """The accounts of all posts, looks and follows."""
    posted = records.posts.group_by(account=records.posts.account).agg(
        posted=records.posts.created_at.min(), last=records.posts.created_at.max()
    )
    looked = looks(records.observations)
    seen = looked.group_by("account").agg(
        seen=looked.observed_at.min(), created=looked.account_created_at.min()
    )
    follows = records.edges.filter(records.edges.kind == "follow")
    ends = ibis.union(
        follows.select(account=follows.source), follows.select(account=follows.target)
    )
    tables = [engine.collect(part) for part in (posted, seen, ends.distinct())]
    ids = pa.compute.unique(pa.concat_arrays([_strings(table["account"]) for table in tables]))
    ids = ids.take(pa.compute.sort_indices(ids))
    shown = {name: _last_shown(looked, name, engine) for name in _SHOWN}
    names = ids.to_pylist()
    columns = {
        column: _placed(ids, table, column)
        for table, wanted in ((tables[0], ("posted", "last")), (tables[1], ("seen", "created")))
        for column in wanted
    }
    known = [columns[name] for name in ("posted", "seen", "created")]
    return Accounts(
        ids,
        [shown["handle"].get(one) or _handle_of(one) for one in names],
        [shown["name"].get(one, "") for one in names],
        [shown["bio"].get(one, "") for one in names],
        [shown["avatar"].get(one, "") for one in names],
        first=np.minimum.reduce(known),
        posted=columns["posted"],
        last=np.where(columns["last"] == NEVER, -1, columns["last"]),
    )


def looks(observations: ir.Table) -> ir.Table:
    """Observations of accounts, avatars among them."""
    rows = observations.filter(observations.subject_kind == "account")
    return rows.select(
        "observed_at", "run", "file", "line", "version", "account_created_at", *_SHOWN,
        account=rows.subject,
    )  # fmt: skip


def _strings(column: pa.ChunkedArray) -> pa.Array:
    flat = column.cast(pa.string())
    return flat.combine_chunks() if isinstance(flat, pa.ChunkedArray) else flat


def _placed(ids: pa.Array, table: pa.Table, column: str) -> Ints:
    """A column of times in the order of the ids; `NEVER` where there is none."""
    found = np.full(len(ids), NEVER, np.int64)
    at = pa.compute.index_in(_strings(table["account"]), value_set=ids).to_numpy()
    found[at] = pa.compute.fill_null(table[column], NEVER).to_numpy()
    return found


def _last_shown(looked: ir.Table, name: str, engine: Engine) -> Mapping[str, str]:
    """What each account last showed of one thing, where it showed any."""
    rows = looked.filter(looked[name].notnull(), looked[name] != "")
    found = engine.collect(views.last_looks(rows).select("account", shown=name))
    return dict(zip(found["account"].to_pylist(), found["shown"].to_pylist(), strict=True))


def _handle_of(account: str) -> str:
    native = account.partition(SEPARATOR)[2]
    return native[1:] if native.startswith("@") else ""
