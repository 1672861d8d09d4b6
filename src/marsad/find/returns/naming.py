"""Who names whom, in posts or in what an account says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from marsad.find.returns.accounts import Accounts

Ints = npt.NDArray[np.int64]

_NAMED = re.compile(r"@([\w.]{2,64})")


@dataclass(frozen=True)
class Naming:
    """Pairs of accounts (places) of which ``who`` names ``whom``, each once; ``often`` is how many
    accounts name that one."""

    who: Ints
    whom: Ints
    often: Ints

    @classmethod
    def of(cls, who: Ints, whom: Ints, count: int) -> Naming:
        """From pairs among ``count`` accounts, perhaps with repeats and people who name
        themselves."""
        codes = np.unique((who * count + whom)[who != whom])
        who, whom = np.divmod(codes, max(count, 1))
        return cls(who, whom, np.bincount(whom, minlength=count)[whom])

    def among(self, parent: Ints, child: Ints) -> npt.NDArray[np.bool_]:
        """Of which pairs one names the other."""
        count = int(max(self.who.max(initial=0), self.whom.max(initial=0), parent.max(initial=0),
                        child.max(initial=0))) + 1  # fmt: skip
        codes = self.who * count + self.whom
        return np.asarray(
            np.isin(parent * count + child, codes) | np.isin(child * count + parent, codes)
        )


def collected(mentions: pa.Table, accounts: Accounts) -> Naming:
    """From who mentions what (columns ``account`` and ``object``), and from descriptions."""
    names = _names(accounts)
    known = pa.array(list(names), pa.string())
    places = np.array([*names.values(), -1], np.int64)
    at = pc.fill_null(pc.index_in(mentions["object"].cast(pa.string()), known), len(names))
    whom = places[at.to_numpy().astype(np.int64)]
    who = accounts.places(mentions["account"].combine_chunks().cast(pa.string()))
    there = (whom >= 0) & (who >= 0)
    bios = [
        (place, names[named])
        for place, (one, bio) in enumerate(zip(accounts.ids.to_pylist(), accounts.bio, strict=True))
        for named in (f"{one.partition(':')[0]}:@{name.lower()}" for name in _NAMED.findall(bio))
        if named in names
    ]  # fmt: skip
    told = np.array(bios, np.int64).reshape(-1, 2).T
    return Naming.of(
        np.concatenate([who[there], told[0]]), np.concatenate([whom[there], told[1]]),
        len(accounts),
    )  # fmt: skip


def _names(accounts: Accounts) -> dict[str, int]:
    """What accounts are called in mentions, their handles and ids, and their places."""
    ids = accounts.ids.to_pylist()
    found = {
        f"{one.partition(':')[0]}:@{handle.lower()}": place
        for place, (one, handle) in enumerate(zip(ids, accounts.handle, strict=True)) if handle
    }  # fmt: skip
    return found | {one: place for place, one in enumerate(ids)}
