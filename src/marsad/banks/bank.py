"""A bank: a named, versioned list to match against, or a list that must never match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = ("phrases", "links", "domains", "texts", "redirects", "accounts", "hashes")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a bank.

    ``value`` is what to match; ``options`` are the kind's own settings (for a phrase
    ``{"match": "substring"}``); ``withdrawn`` is the date an entry stopped to count, kept so that
    what rested on it can be dissolved. Dates are ISO 8601.
    """

    value: str
    note: str = ""
    source: str = ""
    added: str = ""
    withdrawn: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Bank:
    """A named list of one kind. ``negative`` banks never match and win over all others."""

    name: str
    kind: str
    entries: tuple[Entry, ...]
    version: int = 1
    negative: bool = False
    policy: str = ""

    @property
    def active(self) -> tuple[Entry, ...]:
        """The entries that have not been withdrawn."""
        return tuple(entry for entry in self.entries if not entry.withdrawn)
