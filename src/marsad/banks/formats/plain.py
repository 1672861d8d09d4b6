"""Plain text, an entry a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, TextIO

from marsad.banks.bank import Bank, Entry
from marsad.banks.formats.format import Item, Lines, ListFormat, Row

_NOTED = re.compile(r"(\S+)\s+#\s*(.*)\Z")
_HOSTS = re.compile(r"(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+(\S.*)\Z")


class Plain(ListFormat):
    """One entry a line; empty lines and comments are passed over.

    A comment begins with ``#`` and a space, or is ``#`` alone; for phrases and texts ``#word`` is
    an entry, for other kinds any line that begins with ``#`` is a comment. After a link or a domain
    ``# …`` is its note. A domain may stand in the form of a hosts file (``0.0.0.0 example.org``).
    """

    name: ClassVar[str] = "plain"
    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".list")

    @classmethod
    def recognise(cls, head: Sequence[str]) -> bool:
        return True

    @classmethod
    def read(cls, lines: Lines, kind: str | None) -> Iterator[Item]:
        words = kind in ("phrases", "texts")
        for number, line in lines:
            text = line.strip()
            if not text or _is_comment(text, words):
                continue
            note = ""
            if not words and (found := _NOTED.match(text)):
                text, note = found[1], found[2]
            if kind == "domains" and (found := _HOSTS.match(text)):
                text = found[1]
            yield Row(number, text, note=note)

    @classmethod
    def write(cls, bank: Bank, out: TextIO) -> int:
        left = 0
        words = bank.kind in ("phrases", "texts")
        for entry in bank.entries:
            line = _line(bank.kind, entry)
            if entry.withdrawn or "\n" in line or "\r" in line or _is_comment(line, words):
                left += 1
            else:
                out.write(f"{line}\n")
        return left


def _is_comment(text: str, words: bool) -> bool:
    return text.startswith("#") and (not words or text[1:2] in ("", " ", "\t", "#", "!"))


def _line(kind: str, entry: Entry) -> str:
    """An entry as `Plain.read` reads it; a note that is more than one line is dropped."""
    if kind == "redirects":
        return f"{entry.value} {entry.options.get('target', '')}"
    if kind == "hashes":
        return f"{entry.options.get('algorithm', '')}:{entry.value}"
    noted = entry.note and entry.note.isprintable() and kind in ("links", "domains")
    return f"{entry.value} # {entry.note}" if noted else entry.value
