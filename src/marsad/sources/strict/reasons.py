"""Why a row is rejected: the first reason that holds."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from marsad.records import times
from marsad.sources.strict.context import Context
from marsad.sources.strict.native import is_no_id, is_rounded
from marsad.sources.strict.values import blank_to_null

Reason = tuple[ir.BooleanValue, str]
"""What holds for a row that is rejected, and its reason, ``reject.<reason>`` in the catalogues."""

FUTURE_SLACK = times.DAY
"""Clocks and time zones differ: a time up to a day ahead of ours is taken."""


def first_reason(given: ir.StringValue, *reasons: Reason) -> ir.StringValue:
    """The reason a row was ``given`` already, else the first that holds, else NULL."""
    checked = [(condition.fill_null(False), name) for condition, name in reasons]
    return given.coalesce(ibis.cases(*checked, else_=ibis.null("string")))


def time_reasons(
    time: ir.IntegerValue, text: ir.StringValue, context: Context, required: bool = True
) -> list[Reason]:
    """Why a time cannot be taken; ``required``: a row without one is rejected, too."""
    given = blank_to_null(text).notnull()
    reasons = [
        (given & time.isnull(), "time-not-understood"),
        (time < times.EARLIEST, "date-before-2000"),
        (time > context.now + FUTURE_SLACK, "date-in-future"),
    ]
    return [(~given, "no-time"), *reasons] if required else reasons


def id_reasons(native: ir.StringValue, of: str = "id") -> list[Reason]:
    """Why a native id cannot be taken; ``of``: whether it is an ``account`` or another ``id``."""
    return [
        (is_rounded(native), f"{of}-in-scientific-notation"),
        (is_no_id(native), f"{of}-is-no-id"),
    ]


def account_reasons(rows: ir.Table) -> list[Reason]:
    """Why it cannot be known whose a row is, by its platform, account and native_account."""
    return [
        (rows.platform.isnull(), "platform-not-understood"),
        (rows.account.isnull(), "no-account"),
        (is_rounded(rows.native_account), "account-in-scientific-notation"),
        (is_no_id(rows.account), "account-is-no-id"),
    ]
