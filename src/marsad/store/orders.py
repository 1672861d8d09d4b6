"""Removal orders as they are stored."""

from __future__ import annotations

from typing import NamedTuple

from marsad.store.database import Transaction


class OrderOfCase(NamedTuple):
    """An order that a case is about: its number, when it came (µs UTC), its state, and until when
    nobody may be told of it; None where they may."""

    order: int
    received_at: int
    state: str
    confidential_until: int | None


def of_case(transaction: Transaction, case_id: int) -> list[OrderOfCase]:
    """The orders that a case is about, the newest first."""
    return []
