"""Personal data in a record for the transparency database: none may be in any field.

What is looked for is of two sorts. What has a form is found whoever it belongs to: e-mail
addresses, telephone numbers, IP addresses, handles with their @, pseudonyms of reviewers, and
addresses of pages. What has none is found because the case knows it: ids, handles and names of the
accounts in it, of who reported, and of the reviewers. Both are compared in one spelling: digits of
every script are one, Arabic letters are normalised, and what has no width is gone.

It is meant to find too much rather than too little: somebody looks at what was held back.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from marsad.decide.statements import enums
from marsad.decide.statements.record import Fault, Record
from marsad.locale import LANGUAGES, catalogue
from marsad.records.normalise import normalise

EMAIL, PHONE, IP, URL = "e-mail", "phone", "ip", "url"
HANDLE, ID, NAME, REVIEWER = "handle", "id", "name", "reviewer"
KINDS = (EMAIL, PHONE, IP, URL, HANDLE, ID, NAME, REVIEWER)

WORDS = frozenset({HANDLE, ID, NAME})
"""Kinds that a plain word can be taken for: a person may say that it is none here."""

FEWEST_DIGITS, MOST_DIGITS = 7, 15
"""Of a telephone number (E.164 has 15 at most)."""

SHORTEST_WORD = 3
"""Letters of a name or handle that is looked for by itself."""

MOST_KNOWN = 5_000

OWN = "statement.record."
"""What the ids of the sentences begin with that records are made of."""

_EMAIL = re.compile(
    r"[^\s@<>()\[\]]+\s?(?:@|\(at\)|\[at\]|\{at\})\s?[^\s@<>()\[\],;]+"
    r"\s?(?:\.|\(dot\)|\[dot\])\s?[^\W\d_]{2,}"
)
_PHONE = re.compile(r"(?<![\w/])[+(]{0,2}\d(?:[ ().\-\u2010-\u2015/]{0,3}\d){6,17}(?![\w/])")
_DAY = re.compile(
    r"(?:(?:19|20)\d\d-(?:0?[1-9]|1[0-2])-(?:[0-2]?\d|3[01])"
    r"|(?:[0-2]?\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d)\Z"
)
_LAW = re.compile(r"\d{1,4}/\d{1,4}\Z")
_IP = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?![\w:])"
)
_URL = re.compile(r"(?:\bh(?:tt|xx)ps?\s?:\s?//|\bwww\.)\S+")
_HANDLE = re.compile(r"(?<![\w@])@[\w.\-]{2,}")
_REVIEWER = re.compile(r"(?<![\w-])r-[0-9a-f]{8}(?![\w-])")
_TOKEN = re.compile(r"[^\W_]+")
_BEFORE = r"(?:[وفبكل]{0,2}(?:ال|لل)?)?"
"""What Arabic writes together with the word after it: and, so, with, like, to; the."""


@dataclass(frozen=True)
class Known:
    """What a case knows of people: ids and handles of accounts and posts, names, pseudonyms."""

    ids: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    reviewers: frozenset[str] = frozenset()

    def __or__(self, other: Known) -> Known:
        return Known(self.ids | other.ids, self.handles | other.handles,
                     self.names | other.names, self.reviewers | other.reviewers)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Personal data in a field: its kind, and the words as they stand there in one spelling."""

    field: str
    kind: str
    words: str

    @property
    def fault(self) -> Fault:
        """It without its words: what may stay for ever."""
        return Fault(self.field, self.kind)


def find(record: Record, known: Known = Known(), let: Collection[Fault] = ()) -> list[Found]:
    """All personal data in a record, by field. ``let`` is what a person has said is none: of
    `WORDS` alone. A field that is not known is looked into like any other."""
    patterns = [*_patterns(known)]
    allowed = {one for one in let if one.kind in WORDS}
    return [
        found for field, text in _texts(record) for found in _in(field, text, patterns)
        if found.fault not in allowed
    ]  # fmt: skip


