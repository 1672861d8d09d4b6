"""Whether the private content that is kept apart is what the log sealed."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marsad.store.chain import Break, keyed
from marsad.store.log import Stored


@dataclass
class Contents:
    """Checks content entry by entry; what is missing must have been erased, and the log say so."""

    missing: dict[int, list[int]] = field(default_factory=dict)
    """Person → the entries whose content is not there."""

    erased: set[int] = field(default_factory=set)

    forgiven: set[int] = field(default_factory=set)
    """Entries that went with somebody else: what was said about them."""

    def check(self, entry: Stored, said: Mapping[str, Any]) -> Break | None:
        """The break that this entry shows, where ``said`` is its body."""
        sealed = said.get("private")
        if said["kind"] in ("erased", "person-erased"):
            self.erased.add(said["data"]["person"])
            self.forgiven.update(said["data"].get("notices", ()))
        if sealed is None:
            return None if entry.content is None else Break(entry.seq, "content-altered")
        person, digest = sealed
        if entry.content is None:
            self.missing.setdefault(person, []).append(entry.seq)
            return None
        if entry.person != person or entry.salt is None:
            return Break(entry.seq, "content-altered")
        if not hmac.compare_digest(keyed(entry.salt, entry.content).hex(), digest):
            return Break(entry.seq, "content-altered")
        return None

    def at_the_end(self) -> Break | None:
        """The first entry whose content is gone though nobody erased it."""
        lost = [
            seq for person, seqs in self.missing.items() if person not in self.erased
            for seq in seqs if seq not in self.forgiven
        ]  # fmt: skip
        return Break(min(lost), "content-missing") if lost else None
