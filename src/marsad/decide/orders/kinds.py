"""Kinds of log entries about orders; one with a case leaves it as it is."""

from __future__ import annotations

IN_CASES = ("order-item", "order-parted", "order-executed", "order-lifted")
"""Entries in the case of one address: it was named in an order; that was a mistake; a person
carries the order out for it; the order no longer stands for it."""

STEPS = (
    "order-received", "order-taken", "order-accepted", "order-stopped", "order-cleared",
    "order-refused", "order-reopened", "order-acted", "order-confirmed", "order-scrutiny",
    "order-infringing", "order-upheld", "order-withdrawn", "order-reinstated", "order-closed",
)  # fmt: skip
"""Entries that lead an order from one state to another."""

MARKS = (
    "order-joined", "order-called-back", "order-confidential", "order-told", "order-noted",
    "order-late", "order-alarm", "order-exposed",
)  # fmt: skip
"""Entries that leave it in the state that it has."""

OTHER = ("authority-informed",)
"""The information of Article 3(2), which comes before there is an order."""

KINDS: tuple[str, ...] = (*IN_CASES, *STEPS, *MARKS, *OTHER)
