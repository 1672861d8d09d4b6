"""The word lists in ``words/``: one file a language, sections in brackets, one entry a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

LANGUAGES = ("ar", "en", "fr", "tr", "fa")
"""In the order of the language codes that accounts and posts carry."""
TOPICS = ("food", "sport", "study", "travel", "garden", "music", "work", "home")
_FOLDER = Path(__file__).parent / "words"
_COMMA = {"ar": "، ", "fa": "، "}


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language. ``order`` is that of subject, verb and object in a clause."""

    language: str
    order: tuple[str, ...]
    pause: str
    topics: tuple[str, ...]
    sections: Mapping[str, pa.Array]

    def __getitem__(self, section: str) -> pa.Array:
        return self.sections[section]

    def topic(self, number: int) -> str:
        """The topic of that number; a language with fewer topics repeats them."""
        return self.topics[number % len(self.topics)]

    def has(self, section: str) -> bool:
        """Whether this language's file has the section."""
        return section in self.sections


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language of `LANGUAGES`."""
    sections = word_lists(language)
    return Vocabulary(
        language=language,
        order=tuple(sections["order"]),
        pause=_COMMA.get(language, ". "),
        topics=tuple(topic for topic in TOPICS if f"{topic} verbs" in sections),
        sections={name: pa.array(words) for name, words in sections.items()},
    )


@cache
def word_lists(name: str) -> Mapping[str, tuple[str, ...]]:
    """The sections of ``words/<name>.txt`` as tuples of entries."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif line:
            current.append(line)
    return {section: tuple(words) for section, words in sections.items()}
