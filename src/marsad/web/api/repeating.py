"""Doing something once, however often it is asked for under the same `Idempotency-Key`.

The answer is kept in the transaction of what was done: either both are there or neither. An error
has changed nothing and is not kept.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel

from marsad.decide.desk import Desk
from marsad.records.errors import InputError
from marsad.records.times import DAY
from marsad.store import answers
from marsad.web.access import someone, the_site
from marsad.web.site import Site

KEPT = DAY
"""How long an answer is kept, µs."""

SHORTEST, LONGEST = 8, 200
REPLAYED = "Idempotency-Replayed"

Act = Callable[[Desk], BaseModel]


@dataclass(frozen=True)
class Once:
    """One request that changes something; ``key`` is what it was sent under."""

    site: Site
    user: str
    key: str | None
    what: bytes

    def do(self, act: Act) -> Response:
        """The answer to the request, from doing it, or from having done it."""
        if self.key is None:
            return _json(_body(act(self.site.desk)))
        desk = self.site.desk
        hash_ = sha256(f"{self.user}\n{self.key}".encode()).digest()
        digest = hmac.digest(self.key.encode(), self.what, "sha256")
        with desk.database.writing() as transaction:
            now = desk.clock()
            kept = answers.reserve(transaction, hash_, digest, now, now + KEPT)
            if kept is not None:
                if not hmac.compare_digest(kept.digest, digest):
                    raise InputError("api.key-reused")
                return _json(kept.body, {REPLAYED: "true"})
            body = _body(act(replace(desk, database=desk.database.within(transaction))))
            answers.keep(transaction, hash_, 200, body)
        return _json(body)


async def once(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="8 to 200 printable characters, new for each new request; the same "
               "request under the same key is done once and answered the same for a day"),
    ] = None,
) -> Once:  # fmt: skip
    """The request as one that is done once."""
    key = idempotency_key
    if key is not None and not (
        SHORTEST <= len(key) <= LONGEST and key.isascii() and key.isprintable()
    ):
        raise InputError("api.key-form")
    target = f"{request.method} {request.url.path}\n".encode()
    return Once(the_site(request), someone(request).user.id, key, target + await request.body())


Repeatable = Annotated[Once, Depends(once)]


def _body(said: BaseModel) -> bytes:
    return said.model_dump_json().encode()


def _json(body: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(body, 200, headers, "application/json")
