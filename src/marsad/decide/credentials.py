"""Passwords, one-time codes and random keys: made here, and compared here."""

from __future__ import annotations

import re
import secrets
from functools import cache
from hashlib import sha256
from threading import BoundedSemaphore

import argon2
import pyotp

from marsad.records.errors import InputError
from marsad.records.times import SECOND

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 1_000
"""Characters (NIST SP 800-63B asks for 8 at least, and for no rules about which)."""

STEP = 30
"""Seconds that a one-time code holds (RFC 6238)."""

_HASHER = argon2.PasswordHasher()
"""argon2id with the parameters of RFC 9106 for machines with little memory (64 MiB)."""

_AT_ONCE = BoundedSemaphore(4)
"""Each takes 64 MiB: many who try to log in at once wait, and do not fill the machine's memory."""


def long_enough(password: str) -> str:
    """The password. Raises `InputError` for one that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InputError("user.password", low=SHORTEST_PASSWORD, high=LONGEST_PASSWORD)
    return password


def hashed_password(password: str) -> str:
    """What is stored of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password.encode("utf-8", "surrogatepass"))


def is_password(stored: str | None, given: str) -> bool:
    """Whether it is the password. Where there is no user, or one without a password (``""``), it
    takes as long, so that nobody can tell from the time who exists."""
    against = stored or _of_nobody()
    try:
        with _AT_ONCE:
            _HASHER.verify(against, given[:LONGEST_PASSWORD].encode("utf-8", "replace"))
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return bool(stored)


@cache
def _of_nobody() -> str:
    return hashed_password(secrets.token_urlsafe())


def new_factor() -> str:
    """A secret for one-time codes (RFC 6238), in base 32."""
    return pyotp.random_base32()


def is_factor(secret: str) -> bool:
    """Whether something has the form of what `new_factor` makes."""
    return re.fullmatch(r"[A-Z2-7]{32}", secret) is not None


def factor_address(secret: str, name: str) -> str:
    """The address that an authenticator app reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Marsad")


def code_step(secret: str, code: str, now: int, last: int) -> int | None:
    """The time step that a one-time code belongs to, the present one or a neighbour; None where it
    is wrong or was used before (``last`` is the step of the last one used)."""
    given = "".join(code.split())
    present = now // SECOND // STEP
    for step in (present - 1, present, present + 1):
        right = pyotp.TOTP(secret).at(step * STEP)
        if step > last and secrets.compare_digest(right.encode(), given.encode("utf-8", "replace")):
            return step
    return None


def new_key() -> str:
    """A random key for a session or a token: 32 bytes, in letters that an address can hold."""
    return secrets.token_urlsafe(32)


def digest(key: str) -> bytes:
    """What is stored of a random key: its SHA-256; there is nothing to guess, so no salt."""
    return sha256(key.encode("utf-8", "replace")).digest()
