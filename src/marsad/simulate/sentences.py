"""Posts' texts, made from their numbers alone: equal numbers, equal text. Whole columns at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.simulate.columns import in_order, indices
from marsad.simulate.draws import Ints, Mask, Rows, Seeds, chance, picked
from marsad.simulate.posts import DECORATIONS, LINES, QUOTING_KINDS, Kind, Material
from marsad.simulate.vocabulary import LANGUAGES, Vocabulary, vocabulary

# Ways to put a post together. A dot stands for a pause, a digit for a second drawing. Seven parts
# or more in each, so that no two posts are near copies for want of words.
_ORDINARY = (
    "times clause places . remarks",
    "clause places connectors clause2 . remarks",
    "openers clause places times . remarks",
    "remarks . times clause places connectors clause2",
    "clause places . clause2 times . remarks",
)
_PATTERNS: dict[Kind, tuple[str, ...]] = {
    Kind.ORDINARY: _ORDINARY,
    Kind.MARKER_LINK: ("openers clause places . remarks", "remarks . times clause places"),
    Kind.MARKER: (
        "marker . clause places . remarks",
        "times clause . marker . remarks",
        "remarks . marker . clause places",
        "marker . remarks",
    ),
    Kind.COUNTER_SPEECH: ("counter . remarks", "openers counter . clause places"),
    Kind.NEWS: ("headlines news . reports details", "news . details"),
    Kind.HOMONYM: ("times clause places . homonym", "homonym . clause places . remarks"),
    Kind.HEADLINE: ("headlines reports places . details", "reports . reports2 details"),
    Kind.ANNOUNCEMENT: ("announcement . remarks",),
    Kind.BACKUP_NOTICE: ("backup . remarks",),
}
_PATTERNS[Kind.MARKER_EVASION] = _PATTERNS[Kind.MARKER]
_FRAMES = {
    "marker": "marker frames",
    "counter": "counter-speech frames",
    "news": "news frames",
    "homonym": "homonym frames",
    "announcement": "announcements",
    "backup": "backup notices",
}
_ENDINGS = ("", " !", " !!", " …", " .", " 🌿", " 👇", " ✨", " 🙂", " ⬇️", " 🔁", " 📌")
_EMOJI_CHANCE = 0.15
_EMOJI_LIKING = (0.0, 0.5, 1.0, 2.5)
"""How much more than others people use emoji; one in four none."""
_OWN_WAY = 0.5
"""How often people write in the way that is most their own."""


@dataclass(frozen=True)
class Writer:
    """Writes texts out of the material of one simulation and the accounts' handles."""

    material: Material
    handles: pa.Array

    def texts(self, posts: Rows, tags: pa.Array, addresses: pa.Array) -> pa.Array:
        """The texts of posts, with mention, ending, hashtag and address where they have them."""
        mention = pc.binary_join_element_wise("@", self._mentioned(posts), " ", "")
        pieces = [
            # An announcement names the account inside its sentence.
            _where(np.isin(posts["kind"], (Kind.ANNOUNCEMENT, Kind.BACKUP_NOTICE)), "", mention),
            self._bodies(posts),
            _endings(posts),
            _emoji(posts),
            pc.binary_join_element_wise(" #", tags, ""),
            pc.binary_join_element_wise(" ", addresses, ""),
        ]
        return pc.binary_join_element_wise(*[pc.fill_null(piece, "") for piece in pieces], "")

    def _mentioned(self, posts: Rows) -> pa.Array:
        return self.handles.take(indices(posts["mention"]))

    def _bodies(self, posts: Rows) -> pa.Array:
        """The sentences themselves, written group by group."""
        kinds, languages = posts["kind"].astype(np.int64), posts["language"].astype(np.int64)
        groups = kinds * len(LANGUAGES) + languages
        parts, places = [], []
        for group in np.unique(groups).tolist():
            where = np.flatnonzero(groups == group)
            kind, language = divmod(group, len(LANGUAGES))
            for at, text in self._group(Kind(kind), LANGUAGES[language], posts[where]):
                parts.append(text)
                places.append(where[at])
        return in_order(parts, places)

    def _group(self, kind: Kind, language: str, posts: Rows) -> list[tuple[Ints, pa.Array]]:
        everything = np.arange(len(posts))
        if kind == Kind.NEAR_COPY:
            return [(everything, self.material.texts.texts.take(indices(posts["variant"])))]
        words = vocabulary(language)
        if kind in LINES:
            lines = words[LINES[kind]]
            return [(everything, lines.take(indices(posts["variant"] % len(lines))))]
        patterns = _PATTERNS[kind]
        which = _own_way(posts, picked(posts["seed"], 1, len(patterns)), len(patterns))
        numbered = [(n, np.flatnonzero(which == n)) for n in range(len(patterns))]
        return [(at, self._pattern(patterns[n], words, posts[at])) for n, at in numbered if len(at)]

    def _pattern(self, pattern: str, words: Vocabulary, posts: Rows) -> pa.Array:
        """One pattern for all its posts: a column for each part, joined."""
        columns: list[pa.Array | str] = []
        for number, part in enumerate(pattern.split()):
            if part == ".":
                columns.append(words.pause)
                continue
            if columns and columns[-1] != words.pause:
                columns.append(" ")
            columns += self._part(part, words, posts, 10 + 7 * number)
        return pc.binary_join_element_wise(*columns, "")

    def _part(self, part: str, words: Vocabulary, posts: Rows, salt: int) -> list[pa.Array | str]:
        section = part.rstrip("2")
        if section in _FRAMES:
            return self._frame(_FRAMES[section], words, posts, salt)
        if section == "clause":
            return _clause(words, posts, part != "clause", salt)
        return [_pick(words[section], posts["seed"], salt)]

    def _frame(
        self, section: str, words: Vocabulary, posts: Rows, salt: int
    ) -> list[pa.Array | str]:
        """A sentence with a gap, and in the gap a marker surface or a handle."""
        sentences = words[section] if words.has(section) else vocabulary("en")[section]
        halves = [text.replace("{a}", "{m}").split("{m}") for text in sentences.to_pylist()]
        which = indices(picked(posts["seed"], salt, len(halves)))
        if posts["kind"][0] in QUOTING_KINDS:
            gap = [self.material.surfaces.texts.take(indices(posts["surface"]))]
        else:
            gap = ["@", self._mentioned(posts)]
        before, after = (pa.array([half[side] for half in halves]).take(which) for side in (0, 1))
        return [before, *gap, after]


