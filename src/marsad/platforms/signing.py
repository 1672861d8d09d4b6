"""Messages to other systems: signed, and when they want to be left alone."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from marsad.platforms.outward import Reply
from marsad.platforms.secrets import Secret
from marsad.records.times import SECOND

TIMESTAMP, SIGNATURE, KEY = "Marsad-Timestamp", "Marsad-Signature", "Idempotency-Key"


def sign(keys: Sequence[Secret], timestamp: int, content: bytes) -> str:
    """The signatures of a message under each key: ``name=hex``, apart by commas.

    HMAC-SHA256 over the timestamp (seconds since 1970, decimal), a full stop, and the exact bytes
    of the body; of a request without a body its target (path and query) stands there.
    """
    message = b"%d.%s" % (timestamp, content)
    return ", ".join(f"{one.name}={hmac.digest(one.key, message, 'sha256').hex()}" for one in keys)


def headers(keys: Sequence[Secret], timestamp: int, content: bytes) -> dict[str, str]:
    """What a signed request carries; ``content`` is what was signed."""
    return {
        "User-Agent": "Marsad", "Accept": "application/json", "Accept-Encoding": "identity",
        TIMESTAMP: str(timestamp),
        SIGNATURE: sign(keys, timestamp, content),
    }  # fmt: skip


def retry_after(reply: Reply, now: int) -> int | None:
    """How long the other side wants to be left alone, µs: it says seconds or a date, as HTTP has
    it. None where it says nothing."""
    text = reply.headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text) * SECOND
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0, int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * SECOND - now)
