"""Looks at subjects, mostly accounts: what was to be seen of one, and when."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from marsad.records import ids
from marsad.records.tables import ROUTES, SUBJECT_KINDS
from marsad.sources.strict.accounts import ACCOUNT_COLUMNS, account_columns
from marsad.sources.strict.context import Context
from marsad.sources.strict.native import native_id
from marsad.sources.strict.reasons import account_reasons, first_reason, time_reasons
from marsad.sources.strict.subjects import account_of, bare_handle, platform_of, subject_of
from marsad.sources.strict.values import blank_to_null, joined, one_of


def observations(loose: ir.Table, context: Context) -> ir.Table:
    """Staged looks, with the time of the import where none is given."""
    rows = loose.mutate(
        platform=platform_of(loose, context),
        native_account=native_id(loose.account_id),
        shown_handle=bare_handle(loose.handle),
        subject_kind=blank_to_null(loose.subject_kind).coalesce("account"),
        observed_text=loose.observed_at,
    )
    account = account_of(rows.platform, rows.native_account, rows.shown_handle)
    named = subject_of(rows.platform, native_id(rows.subject))
    rows = rows.mutate(account=named.coalesce(account))
    staged = rows.select(
        "line", "platform", "subject_kind", "account", "raw", "reason", "vantage", "observed_text",
        "native_account",
        route=one_of(rows.route.coalesce(context.route), ROUTES, "unknown"),
        **account_columns(loose, rows, context),
    )  # fmt: skip
    staged = staged.mutate(
        reason=first_reason(
            staged.reason,
            *account_reasons(staged),
            (~staged.subject_kind.isin(SUBJECT_KINDS), "unknown-subject-kind"),
            *time_reasons(staged.observed_at, staged.observed_text, context, required=False),
        ),
        state=staged.state.coalesce("alive"),
    )
    # a look without a time was taken when it was imported, and is the same look the second time
    staged = staged.drop("observed_text", "native_account").rename(subject="account")
    keyed = keyed_observations(staged)
    return keyed.mutate(read_at=ibis.literal(context.now, "int64"))


def keyed_observations(rows: ir.Table) -> ir.Table:
    """Keys of looks: of the subject, and of all that was seen."""
    seen = [rows[name].cast("string") for name in ("route", "vantage", *ACCOUNT_COLUMNS)]
    return rows.mutate(key=ids.key_column(rows.subject), version=ids.key_column(joined(*seen)))
