"""The entries of link banks as tables to look addresses up in, and the slow form of a lookup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from marsad.banks import Bank, Entry
from marsad.records.sites import other_names, site_host
from marsad.records.urls import (
    Step,
    host_under,
    normalise_domain,
    normalise_url,
    read_url,
    suffixes,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of one bank; ``key`` is its normal form, ``way`` how it matches: ``exact``,
    ``prefix`` (a page and what lies below it), ``domain`` or ``host`` (a domain without what lies
    under it)."""

    bank: str
    version: int
    entry: Entry
    key: str
    way: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a short address leads, and the bank that says so."""

    bank: str
    target: str


Table = dict[str, tuple[Listing, ...]]


@dataclass(frozen=True)
class Listings:
    """The entries of one side (to match, or never to match) by normal form."""

    exact: Table = field(default_factory=dict)
    prefix: Table = field(default_factory=dict)
    domain: Table = field(default_factory=dict)
    host: Table = field(default_factory=dict)

    def add(self, listing: Listing) -> None:
        """Enter a listing; a domain also under the name its site has here."""
        table: Table = getattr(self, listing.way)
        keys = {listing.key}
        if listing.way in ("domain", "host"):
            keys.add(site_host(listing.key))
        for key in keys:
            table[key] = (*table.get(key, ()), listing)

    def matches(self, step: Step) -> Iterator[Listing]:
        """The entries that a layer of an address falls under: pages first, then domains."""
        yield from self.exact.get(step.url, ())
        if self.prefix:
            for start in starts(step.url):
                yield from self.prefix.get(start, ())
        if self.domain or self.host:
            yield from self._by_host(step.host)

    def _by_host(self, host: str) -> Iterator[Listing]:
        name = site_host(host)
        yield from self.host.get(host, ())
        if name != host:
            yield from self.host.get(name, ())
        for domain in suffixes(host):
            yield from self.domain.get(domain, ())
        if not host_under(host, name):
            for domain in suffixes(name):
                yield from self.domain.get(domain, ())

    def hosts(self) -> Iterator[str]:
        """Every host that an address must lie under to match, under all names of its site."""
        for table in (self.exact, self.prefix):
            for url in table:
                yield from _names(host_in(url))
        for table in (self.domain, self.host):
            for domain in table:
                yield from _names(domain)


def starts(url: str) -> Iterator[str]:
    """A normal form, then every page above it: ``…/a/b?c`` → ``…/a/b?c``, ``…/a/b``, ``…/a``."""
    yield url
    cut = min(place for place in (url.find("?"), url.find("#"), len(url)) if place >= 0)
    if cut < len(url):
        yield url[:cut]
    root = url.find("/", 8) + 1
    while cut > root:
        cut = max(url.rfind("/", 0, cut), root)
        yield url[:cut]


def host_in(url: str) -> str:
    """The host in a normal form of an address."""
    place = url.partition("://")[2].partition("/")[0]
    return place if place.endswith("]") else place.partition(":")[0] if place[:1] != "[" else place


def _names(host: str) -> Iterable[str]:
    return (host, *other_names(host))


@dataclass(frozen=True)
class Loaded:
    """What banks of the kinds links, domains and redirects hold."""

    wanted: Listings
    never: Listings
    redirects: Mapping[str, Redirect]

    def hosts(self) -> Iterator[str]:
        """Every host that an address must lie under to match, or to be led on to a match."""
        yield from self.wanted.hosts()
        for short in self.redirects:
            yield from _names(host_in(short))


def load(banks: Sequence[Bank]) -> Loaded:
    """The active entries of banks. Entries that no rule takes any more are passed over."""
    loaded = Loaded(Listings(), Listings(), {})
    redirects: dict[str, Redirect] = {}
    for bank in banks:
        side = loaded.never if bank.negative else loaded.wanted
        if bank.kind == "redirects":
            for short, redirect in _redirects(bank):
                redirects.setdefault(short, redirect)
        elif bank.kind in ("links", "domains"):
            for listing in listings(bank):
                side.add(listing)
    return Loaded(loaded.wanted, loaded.never, redirects)


def listings(bank: Bank) -> Iterator[Listing]:
    """The active entries of a bank of links or domains in their normal form."""
    for entry in bank.active:
        match = entry.options.get("match")
        if bank.kind == "links":
            key, way = normalise_url(entry.value), "prefix" if match == "prefix" else "exact"
        else:
            key, way = normalise_domain(entry.value), "host" if match == "exact" else "domain"
        if key is not None:
            yield Listing(bank.name, bank.version, entry, key, way)


def _redirects(bank: Bank) -> Iterator[tuple[str, Redirect]]:
    for entry in bank.active:
        short = read_url(entry.value)
        target = entry.options.get("target")
        if short and isinstance(target, str):
            yield short.url, Redirect(bank.name, target)


def matches_slowly(every: Iterable[Listing], step: Step) -> Iterator[Listing]:
    """What `Listings.matches` finds, by asking each entry in turn."""
    name = site_host(step.host)
    for listing in every:
        if listing.way == "exact":
            hit = step.url == listing.key
        elif listing.way == "prefix":
            below = listing.key if listing.key.endswith("/") else listing.key + "/"
            hit = step.url.startswith((below, f"{listing.key}?", f"{listing.key}#"))
            hit = hit or step.url == listing.key
        elif listing.way == "host":
            keys = {listing.key, site_host(listing.key)}
            hit = step.host in keys or name in keys
        else:
            keys = {listing.key, site_host(listing.key)}
            hit = any(host_under(step.host, key) or host_under(name, key) for key in keys)
        if hit:
            yield listing
