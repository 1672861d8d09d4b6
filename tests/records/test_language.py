"""Languages by name, code and tag."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.records import language
from marsad.records.language import language_code

CASES = {
    "ar": ["ar", "ara", "arb", "arz", "ARY", "Arabic", "العربية", "عربي", "ar-EG", "ar_SA", "MSA"],
    "en": ["en", "eng", "English", "ENGLISH", "en-US", "en_us", "en-XX", "الإنجليزية", " en "],
    "fa": ["fa", "fas", "per", "prs", "Farsi (Persian)", "Persian", "فارسی", "الفارسية"],
    "zh": ["zh", "cmn", "Simplified Chinese", "Traditional Chinese", "zh-CN", "zh-Hant-TW", "中文"],
    "tl": ["tl", "fil", "Tagalog (Filipino)", "Filipino"],
    "id": ["id", "in", "Indonesian"],
    "he": ["he", "iw", "Hebrew", "עברית"],
    "ru": ["ru", "rus", "Russian", "русский", "الروسية"],
    "fr": ["fr", "fra", "fre", "French", "français"],
    "de": ["de", "deu", "ger", "German", "Deutsch", "de-AT"],
    "no": ["no", "nb", "nob", "Norwegian", "Norwegian Bokmål"],
    "ku": ["ku", "kur", "kmr", "Kurdish"],
    "ckb": ["ckb", "Sorani", "Central Kurdish"],
    "ps": ["ps", "pus", "Pashto", "Pushto"],
    "ur": ["ur", "urd", "Urdu", "اردو"],
    "sr": ["sr", "srp", "sh", "Serbian"],
    "tr": ["tr", "tur", "Turkish", "Türkçe"],
}
NONE = ["", "und", "zxx", "mul", "qme", "qht", "art", "LANGUAGE UNDEFINED", "unknown",
        "Unknown language", "Multiple languages", "plums", "xx-YY", None]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code"), [(name, code) for code, names in CASES.items() for name in names]
)
def test_a_language_is_known_by_any_form(name: str, code: str) -> None:
    assert language_code(name) == code


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_language_has_no_code(name: str | None) -> None:
    assert language_code(name) is None


def test_the_table_is_for_a_join() -> None:
    table = language.LANGUAGE_CODES
    assert all(name == name.lower() for name in table)
    assert {language_code(code) for code in table.values()} == set(table.values())


def test_codes_stand_for_themselves() -> None:
    assert all(language.LANGUAGE_CODES.get(code) == code for code in set(CASES))


def test_the_module_has_nothing_else() -> None:
    with pytest.raises(AttributeError):
        _ = language.LANGUAGE_NAMES


@given(st.text())
def test_any_text_is_a_language_or_none(text: str) -> None:
    code = language_code(text)
    assert code is None or code in language.LANGUAGE_CODES.values()
