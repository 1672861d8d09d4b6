"""Which subject an address is about: ``[[places]]`` in marsad.toml.

```toml
[[places]]
platform = "forum"               # what subject ids begin with
host = "forum.example"           # and every host below it
account = ["/@{account}"]        # paths; {account} and {post} are native ids
post = ["/@{account}/{post}", "/p/{post}"]
media = ["/files/{media}"]
community = ["/g/{community}"]
```
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from marsad.decide.section import wrong
from marsad.records.hosts import host_under
from marsad.records.ids import subject_id
from marsad.records.platforms import platform_id
from marsad.records.urls import MAX_URL, normalise_url, read_url

KINDS = ("account", "post", "media", "community")
MOST = 100
LONGEST_ID = 500
_FIELD = re.compile(r"\{(account|post|media|community)\}")


@dataclass(frozen=True)
class Place:
    """What an address is about: ``subject`` is its id, ``account`` that of the account behind it,
    None where the address does not say."""

    platform: str
    kind: str
    subject: str
    account: str | None = None


@dataclass(frozen=True)
class Site:
    """One host of ours, and what its paths mean: ``paths`` as the settings have them, by kind."""

    platform: str
    host: str
    patterns: Sequence[tuple[str, re.Pattern[str]]]
    paths: Sequence[tuple[str, str]] = ()

    @property
    def forms(self) -> Sequence[str]:
        """Its addresses as a person reads them."""
        return [f"https://{self.host}{_FIELD.sub('…', path)}" for _, path in self.paths]


@dataclass(frozen=True)
class Places:
    """The sites that an operator answers for, and the ``platforms`` that the settings name; none
    where they name none."""

    sites: Sequence[Site] = ()
    platforms: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Places:
        """Out of marsad.toml. Raises `InputError` that names what is wrong."""
        given = settings.get("places", [])
        if not isinstance(given, list) or len(given) > MOST:
            raise wrong("places", given, "[[places]]")
        sites, named = tuple(_site(one) for one in given), settings.get("platforms")
        acted_on = named.keys() if isinstance(named, Mapping) else ()
        return cls(sites, frozenset({*(one.platform for one in sites), *acted_on}))

    def is_ours(self, url: str) -> bool:
        """Whether an address is on one of these sites."""
        return self._site(url) is not None

    def find(self, url: str) -> Place | None:
        """What an address is about; None where it is none of ours, or of a form that the settings
        do not have. The first pattern that fits counts."""
        site = self._site(url)
        if site is None:
            return None
        path = urlsplit(_normal(url)).path.rstrip("/") or "/"
        for kind, pattern in site.patterns:
            found = pattern.fullmatch(path)
            if found:
                return _place(site.platform, kind, found.groupdict())
        return None

    def address(self, kind: str, subject: str) -> str | None:
        """Where a subject is found; None where the settings have no path that its id alone
        fills."""
        platform, _, native = subject.partition(":")
        encoded = quote(native.encode("utf-8", "replace"), safe="")
        urls = (
            f"https://{site.host}{path.replace(f'{{{kind}}}', encoded)}"
            for site in self.sites if site.platform == platform
            for of, path in site.paths if of == kind and _FIELD.findall(path) == [kind]
        )  # fmt: skip
        return next((url for url in urls if self._is_of(url, kind, subject)), None)

    def _is_of(self, url: str, kind: str, subject: str) -> bool:
        found = self.find(url)
        return found is not None and (found.kind, found.subject) == (kind, subject)

    def host(self, url: str) -> tuple[Site | None, str]:
        """The site that an address is on, and the host it names; None for what is not ours."""
        normal = _normal(url)
        host = urlsplit(normal).hostname or "" if normal else ""
        site = next((one for one in self.sites if host and host_under(host, one.host)), None)
        return site, host

    def _site(self, url: str) -> Site | None:
        return self.host(url)[0]


def _normal(url: str) -> str:
    """The normal form of the address as given, empty for what is none. What an archive or another
    redirector holds is theirs, whatever page it is of."""
    reading = read_url(url.strip()) if len(url) <= MAX_URL else None
    return reading.steps[0].url if reading else ""


def _place(platform: str, kind: str, found: Mapping[str, str]) -> Place | None:
    names = {name: unquote(value) for name, value in found.items()}
    if any(not value.isprintable() or len(value) > LONGEST_ID for value in names.values()):
        return None
    account = subject_id(platform, names["account"]) if "account" in names else None
    subject = subject_id(platform, names[kind])
    return Place(platform, kind, subject, subject if kind == "account" else account)


def _site(given: Any) -> Site:
    valid = ["platform", "host", *KINDS]
    if not isinstance(given, Mapping) or not {"platform", "host"} <= set(given) <= set(valid):
        raise wrong("places", given, *valid)
    platform, host = given["platform"], given["host"]
    if not isinstance(platform, str) or platform_id(platform) != platform:
        raise wrong("places.platform", platform, "my-platform")
    if not isinstance(host, str) or not normalise_url(f"https://{host}/"):
        raise wrong("places.host", host, "forum.example")
    patterns = [
        (kind, _pattern(kind, one)) for kind in reversed(KINDS) for one in _list(kind, given)
    ]
    ordered = sorted(patterns, key=lambda one: -len(one[1].pattern))
    paths = [(kind, one) for kind in KINDS for one in _list(kind, given)]
    return Site(platform, host.lower(), ordered, paths)


def _list(kind: str, given: Mapping[str, Any]) -> list[Any]:
    said = given.get(kind, [])
    if not isinstance(said, list):
        raise wrong(f"places.{kind}", said, f'["/{{{kind}}}"]')
    return said


def _pattern(kind: str, said: Any) -> re.Pattern[str]:
    valid = f'"/{{{kind}}}"'
    if not isinstance(said, str) or not said.startswith("/") or f"{{{kind}}}" not in said:
        raise wrong(f"places.{kind}", said, valid)
    parts = _FIELD.split(said.rstrip("/"))
    names = parts[1::2]
    if len(names) != len(set(names)) or "{" in "".join(parts[::2]):
        raise wrong(f"places.{kind}", said, valid)
    text = "".join(
        f"(?P<{part}>[^/]+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)
    )
    return re.compile(text)
