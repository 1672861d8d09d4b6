from __future__ import annotations

import random

import pytest

from marsad.records.normalise import normalise
from marsad.simulate.markers import PLAIN, phrases, surfaces
from marsad.simulate.spelling import EVASIONS

CASES = [(language, name) for language, ways in EVASIONS.items() for name in ways]
# What one spelling of all texts undoes, and what a list of phrases may legitimately miss.
UNDONE = {
    "tatweel",
    "diacritics",
    "zero-width",
    "letter-forms",
    "presentation-forms",
    "full-width",
    "letter-case",
}
MISSED = {"misspelling", "spacing", "punctuation"}


def spelled(language: str, name: str) -> list[tuple[str, str]]:
    rng = random.Random(3)
    return [
        (phrase, EVASIONS[language][name](phrase, rng))
        for phrase in phrases(language)
        for _ in range(5)
    ]


@pytest.mark.parametrize(("language", "name"), CASES)
def test_every_evasion_changes_nearly_every_phrase(language: str, name: str) -> None:
    pairs = spelled(language, name)
    changed = [after for before, after in pairs if after != before]
    # Letter forms only touch phrases that have such letters.
    assert len(changed) >= (0.5 if name == "letter-forms" else 1.0) * len(pairs)


@pytest.mark.parametrize(("language", "name"), [case for case in CASES if case[1] in UNDONE])
def test_these_evasions_are_undone_by_normalising(language: str, name: str) -> None:
    assert all(normalise(after) == normalise(before) for before, after in spelled(language, name))


@pytest.mark.parametrize(("language", "name"), [case for case in CASES if case[1] in MISSED])
def test_these_evasions_are_not(language: str, name: str) -> None:
    assert all(
        normalise(before) not in normalise(after) for before, after in spelled(language, name)
    )


def test_surfaces_have_each_phrase_plainly_and_each_evasion() -> None:
    items = surfaces(1).items
    for language, ways in EVASIONS.items():
        own = [item for item in items if item.language == language]
        assert {item.text for item in own if item.evasion == PLAIN} == set(phrases(language))
        assert {item.evasion for item in own} == {PLAIN, "negative-name", *ways}
    assert surfaces(1) == surfaces(1)
    assert surfaces(1) != surfaces(2)
