"""The item signals of a workspace, loaded and kept: the same matchers that `find` screens with.

A bank that changes is seen by its file alone, which every change replaces. What reads it is loaded
anew beside the old, which serves until the new is whole; what does not read it stays.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from marsad.banks.store import SUFFIX, BankStore
from marsad.find.registry import signals
from marsad.find.signal import ItemSignal
from marsad.records.errors import MarsadError
from marsad.records.message import Message
from marsad.records.tables import POSTS
from marsad.workspace.finding import Screening

log = logging.getLogger(__name__)

CHECKED_EVERY = 1.0
"""Seconds between two looks at the files of the banks."""

Mark = tuple[int, int, int]
"""What tells one version of a file from another: time of change (ns), size, inode."""


@dataclass
class Loaded:
    """One signal with its banks. ``marks`` are those of the files it was loaded from."""

    name: str
    screening: Screening
    marks: Mapping[str, Mark]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def screen(self, post: Mapping[str, object]) -> pa.RecordBatch:
        """Rows of `FOUND` for a post. Matchers keep what they looked up: one post at a time."""
        columns = {name: [post[name]] for name in self.schema.names}
        with self.lock:
            return self.screening.matcher.screen(pa.RecordBatch.from_pydict(columns, self.schema))

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns that the signal reads."""
        return pa.schema([POSTS.field(name) for name in self.screening.signal.reads])


@dataclass(frozen=True)
class Matchers:
    """All that is loaded. ``versions`` are the banks by name, with version and active entries."""

    loaded: tuple[Loaded, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    versions: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def screen(self, post: Mapping[str, object]) -> list[tuple[str, pa.RecordBatch]]:
        """Rows of `FOUND` of each signal that found something in a post (columns of `POSTS`)."""
        found = [(one.name, one.screen(post)) for one in self.loaded]
        return [(name, rows) for name, rows in found if rows.num_rows]


class KeptMatchers:
    """The matchers of a folder of banks, brought up to date while they are used.

    The first call loads them, which takes seconds where banks are large; later changes are loaded
    in a thread of their own. ``clock`` gives seconds.
    """

    def __init__(self, banks: BankStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._banks, self._clock = banks, clock
        self._current: Matchers | None = None
        self._loading = threading.Lock()
        self._looked = -CHECKED_EVERY
        self.problem: Message | None = None
        """Why the last change of a bank could not be read; None where it could."""

    def now(self) -> Matchers:
        """The newest that are whole."""
        if self._current is None:
            self._looked = self._clock()
            self._reload()
        elif self._clock() - self._looked >= CHECKED_EVERY:
            self._looked = self._clock()
            if marks(self._banks) != self._current.marks and not self._loading.locked():
                threading.Thread(target=self._reload, name="banks", daemon=True).start()
        assert self._current is not None
        return self._current

    def versions(self) -> Mapping[str, tuple[int, int]]:
        """The banks that are loaded, with version and active entries; none before the first use."""
        return self._current.versions if self._current else {}

    def catch_up(self) -> Matchers:
        """The matchers of the banks as they are now, however long that takes to load."""
        self._reload()
        assert self._current is not None
        return self._current

    def _reload(self) -> None:
        with self._loading:
            old = self._current or Matchers()
            if self._current is not None and marks(self._banks) == old.marks:
                return
            try:
                self._current = load(self._banks, old)
                self.problem = None
            except MarsadError as error:
                if self._current is None:
                    raise
                self.problem = Message("screen.bank", {"error": error.message.render()})
                log.warning(self.problem.render("en"))


def marks(banks: BankStore) -> dict[str, Mark]:
    """The marks of the files of banks, by name: what changes when a bank does."""
    found = {}
    try:
        with os.scandir(banks.folder) as files:
            for file in files:
                if file.name.endswith(SUFFIX) and not file.name.startswith("."):
                    said = file.stat()
                    name = file.name.removesuffix(SUFFIX)
                    found[name] = (said.st_mtime_ns, said.st_size, said.st_ino)
    except FileNotFoundError:  # no bank was written yet, or one is being swapped in
        return found
    return found


def load(banks: BankStore, old: Matchers) -> Matchers:
    """Matchers of the banks as they are; of signals whose banks are those of before, the old ones.
    Marks are taken first: a bank that changes meanwhile is read again the next time."""
    seen = marks(banks)
    kinds = {name: banks.summary(name).kind for name in banks.names() if name in seen}
    before = {one.name: one for one in old.loaded}
    loaded = []
    versions: dict[str, tuple[int, int]] = {}
    for name, signal in sorted(signals().items()):
        if not issubclass(signal, ItemSignal):
            continue
        read = {bank: seen[bank] for bank, kind in kinds.items() if kind in signal.bank_kinds}
        kept = before.get(name)
        if kept is None or kept.marks != read:
            kept = _load(name, signal, banks, read)
        versions |= {one.name: (one.version, len(one.active)) for one in kept.screening.banks}
        if _wanted(kept):
            loaded.append(kept)
    return Matchers(tuple(loaded), seen, versions)


def _load(
    name: str, signal: type[ItemSignal], banks: BankStore, read: Mapping[str, Mark]
) -> Loaded:
    made = Loaded(name, Screening(signal, (), tuple(banks.read(bank) for bank in read)), read)
    if _wanted(made):
        made.screen(EMPTY)  # whatever it loads at the first use, it loads now
    return made


def _wanted(loaded: Loaded) -> bool:
    """As `find` has it: a signal runs where it has an entry to match."""
    return any(not bank.negative and bank.active for bank in loaded.screening.banks)


def _nothing(kind: pa.DataType) -> object:
    return [] if pa.types.is_list(kind) else 0 if pa.types.is_integer(kind) else ""


EMPTY: Mapping[str, object] = {
    one.name: None if one.nullable and not pa.types.is_list(one.type) else _nothing(one.type)
    for one in POSTS
} | {"text": "a b", "kind": "post"}
"""A post of which nothing is known, with the columns of `POSTS`."""
