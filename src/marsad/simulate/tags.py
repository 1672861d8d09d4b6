"""Hashtags: of topics, of bursts, and of communities that act together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from marsad.simulate.draws import Ints, Seeds, picked
from marsad.simulate.vocabulary import LANGUAGES, TOPICS, vocabulary, word_lists

NO_TAG = -1


@dataclass(frozen=True)
class Tags:
    """All hashtags (without the #); posts carry their numbers.

    ``first`` and ``count`` are arrays over language and topic.
    """

    names: pa.Array
    first: Ints
    count: Ints
    first_burst: int
    first_community: int
    first_occasion: int

    def of_topic(self, languages: Ints, topics: Ints, seeds: Seeds) -> Ints:
        """A hashtag on each topic."""
        within = picked(seeds, 121, 2**32) % self.count[languages, topics]
        return np.asarray(self.first[languages, topics] + within, dtype=np.int64)

    def of_community(self, communities: Ints) -> Ints:
        """The hashtag a community uses for itself."""
        return self.first_community + communities


def tags(burst_languages: list[str], communities: int, occasions: list[tuple[str, str]]) -> Tags:
    """Topic tags, one tag for each burst, each community and each occasion.

    An occasion is a language and a section of its words, e.g. ``("ar", "match tags")``.
    """
    names: list[str] = []
    shape = (len(LANGUAGES), len(TOPICS))
    first, count = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for code, language in enumerate(LANGUAGES):
        words = vocabulary(language)
        for topic in range(len(TOPICS)):
            own = words[f"{words.topic(topic)} tags"].to_pylist()
            first[code, topic], count[code, topic] = len(names), len(own)
            names += own
    first_burst = len(names)
    names += [_burst_tag(language, number) for number, language in enumerate(burst_languages)]
    stems = word_lists("markers")["circle stems"]
    first_community = len(names)
    names += [f"{stems[number % len(stems)]}_{number}" for number in range(communities)]
    first_occasion = len(names)
    names += [
        _numbered(vocabulary(language)[section].to_pylist(), number)
        for number, (language, section) in enumerate(occasions)
    ]
    return Tags(pa.array(names), first, count, first_burst, first_community, first_occasion)


def _burst_tag(language: str, number: int) -> str:
    return _numbered(vocabulary(language)["burst tags"].to_pylist(), number)


def _numbered(own: list[str], number: int) -> str:
    return own[number % len(own)] if number < len(own) else f"{own[number % len(own)]}_{number}"
