"""One spelling for what reads the same, and no other; for any string whatever."""

from __future__ import annotations

import csv
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.records import normalise as module
from marsad.records.normalise import (
    normalise,
    normalise_all,
    normalise_with_map,
)

SAME = {
    # Arabic
    "vowel signs": ("مَرْصَدٌ", "مرصد"),
    "shadda with a vowel": ("مُدَرِّس", "مدرس"),
    "tatweel": ("مـــرصـــد", "مرصد"),
    "alef forms": ("أإآٱا", "ااااا"),
    "hamza as a mark of its own": ("\u0627\u0654\u0627\u0655\u0627\u0653", "ااا"),
    "hamza on waw and yeh": ("مسؤول شاطئ", "مسوول شاطي"),
    "alef maqsura, Farsi yeh": ("مستشفى علی", "مستشفي علي"),
    "ta marbuta": ("مدرسة", "مدرسه"),
    "keheh, swash kaf": ("کتاب ڪتاب", "كتاب كتاب"),
    "Urdu and Kurdish heh": ("ہذا ھذا بە", "هذا هذا به"),
    "Maghrebi feh and qaf": ("ڢاس ڧلم", "فاس قلم"),
    "presentation forms": ("ﻣﺮﺻﺪ ﻻ", "مرصد لا"),
    "ligatures": ("ﷲ ﷺ", "الله صلى الله عليه وسلم"),
    "superscript alef": ("الرحمٰن هٰذا", "الرحمن هذا"),
    "Quranic signs": ("قَالَۖ ۞ لَهُۥ بِهِۦ ۩", "قال له به"),
    "Arabic and Persian digits": ("٢٠١٥ ۲۰۱۵", "2015 2015"),
    "joiner between Persian morphemes": ("می\u200cروم", "میروم"),
    # Latin, Cyrillic, Greek, Hebrew
    "case": ("MaRkEr STRASSE", "marker straße"),
    "Turkish i": ("İstanbul ISPARTA ısparta", "istanbul isparta isparta"),
    "accents": ("mârkér\u0301 m\u0336a\u0336r\u0336k\u0336er", "marker marker"),
    "strokes": ("mørk łød", "mork lod"),
    "full width, mathematical, circled": ("ｍａｒｋｅｒ 𝖒𝖆𝖗𝖐𝖊𝖗 ⓜⓐⓡⓚⓔⓡ", "marker marker marker"),
    "white on black": ("🅼🅰🆁🅺🅴🆁 🅜🅐🅡🅚🅔🅡", "marker marker"),
    "small capitals": ("ᴍᴀʀᴋᴇʀ", "marker"),
    "ё": ("Ёлка", "елка"),
    "stress mark": ("за\u0301мок", "замок"),
    "decomposed й and ї": ("Мои\u0306 і\u0308жак", "мой їжак"),
    "tonos, final sigma": ("Ἀθήνας", "αθηνασ"),
    "Hebrew points": ("שָׁלוֹם", "שלום"),
    # What has no width
    "zero width": ("ma\u200br\u200dk\u2060e\ufeffr", "marker"),
    "bidi controls": ("\u202emar\u2066ker\u2069\u200f", "marker"),
    "soft hyphen, grapheme joiner": ("mar\u00adk\u034fer", "marker"),
    "variation selectors, tags": ("marker\ufe0f\U000e0061\U000e0100", "marker"),
    "NUL and other controls": ("mar\x00k\x07e\x7fr", "marker"),
    "fillers": ("mar\u3164k\u115fer", "marker"),
    "white space": ("  a\t\tb\r\nc\u00a0\u2003d\u2028e \u2800", "a b c d e"),
    # Look-alikes
    "Cyrillic in a Latin word": ("mаrkеr МARKER", "marker marker"),
    "Greek in a Latin word": ("mαrkερ ΜARKΕR", "markep marker"),
    "Latin in a Cyrillic word": ("cпopт Kиев", "спорт киев"),
    "Latin i in a Ukrainian word": ("Киiв", "київ".replace("ї", "і")),
    "a digit between": ("m4к3r", "maker"),
    "digits in a Latin word": ("m4rk3r b00k g1ft 5t4r7", "marker book gift 5tar7"),
    # Stretching
    "four and more of a letter": ("yeeeeeees لاااااا", "yeees لااا"),
}

