"""URLs: one spelling for each page, read off the address alone. Nothing is ever visited.

Two spellings that a browser, or the site itself, takes to the same page have the same normal form:
``https://host[:port]/path[?query][#!fragment]`` in ASCII, whichever of http and https was written.
It is for comparing, not for opening. Wrappers (redirectors, archives, translations; see
`marsad.records.wrappers`) are taken off, and every layer is kept for the reader.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from marsad.records.hosts import (
    host_under,
    is_address,
    normalise_host,
    refang,
    show_host,
    suffixes,
)
from marsad.records.sites import SHORTENERS, Query, app_link, site_host, site_path, without_tracking
from marsad.records.wrappers import wrapped

__all__ = [
    "MAX_URL", "Reading", "Step", "host_of", "host_under", "is_short", "normalise_domain",
    "normalise_url", "read_url", "show_host", "suffixes",
]  # fmt: skip

MAX_URL = 8_192
"""Longest address that is read, in characters; a longer one has no normal form."""

MAX_LAYERS = 10
"""Most wrappers taken off one address."""


@dataclass(frozen=True, slots=True)
class Step:
    """One layer of an address.

    ``kind`` is ``posted`` for the outermost, else the kind of wrapper it was found in. ``url`` is
    its normal form, ``host`` the host as written (normal form, with its ``www.``), which lies
    under every domain that covers it.
    """

    kind: str
    url: str
    host: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An address as read: its layers from the outermost to the page itself."""

    steps: tuple[Step, ...]

    @property
    def url(self) -> str:
        """The normal form of the page."""
        return self.steps[-1].url

    @property
    def host(self) -> str:
        """The host of the page."""
        return self.steps[-1].host


def normalise_url(url: str) -> str | None:
    """The normal form of the page an address leads to; None where it is no web address.

    Takes addresses without a scheme, defanged ones (``hxxp://example[.]org``) and ``tg:`` links.
    Drops user names, default ports, fragments (save ``#!``), tracking parameters, and labels for a
    device (``www.``, ``m.``); sorts parameters; takes wrappers off, at most `MAX_LAYERS`.
    """
    reading = read_url(url)
    return reading.url if reading else None


def host_of(url: str) -> str | None:
    """The host of the page an address leads to, in normal form; None where it is no address."""
    reading = read_url(url)
    return reading.host if reading else None


def read_url(url: str) -> Reading | None:
    """All layers of an address; None where it is no web address or longer than `MAX_URL`."""
    steps: list[Step] = []
    kind = "posted"
    for _ in range(MAX_LAYERS + 1):
        parts = _split(url)
        if parts is None:
            break
        host = site_host(parts.host)
        target = wrapped(host, parts.path, parts.query)
        steps.append(Step(kind, _written(parts, host), parts.host))
        if target is None:
            break
        kind, url = target.kind, target.url
    return Reading(tuple(steps)) if steps else None


def is_short(url: str) -> bool:
    """Whether a normal form is a shortener's, so that its target must be known from elsewhere."""
    host, slash, path = url.partition("://")[2].partition("/")
    return bool(slash and path) and site_host(host) in SHORTENERS


def normalise_domain(domain: str) -> str | None:
    """The normal form of a domain: a host, or an address that says nothing but a host.

    ``*.example.org``, ``.example.org`` and ``https://www.example.org/`` all mean ``example.org``
    and what lies under it. A whole top-level domain must be written with its star (``*.example``).
    None for anything with a path, a port or a user name.
    """
    if len(domain) > MAX_URL:
        return None
    text = re.sub(r"\A(?:https?|hxxps?)://", "", domain.strip().lower()).removesuffix("/")
    starred = text.startswith(("*.", "."))
    if starred:
        text = text.lstrip("*").lstrip(".")
    if re.search(r"[/\\?#@\s*]", text):
        return None
    host = normalise_host(text)
    if host is None or ("." not in host and not starred and not is_address(host)):
        return None
    if is_address(host):
        return host if text in (host, host.strip("[]")) or text.startswith("[") else None
    return host[4:] if host.startswith("www.") and host.count(".") > 1 else host


@dataclass(frozen=True, slots=True)
class _Parts:
    """An address taken apart: host in normal form, path and parameters with clean escapes."""

    scheme: str
    host: str
    port: str
    path: str
    query: Query
    fragment: str


