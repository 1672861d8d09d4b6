"""The phrase automaton: a table of what it finds, and a plain scan that it must agree with."""

from __future__ import annotations

import pickle
import re
import unicodedata
from itertools import groupby

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.find.phrases.automaton import Match, Phrase, PhraseAutomaton
from marsad.find.phrases.spans import original_spans
from marsad.records.errors import InputError
from marsad.records.normalise import normalise

WHOLE, PART, ATTACHED = {}, {"substring": True}, {"proclitics": True}


def found(phrases: list[Phrase], text: str) -> list[str]:
    """What is found, as it stands in the original text."""
    matches = PhraseAutomaton(phrases).match([normalise(text)])[0]
    spans = original_spans(text, [(match.start, match.end) for match in matches])
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("phrase", "how", "text", "expected"),
    [
        # Whole words
        (
            "marker",
            WHOLE,
            "a marker, Marker. #marker @MARKER",
            ["marker", "Marker", "marker", "MARKER"],
        ),
        ("marker", WHOLE, "markers amarker marker1 marker_one", []),
        ("marker one", WHOLE, "marker  \n one; marker ones", ["marker  \n one"]),
        ("مرصد", WHOLE, "مرصد والمرصد مرصدي #مرصد", ["مرصد", "مرصد"]),
        ("مدرسه", WHOLE, "«مدرسة»", ["مدرسة"]),
        ("c++", WHOLE, "c++x c++, xc++", ["c++", "c++"]),
        ("#marker", WHOLE, "x#marker #markers", ["#marker"]),
        ("क", WHOLE, "कि क", ["क"]),
        ("don", WHOLE, "don't", ["don"]),
        # Anywhere
        ("mark", PART, "remarkable", ["mark"]),
        ("東京", PART, "私は東京都に", ["東京"]),
        # Spellings
        ("الرحمن", WHOLE, "ٱلرَّحۡمَٰنِ ", ["ٱلرَّحۡمَٰنِ"]),
        (
            "marker",
            WHOLE,
            "mаrkеr m\u200ba\u0301rk3r ᴍᴀʀᴋᴇʀ",
            ["mаrkеr", "m\u200ba\u0301rk3r", "ᴍᴀʀᴋᴇʀ"],
        ),
        ("Мärkеr", WHOLE, "marker", ["marker"]),
        ("عليه", WHOLE, "قال ﷺ", ["ﷺ"]),
        # Proclitics
        ("مرصد", ATTACHED, "والمرصد", ["مرصد"]),
        ("مرصد", ATTACHED, "وَلِلْمَرْصَدِ", ["مَرْصَدِ"]),
        ("مرصد", ATTACHED, "فب" + "المرصد", ["مرصد"]),
        ("مرصد", ATTACHED, "المرصدي تمرصد بومرصد تتالمرصد ففبالمرصد", []),
        ("المرصد", ATTACHED, "والمرصد للمرصد ومرصد", ["المرصد", "لمرصد"]),
        ("المرصد", WHOLE, "والمرصد للمرصد", []),
        ("مرصد قديم", ATTACHED, "بمرصد قديم بمرصد وقديم", ["مرصد قديم"]),
        # Stretched letters
        ("marker", WHOLE, "maaaarker markeeeer!", ["maaaarker", "markeeeer"]),
        ("marker", WHOLE, "markerrrr", ["markerrrr"]),
        (
            "hello",
            WHOLE,
            "heeellllooo heeelllo helllo hello",
            ["heeellllooo", "heeelllo", "helllo", "hello"],
        ),
        ("hello", WHOLE, "helo helooo heello", []),
        ("god", WHOLE, "good gooood", ["gooood"]),
        ("مرصد", ATTACHED, "والمررررصد", ["مررررصد"]),
        ("10", WHOLE, "1000 www", []),
    ],
)
def test_what_counts_as_found(phrase: str, how: dict, text: str, expected: list[str]) -> None:
    assert found([Phrase(phrase, **how)], text) == expected


@pytest.mark.parametrize(
    ("negative", "text", "expected"),
    [
        (Phrase("dark marker sky", negative=True), "a dark marker sky, a marker", ["marker"]),
        (Phrase("marker", negative=True), "a marker", []),
        (Phrase("markers", negative=True), "marker", ["marker"]),
        (Phrase("marker sky", negative=True), "dark marker sky", ["dark marker"]),
        (Phrase("no marker", negative=True), "no maaaarker", []),
        (Phrase("m", substring=True, negative=True), "marker", ["marker"]),
    ],
)
def test_negative_phrases_win(negative: Phrase, text: str, expected: list[str]) -> None:
    phrases = [Phrase("marker"), negative]
    if "dark marker" in expected:
        phrases[0] = Phrase("dark marker")
    assert found(phrases, text) == expected


def test_each_entry_is_reported_also_where_they_overlap() -> None:
    phrases = [Phrase("red marker"), Phrase("marker"), Phrase("Red Marker"), Phrase("marker one")]
    matches = PhraseAutomaton(phrases).match(["red marker one", "", "nothing"])
    assert matches[0] == [
        Match(0, 10, 0),
        Match(0, 10, 2),
        Match(4, 10, 1),
        Match(4, 14, 3),
    ]
    assert [len(each) for each in matches] == [4, 0, 0]


