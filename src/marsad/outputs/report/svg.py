"""Drawing elements: SVG that stretches sideways while its letters keep their size.

Horizontal places are per cent of the width, vertical ones are pixels, so one drawing serves a
telephone and a printed page. In a page from right to left every place is mirrored; the browser
mirrors the ends of the letters by itself, because ``text-anchor`` follows the direction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape


def tag(name: str, *inside: str, **attributes: str | float | None) -> Markup:
    """An element; ``_`` in names of attributes stands for ``-``, and ``None`` leaves one out."""
    given = [
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    ]
    content = "".join(str(escape(part)) for part in inside)
    return Markup(f"<{name}{''.join(given)}>{content}</{name}>")


def _plain(value: str | float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Plane:
    """A drawing surface whose ``x`` runs from 0 to 100 in the direction of reading."""

    mirrored: bool

    def x(self, at: float) -> str:
        """A place."""
        return f"{_plain(100 - at if self.mirrored else at)}%"

    def rect(
        self, at: float, wide: float, y: float, high: float, *inside: str, class_: str
    ) -> Markup:
        """A bar that begins at ``at`` in the direction of reading."""
        left = 100 - at - wide if self.mirrored else at
        return tag(
            "rect", *inside, x=f"{_plain(left)}%", width=f"{_plain(wide)}%",
            y=y, height=high, class_=class_,
        )  # fmt: skip

    def line(self, start: float, end: float, y1: float, y2: float, class_: str) -> Markup:
        """A straight line."""
        return tag("line", x1=self.x(start), x2=self.x(end), y1=y1, y2=y2, class_=class_)

    def field(self, y: float, high: float, *inside: str) -> Markup:
        """A part of the surface, ``high`` pixels from ``y`` on, for lines of `points`."""
        return tag(
            "svg", *inside, x=0, y=y, width="100%", height=high, viewBox=f"0 0 100 {high:g}",
            preserveAspectRatio="none", aria_hidden="true",
        )  # fmt: skip

    def points(self, places: Iterable[tuple[float, float]]) -> str:
        """Corners of a line or of a shape within a `field`: place, and pixels from its top."""
        return " ".join(
            f"{_plain(float(100 - at if self.mirrored else at))},{_plain(float(y))}"
            for at, y in places
        )

    def text(
        self,
        at: float,
        y: float,
        words: str,
        anchor: str = "start",
        class_: str = "",
        aside: int = 0,
    ) -> Markup:
        """Words that begin, end or are centred at a place, ``aside`` pixels further on.

        Words of the data have to be `isolated`; those of the page follow its direction.
        """
        shift = -aside if self.mirrored else aside
        return tag(
            "text", words, x=self.x(at), dx=shift or None, y=y, text_anchor=anchor,
            class_=class_ or None,
        )  # fmt: skip
