"""The one place for languages: a name or a code in any usual form → a BCP 47 primary code.

Names are those of the Unicode CLDR in English, in Arabic and, for the languages most written
online, in the language itself; codes are
ISO 639-1, -2 and -3 and tags such as ``en-US``. The Arabic dialects that have a code of their own
count as Arabic (``ar``), as ISO 639's macrolanguage has it, and so do Persian, Chinese, Norwegian
and Malay. What says that there is no language, or that it is not known, has no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MACROLANGUAGES = {
    "ar": "aao abh abv acm acq acw acx acy adf aeb aec afb ajp apc apd arb arq ars ary arz auz avl "
    "ayh ayl ayn ayp bbz pga shu ssh",
    "fa": "pes prs",
    "zh": "cmn cjy cpx czh czo cdo gan hak hsn lzh mnp nan wuu yue",
    "no": "nb nob",
    "ms": "zlm zsm",
    "ku": "kmr",
    "et": "ekk",
    "lv": "lvs",
    "ne": "npi",
    "sw": "swh",
    "uz": "uzn",
    "sq": "als",
    "az": "azj",
    "mn": "khk",
    "tl": "fil tgl",
    "sr": "sh hbs scc",
    "ro": "mo mol",
    "he": "iw",
    "id": "in",
    "yi": "ji",
    "jv": "jw",
}
"""Codes that are read as another: the members of a macrolanguage, and codes out of use."""

_NO_LANGUAGE = _words(
    "und zxx mul mis art qaa qam qct qht qme qst qxx root xx unknown undefined none null"
)
"""Codes for no or several languages; those that begin with q are Twitter's own."""

_OTHER_NAMES = {
    "farsi": "fa",
    "farsi (persian)": "fa",
    "persian (farsi)": "fa",
    "dari": "fa",
    "tagalog (filipino)": "tl",
    "filipino (tagalog)": "tl",
    "tagalog": "tl",
    "filipino": "tl",
    "chinese (simplified)": "zh",
    "chinese (traditional)": "zh",
    "mandarin": "zh",
    "cantonese": "zh",
    "中文": "zh",
    "简体中文": "zh",
    "繁體中文": "zh",
    "norwegian (bokmal)": "no",
    "norwegian bokmal": "no",
    "moldavian": "ro",
    "moldovan": "ro",
    "castilian": "es",
    "spanish (castilian)": "es",
    "castellano": "es",
    "flemish": "nl",
    "valencian": "ca",
    "burmese (myanmar)": "my",
    "sorani": "ckb",
    "sorani kurdish": "ckb",
    "kurdish (sorani)": "ckb",
    "kurmanji": "ku",
    "uighur": "ug",
    "pushto": "ps",
    "haitian": "ht",
    "greek, modern": "el",
    "modern standard arabic": "ar",
    "msa": "ar",
    "عربي": "ar",
    "عربى": "ar",
    "اللغة العربية": "ar",
    "فصحى": "ar",
    "انجليزي": "en",
    "إنجليزي": "en",
    "انجليزية": "en",
    "الانجليزية": "en",
    "فرنسي": "fr",
    "فارسي": "fa",
    "تركي": "tr",
    "روسي": "ru",
    "كردي": "ku",
    "أردو": "ur",
    "اردو": "ur",
}
"""Names in use that the CLDR writes otherwise; ``msa`` is both a code and an abbreviation."""

_OWN_NAMES = (
    "ar az be bg bn bs ca ckb cs cy da de el en es et eu fa fi fil fr ga gl gu ha he hi hr hu hy "
    "id is it ja ka kk km kn ko ku ky lo lt lv mk ml mn mr ms my ne nl nn no or pa pl ps pt ro ru "
    "rw sd si sk sl so sq sr sv sw ta te tg th ti tk tr ug uk ur uz vi yo zh zu"
)
"""Languages whose name in the language itself is known; each costs reading one locale."""

_TAG = re.compile(r"([a-z]{2,3})[-_][a-z0-9_-]{2,}", re.IGNORECASE)


def language_code(name: str | None) -> str | None:
    """The code of a language given by name, code or tag in any case; None where there is none."""
    if not name:
        return None
    folded = name.strip().lower()
    found = language_codes().get(folded)
    tag = _TAG.fullmatch(folded)
    return found or (language_codes().get(tag[1]) if tag else None)


@cache
def language_codes() -> dict[str, str]:
    """Lower-cased name, code or common tag → code."""
    codes: dict[str, str] = {}
    for given, code in _known_forms():
        if code not in _NO_LANGUAGE and given not in _NO_LANGUAGE:
            codes.setdefault(given, code)
    return codes | {code: codes.get(code, code) for code in codes.values()}


def _known_forms() -> Iterator[tuple[str, str]]:
    """All forms with their codes; where one form has two codes the first given holds."""
    yield from _OTHER_NAMES.items()
    for code, members in _MACROLANGUAGES.items():
        yield from ((member, code) for member in members.split())
    yield from _cldr_codes()
    yield from _cldr_names()
    yield from _cldr_tags()


def _primary(code: str) -> str:
    code = code.replace("-", "_").split("_")[0].lower()
    return _members().get(code, code)


@cache
def _members() -> dict[str, str]:
    return {member: code for code, names in _MACROLANGUAGES.items() for member in names.split()}


def _cldr_codes() -> Iterator[tuple[str, str]]:
    from babel import Locale
    from babel.core import get_global

    for code in map(str, Locale("en").languages):
        if "_" not in code:
            yield code.lower(), _primary(code)
    for given, code in get_global("language_aliases").items():
        yield str(given).lower(), _primary(str(code))


def _cldr_names() -> Iterator[tuple[str, str]]:
    from babel import Locale

    for shown_in in ("en", "ar"):
        for code, name in Locale(shown_in).languages.items():
            yield name.lower(), _primary(code)
    for code in _OWN_NAMES.split():
        yield Locale(code).languages[code].lower(), _primary(code)


def _cldr_tags() -> Iterator[tuple[str, str]]:
    """``en-us`` and ``en_us`` for every locale of the CLDR, for a plain look-up in a table."""
    from babel.localedata import locale_identifiers

    for tag in locale_identifiers():
        if "_" in tag:
            yield tag.lower(), _primary(tag)
            yield tag.lower().replace("_", "-"), _primary(tag)


def __getattr__(name: str) -> dict[str, str]:
    """``LANGUAGE_CODES``: `language_codes`, made when first asked for, as that takes a while."""
    if name == "LANGUAGE_CODES":
        return language_codes()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
