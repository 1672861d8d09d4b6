"""Banks on disk: one file a bank, every change a new version that is swapped in whole.

A change is written to a file aside, synced, and renamed over the old one, so that a reader sees the
old version or the new one and never a part. Who changes a bank holds a lock for as long as that
takes.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from marsad.banks.bank import KINDS, Bank, Entry
from marsad.banks.bank_file import Summary, read_bank, read_summary, written
from marsad.banks.kinds import NotTaken, entry_key
from marsad.records.errors import InputError, OutsideError

SUFFIX = ".ndjson"
MAX_ENTRIES = 5_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")


@dataclass(frozen=True)
class Change:
    """What a change did: the bank as it is now, and how many entries it concerned.

    ``already`` were there, ``absent`` are values that were to be withdrawn and were not there,
    ``differing`` are values that were there with other options, which stay.
    """

    bank: Bank
    added: int = 0
    already: int = 0
    withdrawn: int = 0
    absent: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()


class BankStore:
    """The banks in a folder, which need not exist until the first is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> Sequence[str]:
        """The names of all banks, sorted."""
        if not self.folder.is_dir():
            # as if there were none, a search would drop what they found; asked again, because
            # somebody may have made the folder in between
            if self.folder.exists() and not self.folder.is_dir():
                raise _in_the_way(self.folder, errno.ENOTDIR)
            return []
        found = (path.name.removesuffix(SUFFIX) for path in self.folder.glob(f"*{SUFFIX}"))
        return sorted(name for name in found if _NAME.match(name))

    def list(self) -> Sequence[Summary]:
        """What each bank is, read from first lines alone, by name."""
        return [self.summary(name) for name in self.names()]

    def summary(self, name: str) -> Summary:
        """What a bank is, without reading its entries."""
        return read_summary(self._existing(name), name)

    def present(self, name: str, kind: str | None = None) -> Summary | None:
        """What a bank is, or None where there is none; raises if it is of another kind."""
        if not self._path(name).exists():
            self.names()  # raises where the folder is none
            return None
        summary = self.summary(name)
        if kind not in (None, summary.kind):
            raise InputError("bank.other-kind", name=name, kind=summary.kind, given=kind)
        return summary

    def read(self, name: str) -> Bank:
        """A bank with all its entries, withdrawn ones too."""
        return read_bank(self._existing(name), name)

    def all(self) -> Sequence[Bank]:
        """Every bank with its entries, by name."""
        return [self.read(name) for name in self.names()]

    def write(self, bank: Bank) -> Bank:
        """Write a bank in place of the one of its name; it comes back with its new version."""
        check_name(bank.name)
        check_kind(bank.kind)
        with self._changing():
            return self._swap_in(bank)

    def add(
        self,
        name: str,
        entries: Iterable[Entry],
        *,
        kind: str | None = None,
        negative: bool | None = None,
        policy: str | None = None,
    ) -> Change:
        """Add entries to a bank, which is made where there is none.

        ``kind`` is needed for a new bank; for one that is there, ``kind`` and ``negative`` must be
        what it is. An entry that was withdrawn counts again; one that is there stays as it is. No
        new version is written where nothing changes. Raises `NotTaken` for an entry that is not
        of the kind.
        """
        check_name(name)
        with self._changing():
            old = self._present_or_new(name, kind, negative, policy)
            merged, added, already, differing = _merged(old, entries)
            if len(merged) > MAX_ENTRIES:
                raise InputError("bank.too-many", name=name, limit=MAX_ENTRIES)
            wanted = old.policy if policy is None else policy
            if not added and wanted == old.policy and name in self.names():
                return Change(old, 0, already, differing=differing)
            new = replace(old, entries=tuple(merged), policy=wanted)
            return Change(self._swap_in(new), added, already, differing=differing)

    def withdraw(self, name: str, values: Iterable[str], date: str) -> Change:
        """Mark entries as withdrawn on a date (ISO 8601); they stay in the file.

        Entries are named by any spelling that means the same, with or without their options.
        """
        with self._changing():
            old = self.read(name)
            wanted = {_loose_key(old.kind, value): value for value in values}
            entries, found, count = [], set(), 0
            for entry in old.entries:
                key = _stored_key(old.kind, entry)
                if key in wanted:
                    found.add(key)
                    if not entry.withdrawn:
                        entry, count = replace(entry, withdrawn=date), count + 1
                entries.append(entry)
            absent = tuple(value for key, value in wanted.items() if key not in found)
            bank = self._swap_in(replace(old, entries=tuple(entries))) if count else old
            return Change(bank, withdrawn=count, absent=absent)

    def forget(self, name: str, value: str, among: Collection[str] = ()) -> int:
        """Take an entry out of the file as if it had never been there, withdrawn or not: for who is
        erased. Entries ``among`` which options name it lose those. Returns how many went."""
        with self._changing():
            old = self.read(name)
            kept = tuple(
                _without(entry, value) if entry.value in among else entry
                for entry in old.entries if entry.value != value
            )  # fmt: skip
            if kept != old.entries:
                self._swap_in(replace(old, entries=kept))
            return len(old.entries) - len(kept)

    def remove(self, name: str) -> None:
        """Remove a bank with all its versions. To stop matching, withdraw its entries instead."""
        with self._changing():
            self._existing(name).unlink()

    def _path(self, name: str) -> Path:
        check_name(name)
        return self.folder / f"{name}{SUFFIX}"

    def _existing(self, name: str) -> Path:
        path = self._path(name)
        if not path.exists():  # not by a listing, which may miss a file that is being swapped in
            raise InputError("bank.unknown", name=name, valid=[*self.names()])
        if not path.is_file():
            raise _in_the_way(path, errno.EISDIR)
        return path

    def _present_or_new(
        self, name: str, kind: str | None, negative: bool | None, policy: str | None
    ) -> Bank:
        if self.present(name, kind) is None:
            if kind is None:
                raise InputError("bank.kind-missing", name=name, valid=list(KINDS))
            check_kind(kind)
            return Bank(name, kind, (), 0, bool(negative), policy or "")
        old = self.read(name)
        if negative not in (None, old.negative):
            raise InputError("bank.negative-differs" if old.negative else "bank.positive-differs",
                             name=name)  # fmt: skip
        return old

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Holds the folder's lock; the system releases it if this process dies."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _swap_in(self, bank: Bank) -> Bank:
        path = self._path(bank.name)
        before = self.summary(bank.name).version if path.is_file() else 0
        bank = replace(bank, version=before + 1)
        for left in self.folder.glob(f".{bank.name}.*.new"):
            left.unlink()  # of a process that died: nobody else writes while the lock is held
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=self.folder,
            prefix=f".{bank.name}.", suffix=".new", delete=False,
        ) as file:  # fmt: skip
            try:
                file.writelines(written(bank))
                file.flush()
                os.fsync(file.fileno())
            except OSError as error:
                os.unlink(file.name)
                error.filename = str(path)
                raise
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)
        _sync(self.folder)
        return bank


