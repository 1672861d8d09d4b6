"""Crises: a surge of one event gets a queue and an owner of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from marsad.decide import sharing
from marsad.decide.sharing import Key, entry_key, hashtag_key
from marsad.records.errors import InputError
from marsad.store import crises as store
from marsad.store import log, projections
from marsad.store.database import Transaction
from marsad.store.log import Event
from marsad.store.projections import Projected

LONGEST_NAME, MOST_TERMS = 200, 100
AT_ONCE = 1_000
"""Cases that one entry of the log puts into a queue."""


@dataclass(frozen=True)
class Wanted:
    """Which cases are of a crisis: those that have **any** of the ``entries`` (bank, entry),
    ``hashtags`` or ``domains``, and pass all of the rest. Without one of these a ``signal`` must be
    named. Times are µs UTC: cases opened from ``since`` on and before ``until``."""

    entries: tuple[tuple[str, str], ...] = ()
    hashtags: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    signal: str | None = None
    platform: str | None = None
    since: int | None = None
    until: int | None = None

    @property
    def keys(self) -> frozenset[int]:
        """What a case must share, as numbers."""
        terms: list[Key] = [entry_key(bank, entry) for bank, entry in self.entries]
        terms += [hashtag_key(one) for one in self.hashtags]
        terms += [Key("domain", one) for one in self.domains]
        return frozenset(one.number for one in terms)

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Wanted:
        """As it is stored."""
        pairs = tuple((bank, entry) for bank, entry in said["entries"])
        rest = {name: said[name] for name in ("signal", "platform", "since", "until")}
        return cls(pairs, tuple(said["hashtags"]), tuple(said["domains"]), **rest)


@dataclass(frozen=True)
class Crisis:
    """A crisis: its number, what it is called, who looks after it, and which cases it has."""

    id: int
    name: str
    owner: str
    wanted: Wanted
    opened_by: str
    opened_at: int
    closed_at: int | None = None

    def has(self, keys: frozenset[int], signals: frozenset[str], platform: str, at: int) -> bool:
        """Whether a case opened at a time with these keys and signals is one of its own."""
        wanted = self.wanted
        return (
            (not wanted.keys or bool(wanted.keys & keys))
            and wanted.signal in (None, *signals)
            and wanted.platform in (None, platform)
            and (wanted.since is None or at >= wanted.since)
            and (wanted.until is None or at < wanted.until)
        )


def members(event: Event) -> Iterable[tuple[int, int]]:
    """Of an entry about many cases: each with the crisis whose queue it is in from then on, 0 for
    none."""
    if event.kind != "crisis-cases":
        return ()
    return [(number, event.data["crisis"]) for number in event.data["cases"]]


def watched(transaction: Transaction) -> list[Crisis]:
    """The crises that run, the newest first."""
    return [_of(one) for one in store.read(transaction, running=True)]


def every(transaction: Transaction) -> list[Crisis]:
    """All crises there were, the newest first."""
    return [_of(one) for one in store.read(transaction)]


def running(transaction: Transaction, crisis: int) -> Crisis:
    """A crisis that runs. Raises `InputError` where none of this number does."""
    found = store.read(transaction, crisis, running=True)
    if not found:
        raise InputError("crisis.none", crisis=crisis)
    return _of(found[0])


def _of(one: store.Stored) -> Crisis:
    wanted = Wanted.from_dict(one.wanted)
    return Crisis(one.id, one.name, one.owner, wanted, one.opened_by, one.opened_at, one.closed_at)


def matching(
    crises: Sequence[Crisis], findings: Sequence[Mapping[str, Any]], subject: str, at: int
) -> int:
    """The newest crisis that a case with these sealed findings is of; 0 for none."""
    if not crises:
        return 0
    keys = frozenset(one.number for one in sharing.of_findings(findings))
    signals = frozenset(str(one["signal"]) for one in findings)
    platform = subject.partition(":")[0]
    return next((one.id for one in crises if one.has(keys, signals, platform, at)), 0)


def check(name: str, owner: str, wanted: Wanted) -> None:
    """Raises `InputError` where a crisis would be nobody's, nameless, or of every case."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InputError("crisis.name", length=len(name), high=LONGEST_NAME)
    if not owner.strip():
        raise InputError("crisis.owner")
    terms = len(wanted.entries) + len(wanted.hashtags) + len(wanted.domains)
    if not (terms or wanted.signal) or terms > MOST_TERMS:
        raise InputError("crisis.filter", high=MOST_TERMS)
    if wanted.since is not None and wanted.until is not None and wanted.until <= wanted.since:
        raise InputError("crisis.window")


def open_(
    transaction: Transaction, actor: str, name: str, owner: str, wanted: Wanted, at: int
) -> Crisis:
    """Opens a crisis; cases that wait join with `join`, new ones as they are opened."""
    said = json.dumps(asdict(wanted), sort_keys=True)
    data = {"name": name, "owner": owner, "wanted": said}
    event = log.append(transaction, at=at, actor=actor, kind="crisis-opened", data=data)
    row = {"seq": event.seq, **data, "opened_by": actor, "opened_at": at}
    projections.add(transaction, [Projected("crises", row)])
    return Crisis(event.seq, name, owner, wanted, actor, at)


def join(
    transaction: Transaction, crisis: Crisis, actor: str, at: int, after: int = 0
) -> int | None:
    """Puts the next waiting cases into the queue of a crisis; the last one's number, from which to
    go on, None where there are no more."""
    wanted = crisis.wanted
    found = store.waiting_with(
        transaction, wanted.keys, wanted.signal, wanted.platform, wanted.since, wanted.until,
        after, AT_ONCE,
    )  # fmt: skip
    if not found:
        return None
    _put(transaction, found, crisis.id, actor, at)
    return found[-1]


def leave(transaction: Transaction, crisis: int, actor: str, at: int) -> int:
    """Puts cases of a crisis back into everybody's queue; how many, 0 where there are no more."""
    found = store.members(transaction, crisis, AT_ONCE)
    if found:
        _put(transaction, found, 0, actor, at)
    return len(found)


def _put(transaction: Transaction, found: Sequence[int], crisis: int, actor: str, at: int) -> None:
    data = {"crisis": crisis, "cases": list(found)}
    log.append(transaction, at=at, actor=actor, kind="crisis-cases", data=data)
    store.put(transaction, found, crisis)


def close(transaction: Transaction, crisis: Crisis, actor: str, at: int) -> None:
    """Closes a crisis: new cases no longer join it."""
    data = {"crisis": crisis.id}
    event = log.append(transaction, at=at, actor=actor, kind="crisis-closed", data=data)
    row = {"seq": event.seq, "crisis": crisis.id, "closed_by": actor, "closed_at": at}
    projections.add(transaction, [Projected("crisis_closings", row)])