def test_a_list_may_be_empty() -> None:
    assert [list(each) for each in PhraseAutomaton([]).match(["marker"])] == [[]]


@pytest.mark.parametrize("text", ["", "  ", "\u200b\u0301"])
def test_a_phrase_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        PhraseAutomaton([Phrase("marker"), Phrase(text)])
    assert refused.value.message.id == "phrases.empty"
    assert refused.value.message.values == {"number": 2, "given": ascii(text)}


# ── The reference: every place in the text, every phrase, the rules as they are written down.


def slow_match(phrases: list[Phrase], text: str) -> list[Match]:
    hits = [
        (start, end, i)
        for i, phrase in enumerate(phrases)
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
        if stands(phrase, text, start, end)
    ]
    barred = [(start, end) for start, end, i in hits if phrases[i].negative]
    return [
        Match(*hit)
        for hit in sorted(hits)
        if not any(start <= hit[0] and hit[1] <= end for start, end in barred)
    ]


def stands(phrase: Phrase, text: str, start: int, end: int) -> bool:
    spelling = normalise(phrase.text)
    if phrase.substring:
        return reads_as(text, start, end, spelling)
    before = re.search(r"[\w\u093c-\u094d]*\Z", text[:start])[0] if word(text[start]) else ""
    if word(text[end - 1]) and end < len(text) and word(text[end]):
        return False
    if not phrase.proclitics:
        return reads_as(text, start, end, spelling) and not before
    if not spelling.startswith("ال"):
        attached = re.fullmatch("[وف]?(?:[بك]?(?:ال)?|ل|لل)", before)
        return reads_as(text, start, end, spelling) and attached is not None
    if reads_as(text, start, end, spelling):
        return re.fullmatch("[وف]?[بكل]?", before) is not None
    return reads_as(text, start, end, spelling[1:]) and re.fullmatch("[وف]?ل", before) is not None


def reads_as(text: str, start: int, end: int, spelling: str) -> bool:
    if text[start:end] == spelling:
        return True
    if text[start - 1 : start] == text[start] or text[end - 1] == text[end : end + 1]:
        return False
    here = [(char, len(list(run))) for char, run in groupby(text[start:end])]
    there = [(char, len(list(run))) for char, run in groupby(spelling)]
    return len(here) == len(there) and all(
        char == letter and (n == m or (n >= 3 and char.isalpha()))
        for (char, n), (letter, m) in zip(here, there, strict=True)
    )


def word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char).startswith("M")


PIECES = [
    "a",
    "b",
    "ab",
    "aaa",
    "bb",
    "1",
    "11",
    "_",
    " ",
    " ",
    ".",
    "و",
    "ف",
    "ب",
    "ل",
    "ال",
    "مر",
    "ر",
    "ررر",
    "क",
    "ि",
]
SHORT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
PHRASES = st.lists(
    st.builds(Phrase, SHORT.filter(normalise), st.booleans(), st.booleans(), st.booleans()),
    min_size=1,
    max_size=6,
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join).map(normalise)


@given(PHRASES, st.lists(TEXTS, max_size=4))
@example([Phrase("المر", proclitics=True)], ["فلمر للمر وللمر لالمر"])
@example([Phrase("aab"), Phrase("ab", negative=True)], ["aaab"])
def test_the_automaton_finds_what_a_plain_scan_finds(
    phrases: list[Phrase], texts: list[str]
) -> None:
    automaton = PhraseAutomaton(phrases)
    expected = [slow_match(phrases, text) for text in texts]
    assert [list(each) for each in automaton.match(texts)] == expected
    assert [list(each) for each in pickle.loads(pickle.dumps(automaton)).match(texts)] == expected


# ── Evasion: a word in disguise is found, and shown as it was written.

DISGUISES = {
    "a": "aAàаαａ𝐚🅰",
    "e": "eÉеεꜰ"[:-1] + "ё",
    "k": "kKкκⓚ",
    "m": "mМｍᴍ",
    "r": "rRʀ𝓻ⓡ",
    "م": "مﻣ",
    "ر": "رﺮ",
    "ص": "صﺻ",
    "د": "دﺪ",
}
UNSEEN = ["", "", "\u200b", "\u0301", "\u064e", "ـ", "\ufe0f", "\u202e", "\u00ad", "\x00"]


@st.composite
def disguised(draw: st.DrawFn, plain: str) -> str:
    letters = [draw(st.sampled_from(DISGUISES[letter])) for letter in plain]
    return "".join(letter + draw(st.sampled_from(UNSEEN)) for letter in letters)


@example("mar\u043a\u0301er", "")
@example("m\u0430\u0308rker", "")
@given(st.sampled_from(["marker", "مرصد"]).flatmap(disguised), st.sampled_from(["", "x ", "« "]))
def test_a_disguised_word_is_found_as_it_was_written(written: str, before: str) -> None:
    phrases = [Phrase("marker"), Phrase("مرصد")]
    assert found(phrases, f"{before}{written}, end") == [written]
