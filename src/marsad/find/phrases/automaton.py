"""Which phrases of a long list stand in a text: one pass over it, however long the list.

Texts and phrases are compared as `marsad.records.normalise` spells them.

**Whole words.** A phrase stands as whole words where no word character touches either end of it
from outside. Word characters are letters, marks, digits and the underscore: ``#marker`` holds the
word ``marker``; ``marker_one`` and ``markers`` do not. An end of the phrase that is not a word
character itself (``c++``) asks for nothing on its side. With ``substring`` a phrase counts
anywhere, which is what scripts without spaces need; but digits and look-alikes are judged by the
word around them, so a part of a word may be spelt otherwise than the same letters alone.

**Proclitics.** Arabic attaches و ف ب ك ل and ال to the word that follows. They are letters, so as
whole words مرصد does not stand in والمرصد. With ``proclitics`` it does, after one each, at will,
of [وف], [بكل] and [ال], in this order; ل and ال make لل, and a phrase that begins with ال is also
found where that costs its alef (المرصد in للمرصد). The span is without what is attached.

**Overlaps.** Every phrase is reported wherever it stands, inside another one too, and beside an
equal one: each is an entry of its own, with its own source.

**Negative phrases** are never reported, and remove each match that lies within one of theirs.

**Stretched letters.** A run of three or more of one letter also reads as one or two of it:
``helllo`` and ``heeello`` hold ``hello``, ``goood`` holds ``good`` and ``god``, and ``good`` never
holds ``god``. Such a reading takes runs whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, groupby, product
from operator import ne
from typing import Any, NamedTuple

from daachorse import CharwiseDoubleArrayAhoCorasick

from marsad.records.errors import InputError
from marsad.records.normalise import normalise

_PARTICLES = frozenset(map("".join, product(("", "و", "ف"), ("", "ب", "ك", "ل"))))
_PROCLITICS = _PARTICLES | {(before + "ال").replace("لال", "لل") for before in _PARTICLES}
_LOST_ALEF = frozenset(before for before in _PARTICLES if before.endswith("ل"))
_NOTHING = frozenset({""})
_LONGEST = max(map(len, _PROCLITICS))
_FIRST_MARK = "\u0300"
_REPEATS = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text to find, as it was given, and what counts as finding it; see above.

    ``substring`` leaves nothing for ``proclitics`` to do.
    """

    text: str
    substring: bool = False
    proclitics: bool = False
    negative: bool = False


class Match(NamedTuple):
    """Phrase number ``phrase`` stands at [``start``, ``end``) of a normalised text."""

    start: int
    end: int
    phrase: int


class _Pattern(NamedTuple):
    """A spelling of a phrase; ``prefixes`` may precede it in its word, None is for anything."""

    text: str
    phrase: int
    prefixes: frozenset[str] | None


