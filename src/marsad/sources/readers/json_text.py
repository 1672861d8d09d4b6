"""A JSON text read through a window: one value after another, in bounded memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from marsad.sources.readers.json_repair import bad_extent
from marsad.sources.readers.streams import Stream

Json = dict[str, Any]
"""A parsed JSON object."""

_CHUNK = 1 << 20
_WHITE = re.compile(r"[ \t\r\n\ufeff\x1e]*+")
_BETWEEN = re.compile(r"[ \t\r\n\ufeff\x1e,]*+")
_IN_STRING = re.compile(r'["\\\n\r]')
_OUTSIDE = re.compile(r'["{}\[\]]')
# What can still become a value when more text comes.
_LITERALS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
_PART_OF_NUMBER = re.compile(r"[-+.eE\d]*\Z")
_ESCAPE = 6
CUT_OFF = "json-cut-off"
"""The reason of what is no JSON only because it ends too early."""
_LONGEST_PART = 16
_SHOWN = 64 << 10


@dataclass(frozen=True)
class Value:
    """What stands at a place: a ``whole`` value of ``length`` characters; a ``bad`` one, broken
    ``length`` characters after its start; one that is ``cut`` by the end of the text; or one that
    is too ``long``."""

    kind: Literal["whole", "bad", "cut", "long"]
    length: int
    value: Any = None


class JsonText:
    """A window on a stream of UTF-8. Bytes that are none become lone surrogates, so that they
    can be found in the value they stand in (`codecs`, ``surrogateescape``).

    ``limit`` is the longest value, in characters; the window grows to little more than that.
    """

    def __init__(self, stream: Stream, limit: int, chunk: int = _CHUNK) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._limit = limit
        self._chunk = chunk
        self._text = ""
        self._place = 0
        self._ended = False
        self._line = 1
        self._counted = 0  # up to this place, line ends are in ``_line``
        self._mark: tuple[int, int] | None = None  # place and line

    @property
    def line(self) -> int:
        """The physical line of the current place, from 1."""
        self._line += _line_ends(self._text, self._counted, self._place)
        self._counted = self._place
        return self._line

    def peek(self) -> str:
        """The next character that is not white space, "" at the end; moves to it."""
        while True:
            self._place = _end(_WHITE.match(self._text, self._place))
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._fill():
                return ""

    def ahead(self, count: int) -> str:
        """The next ``count`` characters, fewer at the end."""
        self._fill_to(count)
        return self._text[self._place : self._place + count]

    def ends_after(self, count: int) -> bool:
        """Whether nothing but white space follows the next ``count`` characters."""
        while True:
            place = _end(_WHITE.match(self._text, self._place + count))
            if place < len(self._text):
                return False
            if not self._fill():
                return True

    def take(self, count: int) -> str:
        """The next ``count`` characters, and move past them."""
        start, self._place = self._place, min(self._place + count, len(self._text))
        return self._text[start : self._place]

    def value(self, limit: int | None = None) -> Value:
        """What value stands here. Does not move. ``limit``: another one than the text's own."""
        limit = limit or self._limit
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except json.JSONDecodeError as error:
                found = self._broken(error, limit)
            except (ValueError, RecursionError):  # a number of 4,300 digits, or deep nesting
                found = Value("bad", 0)
            else:
                found = self._whole(value, end, limit)
            if found is not None:
                return found
            self._fill()

    def objects(self) -> Iterator[tuple[int, str, Json]]:
        """The objects that stand here one after another, with only commas between them: line, text
        and value of each, as far as the window goes and nothing is wrong. Moves past them."""
        text = self._text
        while True:
            self._place = _end(_BETWEEN.match(text, self._place))
            if not text.startswith("{", self._place):
                return
            try:
                value, end = _SCAN(text, self._place)
            except (StopIteration, ValueError, RecursionError):
                return
            if end - self._place > self._limit:
                return
            line, start, self._place = self.line, self._place, end
            yield line, text[start:end], value

    def _whole(self, value: Any, end: int, limit: int) -> Value | None:
        """A value, or None if it may go on: a number at the end of what is there."""
        if end == len(self._text) and not self._ended and not isinstance(value, (dict, list, str)):
            return None
        length = end - self._place
        return Value("long" if length > limit else "whole", length, value)

    def _broken(self, error: json.JSONDecodeError, limit: int) -> Value | None:
        """What an error says about the value here, or None if more text has to tell."""
        length = error.pos - self._place
        incomplete = _may_go_on(self._text, error)
        if not self._ended:
            if len(self._text) - self._place > limit + _LONGEST_PART:
                long = incomplete or length > limit
                return Value("long" if long else "bad", min(length, limit))
            return None if incomplete else Value("bad", length)
        rest = len(self._text) - self._place
        if (rest if incomplete else length) > limit:
            return Value("long", rest)
        return Value("cut", rest) if incomplete else Value("bad", length)

    def bad_length(self, broken: int) -> int:
        """How many characters the bad value here takes that is broken ``broken`` characters on."""
        self._fill_to(self._limit)
        stop = min(len(self._text), self._place + self._limit)
        return max(1, bad_extent(self._text, self._place, self._place + broken, stop) - self._place)

    def mark(self) -> None:
        """Keep what follows in the window, so that `rewind` can come back to this place."""
        self._mark = (self._place, self.line)

    def release(self) -> None:
        """Forget the mark."""
        self._mark = None

    def rewind(self) -> bool:
        """Go back to the mark and forget it; false if it was released."""
        if self._mark is None:
            return False
        self._place, self._line = self._mark
        self._counted, self._mark = self._place, None
        return True

    def skip_value(self, depth: int = 0) -> None:
        """Move past the object, array or string that stands here, however long it is; with a
        ``depth``, out of so many brackets that are open here."""
        in_string = False
        while True:
            found = (_IN_STRING if in_string else _OUTSIDE).search(self._text, self._place)
            if found is None:
                self._place = len(self._text)
                if not self._fill():
                    return
                continue
            self._place = found.end()
            sign = found[0]
            if sign == "\\":
                self._fill_to(1)
                self.take(1)
            elif in_string or sign == '"':
                in_string = not in_string  # a line end closes a string, too: none may hold one
            else:
                depth += 1 if sign in "{[" else -1
            if depth <= 0 and not in_string:
                return

    def skip_to(self, pattern: re.Pattern[str]) -> str:
        """Move to the next place where ``pattern`` matches one character, at least one on;
        returns the first 64 Ki characters of what was passed."""
        passed = self.take(1)
        while True:
            found = pattern.search(self._text, self._place)
            step = (found.start() if found else len(self._text)) - self._place
            passed = (passed + self.take(step))[:_SHOWN]
            if found or not self._fill():
                return passed

    def _fill_to(self, count: int) -> None:
        while len(self._text) - self._place < count and self._fill():
            pass

    def _fill(self) -> bool:
        """Read on: as much again as is waiting, so that a long value is tried few times."""
        if self._ended:
            return False
        waiting = len(self._text) - self._place
        data = self._stream.read(max(self._chunk, min(waiting, self._limit))) or b""
        self._ended = not data
        self._drop()
        self._text += self._decode(data, self._ended)
        return True

    def _drop(self) -> None:
        """Forget what was passed, save a CR whose LF may still come."""
        keep = self._place - (self._text[self._place - 1 : self._place] == "\r")
        if self._mark:
            keep = min(keep, self._mark[0])
            self._mark = (self._mark[0] - keep, self._mark[1])
        self._line += _line_ends(self._text, self._counted, keep)
        self._counted = max(self._counted, keep) - keep
        self._text = self._text[keep:]
        self._place -= keep


