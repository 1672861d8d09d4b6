"""Who writes on which account, and when: usually one voice an account, two after a takeover."""

from __future__ import annotations

import numpy as np

from marsad.simulate.draws import Ints, Rows
from marsad.simulate.lineages import Lineages
from marsad.simulate.population import Origin
from marsad.simulate.window import NEVER, Window

VOICE = np.dtype(
    [
        ("account", "i4"),
        ("start", "i8"),
        ("stop", "i8"),
        ("rate", "f8"),
        ("group", "i1"),
        ("language", "i1"),
        ("topic_a", "i1"),
        ("topic_b", "i1"),
        ("client", "i1"),
        ("community", "i4"),
        ("shift", "i4"),
        ("style", "u2"),
    ]
)

_SHARED = (
    *("group", "language", "topic_a", "topic_b", "client", "community", "shift", "style", "rate"),
)
_OWNER_SILENT_AFTER = 0.3
"""A sleeping account's owner stops after this fraction of the time until the takeover."""
_WAITING = 0.1
"""What a backup posts, relative to its actor's rate, while the first account lives."""


def voices_of(lineages: Lineages, window: Window) -> Rows:
    """All voices, rows of VOICE."""
    accounts = lineages.accounts
    main = _voices(accounts, np.arange(len(accounts)))
    main["start"] = np.where(accounts["taken"] < NEVER, accounts["taken"], accounts["created"])
    main["start"] = np.maximum(main["start"], accounts["debut"])
    main["stop"] = accounts["ended"]
    return np.concatenate([main, _owners(lineages, window), *_split_backups(accounts, main)])


def _voices(rows: Rows, numbers: Ints) -> Rows:
    voices = np.zeros(len(rows), VOICE)
    for name in _SHARED:
        voices[name] = rows[name]
    voices["account"] = numbers
    return voices


def _owners(lineages: Lineages, window: Window) -> Rows:
    """The owners of accounts that were taken over: they fell silent long before."""
    voices = _voices(lineages.owners, lineages.owned)
    taken = lineages.accounts["taken"][lineages.owned]
    silent = (taken - window.start) * _OWNER_SILENT_AFTER
    voices["start"] = lineages.owners["created"]
    voices["stop"] = window.start + silent.astype(np.int64)
    # Quiet, but a change in style can only be seen where there is something to compare with.
    voices["rate"] = np.maximum(voices["rate"], 0.5)
    return voices


def _split_backups(accounts: Rows, main: Rows) -> list[Rows]:
    """Backups wait with few posts until the first account is gone; edits ``main`` in place."""
    numbers = np.flatnonzero(accounts["origin"] == Origin.BACKUP)
    handover = accounts["ended"][accounts["parent"][numbers]]
    waiting = main[numbers].copy()
    waiting["rate"] *= _WAITING
    waiting["stop"] = np.minimum(handover, waiting["stop"])
    main["start"][numbers] = np.maximum(main["start"][numbers], handover)
    return [waiting]
