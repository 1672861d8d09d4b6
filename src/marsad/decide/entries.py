"""The kinds of entries that the log can have, in the order in which a filter lists them."""

from __future__ import annotations

from marsad.decide.appeals.kinds import KINDS as APPEALS
from marsad.decide.notices.kinds import KINDS as NOTICES
from marsad.decide.orders.kinds import KINDS as ORDERS
from marsad.decide.preservation.kinds import KINDS as PRESERVATION
from marsad.decide.statements.kinds import KINDS as STATEMENTS

KINDS = (
    "opened", "found", "reopened", "item-opened", "noted", "assigned", "clock-set",
    "clock-ended", "proposed", "decided", "dissented", "escalated", "unsure", "overturned",
    "erased",
    "action-proposed", "action-ordered", "action-requested", "action-confirmed", "action-failed",
    "action-reversed", "action-retried",
    "golden-set", "threat-raised", "threat-told",
    "crisis-opened", "crisis-cases", "crisis-closed",
    "user-added", "user-roles", "user-reset", "user-locked", "user-password", "user-factor",
    "user-token", "user-token-ended", "user-linked", "user-unlinked",
    *NOTICES, *ORDERS, *STATEMENTS, *APPEALS, *PRESERVATION,
)  # fmt: skip
