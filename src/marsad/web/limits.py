"""How often somebody may ask, counted in each process over a moving window."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from marsad.records.errors import MarsadError

LOGINS: Final = RateLimitItemPerMinute(20)
"""Passwords and codes from one address. A name is locked besides, in the database."""

REQUESTS: Final = RateLimitItemPerMinute(600)
"""Requests of one token."""

SCREENINGS: Final = RateLimitItemPerMinute(12_000)
"""Posts that one token may screen: 200 a second."""

_LIMITER = MovingWindowRateLimiter(MemoryStorage())


def hit(limit: RateLimitItem, request: Request, who: str = "") -> None:
    """Counts a request of somebody: by default of the address it comes from. Raises
    `MarsadError` (429) where it is one too many."""
    asker = who or (request.client.host if request.client else "")
    if not _LIMITER.hit(limit, request.scope["route"].path, asker):
        raise MarsadError("web.too-often")


def hit_token(token: str, screens: bool) -> None:
    """Counts a request of a token. Raises `MarsadError` (429) where it is one too many."""
    if not _LIMITER.hit(SCREENINGS if screens else REQUESTS, "token", token):
        raise MarsadError("web.too-often")


def forget() -> None:
    """Forgets all that was counted."""
    _LIMITER.storage.reset()
