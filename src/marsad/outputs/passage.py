"""Texts of strangers, made safe to show: matched words marked, names replaced, direction known.

A passage is a list of segments. Escaping is left to the template; here are dealt with what
escaping does not touch: control characters, direction overrides that reorder the page around them,
and endless texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple

Role = Literal["text", "name", "link", "control", "cut"]
Direction = Literal["ltr", "rtl"]

SHOWN = 420
"""Characters of a text that a report shows; the part around the first mark."""
LEAD = 120
"""Characters shown before the first mark of a text that is cut."""
LONGEST_VALUE = 160
"""Characters of a value in a sentence or a list."""
STACKED = 4
"""Combining signs kept on one letter; more are decoration that climbs over other lines."""

_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_SIGNS = {0x09: "␉", 0x0A: "␊", 0x2028: "␊", 0x2029: "␊"}
_SPACES = re.compile(r"[ \t\u2028\u2029]*\n\s*|[ \t]+")


class Replacement(NamedTuple):
    """``text[start:end]`` is shown as ``shown``."""

    start: int
    end: int
    shown: str
    role: Role


@dataclass(frozen=True)
class Segment:
    """A stretch of a passage, shown in one way."""

    text: str
    role: Role = "text"
    marked: bool = False


@dataclass(frozen=True)
class Passage:
    """A text in segments. ``direction`` is that of its first letter of a script."""

    segments: tuple[Segment, ...]
    direction: Direction

    @property
    def plain(self) -> str:
        """The passage as it is read, without marks."""
        return "".join(segment.text for segment in self.segments)


def passage(
    text: str,
    spans: Sequence[tuple[int, int]] = (),
    replacements: Sequence[Replacement] = (),
    shown: int = SHOWN,
) -> Passage:
    """``text`` with ``spans`` (code points, [start, end)) marked and ``replacements`` made.

    Replacements must not overlap. A replacement that a span touches is marked as a whole. Spans
    outside the text are cut to it: evidence and text can come from different versions of a post.
    """
    kept = sorted(replacements)
    marks = _merged(_clipped(spans, len(text)))
    window = _window(len(text), marks, shown)
    pieces = [piece for piece in _pieces(text, marks, kept) if _within(piece, window)]
    segments = list(_readable(pieces, window))
    if window[0] > 0:
        segments.insert(0, Segment("… ", "cut"))
    if window[1] < len(text):
        segments.append(Segment(" …", "cut"))
    return Passage(tuple(segments), direction_of(text, kept))


def plain_passage(text: str) -> Passage:
    """A short text without marks or names."""
    return passage(text)


def direction_of(text: str, replacements: Iterable[Replacement] = ()) -> Direction:
    """The direction of the first strong letter outside of what is replaced; ltr if there is none.

    Names and links are Latin whatever the language, so they must not decide.
    """
    skipped = set[int]()
    for start, end, _, _ in replacements:
        skipped.update(range(start, end))
    for at, letter in enumerate(text):
        if at not in skipped:
            kind = unicodedata.bidirectional(letter)
            if kind in ("R", "AL"):
                return "rtl"
            if kind == "L":
                return "ltr"
    return "ltr"


def printable(text: str) -> str:
    """The text without signs that cannot be shown, that reorder others, or that pile up."""
    return _flattened(_UNPRINTABLE.sub("\ufffd", _OVERRIDES.sub("", text)))


def one_line(text: str) -> str:
    """`printable` for a terminal: line ends and tabs are shown as signs too, not obeyed."""
    return printable(text).translate(_LINE_SIGNS)


def harmless(value: Any) -> Any:
    """A value of a template without signs that no page may hold, whatever it came through.

    Isolates stay: the page itself sets them.
    """
    if not isinstance(value, str):
        return value
    clean = _UNPRINTABLE.sub("\ufffd", value)
    return type(value)(re.sub("[\u202a-\u202e\u2066\u2067]", "", clean))


def cut(text: str, most: int = LONGEST_VALUE) -> str:
    """A value that is no longer than a page can bear."""
    return text if len(text) <= most else text[: most - 1] + "…"


def isolated(text: str) -> str:
    """A value to be put in a sentence or a drawing of either direction: printable, isolated."""
    return f"\u2068{printable(text)}\u2069"


class _Piece(NamedTuple):
    start: int
    end: int
    text: str
    role: Role
    marked: bool


def _clipped(spans: Iterable[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        start, end = max(0, start), min(length, end)
        if start < end:
            yield start, end


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(length: int, marks: Sequence[tuple[int, int]], shown: int) -> tuple[int, int]:
    """The part of a text that is shown: all of a short one, else around its first mark."""
    if length <= shown:
        return 0, length
    start = max(0, marks[0][0] - LEAD) if marks else 0
    return min(start, length - shown), min(start, length - shown) + shown


def _pieces(
    text: str, marks: Sequence[tuple[int, int]], replacements: Sequence[Replacement]
) -> Iterator[_Piece]:
    done = 0
    for start, end, shown, role in replacements:
        yield from _plain_pieces(text, done, start, marks)
        touched = any(low < end and start < high for low, high in marks)
        yield _Piece(start, end, shown, role, touched)
        done = end
    yield from _plain_pieces(text, done, len(text), marks)


def _plain_pieces(
    text: str, start: int, end: int, marks: Sequence[tuple[int, int]]
) -> Iterator[_Piece]:
    cuts = {start, end}
    for low, high in marks:
        cuts.update(at for at in (low, high) if start < at < end)
    ordered = sorted(cuts)
    for low, high in pairwise(ordered):
        marked = any(first <= low and high <= last for first, last in marks)
        yield _Piece(low, high, text[low:high], "text", marked)


def _within(piece: _Piece, window: tuple[int, int]) -> bool:
    return piece.start < window[1] and window[0] < piece.end


def _readable(pieces: Iterable[_Piece], window: tuple[int, int]) -> Iterator[Segment]:
    for piece in pieces:
        if piece.role != "text":
            yield Segment(printable(piece.text), piece.role, piece.marked)
            continue
        low = max(0, window[0] - piece.start)
        yield from _visible(piece.text[low : window[1] - piece.start], piece.marked)


def _visible(text: str, marked: bool) -> Iterator[Segment]:
    """A stretch of text with its direction overrides shown by name instead of obeyed."""
    done = 0
    for match in _OVERRIDES.finditer(text):
        if match.start() > done:
            yield Segment(_tidy(text[done : match.start()]), "text", marked)
        yield Segment(f"U+{ord(match[0]):04X}", "control", marked)
        done = match.end()
    if done < len(text):
        yield Segment(_tidy(text[done:]), "text", marked)


def _tidy(text: str) -> str:
    return _SPACES.sub(lambda found: "\n" if "\n" in found[0] else " ", printable(text))


def _flattened(text: str) -> str:
    if text.isascii():
        return text
    kept, stack = [], 0
    for letter in text:
        stack = stack + 1 if unicodedata.combining(letter) else 0
        if stack <= STACKED:
            kept.append(letter)
    return "".join(kept)
