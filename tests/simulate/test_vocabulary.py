from __future__ import annotations

import unicodedata

import pytest

from marsad.records.normalise import normalise
from marsad.simulate.markers import negative_phrases, phrases
from marsad.simulate.vocabulary import LANGUAGES, TOPICS, vocabulary, word_lists

FILES = (*LANGUAGES, "markers", "handles")
FRAMES = ("marker", "counter-speech", "news", "homonym")


@pytest.mark.parametrize("name", FILES)
def test_no_entry_needs_an_escape_in_json(name: str) -> None:
    for section, entries in word_lists(name).items():
        for entry in entries:
            assert not set(entry) & {'"', "\\"}, (section, entry)
            assert all(unicodedata.category(letter) != "Cc" for letter in entry), (section, entry)


@pytest.mark.parametrize("name", FILES)
def test_no_section_is_empty_or_repeats_an_entry(name: str) -> None:
    for section, entries in word_lists(name).items():
        assert entries, section
        assert len(set(entries)) == len(entries), section


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_what_ordinary_posts_need(language: str) -> None:
    words = vocabulary(language)
    assert sorted(words.order) == ["object", "subject", "verb"]
    assert words.topics
    for topic in words.topics:
        assert topic in TOPICS
        for part in ("verbs", "objects", "tags"):
            assert words.has(f"{topic} {part}")
    for section in ("times", "places", "connectors", "remarks", "openers", "bios", "burst tags"):
        assert words.has(section)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_only_frames_leave_a_gap(language: str) -> None:
    for section, entries in word_lists(language).items():
        gap = "{m}" if section.removesuffix(" frames") in FRAMES else None
        gap = "{a}" if section in ("announcements", "backup notices") else gap
        for entry in entries:
            assert entry.count("{") == entry.count("}") == (1 if gap else 0)
            assert gap is None or gap in entry


def test_no_ordinary_word_contains_a_marker() -> None:
    markers = [normalise(phrase) for language in ("ar", "en") for phrase in phrases(language)]
    for language in LANGUAGES:
        text = normalise("\n".join("\n".join(own) for own in word_lists(language).values()))
        assert not [marker for marker in markers if marker in text]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_negative_names_contain_a_marker(language: str) -> None:
    for name in negative_phrases(language):
        assert any(phrase in name and phrase != name for phrase in phrases(language))


def test_all_hosts_are_reserved_ones() -> None:
    lists = word_lists("markers")
    for section in ("domains", "negative domains", "article hosts"):
        assert all(host.endswith(".example") for host in lists[section])
    assert all(link.split("/")[2].endswith(".example") for link in lists["links"])
