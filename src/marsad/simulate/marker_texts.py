"""Texts on the demonstration's list, and near copies of them edited in known ways."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from marsad.simulate.draws import Ints, Seeds, picked
from marsad.simulate.knobs import WITH_MARKERS
from marsad.simulate.markers import phrases
from marsad.simulate.spelling import EVASIONS
from marsad.simulate.vocabulary import LANGUAGES, Vocabulary, vocabulary

_TEXTS = {"ar": 28, "en": 14}
_SENTENCES = 5
_COPIES = 5


@dataclass(frozen=True)
class NearCopy:
    """A copy of text number ``source`` of the list, edited as ``edit`` says."""

    text: str
    source: int
    language: str
    edit: str


@dataclass(frozen=True)
class MarkerTexts:
    """The listed texts, and a stock of near copies; posts carry the copies' numbers."""

    listed: tuple[str, ...]
    copies: tuple[NearCopy, ...]

    @cached_property
    def texts(self) -> pa.Array:
        """The near copies as text."""
        return pa.array([copy.text for copy in self.copies])

    def choose(self, languages: Ints, seeds: Seeds) -> Ints:
        """A near copy in each language; those without texts of their own take English ones."""
        chosen = np.zeros(len(seeds), np.int64)
        for code in np.unique(languages).tolist():
            language = LANGUAGES[code] if LANGUAGES[code] in WITH_MARKERS else "en"
            own = np.array([i for i, copy in enumerate(self.copies) if copy.language == language])
            mask = languages == code
            chosen[mask] = own[picked(seeds[mask], 131, len(own))]
        return chosen


def marker_texts(seed: int) -> MarkerTexts:
    """Texts of about fifty words, every other one with a marker phrase in it, and their copies."""
    rng = random.Random(f"texts {seed}")
    listed: list[str] = []
    copies: list[NearCopy] = []
    for language in WITH_MARKERS:
        words = vocabulary(language)
        for number in range(_TEXTS[language]):
            sentences = _compose(words, rng, with_marker=number % 2 == 0)
            copies.extend(_near_copies(sentences, len(listed), words, rng))
            listed.append(words.pause.join(sentences))
    return MarkerTexts(tuple(listed), tuple(copies))


def _word(words: Vocabulary, section: str, rng: random.Random) -> str:
    text: str = rng.choice(words[section].to_pylist())
    return text


def _compose(words: Vocabulary, rng: random.Random, with_marker: bool) -> list[str]:
    sentences = [_sentence(words, rng) for _ in range(_SENTENCES)]
    if with_marker:
        frame = _word(words, "marker frames", rng)
        sentences.insert(1, frame.replace("{m}", rng.choice(phrases(words.language))))
    return sentences


def _sentence(words: Vocabulary, rng: random.Random) -> str:
    topic = words.topic(rng.randrange(len(words.topics)))
    sections = {"subject": "subjects", "verb": f"{topic} verbs", "object": f"{topic} objects"}
    clause = [_word(words, sections[part], rng) for part in words.order]
    return " ".join([_word(words, "times", rng), *clause, _word(words, "places", rng)])


Edit = Callable[[list[str], Vocabulary, random.Random], list[str]]


def _near_copies(
    sentences: list[str], source: int, words: Vocabulary, rng: random.Random
) -> list[NearCopy]:
    return [
        NearCopy(words.pause.join(edit(list(sentences), words, rng)), source, words.language, name)
        for name, edit in EDITS.items()
        for _ in range(_COPIES)
    ]


def _over_words(sentences: list[str], change: Callable[[list[str]], list[str]]) -> list[str]:
    """The change made to each sentence's words; a sentence never ends up empty."""
    return [" ".join(change(text.split()) or text.split()[:1]) for text in sentences]


def _exact(sentences: list[str], words: Vocabulary, rng: random.Random) -> list[str]:
    return sentences


def _dropped(sentences: list[str], words: Vocabulary, rng: random.Random) -> list[str]:
    return _over_words(sentences, lambda own: [word for word in own if rng.random() > 0.06])


def _replaced(sentences: list[str], words: Vocabulary, rng: random.Random) -> list[str]:
    return _swapped(sentences, words, rng, 0.06)


def _rewritten(sentences: list[str], words: Vocabulary, rng: random.Random) -> list[str]:
    """Half of the words replaced: no longer a near copy, and rightly missed."""
    return _swapped(sentences, words, rng, 0.5)


def _swapped(sentences: list[str], words: Vocabulary, rng: random.Random, part: float) -> list[str]:
    other = _sentence(words, rng).split()
    return _over_words(
        sentences, lambda own: [rng.choice(other) if rng.random() < part else w for w in own]
    )


def _appended(sentences: list[str], words: Vocabulary, rng: random.Random) -> list[str]:
    return [*sentences, _word(words, "remarks", rng) + " " + _word(words, "emoji", rng)]


def _prefixed(sentences: list[str], words: Vocabulary, rng: random.Random) -> list[str]:
    return [_word(words, "openers", rng) + " " + sentences[0], *sentences[1:]]


def _reordered(sentences: list[str], words: Vocabulary, rng: random.Random) -> list[str]:
    return rng.sample(sentences, len(sentences))


def _truncated(sentences: list[str], words: Vocabulary, rng: random.Random) -> list[str]:
    kept = sentences[-1].split()
    return [*sentences[:-1], " ".join(kept[: len(kept) // 2])]


def _punctuated(sentences: list[str], words: Vocabulary, rng: random.Random) -> list[str]:
    return [text + rng.choice(["!", "!!", " …", "،"]) for text in sentences]


def _respelled(sentences: list[str], words: Vocabulary, rng: random.Random) -> list[str]:
    name = rng.choice(["diacritics", "zero-width"])
    spell = EVASIONS[words.language][name]
    return [spell(text, rng) for text in sentences]


EDITS: Mapping[str, Edit] = {
    "exact": _exact,
    "dropped": _dropped,
    "replaced": _replaced,
    "appended": _appended,
    "prefixed": _prefixed,
    "reordered": _reordered,
    "truncated": _truncated,
    "punctuated": _punctuated,
    "respelled": _respelled,
    "rewritten": _rewritten,
}
