"""How often somebody may ask, counted in each process over a moving window."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Final

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from marsad.records.errors import MarsadError

LOGINS: Final = RateLimitItemPerMinute(20)
"""Passwords and codes from one address. A name is locked besides, in the database."""

REQUESTS: Final = RateLimitItemPerMinute(600)
"""Requests of one token."""

SCREENINGS: Final = RateLimitItemPerMinute(12_000)
"""Posts that one token may screen: 200 a second."""

REPORTS: Final = RateLimitItemPerHour(30)
"""Notices from one address: somebody who has a bad day on the net sends some, nobody hundreds."""

ALL_REPORTS: Final = RateLimitItemPerMinute(300)
"""Notices of everybody together: what each process takes of a flood from many addresses."""

STATUSES: Final = RateLimitItemPerMinute(60)
"""Codes that one address asks after."""

CODES: Final = RateLimitItemPerMinute(30)
"""Codes that one address may look at: nobody guesses one of 2⁸⁰, and nobody need try."""

APPEALS: Final = RateLimitItemPerMinute(6)
"""Complaints and answers that one address may send."""

_LIMITER = MovingWindowRateLimiter(MemoryStorage())


def hit(limit: RateLimitItem, request: Request, who: str = "") -> None:
    """Counts a request of somebody: by default of the address it comes from. Raises
    `MarsadError` (429) where it is one too many."""
    asker = who or _network(request.client.host if request.client else "")
    if not _LIMITER.hit(limit, request.scope["route"].path, asker):
        raise MarsadError("web.too-often")


def _network(host: str) -> str:
    """Whom an address is taken for: of IPv6 a household has 2⁶⁴ addresses and more."""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if found.version == 4:
        return host
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False))


def hit_token(token: str, screens: bool) -> None:
    """Counts a request of a token. Raises `MarsadError` (429) where it is one too many."""
    if not _LIMITER.hit(SCREENINGS if screens else REQUESTS, "token", token):
        raise MarsadError("web.too-often")


def forget() -> None:
    """Forgets all that was counted."""
    _LIMITER.storage.reset()