DIFFERENT = {
    "a bare hamza": ("ماء", "ما"),
    "another letter": ("مرصد", "مرصاد"),
    "peh, cheh, zheh, gaf, veh": ("پچژگڤ", "بجزكف"),
    "bari yeh": ("لڑکی", "لڑکے"),
    "й": ("мой", "мои"),
    "ї": ("їх", "іх"),
    "ў": ("ў", "у"),
    "Indic vowel signs": ("कि", "की"),
    "voiced kana": ("が", "か"),
    "double letters": ("good", "god"),
    "stretched and double": ("goood", "good"),
    "a word all Cyrillic": ("сор", "cop"),
    "numbers": ("1000000", "1000"),
    "a number after a word": ("mp3", "mpe"),
    "three digits": ("a101b", "aioib"),
    "an underscore": ("a_b", "a b"),
    "a hyphen": ("a-b", "ab"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_reads_the_same_is_spelt_the_same(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_is_told_apart_stays_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    ("given", "spelling"),
    [
        ("Съешь ещё этих мягких французских булок", "съешь еще этих мягких французских булок"),
        ("Жебракують філософи при ґанку в Гадячі", "жебракують філософи при ґанку в гадячі"),
        ("Ξεσκεπάζω την ψυχοφθόρα βδελυγμία", "ξεσκεπαζω την ψυχοφθορα βδελυγμια"),
        ("Њежни џепић", "њежни џепић"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
        ("สวัสดีชาวโลก", "สวัสดีชาวโลก"),
        ("한국어 日本語 がぎぐ", "한국어 日本語 がぎぐ"),
        ("#россия_russia iPhoneами 2015г", "#россия_russia iphoneами 2015г"),
        ("https://t.co/AbC don't A+ 3.5", "https://t.co/abc don't a+ 3.5"),
        ("👩‍🚀 🇩🇪 👍🏽", "👩🚀 🇩🇪 👍🏽"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_ordinary_text_keeps_its_letters(given: str, spelling: str) -> None:
    assert normalise(given) == spelling


@pytest.mark.parametrize("text", ["\ud83d", "a\udc00b", "\ud83d\ude00", "\x00", "\U0010ffff"])
def test_broken_text_can_be_written(text: str) -> None:
    assert normalise(text).encode("utf-8").decode("utf-8") == normalise(text)


# Pieces that meet badly: what composes, reorders, expands, vanishes, or changes a word's script.
PIECES = [
    *"aAbeghikmoprstwxyzéßİſﬁ0134579 \t\n_-.'#@١۵²½",
    *"авеёийкмнорстухіїўԁӏѵАВН" + "αβεινορςτυχωάΐΝ",
    *"ابتلهةىيیئؤأآٱكکـءﻻﷺ\u064b\u0651\u0654\u0670\u06d6\u06e5\u06dd",
    *"かが\u3099\u309aｶﾞ\u1100\u1161\u11a8각ㅏ\u1160\uffa0कि़\u093c\u094d\u0301\u0323\u0306\u0308\u0345",
    *"\x00\x1f\x7f\x85\u00a0\u00ad\u034f\u200b\u200d\u202e\u2028\u2800\ufe0f\ufeff\ud800\udfff\uffff",
    *"🅰ⓐ𝐚😀🏽🇩\U000e0061\U000e0100\U00010efd",
    "aaa",
    "ооо",
    "!" * 40,
    "😀" * 40,
    "\u0301" * 40,
    "\u093c\u094d" * 20,
    "x" * 1000,
]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
ANY = st.one_of(HOSTILE, st.text(st.characters(exclude_categories=())))


@given(ANY)
@example("か\u200b\u3099")
@example("か" + "ـ\u3099")
@example("\u1100\u1160\u1161")
def test_a_second_time_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(ANY, ANY)
def test_words_are_spelt_alike_in_any_company(one: str, other: str) -> None:
    """A phrase inside a post is spelt as it is alone; the ASCII path spells as the general one."""
    if len(one) + len(other) < 1000:  # beyond, floods of signs are cut
        together = normalise(f"{one} {other}")
        assert together == f"{normalise(one)} {normalise(other)}".strip()


@given(ANY)
@example("x" * 1000 + "!" * 40)
@example("x" * 1000 + "😀" * 40)
def test_the_map_leads_back(text: str) -> None:
    normalised, origin = normalise_with_map(text)
    assert normalised == normalise(text)
    assert len(origin) == len(normalised) + 1
    assert origin == sorted(origin)
    assert origin[0] >= 0
    assert origin[-1] <= len(text)
    if normalised:
        assert origin[-2] < origin[-1]


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("abc", [0, 1, 2, 3]),
        ("  a  b ", [2, 3, 5, 6]),
        ("مَرْ", [0, 2, 4]),
        ("é\u0301x", [0, 2, 3]),
        ("ße", [0, 0, 1, 2]),
        ("ß\u200be", [0, 0, 2, 3]),
        ("a\u200bb", [0, 2, 3]),
        ("aaaaab", [0, 1, 2, 5, 6]),
        ("abbbbb", [0, 1, 2, 3, 6]),
        ("カ\u3099ラ", [0, 2, 3]),
        ("", [0]),
    ],
)
def test_each_character_comes_from_where_it_came(text: str, origin: list[int]) -> None:
    assert normalise_with_map(text)[1] == origin


def test_every_character_is_folded_for_good() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) in ("Cn", "Co"):
            continue
        spelling = normalise(char)
        assert normalise(spelling) == spelling, hex(code)
        assert normalise_with_map(char)[0] == spelling, hex(code)
        assert spelling.isprintable() or spelling in "\ufffd", hex(code)


def test_look_alikes_are_of_the_scripts_they_are_listed_for() -> None:
    tables = {"CYRILLIC": module._CYRILLIC, "GREEK": module._GREEK}
    for script, table in tables.items():
        for here, there in table.items():
            assert unicodedata.name(chr(here)).startswith("LATIN SMALL LETTER")
            assert unicodedata.name(chr(there)).startswith(f"{script} SMALL LETTER")
            assert normalise(chr(there)) == chr(there)
    assert all(chr(here).isascii() for here in module._LATIN.values())


@pytest.mark.parametrize("signs", ["\u094d\u0d4d", "😀🏽"])
def test_a_flood_of_signs_is_cut(signs: str) -> None:
    """Or putting 100,000 marks into order would take a minute."""
    assert len(normalise("क" + signs * 1000 + "क")) == 32
    assert len(normalise("क" + signs * 100 + "क")) == 202


def test_batches_keep_what_is_missing() -> None:
    assert normalise_all(["A", None, ""]) == ["a", None, ""]


# The plain spelling of a vowelled text without the code under test: no signs, bare carriers.
SIGNS = re.compile("[\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
PLAIN = str.maketrans("أإآٱىةؤئ\u2009", "اااايهوي ")


def test_vowelled_verses_are_spelt_as_plain_ones(shared_data: Path) -> None:
    with (shared_data / "text" / "quran_ar.csv").open(encoding="utf-8", newline="") as file:
        verses = {(row["chapter"], row["verse"]): row["text"] for row in csv.DictReader(file)}
    assert len(verses) == 6236
    for verse in verses.values():
        plain = " ".join(SIGNS.sub("", verse.translate(PLAIN)).split())
        assert normalise(verse) == normalise(plain) == plain
    as_written_today = {
        ("1", "1"): "بسم الله الرحمن الرحيم",
        ("112", "1"): "قُلْ هُوَ اللَّهُ أَحَدٌ",
        ("112", "2"): "الله الصمد",
        ("112", "3"): "لم يلد ولم يولد",
        ("114", "1"): "قل أعوذ برب الناس",
    }
    for place, text in as_written_today.items():
        assert normalise(verses[place]) == normalise(text)
    # What is not claimed: an alef that the old spelling writes above the line.
    assert normalise(verses["1", "2"]) != normalise("الحمد لله رب العالمين")
