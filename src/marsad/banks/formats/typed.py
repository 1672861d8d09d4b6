"""Signals with their types, ``<type> <signal>`` a line: the file list of python-threatexchange."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, TextIO

from marsad.banks.bank import Bank, Entry
from marsad.banks.formats.format import Item, Lines, ListFormat, Row, bad

_TYPES: dict[str, tuple[str, str]] = {
    "url": ("links", ""),
    "uri": ("links", ""),
    "raw_uri": ("links", ""),
    "domain": ("domains", ""),
    "raw_text": ("texts", ""),
    "text_string": ("texts", ""),
    "pdq": ("hashes", "pdq"),
    "hash_pdq": ("hashes", "pdq"),
    "pdq_ocr": ("hashes", "pdq"),
    "video_md5": ("hashes", "video_md5"),
    "hash_video_md5": ("hashes", "video_md5"),
    "hash_md5": ("hashes", "md5"),
    "md5": ("hashes", "md5"),
    "hash_sha1": ("hashes", "sha1"),
    "hash_sha256": ("hashes", "sha256"),
    "hash_video_sha256": ("hashes", "video_sha256"),
}
"""Types (in lower case) → kind of bank, and the algorithm of a hash."""

_OTHER_TYPES = ("trend_query", "vpdq", "text_tlsh")
_LINE = re.compile(r"(\w+)[ \t,]+(\S.*)\Z")
_WRITTEN = {
    "links": "url", "domains": "domain", "texts": "raw_text", "pdq": "pdq",
    "video_md5": "video_md5", "md5": "HASH_MD5", "sha1": "HASH_SHA1", "sha256": "HASH_SHA256",
    "video_sha256": "HASH_VIDEO_SHA256",
}  # fmt: skip


class Typed(ListFormat):
    """``<type> <signal>`` a line, with the type names of ThreatExchange and of its Python library.

    A file may mix types; a bank holds one kind, so that the lines of other kinds are reported.
    """

    name: ClassVar[str] = "threatexchange"
    kinds: ClassVar[tuple[str, ...]] = ("links", "domains", "texts", "hashes")

    @classmethod
    def recognise(cls, head: Sequence[str]) -> bool:
        found = [_LINE.match(line.strip()) for line in head if not line.startswith("#")]
        known = (*_TYPES, *_OTHER_TYPES)
        return bool(found) and all(line and line[1].lower() in known for line in found)

    @classmethod
    def read(cls, lines: Lines, kind: str | None) -> Iterator[Item]:
        for number, line in lines:
            text = line.strip()
            if text and not text.startswith("#"):
                yield _row(number, text)

    @classmethod
    def write(cls, bank: Bank, out: TextIO) -> int:
        left = 0
        for entry in bank.entries:
            name = _written_type(bank.kind, entry)
            if entry.withdrawn or name is None or "\n" in entry.value or "\r" in entry.value:
                left += 1
            else:
                out.write(f"{name} {entry.value}\n")
        return left


def _row(number: int, text: str) -> Item:
    found = _LINE.match(text)
    kind, algorithm = _TYPES.get(found[1].lower(), ("", "")) if found else ("", "")
    if not found or not kind:
        return bad(number, "type", text, given=text.split()[0][:50], valid=list(_TYPES))
    options = {"type": found[1], **({"algorithm": algorithm} if algorithm else {})}
    return Row(number, found[2], kind, options=options)


def _written_type(kind: str, entry: Entry) -> str | None:
    if entry.options.get("type"):
        return str(entry.options["type"])
    return _WRITTEN.get(str(entry.options.get("algorithm")) if kind == "hashes" else kind)
