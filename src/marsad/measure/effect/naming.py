"""What outcomes of posts are called: in sentences, and in refusals."""

from __future__ import annotations

from collections.abc import Mapping

NAMED = frozenset(
    f"{outcome}-of-{whom}"
    for outcome in ("posts", "accounts", "interactions", "reach")
    for whom in ("watched", "others")
) | {"followers-of-watched"}
"""Outcomes that the catalogues have words for; any other is a name that its data have."""


def spoken(name: str) -> str | Mapping[str, list[str]]:
    """A name as a value of a sentence (see `marsad.locale.show`): words, where there are some."""
    return {"words": [f"measure.effect.outcome.{name}"]} if name in NAMED else name
