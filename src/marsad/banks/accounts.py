"""The accounts that banks list: whom somebody vouches for, and whom nobody does any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from marsad.banks.bank import Bank, Entry

KIND = "accounts"
JUDGED = ("returned_from", "not_from")
"""Options of an entry that name another account: whose return it is, and whose it is not."""

NO_IDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Listed:
    """An entry that counts, and the name of its bank."""

    entry: Entry
    bank: str


def spelled(banks: Sequence[Bank]) -> list[str]:
    """Every account that banks of kind ``accounts`` name, as `named` spells it."""
    lists = [bank for bank in banks if bank.kind == KIND]
    found = {named(entry.value) for bank in lists for entry in bank.entries}
    for entry in (entry for bank in lists for entry in bank.active):
        found |= {named(str(entry.options[name])) for name in JUDGED if entry.options.get(name)}
    return sorted(found)


def listed(banks: Sequence[Bank], ids: Mapping[str, str] = NO_IDS) -> dict[str, Listed]:
    """Accounts of all banks of kind ``accounts`` that have not been withdrawn, by id.

    ``ids`` says under which id an account stands that is named by its handle. Withdrawn in one bank
    is withdrawn in all, however it is named: an overturned decision must not live on in a copy of
    the list. A negative bank takes accounts out, too. Of several entries for an account the first
    counts, or the first that says since when it is closed.
    """
    lists = [bank for bank in banks if bank.kind == KIND]
    out = {under(ids, entry.value) for bank in lists for entry in bank.entries
           if bank.negative or entry.withdrawn}  # fmt: skip
    found: dict[str, Listed] = {}
    for bank in (bank for bank in lists if not bank.negative):
        for entry in bank.active:
            account = under(ids, entry.value)
            known = found.setdefault(account, Listed(entry, bank.name))
            if entry.options.get("since") and not known.entry.options.get("since"):
                found[account] = Listed(entry, bank.name)
    return {account: one for account, one in found.items() if account not in out}


def under(ids: Mapping[str, str], account: str) -> str:
    """The id of an account, which may be named by its handle."""
    name = named(account)
    return ids.get(name, name)


def named(account: str) -> str:
    """An id as the records have it: a handle in lower case."""
    platform, _, native = account.partition(":")
    return f"{platform}:{native.lower()}" if native.startswith("@") else account
