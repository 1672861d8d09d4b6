"""JSON lines out of Arrow columns, without a Python object for each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

Field = tuple[str, pa.Array]


def quoted(texts: pa.Array) -> pa.Array:
    """Texts as JSON strings; null stays null. The texts must need no escapes.

    Simulated texts have no quote, backslash or control character (a test holds the word lists to
    it), so that escaping, the slowest step, is left out.
    """
    return pc.binary_join_element_wise('"', texts, '"', "")


def numbers(values: pa.Array) -> pa.Array:
    """Whole numbers as JSON."""
    return pc.cast(values, pa.string())


def lists(*texts: pa.Array) -> pa.Array:
    """JSON lists of the strings of each row; null where a row has none."""
    items = [pc.fill_null(pc.binary_join_element_wise(',"', text, '"', ""), "") for text in texts]
    joined = pc.binary_join_element_wise(*items, "")
    some = pc.if_else(pc.equal(joined, ""), None, pc.utf8_slice_codeunits(joined, 1))
    return pc.binary_join_element_wise("[", some, "]", "")


def lines(always: Sequence[Field], where_present: Sequence[Field] = ()) -> pa.Array:
    """One JSON object a row, each with its line end.

    Values are JSON already. A null among ``always`` is written as ``null``; a field of
    ``where_present`` is left out where its value is null.
    """
    pieces: list[pa.Array | str] = []
    for number, (name, value) in enumerate(always):
        pieces.append(f'{"," if number else "{"}"{name}":')
        pieces.append(pc.fill_null(value, "null"))
    for name, value in where_present:
        pieces.append(pc.fill_null(pc.binary_join_element_wise(f',"{name}":', value, ""), ""))
    return pc.binary_join_element_wise(*pieces, "}\n", "")


def write(texts: pa.Array, file: BinaryIO) -> int:
    """Write an array of texts one after the other; returns the bytes written."""
    if not len(texts):
        return 0
    array = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    _, offsets, data = array.buffers()
    starts = pa.Array.from_buffers(pa.int32(), len(array) + 1, [None, offsets], offset=array.offset)
    first, last = starts[0].as_py(), starts[len(array)].as_py()
    file.write(data.slice(first, last - first))
    return int(last - first)
