"""Long answers, sent while they are read from the database."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from marsad.records.errors import MarsadError

AT_A_TIME = 4
"""Streams that one process sends at once."""
LONGEST = 1_800.0
"""Seconds that one may take."""
STALLED = 30.0
"""Seconds that one waits for its reader to take a part: whoever takes none holds a place for
nothing."""
_PLACES = BoundedSemaphore(AT_A_TIME)


class Stream(StreamingResponse):
    """Parts of an answer, read in a transaction of their own. It ends when whoever takes them goes,
    and few have one at once: slow readers would take the desk all its connections."""

    def __init__(self, parts: Generator[Any, None, None], **more: Any) -> None:
        super().__init__(parts, **more)
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends them. What is cut off, `STALLED` or after `LONGEST`, is no whole answer to any
        client."""

        async def patiently(message: Message) -> None:
            async with asyncio.timeout(STALLED):
                await send(message)

        if not _PLACES.acquire(blocking=False):
            raise MarsadError("web.too-often")
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST):
                    await super().__call__(scope, receive, patiently)
        finally:
            asyncio.get_running_loop().run_in_executor(None, self._end)  # may be cancelled: no wait

    def _end(self) -> None:
        try:
            self._parts.close()
        finally:
            _PLACES.release()
