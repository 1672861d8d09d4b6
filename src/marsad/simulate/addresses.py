"""Web addresses: numbers in posts, text when written. Hosts are under .example.

But for one redirector that everybody has: wrapped addresses go through www.google.com/url.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.simulate.columns import in_order
from marsad.simulate.draws import Floats, Ints, Seeds, picked
from marsad.simulate.vocabulary import word_lists

NO_ADDRESS = -1
# Ranges of numbers: articles that anybody shares, marker pages, a community's own, a wire's.
MARKER, COMMUNITY, WIRE = 2**40, 2**50, 2**61
_EVENTS = 2**30
_ARTICLES_A_DAY = 10_000
_LANGUAGES = 8
_PAGES = 6
ARCHIVE = "archive"
"""Form of the addresses on the negative list."""


@dataclass(frozen=True)
class MarkerAddress:
    """An address of a marker domain or page; ``form`` says how it is written, empty if plainly."""

    text: str
    target: str
    form: str = ""


_EVASIVE = (
    "scheme",
    "www",
    "letter-case",
    "tracking",
    "subdomain",
    "wrapped",
    "unknown-wrapper",
    "punycode",
    "shortened",
    "defanged",
)


def _forms(target: str, host: str, page: int) -> list[MarkerAddress]:
    """The ways in which one address is shared."""
    path = target.split("://", 1)[1].split("/", 1)[1]
    puny = host.encode("idna").decode("ascii")
    short = f"https://go.example/{_code(target)}"
    texts = {
        "": target,
        "scheme": f"http://{host}/{path}",
        "www": f"https://www.{host}/{path}",
        "letter-case": f"HTTPS://{host.upper()}/{path}",
        "tracking": f"{target}?utm_source=feed&utm_id={page}",
        "subdomain": f"https://m{page}.{host}/{path}",
        "wrapped": f"https://www.google.com/url?q={quote(target, safe='')}",
        "unknown-wrapper": f"https://out.example/?url={quote(target, safe='')}",
        "punycode": f"https://{puny}/{path}",
        "shortened": short,
        "defanged": f"hxxps://{host.replace('.', '[.]')}/{path}",
    }
    unique = {text: form for form, text in reversed(texts.items())}
    return [MarkerAddress(text, target, form) for text, form in reversed(unique.items())]


def _code(target: str) -> str:
    """A short code for a target, the same in every run."""
    total = 0
    for letter in target:
        total = (total * 131 + ord(letter)) % 36**6
    return np.base_repr(total, 36).lower()


@dataclass(frozen=True)
class Addresses:
    """All marker addresses, and the rules by which the other numbers become text."""

    markers: tuple[MarkerAddress, ...]

    def marker(self, seeds: Seeds) -> Ints:
        """A marker address for each seed; half of them plain."""
        plain = np.array([i for i, item in enumerate(self.markers) if not item.form])
        other = np.array([i for i, item in enumerate(self.markers) if item.form in _EVASIVE])
        even = picked(seeds, 111, 2) == 0
        numbers = np.where(
            even, plain[picked(seeds, 112, len(plain))], other[picked(seeds, 113, len(other))]
        )
        return np.asarray(MARKER + numbers, dtype=np.int64)

    def archive(self, seeds: Seeds) -> Ints:
        """A page of those who document: on a marker domain's name, and on the negative list."""
        pages = np.array([i for i, item in enumerate(self.markers) if item.form == ARCHIVE])
        return np.asarray(MARKER + pages[picked(seeds, 114, len(pages))], dtype=np.int64)

    def texts(self, numbers: Ints) -> pa.Array:
        """The addresses as text; null where there is none."""
        kind = np.searchsorted([0, MARKER, COMMUNITY, WIRE], numbers, side="right")
        parts, places = [], []
        for code, write in enumerate((_none, _articles, self._marker, _community, _wire)):
            where = np.flatnonzero(kind == code)
            if len(where):
                parts.append(write(numbers[where]))
                places.append(where)
        return in_order(parts, places)

    def _marker(self, numbers: Ints) -> pa.Array:
        return self._marker_texts.take(pa.array(numbers - MARKER))

    @cached_property
    def _marker_texts(self) -> pa.Array:
        return pa.array([item.text for item in self.markers])


def addresses() -> Addresses:
    """The marker addresses: pages on the marker domains, and single pages on innocent hosts."""
    lists = word_lists("markers")
    items: list[MarkerAddress] = []
    for host in lists["domains"]:
        for page in range(_PAGES):
            items.extend(_forms(f"https://{host}/p/{page * 7 + 11}", host, page))
    items.extend(MarkerAddress(link, link) for link in lists["links"])
    items.extend(
        MarkerAddress(f"https://{host}/study/{page}", f"https://{host}/study/{page}", ARCHIVE)
        for host in lists["negative domains"]
        for page in range(_PAGES)
    )
    return Addresses(tuple(items))


def articles(days: Ints, languages: Ints, spread: Floats) -> Ints:
    """Articles of a day in a language; ``spread`` in [0, 1) picks one by a Zipf law."""
    rank = np.exp(spread * np.log(_ARTICLES_A_DAY)).astype(np.int64) - 1
    return np.asarray((days * _LANGUAGES + languages) * _ARTICLES_A_DAY + rank, dtype=np.int64)


def community_page(communities: Ints, events: Ints) -> Ints:
    """A page that only one community shares."""
    return np.asarray(COMMUNITY + communities.astype(np.int64) * _EVENTS + events, dtype=np.int64)


def _none(numbers: Ints) -> pa.Array:
    return pa.nulls(len(numbers), pa.string())


def _articles(numbers: Ints) -> pa.Array:
    lists = word_lists("markers")
    hosts, words = pa.array(lists["article hosts"]), pa.array(lists["article words"])
    seeds = numbers.astype(np.uint64)
    return pc.binary_join_element_wise(
        "https://",
        hosts.take(pa.array(picked(seeds, 1, len(hosts)))),
        "/",
        words.take(pa.array(picked(seeds, 2, len(words)))),
        "-",
        words.take(pa.array(picked(seeds, 3, len(words)))),
        "-",
        _digits(numbers),
        "",
    )


def _community(numbers: Ints) -> pa.Array:
    community, event = np.divmod(numbers - COMMUNITY, _EVENTS)
    return pc.binary_join_element_wise(
        "https://notes", _digits(community), ".example/n/", _digits(event), ""
    )


def _wire(numbers: Ints) -> pa.Array:
    return pc.binary_join_element_wise("https://wire.example/", _digits(numbers - WIRE), "")


def _digits(numbers: Ints) -> pa.Array:
    return pc.cast(pa.array(numbers), pa.string())