_INVISIBLE = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_ENDS = re.compile(rf"\A[\x00-\x20{_INVISIBLE}]+|[\x00-\x20{_INVISIBLE}]+\Z")
_NEVER_SENT = re.compile(r"[\t\r\n]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp;)+")
_WEB = re.compile(
    r"(h(?:tt|xx|\*\*|__)ps?|ftp|fxp)\s?(?:\[:\]//|\[://\]|:\[//\]|:[/\\]*)", re.IGNORECASE
)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:(?![0-9]+(?:[/\\?#]|\Z))", re.IGNORECASE)
_AFTER_AUTHORITY = re.compile(r"[/\\?#]")
_PORT = re.compile(r":([0-9]*)\Z")
_DEFAULT_PORTS = ("", "80", "443")
_QUAD = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\Z")


def _split(url: str) -> _Parts | None:
    if len(url) > MAX_URL:
        return None
    if not (url.isascii() and url.isprintable()):
        url = _SURROGATES.sub("\ufffd", _NEVER_SENT.sub("", _ENDS.sub("", url)))
    url = url.strip(" ")
    if "&amp;" in url:
        url = _ESCAPED_AMPERSAND.sub("&", url)
    if url[:3].lower() == "tg:":
        url = app_link(url) or url
    web = _WEB.match(url)
    rest = url[web.end() :] if web else _schemeless(url)
    if rest is None:
        return None
    authority = _AFTER_AUTHORITY.split(rest, maxsplit=1)[0]
    found = _host_and_port(authority, typed_scheme=web is not None)
    if found is None:
        return None
    scheme = "ftp" if web and web[1].lower()[0] == "f" else "https"
    path, query, fragment = _tail(rest[len(authority) :])
    return _Parts(scheme, found[0], found[1], path, query, fragment)


def _schemeless(url: str) -> str | None:
    """What stands where a host must begin; None for schemes that are not the web's."""
    if url.startswith("//"):
        return url.lstrip("/")
    return None if _OTHER_SCHEME.match(url) else url


def _host_and_port(authority: str, typed_scheme: bool) -> tuple[str, str] | None:
    """Host and port of ``user:password@host:port``. What stands before the last ``@`` is a name
    for logging in, however much it looks like a host."""
    _user, at, place = refang(authority).rpartition("@")
    if at and not typed_scheme:
        return None
    host_text, number = _without_port(place)
    if number and not (len(number) < 6 and int(number) < 65_536):
        return None
    host = normalise_host(unquote(host_text) if "%" in host_text else host_text)
    if host is None or ("." not in host and not host.startswith("[")):
        return None
    if not typed_scheme and is_address(host) and not _QUAD.match(host_text):
        return None
    return host, "" if number in _DEFAULT_PORTS else number


def _without_port(place: str) -> tuple[str, str]:
    """``host:080`` → ``host`` and ``80``; an empty port is none."""
    found = _PORT.search(place) if ":" in place else None
    return (place[: found.start()], found[1].lstrip("0")) if found else (place, "")


def _tail(rest: str) -> tuple[str, Query, str]:
    rest, _, fragment = rest.partition("#")
    path, _, query = rest.partition("?")
    parameters = [_clean_query(part) for part in query.split("&") if part] if query else []
    return _clean_path(path), parameters, _clean(fragment) if fragment.startswith("!") else ""


def _clean_path(path: str) -> str:
    """Escapes cleaned, backslashes turned, dot segments resolved, empty segments dropped."""
    segments: list[str] = []
    for segment in _clean(path.replace("\\", "/")).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/" + "/".join(segments)


def _clean_query(parameter: str) -> str:
    return _clean(parameter).replace("%20", "+")


_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT = _UNRESERVED | frozenset(b"!$&'()*+,;=:@/?%")
_WRITTEN = [chr(byte) if byte in _KEPT else f"%{byte:02X}" for byte in range(256)]
_CLEAN = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?-]*\Z")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def _clean(text: str) -> str:
    """Escapes as RFC 3986 (6.2.2) wants them: none where none is needed, upper case elsewhere.

    Letters of other scripts are composed (NFC) before they are escaped. Bytes that are not UTF-8
    stay escaped as they are.
    """
    if _CLEAN.match(text):
        return text
    plain = _ESCAPES.sub(_unescaped, _BARE_PERCENT.sub("%25", text))
    composed = unicodedata.normalize("NFC", plain)
    return "".join(_WRITTEN[byte] for byte in composed.encode("utf-8", "surrogateescape"))


def _unescaped(found: re.Match[str]) -> str:
    """Escapes of letters decoded; those of reserved and control characters kept."""
    kept = b"".join(
        bytes([byte]) if byte in _UNRESERVED or byte > 127 else b"%%%02X" % byte
        for byte in bytes.fromhex(found[0].replace("%", ""))
    )
    return kept.decode("utf-8", "surrogateescape")


def _written(parts: _Parts, host: str) -> str:
    """The normal form of one layer."""
    host, path, query = site_path(host, parts.host, parts.path, parts.query)
    query = without_tracking(host, query)
    port = f":{parts.port}" if parts.port else ""
    asked = "?" + "&".join(query) if query else ""
    fragment = "#" + parts.fragment if parts.fragment else ""
    return f"{parts.scheme}://{host}{port}{path}{asked}{fragment}"