def check_name(name: str) -> None:
    """Raises where a name is no bank's: lower-case letters, digits, ``-`` and ``_``, at most 64."""
    if not _NAME.match(name):
        raise InputError("bank.name", given=name[:200])


def check_kind(kind: str) -> None:
    """Raises where there is no such kind of bank."""
    if kind not in KINDS:
        raise InputError("bank.kind", given=kind[:200], valid=list(KINDS))


def _merged(
    old: Bank, entries: Iterable[Entry]
) -> tuple[Sequence[Entry], int, int, tuple[str, ...]]:
    """The entries of a bank with new ones, how many were added and already there, and which of
    these say something else of themselves than is known."""
    merged = list(old.entries)
    places = {_stored_key(old.kind, entry): place for place, entry in enumerate(merged)}
    added = already = 0
    differing = []
    for entry in entries:
        key = entry_key(old.kind, entry)
        place = places.get(key)
        if place is None:
            places[key] = len(merged)
            merged.append(entry)
            added += 1
        elif merged[place].withdrawn and not entry.withdrawn:
            merged[place] = entry
            added += 1
        else:
            already += 1
            known = merged[place].options
            if any(known.get(name) != said for name, said in entry.options.items()):
                differing.append(entry.value)
    return merged, added, already, tuple(differing)


def _stored_key(kind: str, entry: Entry) -> str:
    """The key of an entry that is in a file; one that no rule takes any more is its value."""
    try:
        return entry_key(kind, entry)
    except NotTaken:
        return entry.value


def _loose_key(kind: str, value: str) -> str:
    """The key of a value that a person named, where what it leads to does not matter."""
    options = {"target": "https://target.invalid/"} if kind == "redirects" else {}
    return _stored_key(kind, Entry(value.strip(), options=options))


def _in_the_way(path: Path, code: int) -> OutsideError:
    return OutsideError("disk.failed", what=f"{path}: {os.strerror(code)}")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _without(entry: Entry, value: str) -> Entry:
    """An entry without the options that have a value."""
    options = {name: said for name, said in entry.options.items() if said != value}
    return replace(entry, options=options)
