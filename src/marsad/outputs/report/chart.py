"""A chart: a drawing with a name and a description for those who do not see it, and its numbers.

Nothing is told by colour alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marsad.outputs.passage import isolated
from marsad.outputs.report.svg import Plane, tag

LABEL = 30.0
"""Widths of a letter that fit beside a number on a page."""
NARROW_LABEL = 19.0
"""Widths of a letter that fit beside a number on a telephone."""
HEADINGS = (46.0, 32.0)
"""Widths of a letter that fit where nothing stands beside them: on a page, on a telephone."""

_WIDE_LETTERS = frozenset("mwMW@%#—…سشصضطظ")


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


def shortened(label: str, most: float = LABEL) -> str:
    """A label cut to what fits: ``most`` times the width of an ordinary letter."""
    kept: list[str] = []
    width = 0.0
    for letter in label:
        width += _width(letter)
        if width > most:
            return "".join(kept).rstrip() + "…"
        kept.append(letter)
    return label


def _width(letter: str) -> float:
    """The width of a letter in ordinary ones; generous, since fonts differ."""
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 2.0
    return 1.6 if letter in _WIDE_LETTERS else 1.25 if letter.isupper() else 1.0


def label_text(plane: Plane, y: float, label: str) -> Markup:
    """A label of the data above a bar; on a narrow page a shorter one, if it has to be."""
    long, short = (isolated(shortened(label, most)) for most in (LABEL, NARROW_LABEL))
    return _either(plane, y, long, short, "label")


def heading_text(plane: Plane, y: float, heading: str) -> Markup:
    """Words of the page above some rows, in its direction; names of the data in them are
    `isolated`."""
    long, short = (_closed(shortened(heading, most)) for most in HEADINGS)
    return _either(plane, y, long, short, "heading")


def _closed(words: str) -> str:
    """Words that were cut, with an end to each isolate."""
    return words + "\u2069" * (words.count("\u2068") - words.count("\u2069"))


def _either(plane: Plane, y: float, long: str, short: str, class_: str) -> Markup:
    """Words for a broad page, and for a narrow one where these are others."""
    if long == short:
        return plane.text(0, y, long, class_=class_)
    return Markup("").join(
        plane.text(0, y, words, class_=f"{class_} {kind}")
        for words, kind in ((long, "roomy"), (short, "narrow"))
    )


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
