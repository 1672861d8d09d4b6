"""From spans in a normalised text back to the text as it was posted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from marsad.records.normalise import normalise_with_map


def original_spans(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """[start, end) in ``text`` for each [start, end) in ``normalise(text)``; none may be empty.

    A span takes with it what was folded away inside it and right after it: the marks on its last
    letter, the rest of a stretched one. A character of which it holds a part (ﷺ is four words) is
    taken whole.
    """
    _, origin = normalise_with_map(text)
    return [
        (origin[start], origin[bisect_right(origin, origin[end - 1], lo=end, hi=len(origin) - 1)])
        for start, end in spans
    ]
