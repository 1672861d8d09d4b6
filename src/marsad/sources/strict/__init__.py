"""Loose rows → staged rows: the rules of the records, once and for every format.

Each kind has a file with a function that takes a loose table (`marsad.sources.loose`) and returns a
staged one: typed, with subject ids and keys, and a ``reason`` (an id ``reject.<reason>`` of the
catalogues) on each row that no record can be made of. Nothing executes here. What only the whole
file can tell (the precision of its times, the number of a repeated post) is added when the run is
settled.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from marsad.sources.strict.constants import unfilled
from marsad.sources.strict.context import Context
from marsad.sources.strict.edges import edges
from marsad.sources.strict.labels import labels
from marsad.sources.strict.observations import keyed_observations, observations
from marsad.sources.strict.posts import posts
from marsad.sources.strict.series import series
from marsad.sources.strict.shares import shares
from marsad.sources.strict.values import UNIT

__all__ = ["TIME_COLUMN", "UNIT", "Context", "keyed_observations", "stage", "unfilled"]

_STAGES: dict[str, Callable[[ir.Table, Context], ir.Table]] = {
    "posts": posts,
    "observations": observations,
    "edges": edges,
    "shares": shares,
    "labels": labels,
    "series": series,
}

TIME_COLUMN = {
    "posts": "created_at",
    "observations": "observed_at",
    "edges": "observed_at",
    "shares": "shared_at",
    "labels": "labelled_at",
    "series": "day",
}
"""The column whose times decide a file's precision, by kind; loose rows have it as text."""


def stage(kind: str, loose: ir.Table, context: Context) -> ir.Table:
    """The staged rows of a kind, with file, line, reason and raw text."""
    return _STAGES[kind](loose, context).mutate(file=ibis.literal(context.file))
