"""Links that name nobody and cannot be followed by mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.outputs.links import SHOWN, defanged, nameless_link, safe_link
from marsad.outputs.names import Names
from tests.outputs.network import PSEUDONYMS

NAMES = Names(
    PSEUDONYMS, ("x",), {("x", "known_name"): "x:17"}, posts=frozenset({"x:900012"})
)  # fmt: skip
KNOWN = PSEUDONYMS.of("account", "x:17")
POST = PSEUDONYMS.of("post", "x:900012")


def stranger(host: str, name: str) -> str:
    return PSEUDONYMS.of_handle(host, name)


CASES = [
    ("https://www.example.org/a/b.html", "https://www.example.org/a/b.html"),
    ("HTTP://Example.ORG", "http://example.org"),
    ("example.org/x", "example.org/x"),
    ("https://user:pw@example.org:8080/x#part", "https://example.org/x"),
    ("https://example.org/x?q=secret", "https://example.org/x?…"),
    ("https://example.org?q=secret", "https://example.org/?…"),
    ("https://example.org/of/known_name", f"https://example.org/of/{KNOWN}"),
    ("https://example.org/@Known_Name", f"https://example.org/{KNOWN}"),
    ("https://x.com/known_name/status/900012", f"https://x.com/{KNOWN}/status/{POST}"),
    (
        "https://twitter.com/Somebody/status/123456",
        f"https://twitter.com/{stranger('x', 'somebody')}/status/…",
    ),
    (
        "https://mobile.twitter.com/somebody",
        f"https://mobile.twitter.com/{stranger('x', 'somebody')}",
    ),
    # Known on one platform, linked on another.
    ("https://t.me/known_name", f"https://t.me/{stranger('t.me', 'known_name')}"),
    ("https://example.org/@@/@", "https://example.org/" + stranger("example.org", "@") + "/@"),
    ("https://x.com/@", "https://x.com/" + stranger("x", "@")),
    ("https://x.com/hashtag/news", "https://x.com/hashtag/news"),
    ("https://t.me/s/channel_x/77", f"https://t.me/s/{stranger('t.me', 'channel_x')}/…"),
    (
        "https://server.example/@somebody/1099",
        f"https://server.example/{stranger('server.example', 'somebody')}/…",
    ),
    ("https://example.org/%40known_name", f"https://example.org/{KNOWN}"),
]


@pytest.mark.parametrize(("url", "expected"), CASES)
def test_links_to_compute_with(url: str, expected: str) -> None:
    assert nameless_link(url, NAMES) == expected


@pytest.mark.parametrize("url", [url for url, _ in CASES])
def test_links_to_read_cannot_be_followed(url: str) -> None:
    shown = safe_link(url, NAMES)
    assert "http" not in shown
    assert ".org" not in shown.partition("/")[0]
    assert "[.]" in shown
    assert not {"pw", "secret", "somebody", "channel_x"} & set(shown.lower().split("/"))


def test_a_host_in_another_script_shows_both_its_forms() -> None:
    assert defanged("xn--mgbh0fb.example") == "xn--mgbh0fb[.]example (مثال[.]example)"


@given(st.text())
def test_no_text_breaks_a_link(text: str) -> None:
    assert len(safe_link(text, NAMES)) <= SHOWN
    nameless_link("https://" + text, NAMES)
