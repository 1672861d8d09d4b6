"""The accounts that banks list: whom somebody vouches for, and whom nobody does any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.banks.bank import Bank, Entry

KIND = "accounts"


@dataclass(frozen=True)
class Listed:
    """An entry that counts, and the name of its bank."""

    entry: Entry
    bank: str


def listed(banks: Sequence[Bank]) -> dict[str, Listed]:
    """Accounts of all banks of kind ``accounts`` that have not been withdrawn, by id.

    Withdrawn in one bank is withdrawn in all: an overturned decision must not live on in a copy
    of the list. A negative bank takes accounts out, too. Of several entries for an account the
    first counts, or the first that says since when it is closed.
    """
    lists = [bank for bank in banks if bank.kind == KIND]
    out = {named(entry.value) for bank in lists for entry in bank.entries
           if bank.negative or entry.withdrawn}  # fmt: skip
    found: dict[str, Listed] = {}
    for bank in (bank for bank in lists if not bank.negative):
        for entry in bank.active:
            account = named(entry.value)
            known = found.setdefault(account, Listed(entry, bank.name))
            if entry.options.get("since") and not known.entry.options.get("since"):
                found[account] = Listed(entry, bank.name)
    return {account: one for account, one in found.items() if account not in out}


def named(account: str) -> str:
    """An id as the records have it: a handle in lower case."""
    platform, _, native = account.partition(":")
    return f"{platform}:{native.lower()}" if native.startswith("@") else account
