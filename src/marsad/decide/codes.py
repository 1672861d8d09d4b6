"""Codes by which somebody outside finds their notice, statement or appeal again.

A code is all that is asked for, so it cannot be guessed: 80 bits. It is written in Crockford's
base 32, which has no I, L, O or U, and what people type in their place is read as what they meant.
Only a digest is stored; as codes are random, it needs no salt.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 16, 4
LONGEST = 100
"""Characters that are read of what somebody typed."""

_MEANT = str.maketrans("OIL", "011")


def new() -> str:
    """A code, in groups: ``K7QF-2M9T-XR4D-8WPA``."""
    return _grouped("".join(secrets.choice(LETTERS) for _ in range(LENGTH)))


def written(typed: str) -> str:
    """A code that there is, from what somebody typed, as it was given out."""
    return _grouped(_read(typed))


def plain(typed: str) -> str:
    """What somebody typed in the letters of codes, for an address; empty for what is none."""
    read = _read(typed)
    return read if len(read) == LENGTH and set(read) <= set(LETTERS) else ""


def digest(typed: str) -> bytes:
    """What is stored of a code (32 bytes), from what somebody typed: in small letters, with or
    without dashes and spaces, O for 0, I or L for 1. What is no code has the digest of none."""
    return sha256(b"marsad code\n" + _read(typed).encode("utf-8", "replace")).digest()


def _read(typed: str) -> str:
    read = "".join(letter for letter in typed[:LONGEST].upper() if letter.isalnum())
    return read.translate(_MEANT)


def _grouped(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))
