"""Names in what leaves: every identity that a value could carry becomes its pseudonym."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marsad.outputs.links import LINK, Known, nameless_link, safe_link
from marsad.outputs.passage import Passage, Replacement, passage
from marsad.records.ids import SEPARATOR
from marsad.records.pseudonyms import Pseudonyms, mentions_in

LEAST = 4
"""Letters of a handle or id that is looked for in texts without an ``@`` before it."""

# Possessive, so that a long run of letters costs no more than its length.
_DOTTED = re.compile(r"(?<!\w)\w++(?:[.-]++\w++)++")
_WORD = re.compile(r"\w+")


def words_of(text: str) -> Iterator[tuple[int, int]]:
    """Where in a text a handle or an id could stand: ``a.b-c`` as one word, and each word."""
    for pattern in (_DOTTED, _WORD):
        for match in pattern.finditer(text):
            yield match.span()


Link = Callable[[str, Known], str]

LINK_FIELDS = ("url", "urls", "link", "links", "domain", "domains", "host", "posted", "normal")
"""Fields of messages and evidence that hold a link or a domain."""

_ACCOUNT_FIELDS = ("account", "author", "source", "target", "user", "mention", "handle")
_KINDS_OF_FIELDS = (
    ("post", "post"), ("first", "post"), ("media", "media"), ("image", "media"),
    ("site", "site"), ("communit", "community"),
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Pseudonyms, and what is known of the identities they stand for. Picklable.

    ``platforms`` are those whose ids are recognised by their form. ``accounts`` maps words of the
    texts, in lower case, to the account ids they stand for; ``posts`` likewise. ``kinds`` says
    what known subject ids are. ``link`` is how links are written in values and texts.
    """

    pseudonyms: Pseudonyms
    platforms: tuple[str, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    link: Link = nameless_link

    def of(self, kind: str, identifier: str) -> str:
        """The pseudonym of a subject."""
        return self.pseudonyms.of(kind, identifier)

    def of_segment(self, segment: str) -> str | None:
        """The pseudonym of a handle or id known here, else None."""
        word = segment.lstrip("@").lower()
        if word in self.accounts:
            return self.of("account", self.accounts[word])
        if word in self.posts:
            return self.of("post", self.posts[word])
        return self._of_id(segment)

    def of_stranger(self, name: str, host: str) -> str:
        """The pseudonym of an account on a host that is no platform of the data."""
        return self.pseudonyms.of_handle(host, name.lstrip("@"))

    def of_mention(self, handle: str, platform: str) -> str:
        """The pseudonym of a mentioned account, the same as its own where it is known here."""
        known = self.accounts.get(handle.lower())
        return self.of("account", known) if known else self.pseudonyms.of_handle(platform, handle)

    def passage(
        self, text: str, platform: str = "", spans: Sequence[tuple[int, int]] = (), **options: Any
    ) -> Passage:
        """A text as a passage for people to read, without a name in it."""
        return passage(text, spans, self._replacements(text, platform, safe_link), **options)

    def text(self, text: str, platform: str = "") -> str:
        """A whole text without a name in it."""
        pieces, done = [], 0
        for start, end, shown, _ in self._replacements(text, platform, self.link):
            pieces += [text[done:start], shown]
            done = end
        return "".join([*pieces, text[done:]])

    def _replacements(self, text: str, platform: str, link: Link) -> list[Replacement]:
        """What in a text is replaced: links, then mentions, then words that name somebody."""
        found = [
            Replacement(*match.span(), link(match[0], self), "link")
            for match in LINK.finditer(text)
        ]
        platform = platform or "".join(self.platforms[:1])
        for start, end, handle in mentions_in(text):
            found.append(Replacement(start, end, "@" + self.of_mention(handle, platform), "name"))
        if self.accounts or self.posts:
            for start, end in words_of(text):
                known = self._of_word(text[start:end])
                if known is not None:
                    found.append(Replacement(start, end, known, "name"))
        return _first_come(found, len(text))

    def value(self, name: str, value: Any, platform: str = "") -> Any:
        """A value of a message or of evidence without an identity; ``name`` is its field."""
        if isinstance(value, str):
            return self._string(name, value, platform)
        if isinstance(value, Mapping):
            return {key: self.value(key, inner, platform) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(name, inner, platform) for inner in value]
        return value

    def _string(self, name: str, value: str, platform: str) -> str:
        if value in self.kinds:
            return self.of(self.kinds[value], value)
        known = self._of_id(value, name)
        if known is not None:
            return known
        if name in LINK_FIELDS:
            return self.link(value, self)
        if value and any(part in name for part in ("handle", "account")):
            return self.of_mention(value.lstrip("@"), platform or "".join(self.platforms[:1]))
        return self.text(value, platform)

    def _of_id(self, value: str, name: str = "") -> str | None:
        """The pseudonym of what has the form of a subject id of a platform of the data."""
        platform, mark, native = value.partition(SEPARATOR)
        if not mark or not native or platform not in self.platforms or re.search(r"\s", native):
            return None
        return self.of(self.kinds.get(value) or _kind_of(name, native), value)

    def _of_word(self, word: str) -> str | None:
        lower = word.lower()
        if lower in self.accounts and telling(word):
            return self.of("account", self.accounts[lower])
        if lower in self.posts and len(word) > LEAST:
            return self.of("post", self.posts[lower])
        return None


def telling(word: str) -> bool:
    """Whether a word that is a handle names its account even without an ``@``.

    ``news`` may be somebody's handle and is still a word; ``news_77`` and ``RedNews`` are not.
    """
    if len(word) < LEAST:
        return False
    marked = any(letter.isdigit() or letter in "_.-" for letter in word)
    return marked or word[1:] != word[1:].lower() or len(word) >= 10


def _kind_of(name: str, native: str) -> str:
    """What an id is, by the field it stands in; a handle is always an account's."""
    if native.startswith("@") or any(part in name for part in _ACCOUNT_FIELDS):
        return "account"
    return next((kind for part, kind in _KINDS_OF_FIELDS if part in name), "account")


def _first_come(found: Sequence[Replacement], length: int) -> list[Replacement]:
    """Replacements that do not overlap: what was found first stays."""
    kept: list[Replacement] = []
    taken = bytearray(length)
    for one in found:
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            kept.append(one)
    return sorted(kept)
