"""Where a broken element of a JSON document ends, so that it costs only itself.

What breaks an element is mostly a quote that is not escaped or a bracket that is missing. Both can
be told from the shape of what follows: elements of one array begin with the same key.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r'"(?:[^"\\\n\r]++|\\[^\n\r])*+(?:"|(?=[\n\r])|\Z)|[{}\[\]]')
_FIRST_KEY = re.compile(r'\{\s*("(?:[^"\\]|\\.)*")')
# With one quote too many, the text after an element looks like a string: what is between it and
# the next, or the end of the array.
_AFTER_ELEMENT = re.compile(r'\}(?=\s{0,64}(?:,\s{0,64}\{\s{0,64}|\][\s,\]}]{0,64})"$)')
_SEPARATOR = re.compile(r"[,\]\n\r]")
_COMMA_BEFORE = re.compile(r",\s*$")
_LOOK_BACK = 256
_PAIRS = {"}": "{", "]": "["}


def bad_extent(text: str, start: int, error: int, stop: int) -> int:
    """The end of the bad value that begins at ``start`` and breaks at ``error``.

    For an object or array, in this order: before the error if the next element begins there;
    inside what looks like a string but lies between two elements; where the brackets balance;
    before the first place that looks like the next element; at ``stop``. Anything else ends at a
    comma or line end.
    """
    if text[start] not in "{[":
        end = _SEPARATOR.search(text, start + 1, stop)
        return end.start() if end else stop
    first = _FIRST_KEY.match(text, start, stop)
    key = re.compile(r"\{\s*" + re.escape(first[1])) if first else None
    if key and error > start and key.match(text, error, stop):
        comma = _COMMA_BEFORE.search(text[max(start, error - _LOOK_BACK) : error])
        if comma:
            return error - len(comma[0])
    return _by_brackets(text, start, stop, key)


def _by_brackets(text: str, start: int, stop: int, key: re.Pattern[str] | None) -> int:
    open_brackets: list[str] = []
    closed = candidate = -1  # the last bracket was a closing one that ended here
    place = start
    while token := _TOKEN.search(text, place, stop):
        sign, place = token[0][0], token.end()
        if sign == '"':
            begin = max(token.start(), place - _LOOK_BACK)
            after = _AFTER_ELEMENT.search(text, begin, place)
            if after:
                return after.end()
            if not token[0].endswith('"') or place - token.start() == 1:
                place = token.start() + 1  # no string has a line end in it: this one was over
        elif sign in "{[":
            if candidate < 0 and key and _begins_element(text, closed, token.start(), key):
                candidate = closed
            open_brackets.append(sign)
        elif open_brackets and open_brackets[-1] == _PAIRS[sign]:
            open_brackets.pop()
            closed = place
        else:
            return candidate if candidate > start else max(token.start(), start + 1)
        if not open_brackets:
            return place
    return candidate if candidate > start else stop


def _begins_element(text: str, closed: int, place: int, key: re.Pattern[str]) -> bool:
    """Whether an element like the bad one begins at ``place``, a comma after a closed one."""
    return closed > 0 and text[closed:place].strip() == "," and bool(key.match(text, place))
