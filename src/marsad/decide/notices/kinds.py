"""The kinds of entries of the log that are about notices; with a case they leave it as it is."""

from __future__ import annotations

RECEIVED, MARKED, FLOOD, ANSWERED = (
    "notice-received", "notice-marked", "notice-flood", "notice-answered",
)  # fmt: skip
WARNED, SUSPENDED, RESTORED = "reporter-warned", "reporter-suspended", "reporter-restored"
DISOWNED = "reporter-disowned"

MEASURES = (WARNED, SUSPENDED, RESTORED)
KINDS: tuple[str, ...] = (RECEIVED, MARKED, FLOOD, ANSWERED, *MEASURES, DISOWNED)
