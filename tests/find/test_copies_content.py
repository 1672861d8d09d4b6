"""What of a text is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.find.copies.content import content, is_marked_repost

PLAIN = "the heron carries blue pebbles"

SAME = [
    ("The  HERON\ncarries blue pebbles", PLAIN),
    ("the heron carries blue pebbles!!! 🙂🙂 ❤️ 👍🏽", PLAIN),
    ("the heron, carries: “blue” (pebbles)...", PLAIN),
    ("#the_heron carries #blue pebbles", PLAIN),
    ("the heron carries blue pebbles https://t.co/abc", PLAIN),
    ("https://a.example/b?c=d#e the heron carries blue pebbles", PLAIN),
    ("the heron carries blue pebbles t.co/abc", PLAIN),
    ("the heron www.blue.example/x carries blue pebbles pic.twitter.com/Ab1", PLAIN),
    ("the heron carries blue pebbles htt…", PLAIN),
    ("the heron carries blue pebbles http://t.c…", PLAIN),
    ("the heron carries blue pebbles https://site.example/@name/17", PLAIN),
    ("@omar @lena_1: the heron carries blue pebbles @x@social.example", PLAIN),
    ("RT @omar: the heron carries blue pebbles", PLAIN),
    ("th\u200be he\u00adron carries blue pebbles\x00", PLAIN),
    ("يَحمِلُ مالكٌ الحصـــى!", "يحمل مالك الحصي"),
    ("يحمل مالك https://t.co/abالحصى", "يحمل مالك الحصي"),
    ("हिन्दी किताब।", "हिन्दी किताब"),
    ("3/4 and/or 1.5/2", "3 4 and or 1 5 2"),
    ("mail ines@post.example", "mail ines post example"),
    ("", ""),
    ("🙂 https://t.co/x @omar ...", ""),
]


@pytest.mark.parametrize(("text", "expected"), SAME)
def test_what_changes_between_copies_is_gone(text: str, expected: str) -> None:
    assert content(text) == expected


@given(st.text(max_size=60), st.sampled_from(["https://t.co/x1", "@omar_1", "🌹", "...", "t.co/x"]))
def test_what_is_added_at_the_end_changes_nothing(text: str, added: str) -> None:
    assert content(f"{text} . {added}") == content(f"{text} .")


@given(st.text(max_size=200))
def test_words_with_single_spaces_are_left(text: str) -> None:
    found = content(text)
    assert found == " ".join(found.split())
    assert content(found) == found


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("RT @omar: words", True),
        ("  rt@omar words", True),
        ("RT ＠omar words", True),
        ("he said RT @omar words", False),
        ("RT this if you like it", False),
        ("", False),
    ],
)
def test_a_text_that_says_it_is_a_repost(text: str, marked: bool) -> None:
    assert is_marked_repost(text) is marked
