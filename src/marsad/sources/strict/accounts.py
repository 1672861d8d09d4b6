"""What a post or a look says of its account."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from marsad.records.tables import STATES
from marsad.sources.strict.constants import never_said
from marsad.sources.strict.context import Context
from marsad.sources.strict.values import blank_to_null, one_of, whole_number, written

ACCOUNT_COLUMNS = (
    "handle", "name", "bio", "avatar", "followers", "following", "posts", "account_created_at",
    "observed_at", "state",
)  # fmt: skip
"""What a staged post or look says of its account."""


def account_columns(loose: ir.Table, rows: ir.Table, context: Context) -> dict[str, ir.Value]:
    """What a row says of its account; what its file never says costs nothing."""
    state = blank_to_null(rows.state).lower()
    said = {
        "name": ("name", written(rows.name)),
        "bio": ("bio", written(rows.bio)),
        "avatar": ("avatar", blank_to_null(rows.avatar)),
        "followers": ("followers", whole_number(rows.followers)),
        "following": ("following", whole_number(rows.following)),
        "posts": ("account_posts", whole_number(rows.account_posts)),
        "account_created_at": ("account_created_at", context.time(rows.account_created_at)),
        "observed_at": ("observed_at", context.time(rows.observed_at)),
        "state": ("state", _known_state(state)),
    }
    found = {
        name: ibis.null(value.type()) if never_said(loose, field) else value
        for name, (field, value) in said.items()
    }
    return {"handle": rows.shown_handle, **found}


def _known_state(state: ir.StringValue) -> ir.StringValue:
    return state.notnull().ifelse(one_of(state, STATES, "unknown"), ibis.null("string"))
