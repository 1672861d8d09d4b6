"""What a post is about: its kind, topic, hashtag and address, by who writes it."""

from __future__ import annotations

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.addresses import articles
from marsad.simulate.draws import Floats, Ints, Mask, Rows, new_seeds
from marsad.simulate.knobs import WITH_MARKERS, Knobs
from marsad.simulate.markers import NEGATIVE, PLAIN
from marsad.simulate.population import Group, is_violating
from marsad.simulate.posts import Kind, Material
from marsad.simulate.vocabulary import LANGUAGES, TOPICS

_MARKER_LANGUAGES = [LANGUAGES.index(code) for code in WITH_MARKERS]


def write_own(
    posts: Rows, voices: Rows, knobs: Knobs, material: Material, rng: np.random.Generator
) -> None:
    """Fill in the content of posts that people write of their own accord, in place.

    ``voices`` has the row of VOICE behind each post.
    """
    posts["language"], posts["style"] = voices["language"], voices["style"]
    posts["seed"] = new_seeds(rng, len(posts))
    posts["topic"] = _topics(voices, rng)
    posts["kind"] = _kinds(voices, knobs, rng)
    give_markers(posts, material)
    _give_tags(posts, knobs.tagged, material, rng)
    _give_articles(posts, knobs.linked, rng)


def write_violating(
    posts: Rows, knobs: Knobs, material: Material, rng: np.random.Generator
) -> None:
    """Make posts with a language violating ones, of all kinds, in place."""
    posts["seed"] = new_seeds(rng, len(posts))
    posts["kind"] = violating_kinds(rng.random(len(posts)), rng.random(len(posts)), knobs)
    give_markers(posts, material)


def violating_kinds(first: Floats, second: Floats, knobs: Knobs) -> Ints:
    """Kinds of violating posts from two uniform numbers each."""
    marker = np.where(second < knobs.evasions, Kind.MARKER_EVASION, Kind.MARKER)
    copies = knobs.near_copies
    linked = first < copies + knobs.marker_links
    return np.where(first < copies, Kind.NEAR_COPY, np.where(linked, Kind.MARKER_LINK, marker))


def give_markers(posts: Rows, material: Material) -> None:
    """Surfaces, near copies and addresses for the posts whose kind has them, in place."""
    languages, seeds, kind = posts["language"], posts["seed"], posts["kind"]
    for kinds, evasion in _SPELLED:
        mask = np.isin(kind, kinds)
        chosen = material.surfaces.choose(languages[mask], seeds[mask], evasion)
        posts["surface"][mask] = chosen
    # Some of those who mean something else name the very things on the negative list.
    named = (kind == Kind.HOMONYM) & (seeds % np.uint64(3) == 0)
    posts["surface"][named] = material.surfaces.choose(languages[named], seeds[named], NEGATIVE)
    copies = kind == Kind.NEAR_COPY
    posts["variant"][copies] = material.texts.choose(languages[copies], seeds[copies])
    documents = np.isin(kind, (Kind.COUNTER_SPEECH, Kind.NEWS)) & (posts["address"] < 0)
    documents &= seeds % np.uint64(5) == 0
    posts["address"][documents] = material.addresses.archive(seeds[documents])
    linked = kind == Kind.MARKER_LINK
    posts["address"][linked] = material.addresses.marker(seeds[linked])


_SPELLED: tuple[tuple[tuple[Kind, ...], str | None], ...] = (
    ((Kind.MARKER, Kind.COUNTER_SPEECH, Kind.NEWS, Kind.HOMONYM), PLAIN),
    ((Kind.MARKER_EVASION,), None),
)


def _topics(voices: Rows, rng: np.random.Generator) -> Ints:
    """Half on the favourite topic, a third on the second, the rest on any."""
    which = rng.random(len(voices))
    other = rng.integers(0, len(TOPICS), len(voices))
    second = np.where(which < 0.8, voices["topic_b"], other)
    return np.where(which < 0.5, voices["topic_a"], second)


def _kinds(voices: Rows, knobs: Knobs, rng: np.random.Generator) -> Ints:
    """Kinds by group: each group has its own reason to name a marker."""
    group = voices["group"]
    u, first, second = (rng.random(len(voices)) for _ in range(3))
    kinds = np.full(len(voices), Kind.ORDINARY, np.int64)
    homonym = (u < knobs.homonyms) & np.isin(voices["language"], _MARKER_LANGUAGES)
    kinds[homonym] = Kind.HOMONYM
    quoting = (group == Group.COUNTER_SPEAKER) | (group == Group.CAMPAIGNER)
    kinds[quoting & (u < knobs.counter_quotes)] = Kind.COUNTER_SPEECH
    news = group == Group.NEWSROOM
    kinds[news] = np.where(u[news] < knobs.news_quotes, Kind.NEWS, Kind.HEADLINE)
    violating = is_violating(group) & (u < knobs.violating_posts)
    kinds[violating] = violating_kinds(first[violating], second[violating], knobs)
    return kinds


def _plain_text(posts: Rows) -> Mask:
    return np.asarray(posts["kind"] != Kind.NEAR_COPY)


def _give_tags(posts: Rows, part: float, material: Material, rng: np.random.Generator) -> None:
    mask = (rng.random(len(posts)) < part) & _plain_text(posts)
    rows = posts[mask]
    posts["tag"][mask] = material.tags.of_topic(rows["language"], rows["topic"], rows["seed"])


def _give_articles(posts: Rows, part: float, rng: np.random.Generator) -> None:
    mask = (rng.random(len(posts)) < part) & _plain_text(posts) & (posts["address"] < 0)
    rows = posts[mask]
    posts["address"][mask] = articles(rows["time"] // DAY, rows["language"], rng.random(len(rows)))
