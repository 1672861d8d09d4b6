"""What the entries about notices mean: the same code writes the rows and makes them anew."""

from __future__ import annotations

from marsad.store.log import Event
from marsad.store.projections import Projected


def rows_of(event: Event) -> list[Projected]:
    """The rows that an entry adds."""
    return []
