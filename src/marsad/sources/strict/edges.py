"""Edges between accounts, of which those of following are kept: the others follow from posts."""

from __future__ import annotations

import ibis.expr.types as ir

from marsad.records import ids
from marsad.sources.strict.context import Context
from marsad.sources.strict.native import native_id
from marsad.sources.strict.reasons import first_reason, id_reasons, time_reasons
from marsad.sources.strict.subjects import account_of, bare_handle, platform_of
from marsad.sources.strict.values import blank_to_null, joined


def edges(loose: ir.Table, context: Context) -> ir.Table:
    """Staged edges; who is named by id and by handle, by the id."""
    rows = loose.mutate(
        platform=platform_of(loose, context),
        kind=blank_to_null(loose.kind).coalesce("follow"),
        native_source=native_id(loose.source_id),
        native_target=native_id(loose.target_id),
        observed_text=loose.observed_at,
    )
    rows = rows.mutate(
        source=account_of(rows.platform, rows.native_source, bare_handle(rows.source_handle)),
        target=account_of(rows.platform, rows.native_target, bare_handle(rows.target_handle)),
        observed_at=context.time(rows.observed_text),
    )
    rows = rows.mutate(
        reason=first_reason(
            rows.reason,
            (rows.platform.isnull(), "platform-not-understood"),
            (rows.source.isnull() | rows.target.isnull(), "no-account"),
            *id_reasons(rows.native_source, "account"),
            *id_reasons(rows.native_target, "account"),
            (rows.source == rows.target, "self-edge"),
            (rows.kind != "follow", "edge-not-follow"),
            *time_reasons(rows.observed_at, rows.observed_text, context, required=False),
        ),
    )
    return rows.select(
        "line", "platform", "kind", "source", "target", "observed_at", "raw", "reason",
        source_key=ids.key_column(rows.source),
        target_key=ids.key_column(rows.target),
        key=ids.key_column(joined(rows.kind, rows.source, rows.target)),
        version=ids.key_column(joined(rows.observed_at.cast("string"))),
    )  # fmt: skip
