"""Deep links: templates that are refused, and ids that somebody has chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.platforms.base import KINDS, Place, Subject
from marsad.platforms.manual import LINKS, Manual
from marsad.records.errors import InputError


def manual(platform: str = "forum", **links: Any) -> Manual:
    return Manual.open({"links": links}, Place(platform, Path()))


@pytest.mark.parametrize(
    "template",
    ["javascript:alert('{id}')", "data:text/html,{id}", "ftp://example.org/{id}", "{id}", "//{id}",
     "https://{id}.example.org/", "https://{id}/", "https://example.org{id}", "https://example.org/",
     "https://example.org/{id}/{id}", "https://example.org/{name}/{id}", "https:///{id}",
     "https://user@example.org/{id}", "https://example.org/ {id}", "https://example.org/\"{id}",
     "https://example.org/<{id}>", "https://exa\u202emple.org/{id}", "https://[/{id}",
     "https://example.org:port/{id}", "JAVASCRIPT://example.org/%0a{id}", "", 7, None],
)  # fmt: skip
def test_templates_that_are_refused(template: Any) -> None:
    with pytest.raises(InputError) as error:
        manual(account=template)
    assert error.value.message.id == "platform.link"


@pytest.mark.parametrize(
    ("template", "link"),
    [("https://example.org/{id}", "https://example.org/a%2Fb"),
     ("http://example.org:8080/u/{id}?x=1", "http://example.org:8080/u/a%2Fb?x=1"),
     ("https://example.org/?u={id}#top", "https://example.org/?u=a%2Fb#top")],
)  # fmt: skip
def test_templates_that_are_taken(template: str, link: str) -> None:
    assert manual(account=template).link(Subject("account", "forum:a/b")) == link


def test_a_kind_that_is_none() -> None:
    with pytest.raises(InputError) as error:
        manual(galaxy="https://example.org/{id}")
    assert error.value.message.id == "platform.link-kind"


@given(st.text(st.characters(), max_size=200), st.sampled_from(KINDS))
def test_whatever_the_id_is_the_link_stays_where_it_was_meant(native: str, kind: str) -> None:
    found = manual(account="https://example.org/u/{id}/x", post="https://example.org/?p={id}&x=1")
    link = found.link(Subject(kind, f"forum:{native}"))
    if link is None:
        assert kind in ("media", "site") or native in ("", "@", ".", "..", "@.", "@..")
        return
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc) == ("https", "example.org")
    shown = native.removeprefix("@") if kind == "account" else native
    said = parts.path.split("/")[2] if kind == "account" else parts.query.split("&")[0][2:]
    assert unquote(said) == shown.encode("utf-8", "replace").decode()
    assert len(parts.path.split("/")) == (4 if kind == "account" else 2)
    assert link.isascii()


@pytest.mark.parametrize("platform", LINKS)
def test_links_of_well_known_platforms(platform: str) -> None:
    for kind in LINKS[platform]:
        link = manual(platform).link(Subject(kind, f"{platform}:12"))
        assert link is not None
        assert link.startswith("https://")
        assert "12" in link
        manual(platform, **{kind: LINKS[platform][kind]})  # its own rule lets it through
    assert manual(platform).link(Subject("site", "evil.example")) is None


def test_an_account_that_is_known_by_its_handle() -> None:
    assert manual("twitter").link(Subject("account", "twitter:@reed")) == "https://x.com/reed"
    assert manual("forum").link(Subject("account", "forum:@reed")) is None
