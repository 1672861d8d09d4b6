"""The records in a JSON document, found on one walk through it.

An element that is broken costs itself; of a document that is cut off every complete element is
kept. Which objects are records and which only hold them is told in `wrappers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, Literal, NamedTuple

from marsad.sources.nested import holds_rows, rows_within
from marsad.sources.readers.json_text import CUT_OFF, Json, JsonText, Value
from marsad.sources.readers.pages import Includes, as_text, is_page, rows_of_page
from marsad.sources.readers.reader import Rejected, shown
from marsad.sources.readers.wrappers import (
    BRANCHES,
    CHAT_BRANCHES,
    CHATS,
    DEEPEST,
    RECORDS,
    chat_of,
    is_wrapper,
    plain_key,
)
from marsad.sources.source import RAW_LIMIT

_SCRIPT = re.compile(r"\s*(?:window\.[\w.]+|(?:var|let|const)\s+\w+)\s*=\s*")
_LONGEST_SCRIPT = 256
_MAX_INCLUDES = 64 << 20
_START = re.compile(r"[\[{]")
_HARMLESS = " \t\r\n,;\ufeff\x1e"


class Row(NamedTuple):
    """A record: the line it begins in, and its text."""

    line: int
    text: str


Found = Row | Rejected
Status = Literal["closed", "broken", "cut"]
Finish = Callable[[str, Any], str]
"""What is done to the text and value of an element before it is a row."""


def raw(text: str) -> str:
    """Text of the document for a rejected row."""
    return shown(text[:RAW_LIMIT].encode("utf-8", "surrogateescape"))


def _as_it_is(text: str, _value: Any) -> str:
    return text


class Walk:
    """A walk over a document.

    ``includes_of`` gives the `includes` of the top-level value of a number; it is asked only for
    pages so long or so broken that they cannot be taken in one piece. A walk with ``wanted`` is
    one that finds them: afterwards ``included`` is what the value of that number had.
    """

    def __init__(
        self, text: JsonText, includes_of: Callable[[int], Includes], wanted: int | None = None
    ) -> None:
        self.ordinal = 0
        self.included: Any = None
        self._text = text
        self._includes_of = includes_of
        self._wanted = wanted
        self._depth = 0
        self._arrays = 0  # of records, met in this top-level value
        self._rows = 0  # elements of those
        self._top: Value | None = None

    def document(self) -> Iterator[Found]:
        """The records of all top-level values, whatever stands between these."""
        text = self._text
        if script := _SCRIPT.match(text.ahead(_LONGEST_SCRIPT)):
            text.take(len(script[0]))
        while sign := text.peek():
            if sign == "[":
                yield from self._end(text.line, (yield from self._array(_as_it_is)))
            elif sign == "{":
                yield from self._top_object()
            else:
                yield from self._junk()
                continue
            self.ordinal += 1

    def _junk(self) -> Iterator[Found]:
        line = self._text.line
        passed = self._text.skip_to(_START)
        if passed.strip(_HARMLESS):
            yield Rejected(line, "malformed-json", raw(passed))

    def _top_object(self) -> Iterator[Found]:
        """A record, a page of records, or a wrapper. One that cannot be taken whole is walked
        through like a wrapper, and is a record only if there are no arrays of records in it."""
        text = self._text
        line, found = text.line, text.value()
        if found.kind == "whole" and is_page(found.value):
            yield from _page(line, found.value, text.take(found.length))
        elif found.kind == "whole" and not self._is_wrapper(found):
            yield from _record(line, found.value, text.take(found.length))
        else:
            yield from self._wrapper(line, found)

    def _is_wrapper(self, found: Value) -> bool:
        """Whether an object holds records; under a key that is not known only if the document
        holds nothing else."""
        if is_wrapper(found.value):
            return True
        alone = plain_key(found.value) and self.ordinal == 0
        return bool(alone and self._text.ends_after(found.length))

    def _wrapper(self, line: int, found: Value) -> Iterator[Found]:
        text = self._text
        start = text.ahead(RAW_LIMIT)
        self._top, self._arrays, self._rows = found, 0, 0
        text.mark()
        status = yield from self._object("")
        if not self._arrays:
            yield self._no_wrapper(line, found, status, start)
            return
        yield from self._end(line, status)
        if found.kind == "whole" and not self._rows:
            yield Rejected(line, "no-records", raw(start))

    def _no_wrapper(self, line: int, found: Value, status: Status, start: str) -> Rejected:
        """An object that is no wrapper after all, and could not be taken whole."""
        text = self._text
        depth, self._depth = self._depth, 0
        if found.kind == "long" or not text.rewind():
            text.release()
            if status != "closed":
                text.skip_value(depth)
            return Rejected(line, "line-too-long", raw(start))
        if found.kind == "bad":
            return self._bad(line, found)
        reason = CUT_OFF if found.kind == "cut" else "no-records"
        return Rejected(line, reason, raw(text.take(found.length)))

    def _end(self, line: int, status: Status) -> Iterator[Found]:
        """What remains to be said when a top-level value has been walked through."""
        text = self._text
        text.release()
        depth, self._depth = self._depth, 0
        if status == "broken":
            line, start = text.line, text.ahead(RAW_LIMIT)
            text.skip_value(depth)
            yield Rejected(line, "malformed-json", raw(start))
        elif status == "cut":
            line, start = text.line, text.ahead(RAW_LIMIT)
            while text.take(1 << 20):
                text.ahead(1)
            yield Rejected(line, CUT_OFF, raw(start))

    def _object(self, branch: str) -> Generator[Found, None, Status]:
        """The records in a wrapper; ``branch`` is the key it stands under."""
        text = self._text
        text.take(1)
        self._depth += 1
        head: Json = {}
        while sign := text.peek():
            if sign == "}":
                text.take(1)
                self._depth -= 1
                return "closed"
            if sign == ",":
                text.take(1)
                continue
            key = text.value()
            if key.kind != "whole" or not isinstance(key.value, str):
                return "cut" if key.kind == "cut" else "broken"
            text.take(key.length)
            status = yield from self._member(branch, key.value, head)
            if status != "closed":
                return status
        return "cut"

    def _member(self, branch: str, key: str, head: Json) -> Generator[Found, None, Status]:
        text = self._text
        colon = text.peek()
        if colon != ":":
            return "broken" if colon else "cut"
        text.take(1)
        sign = text.peek()
        if sign == "[" and key == CHATS and branch in CHAT_BRANCHES:
            return (yield from self._array_of_wrappers())
        if sign == "[" and self._holds_records(key):
            self._arrays += 1
            text.release()
            return (yield from self._array(self._finish(key, head)))
        if sign == "{" and key in BRANCHES and self._depth < DEEPEST:
            return (yield from self._object(key))
        return self._field(key, head)

    def _field(self, key: str, head: Json) -> Status:
        """A member that holds no records: kept if it is plain, or the `includes` of a page."""
        text = self._text
        wanted = key == "includes" and self.ordinal == self._wanted
        found = text.value(_MAX_INCLUDES if wanted else None)
        if found.kind == "long":
            text.release()
            text.skip_value()
        elif found.kind != "whole":
            return "cut" if found.kind == "cut" else "broken"
        else:
            text.take(found.length)
            if not isinstance(found.value, (dict, list)):
                head[key] = found.value
            elif wanted:
                self.included = found.value
        return "closed"

    def _holds_records(self, key: str) -> bool:
        """Whether the array that stands here is one of records: by its key, and its elements."""
        top = self._top
        known = key in RECORDS or (
            top is not None
            and self._depth == 1
            # No record is as long as that, so it can only be a wrapper.
            and (
                (top.kind == "long" and not self._arrays)
                or (top.kind == "whole" and plain_key(top.value) == key)
            )
        )
        return known and self._text.ahead(_LONGEST_SCRIPT)[1:].lstrip()[:1] in ("{", "]")

    def _array_of_wrappers(self) -> Generator[Found, None, Status]:
        text = self._text
        text.take(1)
        self._depth += 1
        while sign := text.peek():
            if sign == "]":
                text.take(1)
                self._depth -= 1
                return "closed"
            status: Status = "closed"
            if sign == ",":
                text.take(1)
            elif sign == "{":
                status = yield from self._object(CHATS)
            else:
                status = self._field("", {})
            if status != "closed":
                return status
        return "cut"

    def _array(self, finish: Finish) -> Generator[Found, None, Status]:
        """The elements of an array of records."""
        text = self._text
        text.take(1)
        self._depth += 1
        while sign := text.peek():
            for line, element, value in text.objects():
                yield from self._whole_element(line, element, value, finish)
            sign = text.peek()
            if sign == "]":
                text.take(1)
                self._depth -= 1
                return "closed"
            if not sign or sign == ",":
                text.take(1)
                continue
            line, found = text.line, text.value()
            if found.kind == "cut":
                return "cut"
            yield from self._element(line, found, finish)
        return "cut"

    def _whole_element(
        self, line: int, element: str, value: Any, finish: Finish
    ) -> Iterable[Found]:
        self._rows += 1
        if is_page(value):
            return _page(line, value, element)
        if holds_rows(value):
            return _nested(line, value, element)
        return (Row(line, finish(element, value)),)

    def _element(self, line: int, found: Value, finish: Finish) -> Iterator[Found]:
        text = self._text
        if found.kind == "whole":
            element = text.take(found.length)
            yield from self._whole_element(line, element, found.value, finish)
            return
        self._rows += 1
        if found.kind == "bad":
            yield self._bad(line, found)
        else:
            start = text.ahead(RAW_LIMIT)
            text.skip_value()
            yield Rejected(line, "line-too-long", raw(start))

    def _bad(self, line: int, found: Value) -> Rejected:
        passed = self._text.take(self._text.bad_length(found.length))
        return Rejected(line, "nul-bytes" if "\0" in passed else "malformed-json", raw(passed))

    def _finish(self, key: str, head: Json) -> Finish:
        """What the wrapper knows about each of its records."""
        chat = chat_of(head) if key == "messages" else {}
        if chat:
            inlined = '{"_chat":' + as_text(chat)
            return lambda text, value: _with_chat(inlined, text, value)
        if key == "data" and self._depth == 1 and self._top and self._top.kind != "whole":
            return self._with_includes(self.ordinal)
        return _as_it_is

    def _with_includes(self, ordinal: int) -> Finish:
        includes: list[Includes] = []

        def finish(text: str, value: Any) -> str:
            if not isinstance(value, dict) or "author_id" not in value:
                return text
            if not includes:
                includes.append(self._includes_of(ordinal))
            return as_text(includes[0].complete(value))

        return finish


def _with_chat(inlined: str, text: str, value: Any) -> str:
    """A message with the chat that it was posted in, as `_chat`; else as it stands."""
    if not isinstance(value, dict):
        return text
    return inlined + ("," if value else "") + text[1:]


def _record(line: int, value: Any, text: str) -> Iterable[Found]:
    """A record, or those that stand inside one another in it."""
    return _nested(line, value, text) if holds_rows(value) else (Row(line, text),)


def _nested(line: int, value: Json, text: str) -> Iterator[Found]:
    yield from _rows(line, rows_within(value), text)


def _page(line: int, page: Json, text: str) -> Iterator[Found]:
    yield from _rows(line, rows_of_page(page), text)


def _rows(line: int, rows: Iterable[Any], text: str) -> Iterator[Found]:
    """Rows made from ``text``, all of them or none."""
    try:
        texts = [as_text(row) for row in rows]
    except (ValueError, RecursionError):  # NaN or an infinite number, which JSON does not have
        yield Rejected(line, "malformed-json", raw(text))
        return
    if not texts:
        yield Rejected(line, "no-records", raw(text))
    yield from (Row(line, one) for one in texts)
