"""Encodings: recognised from the bytes, recoded without loss, wrong characters kept wrong."""

from __future__ import annotations

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.sources.readers import Limits
from marsad.sources.readers.encoding import Encoding, as_utf_8, recognise
from tests.sources.readers.reading import SMALL, read, stored

ARABIC = "السلام عليكم ورحمة الله، كيف حالكم اليوم؟ هذا خبر عاجل من القاهرة\n" * 3
FRENCH = "Le café est prêt, à côté de la forêt où l'été s'achève\n" * 3
ENGLISH = "The weather is fine, the match begins at 8\n" * 3
EMOJI = "fine 😀 weather\n" * 3


@pytest.mark.parametrize(
    ("text", "python", "expected"),
    [
        (ENGLISH, "ascii", "utf-8"),
        (ARABIC, "utf-8", "utf-8"),
        (FRENCH, "utf-8-sig", "utf-8"),
        (ARABIC, "utf-16", "utf-16-le"),
        (ARABIC, "utf-16-le", "utf-16-le"),
        (ARABIC, "utf-16-be", "utf-16-be"),
        (ENGLISH, "utf-16-le", "utf-16-le"),
        (EMOJI, "utf-16-be", "utf-16-be"),
        (ENGLISH, "utf-32", "utf-32-le"),
        (ARABIC, "windows-1256", "windows-1256"),
        (FRENCH, "latin-1", "windows-1252"),
        (FRENCH, "windows-1252", "windows-1252"),
        (ENGLISH.replace("fine", "«fine»"), "latin-1", "windows-1252"),
    ],
)
def test_encodings_are_recognised(text, python, expected) -> None:
    data = text.encode(python)
    assert recognise(data, whole=True).name == expected
    assert recognise(data, whole=True).guessed == expected.startswith("windows")
    rows = json.dumps([{"text": line} for line in text.splitlines()], ensure_ascii=False)
    assert [row["text"] for row in read(rows.encode(python)).values] == text.splitlines()


@pytest.mark.parametrize(
    "data",
    [
        ARABIC.encode() + b"a \xff b \xfe c \xfd d",
        b"plain text with one caf\xe9 in it",
        ARABIC.encode()[:-2],
        b"a\0b\nc\0d\n",
        b"\0" * 40,
        b"",
        b"x",
    ],
    ids=["few wrong bytes", "one wrong byte", "cut off", "nul", "nothing but nul", "empty", "one"],
)
def test_a_few_wrong_bytes_are_no_other_encoding(data) -> None:
    assert recognise(data, whole=False).name == "utf-8"


def recoded(data: bytes, encoding: Encoding) -> bytes:
    def collect(stream):
        with as_utf_8(stream, encoding) as text:
            return text.read()

    return stored(data, collect)


@given(st.text(), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
def test_recoding_loses_nothing(text, name) -> None:
    assert recoded(text.encode(name), Encoding(name)) == text.encode()


@pytest.mark.parametrize("name", ["windows-1256", "windows-1252"])
def test_every_byte_is_a_character_of_an_8_bit_encoding(name) -> None:
    data = bytes(range(256)) * 2
    text = recoded(data, Encoding(name)).decode()
    assert len(text) == 512
    for byte, character in zip(data, text, strict=True):
        assert bytes([byte]).decode(name, "ignore") in (character, "")


@given(st.binary(max_size=40), st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le"]))
def test_what_is_no_character_is_no_utf_8_either(data, name) -> None:
    result = recoded(data, Encoding(name))
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            result.decode()
    else:
        assert result == text.encode()


def test_a_lone_surrogate_in_utf_16_costs_its_row() -> None:
    rows = "\n".join(['{"a": 1}', '{"a": "x\ud83d"}', '{"a": 3}'])
    data = codecs.BOM_UTF16_LE + rows.encode("utf-16-le", "surrogatepass")
    for limits in (Limits(), SMALL):
        found = read(data, limits)
        assert found.values == [{"a": 1}, {"a": 3}]
        assert found.reasons == [(2, "not-utf8")]
        assert found.reader.encoding == "utf-16-le"


def test_a_table_in_windows_1256() -> None:
    lines = ["المعرف;النص", *(f"{i};خبر عاجل رقم {i}" for i in range(20))]
    for limits in (Limits(), SMALL):
        found = read("\r\n".join(lines).encode("windows-1256"), limits)
        assert found.reader.columns == ("المعرف", "النص")
        assert found.cells == [[str(i), f"خبر عاجل رقم {i}"] for i in range(20)]
        assert found.reader.encoding == "windows-1256"
        [warning] = found.reader.warnings
        assert warning.id == "read.encoding_guessed"
        assert warning.values == {"file": "data", "encoding": "windows-1256"}
