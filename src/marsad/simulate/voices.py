"""Who writes on which account, and when: usually one voice an account, two after a takeover or a
pause."""

from __future__ import annotations

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.draws import Ints, Mask, Rows, weighted
from marsad.simulate.knobs import Knobs
from marsad.simulate.lineages import Lineages
from marsad.simulate.population import Origin
from marsad.simulate.vocabulary import LANGUAGES
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
_ASLEEP = 10 * DAY
"""And at least so long before it: of those taken over early, the window shows no post of theirs."""
_WAITING = 0.1
"""What a backup posts, relative to its actor's rate, while the first account lives."""


def voices_of(lineages: Lineages, window: Window, knobs: Knobs, rng: np.random.Generator) -> Rows:
    """All voices, rows of VOICE."""
    accounts = lineages.accounts
    main = _voices(accounts, np.arange(len(accounts)))
    main["start"] = np.where(accounts["taken"] < NEVER, accounts["taken"], accounts["created"])
    main["start"] = np.maximum(main["start"], accounts["debut"])
    main["stop"] = accounts["ended"]
    taken = main["start"] == accounts["taken"]
    _talkative(main, taken, knobs.taker_posts, window, knobs)
    owners = _owners(lineages, window)
    _talkative(owners, np.ones(len(owners), bool), knobs.owner_posts, window, knobs)
    return np.concatenate(
        [main, owners, *_split_backups(accounts, main), _split_pauses(accounts, main, knobs, rng)]
    )


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
    voices["stop"] = np.minimum(window.start + silent.astype(np.int64), taken - _ASLEEP)
    return voices


def _talkative(voices: Rows, which: Mask, least: float, window: Window, knobs: Knobs) -> None:
    """Raise rates, in place, to where so many posts are expected within the window."""
    start = np.maximum(voices["start"], window.start)
    days = np.maximum(np.minimum(voices["stop"], window.stop) - start, 0) / DAY
    rate = least / (np.maximum(days, 1) * max(knobs.volume, 1e-9))
    voices["rate"] = np.where(which, np.maximum(voices["rate"], rate), voices["rate"])


def _split_pauses(accounts: Rows, main: Rows, knobs: Knobs, rng: np.random.Generator) -> Rows:
    """Those who pause, as they come back: some with another client, and of these some in another
    language; edits ``main`` in place."""
    numbers = np.flatnonzero(accounts["paused"] < NEVER)
    back = main[numbers].copy()
    back["start"] = accounts["woke"][numbers]
    main["stop"][numbers] = np.minimum(main["stop"][numbers], accounts["paused"][numbers])
    other = rng.random(len(back)) < knobs.changed
    client = (back["client"] + rng.integers(1, 4, len(back))) % 4
    back["client"] = np.where(other, client, back["client"])
    weights = np.array([dict(knobs.languages).get(code, 0.0) for code in LANGUAGES])
    language = weighted(rng, weights, len(back))
    another = other & (rng.random(len(back)) < 0.5)
    back["language"] = np.where(another, language, back["language"])
    return back


def _split_backups(accounts: Rows, main: Rows) -> list[Rows]:
    """Backups wait with few posts until the first account is gone; edits ``main`` in place."""
    numbers = np.flatnonzero(accounts["origin"] == Origin.BACKUP)
    handover = accounts["ended"][accounts["parent"][numbers]]
    waiting = main[numbers].copy()
    waiting["rate"] *= _WAITING
    waiting["stop"] = np.minimum(handover, waiting["stop"])
    main["start"][numbers] = np.maximum(main["start"][numbers], handover)
    return [waiting]
