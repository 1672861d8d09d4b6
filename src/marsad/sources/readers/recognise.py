"""Which physical form a file has, told from its content alone."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from dataclasses import replace

from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.sources.nested import holds_rows
from marsad.sources.readers import csv_dialect, encoding
from marsad.sources.readers.arrow import ArrowFile
from marsad.sources.readers.csv import Csv
from marsad.sources.readers.encoding import Encoding, as_utf_8
from marsad.sources.readers.files import InputFile
from marsad.sources.readers.json_document import JsonDocument
from marsad.sources.readers.ndjson import Ndjson
from marsad.sources.readers.pages import is_page
from marsad.sources.readers.parquet import Parquet
from marsad.sources.readers.reader import Empty, Limits, Reader
from marsad.sources.readers.streams import Stream, read_fully

_NOT_DATA = (
    (0, b"PK\x03\x04", "an office document (.xlsx, .docx, .ods)"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document (.xls, .doc)"),
    (0, b"%PDF-", "PDF"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF8", "GIF"),
    (0, b"SQLite format 3\0", "SQLite"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "RAR"),
    (257, b"ustar", "tar"),
    (4, b"ftyp", "MP4"),
    (0, b"RIFF", "WebP, WAV or AVI"),
    (0, b"PARE", "an encrypted Parquet file"),
)
_MARKUP = re.compile(rb"<(?:!doctype|html|\?xml|rss|feed)\b", re.IGNORECASE)
_OBJECT = re.compile(rb'\s*\{\s*(?:"|\}|\Z)')
_ARRAY = re.compile(rb"\s*\[\s*(?:[\[{\]]|\Z)")
_SCRIPT = re.compile(rb"\s*(?:window\.[\w.]+|(?:var|let|const)\s+\w+)\s*=\s*[\[{]")
_LINES = re.compile(rb"[^\r\n]*[^\s][^\r\n]*")
_LINES_TRIED = 50
_BLANK = b"\0 \t\r\n\v\f" + codecs.BOM_UTF8 + codecs.BOM_UTF16
_MARK = 4  # bytes of the longest byte order mark, and of the widest unit


def open_reader(file: InputFile, limits: Limits = Limits()) -> Reader:  # noqa: B008 - frozen
    """The reader for a file: Parquet, Arrow, JSON (lines or document) or CSV.

    Any text is one of the last three, so that its rows are rejected one by one where they are
    wrong. Raises `InputError` for what is known to be no table of rows (an image, an office
    document, a web page) and for Parquet or Arrow without a readable footer.
    """
    with file.open() as stream:
        sample = _beginning(stream, limits.sample_bytes)
    for columnar in (Parquet, ArrowFile):
        if sample.startswith(columnar.magic):
            return columnar(file, limits)
    _refuse_other_forms(file, sample)
    found = encoding.recognise(sample, len(sample) < limits.sample_bytes)
    reader = _text_reader(file, limits, found)
    if found.guessed:
        values = {"file": file.name, "encoding": found.name}
        reader.warnings = (*reader.warnings, Message("read.encoding_guessed", values))
    return reader


def _refuse_other_forms(file: InputFile, sample: bytes) -> None:
    for place, magic, form in _NOT_DATA:
        if sample.startswith(magic, place):
            raise InputError("input.not_rows", path=file.name, form=form)
    if _MARKUP.match(sample.removeprefix(b"\xef\xbb\xbf").lstrip()):
        raise InputError("input.markup", path=file.name)


def _text_reader(file: InputFile, limits: Limits, found: Encoding) -> Reader:
    with as_utf_8(file.open(), found) as stream:
        blank, text = _first_text(stream, limits.sample_bytes)
        whole = len(text) < limits.sample_bytes
        if not whole and _OBJECT.match(text) and not _has_line_end(text):
            # A page of results on one line can be longer than the sample.
            text += read_fully(stream, limits.line_bytes)
            whole = len(text) < limits.sample_bytes + limits.line_bytes
    if not text.strip():
        return Empty(file, limits)
    if _SCRIPT.match(text) or _ARRAY.match(text):
        return JsonDocument(file, limits, found)
    lines = _whole_lines(text, whole)
    values = _objects(lines)
    if 2 * len(values) >= len(lines) and (len(lines) > 1 or not whole):
        return Ndjson(
            file, limits, found, pages=any(is_page(value) or holds_rows(value) for value in values)
        )
    if _OBJECT.match(text):
        return JsonDocument(file, limits, found)
    form = csv_dialect.recognise(text, whole, file.name)
    return Csv(file, limits, found, replace(form, skip=form.skip + blank))


def _beginning(stream: Stream, size: int) -> bytes:
    """The first bytes of a file. Rows may begin after any number of blank lines; of these no more
    is returned than a mark takes, or others would say nothing of the encoding."""
    size += -size % _MARK
    sample = piece = read_fully(stream, size)
    while len(piece) == size and not sample.strip(_BLANK):
        piece = read_fully(stream, size)
        sample = sample[:_MARK] + piece
    return sample


def _first_text(stream: Stream, size: int) -> tuple[int, bytes]:
    """How many blank lines are passed over, and the first text after them."""
    lines = 0
    text = piece = read_fully(stream, size)
    while len(piece) == size and not text.strip():
        passed = text.removesuffix(b"\r")  # its LF may follow
        lines += passed.count(b"\n") + passed.count(b"\r") - passed.count(b"\r\n")
        piece = read_fully(stream, size)
        text = text[len(passed) :] + piece
    return lines, text


def _has_line_end(text: bytes) -> bool:
    return b"\n" in text.lstrip() or b"\r" in text.lstrip()


def _whole_lines(text: bytes, whole: bool) -> list[bytes]:
    """The first lines that are not blank; without the last one if the text goes on."""
    found = []
    for line in _LINES.finditer(text):
        if line.end() == len(text) and not whole:
            break
        found.append(line[0])
        if len(found) == _LINES_TRIED:
            break
    return found


def _objects(lines: Sequence[bytes]) -> list[object]:
    """Those lines that are JSON objects (or arrays), as values."""
    values: list[object] = []
    for line in lines:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, (dict, list)):
            values.append(value)
    return values
