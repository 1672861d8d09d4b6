"""HTML as text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from marsad.sources import strict

PLAIN_SPACES = re.compile(r"[ \t]*\n[ \t\n]*")


@given(st.text(st.sampled_from(" \t\nab"), max_size=30))
def test_lines_end_without_spaces(text: str) -> None:
    assert strict._SPACES.sub("\n", text) == PLAIN_SPACES.sub("\n", text)


def test_long_runs_of_spaces_are_read_once() -> None:
    """Each space taken for the beginning of a run, this would take hours."""
    assert strict.html_to_text("a" + " " * 2_000_000 + "b").endswith(" b")
    assert strict.html_to_text("a" + " \n" * 1_000_000 + "b") == "a\nb"


def test_a_number_of_more_digits_than_python_reads_is_no_character() -> None:
    assert strict.html_to_text("<p>a&#" + "9" * 5000 + ";b &amp; c &#233;</p>") == "a\ufffdb & c é"
