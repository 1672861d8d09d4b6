"""Shares: an account, a time and one object, several of which a row may name."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from marsad.records import ids
from marsad.records.tables import OBJECT_KINDS
from marsad.sources.strict.context import Context
from marsad.sources.strict.native import is_rounded, native_id
from marsad.sources.strict.reasons import account_reasons, first_reason, id_reasons, time_reasons
from marsad.sources.strict.subjects import account_of, bare_handle, platform_of, subject_of
from marsad.sources.strict.values import blank_to_null, each_of, joined


def shares(loose: ir.Table, context: Context) -> ir.Table:
    """Staged shares, one for each object of a row."""
    rows = loose.mutate(
        platform=platform_of(loose, context),
        native_account=native_id(loose.account_id),
        each=each_of(loose.objects, "kind", "object"),
        shared=context.time(loose.shared_at),
    )
    account = account_of(rows.platform, rows.native_account, bare_handle(rows.handle))
    rows = rows.mutate(account=account)
    rows = rows.mutate(object_kind=rows.each.kind, object=blank_to_null(rows.each.object))
    rows = rows.mutate(
        native_post=native_id(rows.post_id),
    )
    rows = rows.mutate(
        post=subject_of(rows.platform, rows.native_post),
        reason=first_reason(
            rows.reason,
            *account_reasons(rows),
            *id_reasons(rows.native_post),
            *time_reasons(rows.shared, rows.shared_at, context),
            (rows.object.isnull(), "no-object"),
            (~rows.object_kind.isin(OBJECT_KINDS), "unknown-object-kind"),
            (
                (rows.object_kind != "text") & is_rounded(rows.object),
                "id-in-scientific-notation",
            ),
        ),
    )
    parts = [rows.account, rows.object_kind, rows.object, rows.shared.cast("string"), rows.post]
    return rows.select(
        "line", "platform", "account", "object_kind", "object", "post", "raw", "reason",
        shared_at=rows.shared,
        account_key=ids.key_column(rows.account),
        object_key=ids.key_column(joined(rows.object_kind, rows.object)),
        post_key=ids.key_column(rows.post),
        key=ids.key_column(joined(*parts)),
        version=ibis.literal(0, "int64"),
    )  # fmt: skip
