"""Which encoding a text has, told from its first bytes, and its bytes as UTF-8."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from marsad.sources.readers.streams import Stream, Wrapped, read_fully

_READ = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WRONG = re.compile("[\udc80-\udcff]+")
_NOT_ASCII = re.compile("[^\0-\x7f]")
_ENOUGH = 3
# Alef and lam in windows-1256: a quarter of the letters of any Arabic or Persian text.
_ALEF_LAM = (0xC7, 0xE1)


@dataclass(frozen=True)
class Encoding:
    """An encoding by its Python name; ``mark`` bytes at the start belong to no row.

    ``guessed`` is true for an 8-bit encoding, which nothing in a file declares.
    """

    name: str
    mark: int = 0
    guessed: bool = False


def recognise(sample: bytes, whole: bool) -> Encoding:
    """The encoding of a text that begins with ``sample``; ``whole`` if there is no more of it.

    UTF-8 unless a byte order mark, zeros in every other place (UTF-16), or a majority of bytes
    that are no UTF-8 says otherwise. Then windows-1256 if the high bytes stand in runs as Arabic
    words do, with the letters that are frequent in Arabic, else windows-1252.
    """
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return Encoding(name, len(mark))
    wide = _utf_16(sample)
    if wide:
        return Encoding(wide)
    if _is_utf_8(sample, whole) or _mostly_utf_8(sample):
        return Encoding("utf-8")
    return Encoding("windows-1256" if _looks_arabic(sample) else "windows-1252", guessed=True)


def _utf_16(sample: bytes) -> str | None:
    """UTF-16 without a mark. One side of its units, the high one, is zero in spaces, digits and
    line ends, and in the letters of an alphabet a small number; line ends are on the other."""
    units = np.frombuffer(sample, np.uint8, len(sample) // 2 * 2).reshape(-1, 2)
    if not len(units):
        return None
    zero = (units == 0).mean(axis=0)
    small = (units < 0x20).mean(axis=0)
    feeds = (units == 0x0A).sum(axis=0)
    for high, low, name in ((1, 0, "utf-16-le"), (0, 1, "utf-16-be")):
        in_place = zero[low] <= zero[high] / 4 and feeds[high] <= feeds[low]
        if zero[high] >= 0.05 and small[high] >= 0.7 and in_place:
            return name
    return None


def _is_utf_8(sample: bytes, whole: bool) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(sample, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf_8(sample: bytes) -> bool:
    """Whether the bytes that are no UTF-8 are few, or fewer than the characters that are more
    than ASCII: text in an 8-bit encoding hardly ever looks like UTF-8 by chance."""
    text = sample.decode("utf-8", "surrogateescape")
    places = _WRONG.findall(text)
    wrong = sum(map(len, places))
    return len(places) < _ENOUGH or wrong <= len(_NOT_ASCII.findall(text)) - wrong


def _looks_arabic(sample: bytes) -> bool:
    values = np.frombuffer(sample, np.uint8)
    letters = values >= 0xC0
    high = int(letters.sum())
    in_runs = int((letters[:-1] & letters[1:]).sum())
    frequent = int(np.isin(values, _ALEF_LAM).sum())
    return in_runs > 0.5 * high and frequent > 0.1 * high


def as_utf_8(stream: Stream, encoding: Encoding) -> Stream:
    """The text in UTF-8, without its mark. Bytes that are wrong in the encoding become bytes that
    are wrong in UTF-8, so that they cost the row they stand in and nothing else."""
    read_fully(stream, encoding.mark)
    return stream if encoding.name == "utf-8" else _Recoded(stream, encoding.name)


class _Recoded(Wrapped):
    """A text in another encoding, as UTF-8."""

    def __init__(self, source: Stream, encoding: str) -> None:
        super().__init__(source)
        self._decode = (
            codecs.getincrementaldecoder(encoding)(_KEEP_WRONG).decode
            if encoding.startswith("utf")
            else _eight_bit(encoding)
        )
        self._ready = memoryview(b"")
        self._over = False

    def readinto(self, buffer: Any) -> int:
        """UTF-8 bytes; 0 at the end."""
        view = memoryview(buffer).cast("B")
        while not self._ready:
            if self._over:
                return self.end()
            data = self._source.read(_READ) or b""
            self._over = not data
            self._ready = memoryview(self._recode(data))
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _recode(self, data: bytes) -> bytes:
        return self._decode(data, not data).encode("utf-8", "surrogatepass")


def _keep_wrong(error: UnicodeError) -> tuple[str | bytes, int]:
    """Lone surrogates as they are, and one in place of anything else that is no character: none
    of them is valid once it is UTF-8."""
    assert isinstance(error, UnicodeDecodeError)
    try:
        return codecs.lookup_error("surrogatepass")(error)
    except UnicodeDecodeError:
        return "\udcff", error.end


_KEEP_WRONG = "marsad.keep_wrong"
codecs.register_error(_KEEP_WRONG, _keep_wrong)


def _eight_bit(encoding: str) -> Any:
    """A decoder in which every byte is a character, as browsers read these encodings: the bytes
    that windows-1252 leaves undefined are control characters."""
    table = "".join(bytes([i]).decode(encoding, "ignore") or chr(i) for i in range(256))

    def decode(data: bytes, _final: bool) -> str:
        return codecs.charmap_decode(data, "strict", table)[0]

    return decode
