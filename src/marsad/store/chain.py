"""The chain that entries of the audit log form: each hash covers the one before it.

``hash = SHA-256(prev ‖ body)`` over the exact bytes of ``body``; the first ``prev`` is 32 zero
bytes. Bodies are written once, as JSON in ASCII with sorted keys, and never written again from what
was read: the bytes that are stored are the bytes that are checked.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, NamedTuple

HASH_BYTES = 32
START = bytes(HASH_BYTES)

Why = Literal[
    "missing", "unlinked", "altered", "cut-short", "content-missing", "content-altered",
    "checkpoint-forged", "checkpoint-differs", "unreadable", "impossible", "projection",
]  # fmt: skip


class Entry(NamedTuple):
    """One entry: its number from 1 on, the hash before it, its bytes, its own hash."""

    seq: int
    prev: bytes
    body: bytes
    hash: bytes


class Head(NamedTuple):
    """The end of a chain: the number of its last entry (0 for none) and that entry's hash."""

    seq: int
    hash: bytes


@dataclass(frozen=True)
class Break:
    """The first place where a log is not what it was: the entry's number and what is wrong.

    ``missing``: no entry has this number; ``unlinked``: it does not follow from the one before
    it, so one of the two was changed; ``altered``: its bytes are not those its hash was made of;
    ``cut-short``: entries from this one on were there and are gone.
    """

    seq: int
    why: Why
    what: str = ""


EMPTY = Head(0, START)


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces, in ASCII: any text has a form, lone surrogates too."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def link(prev: bytes, body: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(prev + body).digest()


def keyed(salt: bytes, content: bytes) -> bytes:
    """What stands in the chain for private content: HMAC-SHA256 under the person's salt. Without
    the salt nobody can test a guess of the content, however short it is."""
    return hmac.digest(salt, content, "sha256")


def walk(entries: Iterable[tuple[int, bytes, bytes, bytes]], head: Head = EMPTY) -> Head | Break:
    """The head of a chain whose entries come in order, or its first break.

    ``entries`` are (seq, prev, body, hash), as `Entry` has them; ``head`` is where they go on from.
    """
    last, before = head
    for seq, prev, body, stored in entries:
        last += 1
        if seq != last:
            return Break(last, "missing")
        if prev != before:
            return Break(seq, "unlinked")
        if sha256(prev + body).digest() != stored:
            return Break(seq, "altered")
        before = stored
    return Head(last, before)
