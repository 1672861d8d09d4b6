"""Message catalogues in English and Arabic, and numbers and dates as each language writes them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LANGUAGES = ("en", "ar")
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
_FOLDER = Path(__file__).parent
_BABEL_LOCALE = {"en": "en", "ar": "ar_EG"}


_chosen: ContextVar[str] = ContextVar("language", default="")


def choose(lang: str) -> None:
    """Makes ``lang`` the user's language, as a command that was given one does, so that its errors
    are in it too; with an empty text it is the environment's again."""
    _chosen.set(lang)


def language() -> str:
    """The user's language: the one chosen, else ``$MARSAD_LANG`` where it is one of `LANGUAGES`,
    else English."""
    asked = _chosen.get() or os.environ.get("MARSAD_LANG", "")
    return asked if asked in LANGUAGES else "en"


@cache
def catalogue(lang: str) -> Catalog:
    """The catalogue of a language: message id → sentence, with the plural forms it needs."""
    from babel.messages.pofile import read_po

    with (_FOLDER / f"{lang}.po").open("rb") as file:
        return read_po(file, locale=lang)


def render(message_id: str, values: Mapping[str, Any], lang: str = "en") -> str:
    """The sentence for ``message_id`` with its ``{placeholders}`` filled in.

    A message with plural forms chooses by its value ``count``. An id the catalogue does not know
    is shown as it is, with its values: a missing sentence must not hide what happened.
    """
    entry = catalogue(lang).get(message_id)
    if entry is None or not entry.string:
        return f"{message_id} {dict(values)}" if values else message_id
    sentence = entry.string
    if isinstance(sentence, (tuple, list)):
        sentence = sentence[_plural_form(values.get("count", 0), lang)]
    shown = {name: _id(value, lang) if name in IDS else show(value, lang)
             for name, value in values.items()}  # fmt: skip
    return sentence.format_map(_Filled(shown))


IDS = frozenset(
    ("number", "case", "order", "seq", "action", "appeal", "crisis", "hold", "record", "request",
     "statement")
)  # fmt: skip
"""Placeholders for the number of one thing: it is written as it is looked for, without groups."""


def _id(value: Any, lang: str) -> str:
    return number(value, lang, "0") if isinstance(value, int) else show(value, lang)


class _Filled(dict[str, str]):
    """Placeholders without a value stay visible instead of raising."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _plural_form(count: Any, lang: str) -> int:
    """The index of the gettext plural form for a count."""
    n = abs(int(count)) if isinstance(count, (int, float)) else 0
    if lang != "ar":
        return 0 if n == 1 else 1
    if n <= 2:
        return n
    if 3 <= n % 100 <= 10:
        return 3
    return 4 if 11 <= n % 100 <= 99 else 5


def show(value: Any, lang: str = "en") -> str:
    """A value inside a sentence: numbers with the language's digits and groups, lists joined;
    ``{"words": ids}`` and what else `Message` may hold in words. In Arabic 2014-03-05 and 2014-03
    are written out."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, (int, float)):
        return number(value, lang)
    if isinstance(value, Mapping):
        return _in_words(value, lang)
    if isinstance(value, (list, tuple)):
        return ("، " if lang == "ar" else ", ").join(show(item, lang) for item in value)
    return _date_name(value, lang) if isinstance(value, str) else str(value)


def _in_words(value: Mapping[str, Any], lang: str) -> str:
    if "message" in value:
        return render(value["message"], value.get("values", {}), lang)
    if "language" in value:
        return language_name(value["language"], lang)
    if "month" in value:
        year, month = map(int, value["month"].split("-"))
        return month_name(year, month, lang)
    return show([render(one, {}, lang) for one in value.get("words", ())], lang)


_NUMBERING: dict[str, Literal["arab", "latn"]] = {"en": "latn", "ar": "arab"}
_ARABIC_DIGITS = str.maketrans("0123456789%", "٠١٢٣٤٥٦٧٨٩٪")


def number(value: float, lang: str = "en", pattern: str | None = None) -> str:
    """A number as the language writes it; Arabic with Arabic-Indic digits."""
    from babel.numbers import format_decimal

    shown = format_decimal(value, pattern, _BABEL_LOCALE[lang], numbering_system=_NUMBERING[lang])
    return _digits(shown, lang)


def percent(value: float, lang: str = "en", pattern: str | None = "#,##0.0%") -> str:
    """A fraction in [0, 1] as per cent."""
    from babel.numbers import format_percent

    shown = format_percent(value, pattern, _BABEL_LOCALE[lang], numbering_system=_NUMBERING[lang])
    return _digits(shown, lang)


def isolated(text: str, lang: str) -> str:
    """A number or a name for an Arabic sentence: the text around it does not reorder its signs."""
    return f"\u2068{text}\u2069" if lang == "ar" else text


def _digits(text: str, lang: str) -> str:
    """Babel's numbering system changes the marks between digits, not the digits."""
    return text.translate(_ARABIC_DIGITS) if lang == "ar" else text


def month_name(year: int, month: int, lang: str = "en") -> str:
    """A month of a year: March 2014, مارس ٢٠١٤."""
    from datetime import date

    from babel.dates import format_date

    return _digits(format_date(date(year, month, 1), "LLLL y", _BABEL_LOCALE[lang]), lang)


def _date_name(text: str, lang: str) -> str:
    """A day or a month as a sentence has it; any other text as it is."""
    from datetime import date

    from babel.dates import format_date

    if lang != "ar" or not _DATE.fullmatch(text):
        return text
    try:
        day = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        return text
    return _digits(format_date(day, "d MMMM y" if len(text) > 7 else "LLLL y", "ar_EG"), lang)


def language_name(code: str | None, lang: str = "en") -> str:
    """The name of a language in a language: ``ar`` → Arabic, العربية. Unknown codes stay codes."""
    from babel import Locale, UnknownLocaleError

    if not code:
        return render("language.unknown", {}, lang)
    try:
        return Locale.parse(code, sep="-").get_language_name(lang) or code
    except (ValueError, UnknownLocaleError):
        return code
