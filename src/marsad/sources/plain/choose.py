"""Which column is which field of a kind: names propose, values veto, ``--map`` overrides.

For each field the columns whose name proposes it are tried from the most telling name to the least
(`marsad.sources.plain.names`), those of one name in the order of the file; the first whose values
could be the field's is taken, and no other field may take it again. A column that the sample shows
empty comes after those with values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from marsad.sources.plain import admit
from marsad.sources.plain.columns import Column
from marsad.sources.plain.names import (
    ACCOUNT_LEAVES,
    GENERIC_ACCOUNT,
    NAMES,
    NEVER,
    OTHERS,
    PLACES,
    THREADS,
    WHO,
    WRAPPINGS,
)

LISTS = ("hashtags", "urls", "mentions", "media_urls", "media_hashes", "media_alts")

_WRAPPED, _NUMBERED, _PREFIXED, _GENERIC = 100, 50, 500, 1_000
"""How much less telling a name is than one that is listed as it stands: inside an object that says
nothing, with a number, after a word for the account, and a mere word for the account."""

_NUMBER = re.compile(r"\d+")


@dataclass
class Chosen:
    """What was chosen for a kind: field → columns (several are read together), best first.

    ``rivals`` are columns whose name says the same as the chosen one's; ``given`` the fields that
    the user mapped; ``lacks`` what these rows need besides what all of their kind do.
    """

    kind: str
    fields: dict[str, tuple[Column, ...]] = field(default_factory=dict)
    rivals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    lacks: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def column(self, name: str) -> Column | None:
        """The (first) column of a field."""
        columns = self.fields.get(name)
        return columns[0] if columns else None

    @property
    def used(self) -> set[str]:
        """The labels of all columns that a field takes."""
        return {column.label for columns in self.fields.values() for column in columns}

    def shown(self) -> dict[str, str]:
        """Field → columns, for people."""
        return {
            name: " + ".join(column.label for column in columns)
            for name, columns in self.fields.items()
        }


def choose(
    kind: str, columns: Sequence[Column], given: Mapping[str, Column] | None = None
) -> Chosen:
    """The columns of the fields of ``kind``; ``given`` are those that the user named."""
    given = given or {}
    fields: dict[str, tuple[Column, ...]] = {name: (column,) for name, column in given.items()}
    chosen = Chosen(kind, fields, given=frozenset(given))
    proposals = _proposals(kind, columns)
    for name in NAMES[kind]:
        if name not in chosen:
            _take(chosen, name, proposals.get(name, []))
    return chosen


def take_unknown_states(chosen: Chosen, columns: Sequence[Column]) -> None:
    """Looks at accounts with a column of states of which no word is known: it is one all the same,
    for whoever was in such a state must not pass for alive."""
    if chosen.kind != "observations" or "state" in chosen:
        return
    used = chosen.used
    proposed = [
        (rank, column)
        for rank, column in _proposals(chosen.kind, columns).get("state", [])
        if column.label not in used and admit.may_be_states(column)
    ]
    if proposed:
        chosen.fields["state"] = (min(proposed, key=lambda found: found[0])[1],)


def _take(chosen: Chosen, name: str, proposed: list[tuple[int, Column]]) -> None:
    used = chosen.used
    fitting = [
        (rank, column)
        for rank, column in proposed
        if column.label not in used
        and admit.admits(chosen.kind, name, column)
        and not (name == "id" and _is_of_thread(column))
    ]
    fitting.sort(key=lambda found: (found[1].empty, found[0]))
    if not fitting:
        return
    rank, best = fitting[0]
    alike = [column for other, column in fitting[1:] if _stem(column) == _stem(best)]
    if name in LISTS and _NUMBER.search(_joined(best.steps)):
        chosen.fields[name] = (best, *alike)
        return
    chosen.fields[name] = (best,)
    equal = tuple(column.label for other, column in fitting[1:] if other == rank)
    if equal:
        chosen.rivals[name] = equal


def _is_of_thread(column: Column) -> bool:
    """Whether an id is that of what is commented on: most rows share theirs with others."""
    repeated = column.distinct < 0.5 * len(column.values)
    return repeated and _joined(column.steps) in THREADS


def _stem(column: Column) -> str:
    return _NUMBER.sub("", _joined(column.steps))


def _proposals(kind: str, columns: Sequence[Column]) -> dict[str, list[tuple[int, Column]]]:
    found: dict[str, list[tuple[int, Column]]] = {}
    for column in columns:
        best: dict[str, int] = {}
        for name, rank in propose(kind, column.steps):
            best[name] = min(rank, best.get(name, rank))
        for name, rank in best.items():
            found.setdefault(name, []).append((rank, column))
    return found


def propose(kind: str, steps: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """The fields of ``kind`` that a name proposes, with a rank: the lower, the more telling."""
    joined = _joined(steps)
    if not steps or joined in NEVER or PLACES & set(steps):
        return
    yield from _account_by_prefix(kind, steps)
    if len(steps) == 1 or steps[0] not in WHO:
        yield from _listed(kind, joined, 0)
    if OTHERS & set(steps):
        return
    yield from _unwrapped(kind, steps)
    if joined in GENERIC_ACCOUNT:
        for name in ("account_id", "handle"):
            if name in NAMES[kind]:
                yield name, _GENERIC + GENERIC_ACCOUNT.index(joined)


def _joined(steps: Sequence[str]) -> str:
    return "".join(steps)


def _listed(kind: str, joined: str, more: int) -> Iterator[tuple[str, int]]:
    without_number = _NUMBER.sub("", joined)
    for name, names in NAMES[kind].items():
        if joined in names:
            yield name, names.index(joined) + more
        elif name in LISTS and without_number in names:
            yield name, names.index(without_number) + more + _NUMBERED


def _unwrapped(kind: str, steps: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """What the name proposes without the objects around it that say nothing."""
    more = _WRAPPED
    while len(steps) > 1 and steps[0] in WRAPPINGS:
        steps = steps[1:]
        yield from _account_by_prefix(kind, steps)
        if len(steps) == 1 or steps[0] not in WHO:
            yield from _listed(kind, _joined(steps), more)
        more += _WRAPPED


def _account_by_prefix(kind: str, steps: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Fields of the account: ``author.metrics.followers_count``, ``user_followers_count``."""
    leaf = _leaf(steps)
    for name, leaves in ACCOUNT_LEAVES.items():
        if leaf in leaves and name in NAMES[kind] and not OTHERS & set(steps):
            yield name, _PREFIXED + leaves.index(leaf)


def _leaf(steps: tuple[str, ...]) -> str:
    if len(steps) > 1:
        inner = [step for step in steps[1:-1] if step not in WRAPPINGS]
        return _joined((*inner, steps[-1])) if steps[0] in WHO else ""
    for word in WHO:
        if steps[0].startswith(word) and len(steps[0]) > len(word):
            return steps[0].removeprefix(word)
    return ""
