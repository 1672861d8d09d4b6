"""Who says of themselves that they moved, and who speaks of others."""

from __future__ import annotations

import re

import pytest

from marsad.find.returns.moving import SAYINGS, says_moved
from marsad.records.normalise import normalise


@pytest.mark.parametrize(
    "text",
    [
        "They closed my OLD account @quartz, this is my new one",
        "Formerly @quartz",
        "we’re back! was @quartz",
        "backup of @quartz",
        "تم إغلاق حسابي @quartz",
        "حسابي الجديد بعد @quartz",
        "Мой новый аккаунт вместо @quartz",
        "Mein früheres Konto war @quartz",
        "mon ancien compte @quartz",
        "mi nueva cuenta, antes @quartz",
        "eski hesabım @quartz",
    ],
)
def test_first_person(text: str) -> None:
    assert says_moved(text)


@pytest.mark.parametrize(
    "text",
    ["", "where is @quartz", "@quartz has a new account", "أين @quartz", "their account was closed",
     "Er hat ein neues Konto", "у него новый аккаунт @quartz"],
)  # fmt: skip
def test_others(text: str) -> None:
    assert not says_moved(text)


@pytest.mark.parametrize("lang", SAYINGS)
def test_sayings_are_spelled_as_texts_are_normalised(lang: str) -> None:
    for saying in SAYINGS[lang]:
        for letters in re.findall(r"[^\W\d_]+", saying):
            assert normalise(letters) == letters
