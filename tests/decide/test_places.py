"""Which subject an address is about, and which addresses are nobody's of ours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.decide.operator import Operator
from marsad.decide.places import Place, Places
from marsad.records.errors import InputError

FORUM: dict[str, Any] = {
    "platform": "forum", "host": "forum.example", "account": ["/@{account}"],
    "post": ["/@{account}/{post}", "/p/{post}"], "media": ["/files/{media}"],
    "community": ["/g/{community}"],
}  # fmt: skip
PLACES = Places.of({"places": [FORUM]})


@pytest.mark.parametrize(
    ("url", "kind", "subject", "account"),
    [
        ("https://forum.example/@mona", "account", "forum:mona", "forum:mona"),
        ("http://www.forum.example/@mona/", "account", "forum:mona", "forum:mona"),
        ("https://forum.example/@Mona/7?utm_source=x#top", "post", "forum:7", "forum:Mona"),
        ("hxxps://forum[.]example/p/7", "post", "forum:7", None),
        ("https://m.forum.example/p/7", "post", "forum:7", None),
        ("https://old.forum.example/files/a.png", "media", "forum:a.png", None),
        ("https://forum.example/g/%D9%88%D8%B3%D9%85", "community", "forum:وسم", None),
        ("https://FORUM.example:443/p/7", "post", "forum:7", None),
    ],
)
def test_an_address_leads_to_its_subject(
    url: str, kind: str, subject: str, account: str | None
) -> None:
    assert PLACES.find(url) == Place("forum", kind, subject, account)
    assert PLACES.is_ours(url)


@pytest.mark.parametrize(
    ("kind", "subject", "url"),
    [
        ("post", "forum:7", "https://forum.example/p/7"),
        ("account", "forum:mona", "https://forum.example/@mona"),
        ("community", "forum:وسم", "https://forum.example/g/%D9%88%D8%B3%D9%85"),
        ("site", "forum:mona", None), ("post", "elsewhere:7", None), ("post", "forum:..", None),
        ("post", "forum:", None),
    ],
)  # fmt: skip
def test_a_subject_leads_to_its_address(kind: str, subject: str, url: str | None) -> None:
    assert PLACES.address(kind, subject) == url


@given(st.text(max_size=40))
def test_an_address_is_of_the_subject_that_it_was_asked_for(native: str) -> None:
    url = PLACES.address("post", f"forum:{native}")
    found = PLACES.find(url) if url else None
    assert url is None or (found and found.subject == f"forum:{native}")
    assert url or not native.isalnum()


def test_a_path_that_needs_more_than_the_subject_leads_to_none() -> None:
    places = Places.of({"places": [FORUM | {"post": ["/@{account}/{post}"]}]})
    assert places.address("post", "forum:7") is None


@pytest.mark.parametrize(
    "url",
    [
        "", "forum", "https://forum.example.evil.example/p/7", "https://evilforum.example/p/7",
        "https://web.archive.org/web/2026/https://forum.example/p/7", "javascript:alert(1)",
        "https://forum.example@evil.example/p/7", "file:///etc/passwd", "x" * 10_000,
        "https://forum\u200b.example.org/p/7",
    ],
)  # fmt: skip
def test_what_is_elsewhere_is_not_ours(url: str) -> None:
    assert not PLACES.is_ours(url)
    assert PLACES.find(url) is None


@pytest.mark.parametrize(
    "path", ["/", "/about", "/@mona/7/8", "/p/%00", "/p/a%0Ab", "/p/" + "x" * 501]
)
def test_an_address_of_ours_may_be_about_nothing_that_we_know(path: str) -> None:
    assert PLACES.is_ours(f"https://forum.example{path}")
    assert PLACES.find(f"https://forum.example{path}") is None


@given(st.text())
def test_any_text_can_be_asked_for(url: str) -> None:
    PLACES.find(url)


def test_whoever_names_no_places_has_none() -> None:
    assert Places.of({}).find("https://forum.example/p/7") is None


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"hosts": []}, "places"),
        ({"platform": "For um"}, "places.platform"),
        ({"platform": 7}, "places.platform"),
        ({"host": "not a host"}, "places.host"),
        ({"post": "/p/{post}"}, "places.post"),
        ({"post": ["/p/{id}"]}, "places.post"),
        ({"post": ["p/{post}"]}, "places.post"),
        ({"post": ["/p/{post}/{post}"]}, "places.post"),
        ({"account": ["/@{post}"]}, "places.account"),
    ],
)
def test_settings_that_are_wrong_are_named(change: dict[str, Any], name: str) -> None:
    with pytest.raises(InputError) as error:
        Places.of({"places": [FORUM | change]})
    assert error.value.message.values["name"] == name


@pytest.mark.parametrize("given", [{}, "forum", [7], [{}]])
def test_places_are_a_list_of_tables(given: Any) -> None:
    with pytest.raises(InputError):
        Places.of({"places": given})


def test_who_runs_the_desk() -> None:
    said = {"name": "Forum", "email": "desk@forum.example", "country": "DE", "size": "small",
            "languages": ["en", "ar"]}  # fmt: skip
    found = Operator.of({"operator": said})
    assert found.set_up
    assert (found.languages, found.service) == (("en", "ar"), "")
    assert not Operator.of({}).set_up


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nmae": "Forum"}, "settings.unknown"),
        ({"name": 7}, "settings.value"),
        ({"name": "a\nb"}, "settings.value"),
        ({"name": "x" * 501}, "settings.value"),
        ({"country": "Germany"}, "settings.value"),
        ({"size": "tiny"}, "settings.value"),
        ({"service": "shop"}, "settings.value"),
        ({"languages": "en"}, "settings.value"),
        ({"languages": ["English"]}, "settings.value"),
        ({"email": "nobody"}, "settings.value"),
    ],
)
def test_an_operator_that_cannot_be(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as error:
        Operator.of({"operator": change})
    assert error.value.message.id == message
