"""Labels that people gave to subjects."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from marsad.records import ids
from marsad.records.platforms import platform_column
from marsad.records.tables import SUBJECT_KINDS
from marsad.sources.strict.context import Context
from marsad.sources.strict.native import native_id
from marsad.sources.strict.reasons import first_reason, id_reasons, time_reasons
from marsad.sources.strict.subjects import account_of, bare_handle, platform_of, subject_of
from marsad.sources.strict.values import blank_to_null, joined


def labels(loose: ir.Table, context: Context) -> ir.Table:
    """Staged labels; a subject may be named with its platform before it or without."""
    rows = loose.mutate(
        platform=platform_of(loose, context),
        subject_kind=blank_to_null(loose.subject_kind).coalesce("account"),
        labelled=context.time(loose.labelled_at),
        drawn=_draw(loose),
        chance=loose.probability.try_cast("float64"),
    )
    native = _without_platform(native_id(rows.subject_id), rows.platform)
    named = subject_of(rows.platform, native)
    handle = account_of(rows.platform, ibis.null("string"), bare_handle(rows.subject_handle))
    rows = rows.mutate(subject=named.coalesce(handle), label=blank_to_null(rows.label))
    rows = rows.mutate(
        reason=first_reason(
            rows.reason,
            (rows.platform.isnull(), "platform-not-understood"),
            (rows.subject.isnull(), "no-subject"),
            *id_reasons(native),
            (rows.label.isnull(), "no-label"),
            (~rows.subject_kind.isin(SUBJECT_KINDS), "unknown-subject-kind"),
            (rows.probability.notnull() & rows.chance.isnull(), "probability-not-understood"),
            ((rows.chance <= 0) | (rows.chance > 1), "probability-out-of-range"),
            *time_reasons(rows.labelled, rows.labelled_at, context, required=False),
        )
    )
    who = [rows.subject_kind, rows.subject, rows.labeller, rows.labelled.cast("string")]
    return rows.select(
        "line", "subject_kind", "subject", "label", "labeller", "note", "raw", "reason",
        labelled_at=rows.labelled,
        draw=rows.drawn,
        probability=rows.chance,
        key=ids.key_column(joined(*who)),
        version=ids.key_column(
            joined(rows.label, rows.drawn, rows.chance.cast("string"), rows.note)
        ),
    )  # fmt: skip


def _without_platform(named: ir.StringValue, platform: ir.StringValue) -> ir.StringValue:
    """A native id, also if it was given as a subject id: behind some name of its platform."""
    before = platform_column(named.re_extract(r"^([^:]+):", 1))
    return (before == platform).fill_null(False).ifelse(named.re_replace(r"^[^:]+:", ""), named)


def _draw(loose: ir.Table) -> ir.StringValue:
    """How a subject was drawn: at random only if the row says so or gives a probability, or names
    the draw (``draw:…``) of a workspace that it was in."""
    said = loose.draw.lower().strip()
    return ibis.cases(
        (said.isin(["random", "targeted"]) | said.startswith("draw:"), said),
        (loose.probability.notnull(), "random"),
        else_="targeted",
    )
