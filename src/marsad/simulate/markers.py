"""The neutral marker phrases that stand for extremist content, and every spelling of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from marsad.simulate.draws import Ints, Seeds, picked
from marsad.simulate.knobs import WITH_MARKERS
from marsad.simulate.spelling import EVASIONS
from marsad.simulate.vocabulary import LANGUAGES, word_lists

PLAIN, NEGATIVE = "", "negative-name"
_SPELLINGS = 3


@dataclass(frozen=True)
class Surface:
    """One way a marker phrase stands in a text; ``evasion`` is empty where it is spelled plainly.

    A name on the negative list (a café called like a marker) is a surface too.
    """

    text: str
    phrase: str
    language: str
    evasion: str = PLAIN


@dataclass(frozen=True)
class Surfaces:
    """All surfaces; posts carry their numbers."""

    items: tuple[Surface, ...]

    @cached_property
    def texts(self) -> pa.Array:
        """The surfaces as text."""
        return pa.array([item.text for item in self.items])

    @cached_property
    def hashtags(self) -> pa.Array:
        """Without its #, each surface that is one hashtag; else null."""
        tags = [item.text[1:] if item.text.startswith("#") else None for item in self.items]
        return pa.array(tags, pa.string())

    def choose(self, languages: Ints, seeds: Seeds, evasion: str | None) -> Ints:
        """A surface for each language code: plain, negative, or (None) any that evades."""
        chosen = np.zeros(len(seeds), np.int64)
        for code in np.unique(languages).tolist():
            numbers = self._numbers(LANGUAGES[code], evasion)
            mask = languages == code
            chosen[mask] = numbers[picked(seeds[mask], 101, len(numbers))]
        return chosen

    def _numbers(self, language: str, evasion: str | None) -> Ints:
        """Languages without markers of their own use the English ones."""
        language = language if language in WITH_MARKERS else "en"
        return np.array(
            [
                number
                for number, item in enumerate(self.items)
                if item.language == language
                and (item.evasion == evasion or (evasion is None and _evades(item)))
            ]
        )


def _evades(surface: Surface) -> bool:
    return surface.evasion not in (PLAIN, NEGATIVE)


def phrases(language: str) -> tuple[str, ...]:
    """The marker phrases of a language."""
    return word_lists("markers")[f"{language} phrases"]


def negative_phrases(language: str) -> tuple[str, ...]:
    """Names that contain a marker phrase and mean something else."""
    return word_lists("markers")[f"{language} negative phrases"]


def surfaces(seed: int) -> Surfaces:
    """Every phrase plainly, in each evasion's spellings, and the negative names."""
    rng = random.Random(f"surfaces {seed}")
    items: list[Surface] = []
    for language in WITH_MARKERS:
        for phrase in phrases(language):
            items.append(Surface(phrase, phrase, language))
            items.extend(_evasive(phrase, language, rng))
        items.extend(Surface(name, name, language, NEGATIVE) for name in negative_phrases(language))
    return Surfaces(tuple(items))


def _evasive(phrase: str, language: str, rng: random.Random) -> list[Surface]:
    """A few spellings of each evasion; those that change nothing in this phrase are left out."""
    return [
        Surface(text, phrase, language, name)
        for name, spell in EVASIONS[language].items()
        for text in {spell(phrase, rng): None for _ in range(_SPELLINGS)}
        if text != phrase
    ]
