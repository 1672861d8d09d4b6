"""Ways in which people spell a phrase so that a list does not see it."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping

Evasion = Callable[[str, random.Random], str]

_HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_JOINS_ON = set("بتثجحخسشصضطظعغفقكلمنهيئ")
_FORMS = str.maketrans({"ك": "ک", "ي": "ی", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ه": "ہ"})
_LOOK_ALIKES = str.maketrans(
    {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "x": "х", "i": "і", "n": "ո", "u": "υ"}
)
_DIGITS = str.maketrans({"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"})
_COMBINING = "\u0300\u0301\u0302\u0308\u0323"
_WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})


def _presentation_forms() -> dict[int, str]:
    """Arabic letters to their isolated presentation forms, as some old programs write them."""
    forms: dict[int, str] = {}
    for code in range(0xFE80, 0xFEF5):
        base = unicodedata.normalize("NFKC", chr(code))
        if len(base) == 1:
            forms.setdefault(ord(base), chr(code))
    return forms


_PRESENTATION = _presentation_forms()


def _insert(text: str, rng: random.Random, marks: str, chance: float) -> str:
    """Marks after some of the letters, at least one."""
    places = [i for i in range(len(text) - 1) if text[i] != " " and text[i + 1] != " "]
    chosen = {i for i in places if rng.random() < chance} or {rng.choice(places)}
    return "".join(
        letter + (rng.choice(marks) if i in chosen else "") for i, letter in enumerate(text)
    )


def _tatweel(text: str, rng: random.Random) -> str:
    places = [i for i in range(len(text) - 1) if text[i] in _JOINS_ON and text[i + 1] not in " ء"]
    chosen = {i for i in places if rng.random() < 0.3} or {rng.choice(places)}
    return "".join(
        letter + ("ـ" * rng.randint(1, 4) if i in chosen else "") for i, letter in enumerate(text)
    )


def _misspelt(text: str, rng: random.Random) -> str:
    """One letter inside a word dropped or doubled: legitimately missed by an exact list."""
    places = [i for i in range(1, len(text) - 1) if " " not in text[i - 1 : i + 2]]
    at = rng.choice(places)
    return text[:at] + (text[at] * 2 if rng.random() < 0.5 else "") + text[at + 1 :]


def _spaced(text: str, rng: random.Random) -> str:
    return "  ".join(" ".join(word) for word in text.split())


def _hashtag(text: str, rng: random.Random) -> str:
    return "#" + text.replace(" ", "_")


def _punctuated(text: str, rng: random.Random) -> str:
    return text.replace(" ", rng.choice([".", "-", " · ", "*", "/"]))


def _shouted(text: str, rng: random.Random) -> str:
    return text.upper() if rng.random() < 0.5 else text.title()


ARABIC: Mapping[str, Evasion] = {
    "tatweel": _tatweel,
    "diacritics": lambda text, rng: _insert(text, rng, _HARAKAT, 0.5),
    "zero-width": lambda text, rng: _insert(text, rng, _INVISIBLE, 0.3),
    "letter-forms": lambda text, rng: text.translate(_FORMS),
    "presentation-forms": lambda text, rng: text.translate(_PRESENTATION),
    "hashtag": _hashtag,
    "punctuation": _punctuated,
    "spacing": _spaced,
    "misspelling": _misspelt,
}
ENGLISH: Mapping[str, Evasion] = {
    "look-alikes": lambda text, rng: text.translate(_LOOK_ALIKES),
    "diacritics": lambda text, rng: _insert(text, rng, _COMBINING, 0.4),
    "zero-width": lambda text, rng: _insert(text, rng, _INVISIBLE, 0.3),
    "full-width": lambda text, rng: text.translate(_WIDE),
    "letter-case": _shouted,
    "digits": lambda text, rng: text.translate(_DIGITS),
    "hashtag": _hashtag,
    "punctuation": _punctuated,
    "spacing": _spaced,
    "misspelling": _misspelt,
}
EVASIONS: Mapping[str, Mapping[str, Evasion]] = {"ar": ARABIC, "en": ENGLISH}