def _texts(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields with what stands in them, but for words of the database's own lists."""
    for field, value in record.items():
        listed = enums.values(field) if field in enums.FIELDS else frozenset()
        for one in value if isinstance(value, list | tuple) else (value,):
            if one not in listed:
                yield str(field), str(one)


def _in(field: str, text: str, patterns: Iterable[tuple[str, re.Pattern[str]]]) -> Iterator[Found]:
    folded = _fold(text)
    seen = set()
    for kind, words in (*_formed(folded, field), *_matched(folded, patterns)):
        if (kind, words) not in seen:
            seen.add((kind, words))
            yield Found(field, kind, words)


def _fold(text: str) -> str:
    """One spelling. `normalise` reads digits between letters as letters, which is done beside it,
    not in its place: both readings are looked into."""
    plain = normalise(text)
    digits = "".join(str(int(one)) if one.isdecimal() else one for one in text.casefold())
    return f"{' '.join(digits.split())}\n{plain}"


def _formed(text: str, field: str) -> Iterator[tuple[str, str]]:
    for kind, pattern in ((EMAIL, _EMAIL), (REVIEWER, _REVIEWER), (HANDLE, _HANDLE)):
        yield from ((kind, one[0].strip()) for one in pattern.finditer(text))
    for one in _IP.finditer(text):
        if _is_address(one[0]):
            yield IP, one[0]
    for one in _PHONE.finditer(text):
        if _is_number(one[0]):
            yield PHONE, one[0].strip()
    if field != "decision_ground_reference_url":
        yield from ((URL, one[0]) for one in _URL.finditer(text))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return text != "::"


def _is_number(text: str) -> bool:
    digits = sum(one.isdigit() for one in text)
    stripped = text.strip(" ().")
    known = _DAY.match(stripped) or _LAW.match(stripped)
    return FEWEST_DIGITS <= digits <= MOST_DIGITS and known is None


def _matched(
    text: str, patterns: Iterable[tuple[str, re.Pattern[str]]]
) -> Iterator[tuple[str, str]]:
    for kind, pattern in patterns:
        yield from ((kind, one[0]) for one in pattern.finditer(text))


def _patterns(known: Known) -> Iterator[tuple[str, re.Pattern[str]]]:
    sorts = ((ID, _ids(known.ids)), (HANDLE, _whole(known.handles)),
             (NAME, _parts(known.names)), (REVIEWER, known.reviewers))  # fmt: skip
    for kind, words in sorts:
        forms = {form for one in words for form in _fold(one).split("\n") if form.strip()}
        wanted = sorted(forms, key=lambda one: (-len(one), one))[:MOST_KNOWN]
        if wanted:
            inner = "|".join(r"\s+".join(map(re.escape, one.split())) for one in wanted)
            yield kind, re.compile(rf"(?<!\w){_BEFORE}(?:{inner})(?!\w)")


def _ids(given: Iterable[str]) -> set[str]:
    """An id as it stands, and the part that the platform knows it by, where it is not too short to
    be told from any other word."""
    natives = {one.partition(":")[2].removeprefix("@") for one in given}
    return {*given, *(one for one in natives if len(one) >= SHORTEST_WORD)} - {""}


def _whole(given: Iterable[str]) -> set[str]:
    bare = {one.strip().removeprefix("@") for one in given}
    return {one for one in bare if len(one) >= SHORTEST_WORD and one.casefold() not in _own()}


def _parts(given: Iterable[str]) -> set[str]:
    """A name, and each of its words that is long enough to be one and none of our own: an account
    that is called The Daily News must not hold back whatever has a "the" in it."""
    words = {*given, *(word for one in given for word in _TOKEN.findall(one))}
    bare = {one.strip() for one in words}
    return {one for one in bare if len(one) >= SHORTEST_WORD and one.casefold() not in _own()}


@cache
def _own() -> frozenset[str]:
    """The words of the sentences that records are made of, in every language."""
    texts = (
        str(message.string)
        for lang in LANGUAGES for message in catalogue(lang)
        if str(message.id).startswith(OWN)
    )  # fmt: skip
    return frozenset(word.casefold() for text in texts for word in _TOKEN.findall(text))
