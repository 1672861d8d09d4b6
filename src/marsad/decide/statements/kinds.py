"""Kinds of log entries about statements; one with a case leaves it as it is."""

from __future__ import annotations

KINDS: tuple[str, ...] = ()