def _clause(words: Vocabulary, posts: Rows, second: bool, salt: int) -> list[pa.Array | str]:
    """Somebody did something, in the language's order; a second clause is on another topic too."""
    topics = posts["topic"].astype(np.int64)
    if second:
        topics = topics + picked(posts["seed"], salt + 5, 2)
    topics = topics % len(words.topics)
    columns: list[pa.Array | str] = []
    for number, part in enumerate(words.order):
        if part == "subject":
            column = _pick(words["subjects"], posts["seed"], salt + number)
        else:
            column = _by_topic(words, f"{part}s", topics, posts["seed"], salt + number)
        columns += [column, " "]
    return columns[:-1]


def _by_topic(words: Vocabulary, section: str, topics: Ints, seeds: Seeds, salt: int) -> pa.Array:
    """A word of each post's own topic, taken from all topics' words in one column."""
    lists = [words[f"{topic} {section}"] for topic in words.topics]
    sizes = np.array([len(own) for own in lists])
    first = np.cumsum(sizes) - sizes
    within = picked(seeds, salt, 2**40) % sizes[topics]
    return pa.concat_arrays(lists).take(pa.array(first[topics] + within))


def _pick(words: pa.Array, seeds: Seeds, salt: int) -> pa.Array:
    return words.take(pa.array(picked(seeds, salt, len(words))))


def _own_way(posts: Rows, any_way: Ints, ways: int) -> Ints:
    """Of the ways to put a text together, mostly the one that is the writer's own."""
    style = posts["style"].astype(np.int64)
    own = (style > 0) & (chance(posts["seed"], 2) < _OWN_WAY)
    return np.where(own, style % ways, any_way)


def _endings(posts: Rows) -> pa.Array:
    """Copied texts end in different ways; others have no ending."""
    fixed = np.isin(posts["kind"], (Kind.NEAR_COPY, *LINES))
    which = np.where(fixed, -1, posts["variant"])
    return pa.array(_ENDINGS[:DECORATIONS]).take(indices(which))


def _emoji(posts: Rows) -> pa.Array:
    """One emoji after some of the posts in people's own words."""
    own = np.isin(posts["kind"], (Kind.ORDINARY, Kind.MARKER, Kind.MARKER_LINK))
    style = posts["style"].astype(np.int64)
    liking = np.where(style > 0, np.array(_EMOJI_LIKING)[style // 7 % len(_EMOJI_LIKING)], 1.0)
    shown = own & (chance(posts["seed"], 3) < _EMOJI_CHANCE * liking)
    signs = vocabulary("en")["emoji"]
    favourite = (style > 0) & (chance(posts["seed"], 5) < _OWN_WAY)
    sign = np.where(favourite, style // 31 % len(signs), picked(posts["seed"], 4, len(signs)))
    which = np.where(shown, sign, -1)
    return pc.binary_join_element_wise(" ", signs.take(indices(which)), "")


def _where(mask: Mask, yes: str, no: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(mask), pa.scalar(yes), no)
