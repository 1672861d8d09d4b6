"""Kinds of log entries about appeals; one with a case leaves it as it is."""

from __future__ import annotations

MADE, ASKED, ANSWERED = "appeal-made", "appeal-asked", "appeal-answered"
DECIDED, CLOSED = "appeal-decided", "appeal-closed"

KINDS: tuple[str, ...] = (MADE, ASKED, ANSWERED, DECIDED, CLOSED)