class PhraseAutomaton:
    """Finds the phrases it is made of in normalised texts.

    Made once and used for every batch; a pickle holds it ready made. InputError for a phrase of
    which normalising leaves nothing.
    """

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._patterns = sorted(_patterns(phrases))  # in order, the automaton builds faster
        self._doubled = [pattern for pattern in self._patterns if _REPEATS.search(pattern.text)]
        self._negative = frozenset(i for i, phrase in enumerate(phrases) if phrase.negative)
        keys = [pattern.text for pattern in self._patterns]
        # Each letter three times is a key too: a text with a stretched letter says so itself, and
        # no other is searched for one.
        letters = sorted({letter for letter in "".join(keys) if letter.isalpha()})
        self._plain = _automaton(keys + [letter * 3 for letter in letters])
        self._single = _automaton([_REPEATS.sub(r"\1", pattern.text) for pattern in self._doubled])

    def __getstate__(self) -> dict[str, Any]:
        built = {"_plain": self._plain.serialize(), "_single": self._single.serialize()}
        return {**vars(self), **built}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        for name in ("_plain", "_single"):
            vars(self)[name] = CharwiseDoubleArrayAhoCorasick.deserialize(state[name])

    def match(self, texts: Iterable[str]) -> list[Sequence[Match]]:
        """The matches in each of the texts, by start, end and phrase. The texts are normalised."""
        find = self._plain.find_overlapping
        return [self._judge(text, hits) if (hits := find(text)) else () for text in texts]

    def _judge(self, text: str, hits: list[tuple[int, int, int]]) -> Sequence[Match]:
        """The matches among what the automaton hit: start, end and number of key."""
        patterns, stretch = self._patterns, len(self._patterns)
        found = []
        stretched = False
        for start, end, key in hits:
            if key >= stretch:
                stretched = True
                continue
            _, phrase, prefixes = patterns[key]
            if _stands(text, start, end, prefixes):
                found.append(Match(start, end, phrase))
        if stretched:
            found.extend(self._stretched(text))
        found.sort()
        return self._allowed(found) if self._negative else found

    def _stretched(self, text: str) -> Iterator[Match]:
        """Matches in the text with each run read as one letter, if the runs' lengths allow it."""
        first_of_run = list(map(ne, text, "\0" + text))
        single = "".join(compress(text, first_of_run))
        origin = [*compress(range(len(text)), first_of_run), len(text)]
        for automaton, patterns in ((self._plain, self._patterns), (self._single, self._doubled)):
            for first, last, key in automaton.find_overlapping(single):
                start, end, pattern = origin[first], origin[last], patterns[key]
                if _stretches(text[start:end], pattern.text) and _stands(
                    text, start, end, pattern.prefixes
                ):
                    yield Match(start, end, pattern.phrase)

    def _allowed(self, found: list[Match]) -> list[Match]:
        """What is not negative nor within what is. Both are in order: of the negative matches that
        start no later than another one, the one that reaches farthest decides."""
        barred = [match for match in found if match.phrase in self._negative]
        allowed = []
        at = reach = 0
        for match in found:
            while at < len(barred) and barred[at].start <= match.start:
                reach = max(reach, barred[at].end)
                at += 1
            if match.end > reach:
                allowed.append(match)
        return allowed


def _automaton(keys: list[str]) -> CharwiseDoubleArrayAhoCorasick:
    """An automaton laid out for texts like its keys, which makes it a third faster in use."""
    return CharwiseDoubleArrayAhoCorasick(keys, corpus=keys, use_prefilter=False)


def _patterns(phrases: Iterable[Phrase]) -> Iterator[_Pattern]:
    for i, phrase in enumerate(phrases):
        text = normalise(phrase.text)
        if not text:
            raise InputError("phrases.empty", number=i + 1, given=ascii(phrase.text))
        if phrase.substring or not phrase.proclitics:
            yield _Pattern(text, i, None if phrase.substring else _NOTHING)
        elif text.startswith("ال"):
            yield _Pattern(text, i, _PARTICLES)
            yield _Pattern(text[1:], i, _LOST_ALEF)
        else:
            yield _Pattern(text, i, _PROCLITICS)


def _stands(text: str, start: int, end: int, prefixes: frozenset[str] | None) -> bool:
    """Whether text[start:end] ends with its word and begins after one of the prefixes in its."""
    if prefixes is None:
        return True
    if end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]):
        return False
    before = start
    if _in_word(text[start]):
        while before and start - before <= _LONGEST and _in_word(text[before - 1]):
            before -= 1
    return text[before:start] in prefixes


def _in_word(char: str) -> bool:
    if char.isalnum() or char == "_":
        return True
    return char >= _FIRST_MARK and unicodedata.category(char)[0] == "M"


def _stretches(text: str, pattern: str) -> bool:
    """Whether a text of the same letters, but for repeats, is the pattern stretched."""
    return text != pattern and all(
        len(run) == len(wanted) or (len(run) > 2 and run[0].isalpha())
        for run, wanted in zip(_runs(text), _runs(pattern), strict=True)
    )


def _runs(text: str) -> Iterator[str]:
    return ("".join(run) for _, run in groupby(text))
