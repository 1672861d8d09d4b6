"""Records and fields of regular CSV text, found with numpy for a whole block at once.

Regular: every quote stands where the grammar of `csv_records` wants one. Then the number of quotes
before a place tells whether it lies inside a quoted field.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from marsad.sources.readers.csv_records import Dialect
from marsad.sources.readers.lines import Bytes, Lines, Places, places_of

_QUOTE, _LF, _CR = 34, 10, 13

Mask = npt.NDArray[np.bool_]


def quote_places(data: Bytes, dialect: Dialect) -> Places:
    """Where quotes are; nowhere in a dialect in which they are letters."""
    return places_of(data[:0] if dialect.quoting == "none" else data, _QUOTE)


def record_begins(lines: Lines, quotes: Places, dialect: Dialect, limit: int) -> Places:
    """The lines at which records begin, and after them the line up to which that is sure.

    That is the number of lines; or the line at which the record begins that has the first quote
    out of its place, is not closed, or is longer than ``limit`` bytes. The first line begins one.
    """
    last = len(lines)
    if not len(quotes):
        begins: Places = np.arange(last + 1)
    else:
        outside = np.searchsorted(quotes, lines.starts) % 2 == 0
        misplaced = quotes[~_in_place(lines.data, quotes, dialect.delimiter[0])]
        if len(misplaced):
            last = int(np.searchsorted(lines.starts, misplaced[0], side="right")) - 1
        begins = np.flatnonzero(outside[: last + 1])
    too_long = np.flatnonzero(np.diff(lines.starts[begins]) > limit)
    return begins[: too_long[0] + 1] if len(too_long) else begins


def _in_place(data: Bytes, quotes: Places, delimiter: int) -> Mask:
    """Which quotes stand where they may: an opening one after a delimiter or line end, a closing
    one before such, or both side by side, which is a quote in the field."""
    separates = np.isin(np.arange(256), [delimiter, _LF, _CR])
    side_by_side = np.diff(quotes) == 1
    right = np.empty(len(quotes), np.bool_)
    opening, closing = quotes[::2], quotes[1::2]
    right[::2] = separates[data[opening - 1]] | (opening == 0)
    right[2::2] |= side_by_side[1::2]
    after = np.minimum(closing + 1, len(data) - 1)
    right[1::2] = separates[data[after]] | (closing == len(data) - 1)
    right[1:-1:2] |= side_by_side[1::2]
    return right


@dataclass(frozen=True)
class Fields:
    """Some records of a block: where each begins and ends (without its line end), the delimiters
    of the block, and the number of the first delimiter of each record."""

    data: Bytes
    starts: Places
    ends: Places
    delimiters: Places
    first: Places

    @classmethod
    def of(cls, lines: Lines, begins: Places, blank: Mask, delimiters: Places) -> Fields:
        """The records that begin at some lines and end where the next begins, without those
        that are blank."""
        starts, ends = lines.starts[begins[:-1]][~blank], lines.starts[begins[1:]][~blank]
        for sign in (_LF, _CR):
            ends = ends - (lines.data[ends - 1] == sign)
        return cls(lines.data, starts, ends, delimiters, np.searchsorted(delimiters, starts))

    @property
    def sizes(self) -> Places:
        """How many fields each record has."""
        return np.searchsorted(self.delimiters, self.ends) - self.first + 1

    def where(self, mask: Mask) -> Fields:
        """Some of the records."""
        return Fields(
            self.data, self.starts[mask], self.ends[mask], self.delimiters, self.first[mask]
        )

    def without_empty_extra(self, size: int, quotes: Places) -> Fields:
        """The records without the fields beyond ``size`` of those in which all such are empty: the
        rest of the record is then delimiters and, in pairs, quotes."""
        longer = np.flatnonzero(self.sizes > size)
        if not len(longer):
            return self
        ends = self.delimiters[self.first[longer] + (size - 1)]
        rest = self.ends[longer] - ends
        quotes_in_rest = np.diff(np.searchsorted(quotes, [ends, self.ends[longer]]), axis=0)[0]
        empty = rest == self.sizes[longer] - size + quotes_in_rest
        cut = self.ends.copy()
        cut[longer[empty]] = ends[empty]
        return Fields(self.data, self.starts, cut, self.delimiters, self.first)

    def columns(self, size: int, quotes: Places) -> list[pa.Array]:
        """The columns of records that all have ``size`` fields, as text."""
        doubled = bool((np.diff(quotes) == 1).any())
        return [self._column(place, size, bool(len(quotes)), doubled) for place in range(size)]

    def _column(self, place: int, size: int, quoted: bool, doubled: bool) -> pa.Array:
        starts, ends = self.starts, self.ends
        if place > 0:
            starts = self.delimiters[self.first + (place - 1)] + 1
        if place < size - 1:
            ends = self.delimiters[self.first + place]
        if not quoted:
            return _gathered(self.data, starts, ends)
        in_quotes = self.data[np.minimum(starts, len(self.data) - 1)] == _QUOTE
        texts = _gathered(self.data, starts + in_quotes, ends - in_quotes)
        if doubled and in_quotes.any():
            return pc.replace_substring(texts, '""', '"')
        return texts


def delimiter_places(data: Bytes, quotes: Places, dialect: Dialect) -> Places:
    """Where delimiters stand outside of quotes."""
    places = places_of(data, dialect.delimiter[0])
    return places[np.searchsorted(quotes, places) % 2 == 0] if len(quotes) else places


def _gathered(data: Bytes, starts: Places, ends: Places) -> pa.Array:
    """Stretches of ``data`` as an array of texts: of one that has what lies between them as
    texts, too, every other is taken."""
    offsets = np.empty(2 * len(starts), np.int32)
    offsets[0::2] = starts
    offsets[1::2] = ends
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    all_texts = pa.Array.from_buffers(pa.string(), max(0, len(offsets) - 1), buffers)
    return all_texts.take(pa.array(np.arange(0, len(all_texts), 2, dtype=np.int32)))
