"""Texts of strangers made safe to show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.outputs.passage import (
    STACKED,
    Replacement,
    Segment,
    direction_of,
    isolated,
    passage,
    printable,
)


def marked(text: str, *spans: tuple[int, int], **options: int) -> str:
    """A passage with its marks as brackets."""
    segments = passage(text, spans, **options).segments
    return "".join(f"[{part.text}]" if part.marked else part.text for part in segments)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], "one two three"),
        ([(4, 7)], "one [two] three"),
        ([(0, 3), (4, 7)], "[one] [two] three"),
        ([(0, 5), (4, 7)], "[one two] three"),
        ([(8, 99)], "one two [three]"),
        ([(-5, 3)], "[one] two three"),
        ([(7, 4), (50, 60), (3, 3)], "one two three"),
    ],
)
def test_marks(spans: list[tuple[int, int]], expected: str) -> None:
    assert marked("one two three", *spans) == expected


def test_a_name_that_a_mark_touches_is_marked_whole_and_gone() -> None:
    shown = passage("hello @secret there", [(6, 9)], [Replacement(6, 13, "@acct-x", "name")])
    assert shown.segments[1] == Segment("@acct-x", "name", marked=True)
    assert "secret" not in shown.plain


def test_a_long_text_is_cut_around_its_mark() -> None:
    text = "a" * 1000 + " MARK " + "b" * 1000
    shown = marked(text, (1001, 1005), shown=200)
    assert "[MARK]" in shown
    assert len(shown) < 220
    assert shown.startswith("… a")
    assert shown.endswith("b …")


def test_overrides_are_named_instead_of_obeyed() -> None:
    shown = passage("safe \u202egnp.exe\u2066")
    assert [part.text for part in shown.segments if part.role == "control"] == ["U+202E", "U+2066"]
    assert "\u202e" not in shown.plain


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("hello", "ltr"),
        ("مرحبا hello", "rtl"),
        ("123 ... مرحبا", "rtl"),
        ("שלום", "rtl"),
        ("!!! 123", "ltr"),
        ("", "ltr"),
    ],
)
def test_direction_is_that_of_the_first_letter(text: str, direction: str) -> None:
    assert direction_of(text) == direction


def test_a_name_does_not_decide_the_direction() -> None:
    text = "@name مرحبا"
    assert direction_of(text, [Replacement(0, 5, "@acct-x", "name")]) == "rtl"


@given(st.text(), st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30))))
def test_no_text_breaks_a_passage(text: str, spans: list[tuple[int, int]]) -> None:
    shown = passage(text, spans).plain
    shown.encode("utf-8")  # no surrogates are left
    assert not set(shown) & set("\x00\x1b\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=300))
def test_ordinary_text_is_kept(text: str) -> None:
    assert passage(text).plain == text


def test_piled_signs_are_cut_and_vowels_are_not() -> None:
    assert printable("a" + "\u0301" * 50) == "a" + "\u0301" * STACKED
    assert printable("مُحَمَّدٌ") == "مُحَمَّدٌ"


def test_isolated_values_close_what_they_open() -> None:
    value = isolated("\u2067broken\u202e")
    assert value == "\u2068broken\u2069"
