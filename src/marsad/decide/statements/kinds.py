"""Kinds of log entries about statements; one with a case leaves it as it is."""

from __future__ import annotations

MADE = "statement-made"
SENT, MENDED, DROPPED = "statements-sent", "statement-mended", "statement-dropped"

KINDS: tuple[str, ...] = (MADE, SENT, MENDED, DROPPED)
