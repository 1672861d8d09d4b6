"""A chart: a drawing with a name and a description for those who do not see it, and its numbers.

Nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marsad.outputs.report.svg import tag

LABEL_LETTERS = 34
"""Letters of a label that fit beside its number on a telephone."""


@dataclass(frozen=True)
class Table:
    """The numbers of a chart. ``numeric`` columns are set at the end of their cells."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing with what it shows in words and in numbers. ``id`` is unique on the page."""

    id: str
    title: str
    summary: str
    svg: Markup
    table: Table
    note: str = ""


def shortened(label: str) -> str:
    """A label cut to what fits; wide letters (Chinese, emoji) count double."""
    kept: list[str] = []
    width = 0
    for letter in label:
        width += 2 if ord(letter) >= 0x1100 and not 0xFB50 <= ord(letter) <= 0xFEFF else 1
        if width > LABEL_LETTERS:
            return "".join(kept).rstrip() + "…"
        kept.append(letter)
    return label


def drawing(
    id_: str,
    title: str,
    summary: str,
    height: float,
    parts: Sequence[Markup],
    upright: bool = False,
) -> Markup:
    """The whole drawing; ``upright`` if it has an axis of counts beside it."""
    return tag(
        "svg",
        tag("title", title, id=f"{id_}-title"),
        tag("desc", summary, id=f"{id_}-summary"),
        tag("g", Markup("").join(parts), aria_hidden="true"),
        class_="chart upright" if upright else "chart",
        role="img", width="100%", height=f"{height:.0f}",
        aria_labelledby=f"{id_}-title {id_}-summary",
    )  # fmt: skip
