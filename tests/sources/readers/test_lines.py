"""Physical lines: every mixture of line ends, every place of a seam, lines that are too long."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.sources.readers.lines import LongLine, blank_lines, split, wrong_bytes
from marsad.sources.readers.reader import Limits, shown
from marsad.sources.source import RAW_LIMIT
from tests.sources.readers.reading import stored

pieces = st.lists(
    st.sampled_from([b"a", b"bc", b"\n", b"\r", b"\r\n", b" ", b"\t", b"\0", b"\xff", "س".encode()])
)
texts = pieces.map(b"".join)


def lines_by_definition(text: bytes) -> list[bytes]:
    """Lines end with CR LF, LF or CR; the reference that the blocks are compared with."""
    return [line for line in re.split(rb"(?<=\n)|(?<=\r)(?!\n)", text) if line]


def lines_in_blocks(text: bytes, limits: Limits) -> list[tuple[int, bytes]]:
    def collect(stream):
        found = []
        for part in split(stream, limits):
            if isinstance(part, LongLine):
                found.append((part.number, b"LONG " + part.head))
            else:
                found += [(part.first + i, part.line(i).tobytes()) for i in range(len(part))]
        return found

    return stored(text, collect)


@given(texts, st.integers(1, 9))
def test_lines_are_those_of_the_definition(text: bytes, block: int) -> None:
    expected = list(enumerate(lines_by_definition(text), 1))
    assert lines_in_blocks(text, Limits(block_bytes=block)) == expected


@given(texts, st.integers(1, 9), st.integers(0, 4))
def test_long_lines_cost_only_themselves(text: bytes, block: int, limit: int) -> None:
    expected = [
        (number, line if len(line.rstrip(b"\r\n")) <= limit else b"LONG")
        for number, line in enumerate(lines_by_definition(text), 1)
    ]
    found = lines_in_blocks(text, Limits(block_bytes=block, line_bytes=limit))
    assert [(n, line[:4] if line.startswith(b"LONG") else line) for n, line in found] == expected


@given(texts)
def test_blank_and_wrong_lines(text: bytes) -> None:
    def collect(stream):
        return list(split(stream, Limits()))

    for part in stored(text, collect):
        blank, wrong = blank_lines(part), wrong_bytes(part)
        for i in range(len(part)):
            line = part.line(i).tobytes()
            assert blank[i] == (not line.strip(b" \t\r\n"))
            assert wrong.get(i) == (
                "nul-bytes" if b"\0" in line else None if _is_text(line) else "not-utf8"
            )


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_many_lines_with_a_few_wrong_ones() -> None:
    lines = [b"x" * 50 + b"\n"] * 5000
    lines[17], lines[4242] = b"\xed\xa0\x80\n", b"\xc3\n"

    [part] = stored(b"".join(lines), lambda stream: list(split(stream, Limits())))
    assert wrong_bytes(part) == {17: "not-utf8", 4242: "not-utf8"}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"abc\r\n", "abc"),
        (b"a\xffb", "a\\xffb"),
        ("س".encode() * RAW_LIMIT, "س" * (RAW_LIMIT // 2)),
        (b"x" + "س".encode() * RAW_LIMIT, "x" + "س" * (RAW_LIMIT // 2 - 1)),
        (b"\xff" * (RAW_LIMIT * 2), ("\\xff" * RAW_LIMIT)[:RAW_LIMIT]),
        (b"", ""),
    ],
)
def test_what_is_shown_of_a_rejected_row(raw: bytes, text: str) -> None:
    assert shown(raw) == text
    assert shown(np.frombuffer(raw, np.uint8)) == text
