"""Kinds of log entries about what is kept: none is an entry of a case, for it outlives the case."""

from __future__ import annotations

HOLDS = ("hold-set", "hold-ended")
REQUESTS = ("request-received", "request-extended", "request-answered", "person-erased",
            "records-erased")  # fmt: skip
RECORDS = ("preservation-asked", "preserved", "preservation-extended", "release-asked",
           "preservation-opened", "preservation-deleted")  # fmt: skip

KINDS: tuple[str, ...] = HOLDS + REQUESTS + RECORDS
