"""The letters that documents are drawn with: DejaVu Sans, for Latin, Greek, Cyrillic and Arabic."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
INVISIBLE = frozenset("\n\u200b\u200e\u200f\u2068\u2069")
"""Signs that are obeyed, not drawn."""


def drawn(text: str) -> str:
    """The text, with what the fonts have no sign for by its number: ``[U+4E2D]``."""
    if text.isascii():
        return text
    known = covered()
    return "".join(
        one if ord(one) in known or one in INVISIBLE else f"[U+{ord(one):04X}]" for one in text
    )


@cache
def covered() -> frozenset[int]:
    """The code points that all fonts have a sign for."""
    return frozenset.intersection(*(frozenset(_of(FOLDER / name)) for name in FILES))


def _of(path: Path) -> Iterator[int]:
    """The code points of the basic plane that a font maps to a glyph: its ``cmap`` of format 4
    (OpenType specification, "cmap")."""
    data = path.read_bytes()
    start = _table(data, b"cmap")
    count = struct.unpack_from(">H", data, start + 2)[0]
    for number in range(count):
        where = start + struct.unpack_from(">I", data, start + 8 + number * 8)[0]
        if struct.unpack_from(">H", data, where)[0] == 4:
            yield from _segments(data, where)
            return


def _table(data: bytes, name: bytes) -> int:
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + number * 16)
        if tag == name:
            return int(offset)
    raise ValueError(name)


def _segments(data: bytes, where: int) -> Iterator[int]:
    double = struct.unpack_from(">H", data, where + 6)[0]
    form = f">{double // 2}H"
    last = struct.unpack_from(form, data, where + 14)
    first = struct.unpack_from(form, data, where + 16 + double)
    delta = struct.unpack_from(form, data, where + 16 + 2 * double)
    offsets = where + 16 + 3 * double
    offset = struct.unpack_from(form, data, offsets)
    for at, (low, high) in enumerate(zip(first, last, strict=True)):
        for point in range(low, min(high, 0xFFFE) + 1):
            if offset[at] == 0:
                glyph = point + delta[at]
            else:
                place = offsets + 2 * at + offset[at] + 2 * (point - low)
                glyph = struct.unpack_from(">H", data, place)[0]
            if glyph & 0xFFFF:
                yield point
