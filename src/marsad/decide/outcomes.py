"""What a person can decide about a subject, and what each outcome asks for."""

from __future__ import annotations

from collections.abc import Mapping

NO_VIOLATION, EXEMPT, ESCALATE, UNSURE, SUSPEND = (
    "no-violation", "exempt", "escalate", "unsure", "suspend",
)  # fmt: skip

OUTCOMES = (
    NO_VIOLATION, EXEMPT, "return", "warn", "reduce", "hide", "remove", SUSPEND, ESCALATE, UNSURE,
)  # fmt: skip

ACTING = frozenset({"return", "warn", "reduce", "hide", "remove", SUSPEND})
"""Outcomes that do something to somebody. Each needs a violating item that the reviewer opened;
``return`` too: an account that was taken over is given back for what was posted with it."""

NEEDS_SECOND = frozenset({SUSPEND})
BANKED = frozenset({SUSPEND})
"""Final decisions after which an account is gone, so that `returns` may start from it. Who was
warned is still there: whoever resembles them has not come back."""

EXEMPTIONS = (
    "education", "news", "research", "art", "public-debate", "counter-speech", "documentation",
)  # fmt: skip
"""``documentation`` is documentation of violations. None is a violation."""

_PLAIN = (NO_VIOLATION, EXEMPT)
_UNDECIDED = (ESCALATE, UNSURE)
_OF_ITEMS = (*_PLAIN, "warn", "reduce", "hide", "remove", *_UNDECIDED)

VALID: Mapping[str, tuple[str, ...]] = {
    "account": (*_PLAIN, "return", "warn", "reduce", "hide", SUSPEND, *_UNDECIDED),
    "post": _OF_ITEMS,
    "media": _OF_ITEMS,
    "site": (*_PLAIN, "reduce", "hide", *_UNDECIDED),
    "community": (*_PLAIN, ESCALATE),
}
"""Outcomes by kind of subject. A community is never decided against; its accounts are, singly."""

NETWORK_SIGNALS = frozenset({"coordination", "returns", "bursts", "automation"})
"""Signals that say who is like whom; alone they justify nothing against anybody."""
