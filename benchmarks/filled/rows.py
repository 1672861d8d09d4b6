"""The rows of a filled database, some thousand cases at a time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

from benchmarks.filled.patterns import EVENTS, START, Entry, Pattern
from marsad.decide import facets
from marsad.decide.sharing import of_subject
from marsad.records.times import MINUTE
from marsad.store.cases import Case
from marsad.store.chain import START as CHAIN
from marsad.store.chain import keyed, link
from marsad.store.facets import Facet
from marsad.store.lanes import Lane

AT_ONCE = 2_000
NOW = 1_790_000_000_000_000
EVERY = MINUTE // 20
"""Between two cases that open, µs."""

PLATFORMS = tuple(f"platform{number}" for number in range(12))
Rows = tuple[Sequence[str], list[Sequence[Any]]]
"""Columns and rows of a table."""

CASE = (*(one.name for one in fields(Case)), "lane")


@dataclass
class Filling:
    """Makes ``count`` cases after ``patterns``; what follows from all is there at the end."""

    patterns: Sequence[Pattern]
    count: int
    head: bytes = CHAIN
    counters: Counter[Facet] = field(default_factory=Counter)
    lanes: dict[Lane, int] = field(default_factory=dict)
    draw: random.Random = field(default_factory=lambda: random.Random(1))

    def parts(self) -> Iterator[Mapping[str, Rows]]:
        """Rows by table, those that others refer to first."""
        for first in range(1, self.count + 1, AT_ONCE):
            found: dict[str, Rows] = {
                name: (columns, []) for name, columns in self._columns().items()
            }
            for number in range(first, min(first + AT_ONCE, self.count + 1)):
                self._add(number, {name: rows for name, (_, rows) in found.items()})
            yield found

    def rest(self) -> Mapping[str, Rows]:
        """What follows from all cases."""
        lanes = [(number, *lane) for lane, number in self.lanes.items()]
        totals = [(*facet, count) for facet, count in self.counters.items()]
        return {
            "audit_head": (("id", "seq", "hash"), [(1, self.count * EVENTS, self.head)]),
            "lanes": (("lane", *Lane._fields), lanes),
            "facets": (("name", "bucket", "count"), totals),
        }

    def _columns(self) -> dict[str, Sequence[str]]:
        beside = {name: tuple(columns) for name, columns in self.patterns[0].rows.items()}
        return {
            "persons": ("id", "name", "salt"), "audit": ("seq", "prev", "body", "hash"),
            "private": ("seq", "person", "content"), "cases": CASE, **beside,
        }  # fmt: skip

    def _add(self, number: int, rows: Mapping[str, list[Sequence[Any]]]) -> None:
        pattern = self.draw.choice(self.patterns)
        # some platforms have much more than others
        platform = PLATFORMS[int(len(PLATFORMS) * self.draw.random() ** 3)]
        words = {"s": number, "p": platform, "case": EVENTS * (number - 1) + 1, "person": number}
        at = NOW - (self.count - number) * EVERY - EVENTS * MINUTE
        salt = number.to_bytes(32, "big")
        rows["persons"].append((number, pattern.account % words, salt))
        for place, entry in enumerate(pattern.entries):
            self._entry(entry, words["case"] + place, at, words, salt, rows)
        case = self._case(pattern, words, at)
        lane = self._lane(case)
        rows["cases"].append((*(getattr(case, name) for name in CASE[:-1]), lane))
        moved = _Moved(words["case"] - pattern.case.id, at - START, {**words, "lane": lane})
        for name, columns in pattern.rows.items():
            values = [moved.column(column, given) for column, given in columns.items()]
            if name == "case_keys":
                _of_its_own(case, columns["kind"], values[list(columns).index("key")])
            rows[name] += zip(*values, strict=True)

    def _entry(
        self, entry: Entry, seq: int, at: int, words: dict[str, Any], salt: bytes,
        rows: Mapping[str, list[Sequence[Any]]],
    ) -> None:  # fmt: skip
        words |= {"at": at + entry.at, "rank": at + entry.rank, "due": at + entry.due_at}
        if entry.content is not None:
            content = (entry.content % words).encode()
            words["digest"] = keyed(salt, content).hex()
            rows["private"].append((seq, words["person"], content))
        body = (entry.body % words).encode()
        digest = link(self.head, body)
        rows["audit"].append((seq, self.head, body, digest))
        self.head = digest

    def _case(self, pattern: Pattern, words: Mapping[str, Any], at: int) -> Case:
        old, first = pattern.case, words["case"]
        case = replace(
            old, id=first, subject="{p}:{s}".format(**words), person=words["person"],
            platform=words["p"], opened_at=at, rank=at + old.rank - START,
            due_at=_moved(old.due_at, at), decided_at=_moved(old.decided_at, at),
            version=old.version - old.id + first,
        )  # fmt: skip
        self.counters.update(facets.of(case, pattern.signals))
        if case.decided_at is not None:
            self.counters.update(facets.of_step(None, "decided", case))
        return case

    def _lane(self, case: Case) -> int:
        lane = Lane.of(case)
        if lane not in self.lanes:
            self.lanes[lane] = lane.number
        return self.lanes[lane]


def _moved(time: int | None, at: int) -> int | None:
    return None if time is None else time - START + at


def _of_its_own(case: Case, kinds: Sequence[str], keys: list[int]) -> None:
    """The keys that no other case after the same pattern has."""
    for place, kind in enumerate(kinds):
        if kind == "lineage":
            keys[place] = of_subject(case.kind, case.subject)[0].number


class _Moved(NamedTuple):
    """How rows of a pattern become those of a case: by how much numbers of entries and times
    differ, and what else does."""

    numbers: int
    times: int
    words: Mapping[str, Any]

    def column(self, name: str, values: Sequence[Any]) -> list[Any]:
        """A column of such rows."""
        if name in _NUMBERS:
            return [value + self.numbers for value in values]
        if name in _TIMES:
            return [value + self.times for value in values]
        if name in _WORDS:
            return [value % self.words for value in values]
        if name in _SAME:
            return [self.words[name]] * len(values)
        return list(values)


_NUMBERS = frozenset({"seq", "case_id"})
_TIMES = frozenset({"at", "rank", "opened_at", "written_at", "decided_at"})
_WORDS = frozenset({"finding_id", "item"})
_SAME = frozenset({"person", "lane"})
