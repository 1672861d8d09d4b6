"""What a notice has to say, as a table; and what it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from marsad.decide.notices.notice import Given, checked, find, problems
from marsad.decide.places import Places
from marsad.locale import LANGUAGES
from tests.decide.notices.conftest import GIVEN, PLACES, POST

HASH = "ab" * 32


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ({}, ("post", "forum:12", "forum:ann")),
        ({"address": f"  {POST}?from=mail#x "}, ("post", "forum:12", "forum:ann")),
        ({"address": "http://www.forum.example/p/12"}, ("post", "forum:12", None)),
        ({"address": "https://forum.example/@ann"}, ("account", "forum:ann", "forum:ann")),
        ({"address": "https://forum.example/@%D8%B9%D9%84%D9%8A"},
         ("account", "forum:علي", "forum:علي")),
        ({"address": "https://forum.example/files/a1"}, ("media", "forum:a1", None)),
        ({"address": "https://forum.example/g/club"}, ("community", "forum:club", None)),
        ({"address": "https://a.forum.example/", "kind": "site"},
         ("site", "forum:a.forum.example", None)),
        ({"address": "forum:ann", "kind": "account"}, ("account", "forum:ann", "forum:ann")),
        ({"address": "forum:12", "kind": "post"}, ("post", "forum:12", None)),
        ({"address": HASH.upper(), "kind": "file"}, ("media", f"forum:{HASH}", None)),
    ],
)  # fmt: skip
def test_what_can_be_reported(said: dict[str, Any], about: tuple[str, str, str | None]) -> None:
    place = checked(replace(GIVEN, **said), PLACES).place
    assert (place.kind, place.subject, place.account) == about


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"address": ""}, {"address": "notice.address"}),
        ({"address": "x" * 2_001}, {"address": "notice.address"}),
        ({"address": "https://elsewhere.example/@ann"}, {"address": "notice.not-ours"}),
        ({"address": "https://forum.example.evil.example/@ann"}, {"address": "notice.not-ours"}),
        ({"address": "https://user@evil.example/forum.example"}, {"address": "notice.not-ours"}),
        ({"address": "javascript:alert(1)"}, {"address": "notice.not-ours"}),
        ({"address": "https://forum.example/about"}, {"address": "notice.unknown"}),
        ({"address": "forum:12"}, {"address": "notice.unknown"}),
        ({"address": "forum:", "kind": "post"}, {"address": "notice.unknown"}),
        ({"address": "forum:a\u202eb", "kind": "post"}, {"address": "notice.unknown"}),
        ({"address": HASH}, {"address": "notice.unknown"}),
        ({"ground": ""}, {"ground": "notice.ground"}),
        ({"ground": "spam"}, {"ground": "notice.ground"}),
        ({"reasons": "too short"}, {"reasons": "notice.reasons"}),
        ({"reasons": "1234567890 !!!"}, {"reasons": "notice.reasons"}),
        ({"reasons": "w" * 3_001}, {"reasons": "notice.reasons"}),
        ({"name": "n" * 201}, {"name": "notice.name"}),
        ({"email": "nobody"}, {"email": "notice.email"}),
        ({"email": "a@b"}, {"email": "notice.email"}),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, {"email": "notice.email"}),
        ({"good_faith": False}, {"good_faith": "notice.good-faith"}),
        ({"lang": "xx"}, {"lang": "user.lang"}),
        ({"address": "", "ground": "", "reasons": "", "good_faith": False},
         {"address": "notice.address", "ground": "notice.ground", "reasons": "notice.reasons",
          "good_faith": "notice.good-faith"}),
    ],
)  # fmt: skip
def test_what_cannot_be_reported_and_why(said: dict[str, Any], wrong: dict[str, str]) -> None:
    found = problems(replace(GIVEN, **said), PLACES)
    assert {field: error.message.id for field, error in found.items()} == wrong
    for error in found.values():
        assert all("{" not in error.message.render(lang) for lang in LANGUAGES)


def test_a_refused_address_is_told_what_is_valid() -> None:
    told = problems(replace(GIVEN, address="https://elsewhere.example/"), PLACES)["address"]
    assert "forum.example" in str(told)
    told = problems(replace(GIVEN, address="https://forum.example/x/y/z"), PLACES)["address"]
    assert "https://forum.example/@…" in str(told)


def test_without_places_nothing_can_be_reported() -> None:
    found = problems(GIVEN, Places())
    assert [error.message.id for error in found.values()] == ["notice.none-here"]


def test_two_spellings_of_a_mail_address_are_one_person() -> None:
    said = [
        checked(replace(GIVEN, email=one), PLACES).email for one in ("A@B.example ", "a@b.example")
    ]
    assert said == ["a@b.example", "a@b.example"]
    assert checked(GIVEN, PLACES).email is None


@drawn(st.text(max_size=300), st.sampled_from(["", "post", "site", "file", "nonsense"]))
def test_whatever_is_typed_is_a_place_or_a_problem(address: str, kind: str) -> None:
    said = Given(address, "other", "reasons in words", kind, good_faith=True)
    place, wrong = find(said, PLACES), problems(said, PLACES)
    assert (place is None) == ("address" in wrong)
    if place is not None:
        assert place.subject.startswith("forum:")
        assert place.subject.isprintable()
