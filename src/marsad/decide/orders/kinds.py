"""Kinds of log entries about orders; one with a case leaves it as it is."""

from __future__ import annotations

KINDS: tuple[str, ...] = ()
