"""Notices as they are stored."""

from __future__ import annotations

from typing import NamedTuple

from marsad.store.database import Transaction


class NoticeOfCase(NamedTuple):
    """A notice about the subject of a case: its number, the person who reported, by which way it
    came, whether without a name, and when (µs UTC)."""

    notice: int
    reporter: int
    channel: str
    anonymous: bool
    received_at: int


def of_case(transaction: Transaction, case_id: int) -> list[NoticeOfCase]:
    """The notices about the subject of a case, the newest first."""
    return []