_DECODER = json.JSONDecoder()
_SCAN = _DECODER.scan_once  # type: ignore[attr-defined]  # what raw_decode calls, untyped


def ends_too_early(text: str) -> bool:
    """Whether a text would be JSON if it went on."""
    try:
        _DECODER.decode(text)
    except json.JSONDecodeError as error:
        return _may_go_on(text, error)
    except (ValueError, RecursionError):
        pass
    return False


def _may_go_on(text: str, error: json.JSONDecodeError) -> bool:
    """Whether the error is only that the text ends too early."""
    tail = text[error.pos :]
    if error.msg.startswith("Unterminated string") or not tail.strip():
        return True
    if len(tail) > _LONGEST_PART:
        return False
    if _PART_OF_NUMBER.match(tail):
        return True
    if error.msg.startswith("Invalid \\u"):
        return len(tail) <= _ESCAPE
    return any(literal.startswith(tail) for literal in _LITERALS)


def _line_ends(text: str, start: int, stop: int) -> int:
    """The line ends between two places. CR LF counts where its LF is."""
    if stop <= start:
        return 0
    feeds = text.count("\n", start, stop)
    returns = text.count("\r", start, stop)
    return feeds + returns - (text.count("\r\n", start, stop + 1) if returns else 0)


def _end(found: re.Match[str] | None) -> int:
    assert found is not None  # the pattern matches the empty text
    return found.end()
