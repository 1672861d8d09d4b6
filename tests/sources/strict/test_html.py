"""HTML as text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.sources.strict import html

PLAIN_SPACES = re.compile(r"[ \t]*\n[ \t\n]*")


@given(st.text(st.sampled_from(" \t\nab"), max_size=30))
def test_lines_end_without_spaces(text: str) -> None:
    assert html._SPACES.sub("\n", text) == PLAIN_SPACES.sub("\n", text)


def test_long_runs_of_spaces_are_read_once() -> None:
    """Each space taken for the beginning of a run, this would take hours."""
    assert html.html_to_text("a" + " " * 2_000_000 + "b").endswith(" b")
    assert html.html_to_text("a" + " \n" * 1_000_000 + "b") == "a\nb"


def test_a_number_of_more_digits_than_python_reads_is_no_character() -> None:
    assert html.html_to_text("<p>a&#" + "9" * 5000 + ";b &amp; c &#233;</p>") == "a\ufffdb & c é"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a<script>plum()</script>b</p>", "ab"),
        ("a<SCRIPT type='x'>\nif (1 < 2) {}\n</Script >b", "ab"),
        ("a<style media=x>p > a {}</style>b", "ab"),
        ("a<!-- plum <b>fig</b> -->b", "ab"),
        ("a<!-- plum", "a"),
        ("a<script>plum", "a"),
        ("<scripture>a</scripture>", "a"),
        ("a &lt;script&gt; b", "a <script> b"),
        ("<style></style><!---->", ""),
    ],
)
def test_what_a_browser_does_not_show_is_no_text(markup: str, text: str) -> None:
    assert html.html_to_text(markup) == text


@pytest.mark.parametrize("open_", ["<!--", "<script>", "<style ", "<script"])
def test_what_is_never_closed_is_read_once(open_: str) -> None:
    assert html.html_to_text("a" + open_ * 200_000).startswith("a")
