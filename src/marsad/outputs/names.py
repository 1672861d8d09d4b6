"""Names in what leaves: every identity that a value could carry becomes its pseudonym."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marsad.outputs.links import LINK, Known, nameless_link, platforms_of_host, safe_link
from marsad.outputs.passage import Passage, Replacement, passage
from marsad.records.ids import SEPARATOR, subject_id
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

    ``platforms`` are those whose ids are recognised by their form, the one of a text that does not
    say its own first. ``handles`` maps (platform, handle in lower case) to the account last seen
    under it, and what is known by its handle alone to itself. ``accounts`` and ``posts`` are the
    subject ids that can stand in the texts without their platform. ``kinds`` says what known
    subject ids are. ``link`` is how links are written in values and texts.
    """

    pseudonyms: Pseudonyms
    platforms: tuple[str, ...] = ()
    handles: Mapping[tuple[str, str], str] = field(default_factory=dict)
    accounts: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=dict)
    link: Link = nameless_link

    def of(self, kind: str, identifier: str) -> str:
        """The pseudonym of a subject; of an account the same by its handle and by its id."""
        if kind == "account":
            platform, _, native = identifier.partition(SEPARATOR)
            if native.startswith("@"):
                identifier = self.handles.get((platform, native[1:].lower()), identifier)
        return self.pseudonyms.of(kind, identifier)

    def of_segment(self, segment: str, host: str) -> str | None:
        """The pseudonym of a handle or id known on the platform of a host, else None.

        Where a host is no platform's, any platform may be meant.
        """
        word = segment.lstrip("@")
        platforms = self._on(host) if platforms_of_host(host) else self.platforms
        return self._known(word, platforms) or self._of_id(segment)

    def of_stranger(self, name: str, host: str) -> str:
        """The pseudonym of an account that only a link names, on the platform of its host."""
        platform = next(iter(self._on(host)), host)
        return self.of("account", subject_id(platform, handle=name))

    def of_mention(self, handle: str, platform: str) -> str:
        """The pseudonym of a mentioned account: that of whom was last seen under the handle."""
        platform = platform or self._default
        known = self._account(handle, platform)
        return self.of("account", known or subject_id(platform, handle=handle))

    @property
    def _default(self) -> str:
        return self.platforms[0] if self.platforms else ""

    def _on(self, host: str) -> tuple[str, ...]:
        """The platforms of the data that a host belongs to."""
        named = platforms_of_host(host)
        return tuple(platform for platform in self.platforms if platform in named)

    def _account(self, word: str, platform: str) -> str | None:
        """The account that is known by a handle, or else by a native id."""
        known = self.handles.get((platform, word.lower()))
        native = platform + SEPARATOR + word
        return known or (native if native in self.accounts else None)

    def _known(self, word: str, platforms: Sequence[str], posts: bool = True) -> str | None:
        for platform in platforms:
            account, post = self._account(word, platform), platform + SEPARATOR + word
            if account is not None:
                return self.of("account", account)
            if posts and post in self.posts:
                return self.of("post", post)
        return None

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
        platform = platform or self._default
        mentioned = set()
        for start, end, handle in mentions_in(text):
            mentioned.add(handle.lower())
            found.append(Replacement(start, end, "@" + self.of_mention(handle, platform), "name"))
        if mentioned or self.handles or self.accounts or self.posts:
            for start, end in words_of(text):
                known = self._of_word(text[start:end], platform, mentioned)
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
        if value.strip("@") and any(part in name for part in ("handle", "account")):
            return self.of_mention(value.lstrip("@"), platform)
        return self.text(value, platform)

    def _of_id(self, value: str, name: str = "") -> str | None:
        """The pseudonym of what has the form of a subject id of a platform of the data."""
        platform, mark, native = value.partition(SEPARATOR)
        if not mark or not native or platform not in self.platforms or re.search(r"\s", native):
            return None
        return self.of(self.kinds.get(value) or _kind_of(name, native), value)

    def _of_word(self, word: str, platform: str, mentioned: Collection[str]) -> str | None:
        """The pseudonym of whom a word names; ``mentioned`` are handles of the same text."""
        if telling(word):
            if word.lower() in mentioned:
                return self.of_mention(word, platform)
            others = (other for other in self.platforms if other != platform)
            return self._known(word, (platform, *others), posts=len(word) > LEAST)
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
