"""Where a broken element of a JSON document ends, so that it costs only itself.

What breaks an element is mostly a quote that is not escaped or a bracket that is missing. Both can
be told from the shape of what follows: elements of one array begin with the same key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A string that is not closed ends at the line end, a backslash before that left out.
_TOKEN = re.compile(r'"(?:[^"\\\n\r]++|\\[^\n\r])*+(?:(")|(?=\\?(?:[\n\r]|\Z)))|[{}\[\]]')
_BRACKET = re.compile(r"[{}\[\]]")
_FIRST_KEY = re.compile(r'\{\s*("(?:[^"\\]|\\.)*")')
# With one quote too many, the text after an element looks like a string: what is between it and
# the next, or the end of the array. The look-behind has each sign of a run looked at once.
_BEFORE_NEXT = re.compile(r'\}(?=\s*,\s*\{\s*"\Z)')
_RUN_OF_ENDS = re.compile(r'(?<![\s,\]}])[\s,\]}]*+"\Z')
_LAST_ELEMENT = re.compile(r"\}(?=\s*\])")
_SEPARATOR = re.compile(r"[,\]\n\r]")
_COMMA_BEFORE = re.compile(r",\s*$")
_LOOK_BACK = 256
_LOOK_ON = 1 << 12
_PAIRS = {"}": "{", "]": "["}


def bad_extent(text: str, start: int, error: int, stop: int) -> int:
    """The end of the bad value that begins at ``start`` and breaks at ``error``.

    For an object or array, in this order: before the error if the next element begins there;
    inside what looks like a string but lies between two elements; where the brackets balance,
    unless that is far behind the next; before the first place that looks like the next element;
    at ``stop``. Anything else ends at a comma or line end.
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
    for token in _tokens(text, start, stop):
        sign, place = token[0][0], token.end()
        if sign == '"':
            after = _after_element(text, token.start(), place)
            if after:
                return after
        elif sign in "{[":
            if candidate < 0 and key and _begins_element(text, closed, token.start(), key):
                candidate = closed
            closed = -1
            open_brackets.append(sign)
        elif open_brackets and open_brackets[-1] == _PAIRS[sign]:
            open_brackets.pop()
            closed = place
        else:
            return candidate if candidate > start else max(token.start(), start + 1)
        # a bracket that is missing would have every bad element read on to the end of the file
        if not open_brackets or start < candidate < place - _LOOK_ON:
            return candidate if open_brackets else place
    return candidate if candidate > start else stop


def _tokens(text: str, place: int, stop: int) -> Iterator[re.Match[str]]:
    """The strings and brackets of a text. No string has a line end in it: what is not closed on
    its line was over before, and the brackets on the rest of the line are brackets."""
    while token := _TOKEN.search(text, place, stop):
        yield token
        place = token.end()
        if token[0][0] == '"' and not token[1]:
            yield from _BRACKET.finditer(text, token.start() + 1, place)


def _after_element(text: str, start: int, end: int) -> int | None:
    """Where an element ends inside what looks like a string but lies after it."""
    found = _BEFORE_NEXT.search(text, start, end)
    if not found and (ends := _RUN_OF_ENDS.search(text, start, end)):
        found = _LAST_ELEMENT.search(text, ends.start(), end)
    return found.end() if found else None


def _begins_element(text: str, closed: int, place: int, key: re.Pattern[str]) -> bool:
    """Whether an element like the bad one begins at ``place``, a comma after a closed one."""
    return closed > 0 and text[closed:place].strip() == "," and bool(key.match(text, place))
