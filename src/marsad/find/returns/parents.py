"""Where every search begins: accounts that somebody vouches are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.banks import Bank
from marsad.banks.accounts import JUDGED, KIND, NO_IDS, Listed, listed, under
from marsad.banks.kinds import closed_at
from marsad.find.signal import Refusal


@dataclass(frozen=True)
class Vouched:
    """One entry that counts: since when the account is closed (µs UTC), or None; why; who says so.

    ``bank`` is the bank's name.
    """

    account: str
    since: int | None
    basis: str
    source: str
    bank: str


@dataclass(frozen=True)
class Labels:
    """Pairs (child, parent) that somebody has judged: returns, and none."""

    yes: frozenset[tuple[str, str]]
    no: frozenset[tuple[str, str]]


def vouched(banks: Sequence[Bank], ids: Mapping[str, str] = NO_IDS) -> dict[str, Vouched]:
    """Accounts of all banks of kind ``accounts`` that have not been withdrawn, by id.

    As `marsad.banks.accounts` reads them, with the ``ids`` of those named by handle. Refuses where
    no list ever named anybody; where all were withdrawn nobody is left, and what rested on them
    dissolves.
    """
    lists = [bank for bank in banks if bank.kind == KIND]
    if not any(bank.entries for bank in lists):
        raise Refusal("returns.nobody", banks=len(lists))
    return {account: _vouched(account, one) for account, one in listed(banks, ids).items()}


def _vouched(account: str, one: Listed) -> Vouched:
    since, basis = (str(one.entry.options.get(name) or "") for name in ("since", "basis"))
    return Vouched(account, closed_at(since), basis, one.entry.source, one.bank)


def judged(banks: Sequence[Bank], ids: Mapping[str, str] = NO_IDS) -> Labels:
    """What entries say with the options ``returned_from`` and ``not_from`` (an account)."""
    found: dict[str, set[tuple[str, str]]] = {option: set() for option in JUDGED}
    for bank in banks:
        for entry in bank.active if bank.kind == KIND else ():
            for option, pairs in found.items():
                parent = entry.options.get(option)
                if parent:
                    pairs.add((under(ids, entry.value), under(ids, str(parent))))
    return Labels(*(frozenset(found[option]) for option in JUDGED))
