"""URLs that carry another URL: redirectors, archives, translated and accelerated copies.

The target is read off the wrapper itself; nothing is ever visited. Each rule is a line of a table
or a small function about one site.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus

from marsad.records.hosts import host_under
from marsad.records.sites import Query


@dataclass(frozen=True, slots=True)
class Target:
    """What a wrapper leads to: the address as it stands there, and what kind of wrapper it was
    (``redirector``, ``archive``, ``translation`` or ``accelerated``)."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class _Carrier:
    """A host (and those under it), a start of the path, and parameters that carry the target.
    The parameter ``""`` is the whole query."""

    host: str
    path: str
    parameters: tuple[str, ...]
    kind: str = "redirector"


_CARRIERS = tuple(
    _Carrier(host, path, tuple("" if name == "*" else name for name in names.split()), kind)
    for host, path, names, kind in (
        ("l.facebook.com", "/", "u", "redirector"),
        ("lm.facebook.com", "/", "u", "redirector"),
        ("facebook.com", "/l.php", "u", "redirector"),
        ("facebook.com", "/flx/warn", "u", "redirector"),
        ("facebook.com", "/sharer", "u", "redirector"),
        ("facebook.com", "/share.php", "u", "redirector"),
        ("l.instagram.com", "/", "u", "redirector"),
        ("l.threads.net", "/", "u", "redirector"),
        ("l.messenger.com", "/", "u", "redirector"),
        ("l.wl.co", "/l", "u", "redirector"),
        ("youtube.com", "/redirect", "q", "redirector"),
        ("t.umblr.com", "/redirect", "z", "redirector"),
        ("out.reddit.com", "/", "url", "redirector"),
        ("vk.com", "/away", "to", "redirector"),
        ("away.vk.com", "/", "to", "redirector"),
        ("ok.ru", "/dk", "st.rfn st.link", "redirector"),
        ("safelinks.protection.outlook.com", "/", "url", "redirector"),
        ("statics.teams.cdn.office.net", "/", "url", "redirector"),
        ("urldefense.proofpoint.com", "/v1/", "u", "redirector"),
        ("linkedin.com", "/redir/", "url", "redirector"),
        ("linkedin.com", "/safety/go", "url", "redirector"),
        ("linkedin.com", "/sharing/share-offsite", "url", "redirector"),
        ("slack-redir.net", "/link", "url", "redirector"),
        ("steamcommunity.com", "/linkfilter", "url u *", "redirector"),
        ("duckduckgo.com", "/l", "uddg", "redirector"),
        ("getpocket.com", "/redirect", "url", "redirector"),
        ("exit.sc", "/", "url", "redirector"),
        ("disq.us", "/url", "url", "redirector"),
        ("link.zhihu.com", "/", "target", "redirector"),
        ("x.com", "/intent/", "url", "redirector"),
        ("x.com", "/share", "url", "redirector"),
        ("t.me", "/share", "url", "redirector"),
        ("t.me", "/iv", "url", "redirector"),
        ("deviantart.com", "/users/outgoing", "*", "redirector"),
        ("href.li", "/", "*", "redirector"),
        ("anonym.to", "/", "*", "redirector"),
        ("anon.to", "/", "*", "redirector"),
        ("nullrefer.com", "/", "*", "redirector"),
        ("hiderefer.com", "/", "*", "redirector"),
        ("dereferer.me", "/", "*", "redirector"),
        ("webcitation.org", "/query", "url", "archive"),
        ("archive.today", "/", "url", "archive"),
        ("translate.google.com", "/", "u", "translation"),
        ("translate.yandex.com", "/translate", "url", "translation"),
        ("translate.yandex.ru", "/translate", "url", "translation"),
        ("translatetheweb.com", "/", "a", "translation"),
        ("microsofttranslator.com", "/bv.aspx", "a", "translation"),
        ("12ft.io", "/proxy", "q", "accelerated"),
    )
)  # fmt: skip

_ADDRESS = r"((?:https?|ftp):/.+|(?:[\w-]+\.)+[a-z][\w-]+(?:[/:?].*)?)\Z"
_WAYBACK = re.compile(r"/(?:web|save)/(?:[0-9]{1,14}(?:[a-z]{2}_)?\*?/|\*/)?" + _ADDRESS, re.I)
_COPIES = re.compile(r"/(?:[\w-]+/){0,3}[0-9]{4,14}(?:[a-z]{2}_)?/((?:https?|ftp):/.+)\Z", re.I)
_TODAY = re.compile(
    r"/(?:(?:[0-9]{4}[.0-9-]*[0-9]|o/\w+|newest|oldest|timegate|timemap)/)?((?:https?|ftp):/.+)\Z",
    re.I,
)
_PLAIN = re.compile("/" + _ADDRESS, re.I)
_PATHS = {
    "web.archive.org": ("archive", _WAYBACK),
    "archive.org": ("archive", _WAYBACK),
    "wayback.archive.org": ("archive", _WAYBACK),
    "archive-it.org": ("archive", _COPIES),
    "wayback.archive-it.org": ("archive", _COPIES),
    "arquivo.pt": ("archive", _COPIES),
    "webarchive.org.uk": ("archive", _COPIES),
    "archive.today": ("archive", _TODAY),
    "12ft.io": ("accelerated", _PLAIN),
    "r.jina.ai": ("accelerated", _PLAIN),
    "outline.com": ("accelerated", _PLAIN),
}  # fmt: skip
_GOOGLE = re.compile(r"google\.(?:com?\.)?[a-z]{2,3}\Z")
_STARTS_AS_URL = re.compile(r"(?:(?:https?|hxxps?|ftp|tg):|//|www\.)", re.IGNORECASE)

_CARRIERS_BY_DOMAIN: dict[str, list[_Carrier]] = {}
for _carrier in _CARRIERS:
    _domain = ".".join(_carrier.host.split(".")[-2:])
    _CARRIERS_BY_DOMAIN.setdefault(_domain, []).append(_carrier)

_OTHERS = (
    "google.com", "translate.goog", "ampproject.org", "googleusercontent.com", "bing.com",
    "yahoo.com", "urldefense.com", "proofpoint.com",
)  # fmt: skip
WRAPPING_DOMAINS = frozenset(
    {*_CARRIERS_BY_DOMAIN, *_OTHERS, *(".".join(host.split(".")[-2:]) for host in _PATHS)}
)
"""Domains under which a wrapper may lie, besides Google's national ones; see `may_wrap`."""


def may_wrap(host: str) -> bool:
    """Whether a URL on this host can be a wrapper; cheap, and never wrongly False."""
    labels = host.rsplit(".", 2)
    return ".".join(labels[-2:]) in WRAPPING_DOMAINS or "google." in host


def wrapped(host: str, path: str, query: Query) -> Target | None:
    """The target that a URL carries; None where it carries none that can be read."""
    if may_wrap(host):
        for rule in (_carried, _in_path, _google, _accelerated, _translated, _coded):
            target = rule(host, path, query)
            if target is not None:
                return target
    return _way_out(host, path, query) if query else None


def _parameter(query: Query, name: str) -> str:
    """The decoded value of the first parameter of that name, or the whole query for ``""``."""
    if not name:
        return unquote("&".join(query))
    for part in query:
        key, _, value = part.partition("=")
        if key.lower() == name:
            return unquote_plus(value)
    return ""


def _asked(query: Query) -> str:
    return "?" + "&".join(query) if query else ""


def _carried(host: str, path: str, query: Query) -> Target | None:
    for carrier in _CARRIERS_BY_DOMAIN.get(".".join(host.split(".")[-2:]), ()):
        if host_under(host, carrier.host) and path.startswith(carrier.path):
            for name in carrier.parameters:
                value = _parameter(query, name)
                if _STARTS_AS_URL.match(value):
                    return Target(carrier.kind, value)
    return None


_OUT = frozenset(
    ("out", "away", "go", "goto", "redirect", "redir", "redirector", "link", "links", "lnk",
     "click", "exit", "leave", "leaving", "external", "outgoing", "outbound", "url", "jump",
     "visit", "l", "r")
)  # fmt: skip
_OUT_PARAMETERS = (
    "url", "u", "to", "target", "dest", "destination", "redirect", "redirect_url", "redirect_uri",
    "redir", "goto", "link", "href", "q",
)  # fmt: skip


def _way_out(host: str, path: str, query: Query) -> Target | None:
    """A site's own way out, known by its name: ``out.example/?url=``, ``example.org/away.php?to=``.

    Both the host's first label or the last part of the path, and the parameter, must say so, and
    the parameter must hold a whole address.
    """
    if not any("%3A" in part or "://" in part for part in query):
        return None
    page = path.rstrip("/").rpartition("/")[2].partition(".")[0].lower()
    if page not in _OUT and host.partition(".")[0] not in _OUT:
        return None
    for name in _OUT_PARAMETERS:
        if re.match(r"https?://", value := _parameter(query, name), re.IGNORECASE):
            return Target("redirector", value)
    return None


def _in_path(host: str, path: str, query: Query) -> Target | None:
    kind, pattern = _PATHS.get(host, ("", None))
    if pattern is None:
        return None
    found = pattern.match(path) or pattern.match(unquote(path))
    if not found:
        return None
    return Target(kind, found[1] + _asked(query))


def _google(host: str, path: str, query: Query) -> Target | None:
    """``/url?q=``, ``/imgres?imgrefurl=``, ``/amp/s/``, and the search engine's cached copies."""
    if host == "webcache.googleusercontent.com":
        found = re.match(r"cache:(?:[\w-]{12}:)?(\S+)", _parameter(query, "q"))
        return Target("archive", found[1]) if found else None
    if not _GOOGLE.match(host):
        return None
    if path == "/url" or path == "/imgres":
        for name in ("q", "url", "imgrefurl"):
            if _STARTS_AS_URL.match(value := _parameter(query, name)):
                return Target("redirector", value)
    return _amp_path(path.removeprefix("/amp"), query) if path.startswith("/amp/") else None


def _accelerated(host: str, path: str, query: Query) -> Target | None:
    """``www-example-org.cdn.ampproject.org/c/s/www.example.org/page``."""
    if not host_under(host, "cdn.ampproject.org"):
        return None
    return _amp_path(re.sub(r"\A/[a-z](?=/)", "", path), query)


def _amp_path(path: str, query: Query) -> Target | None:
    found = re.match(r"/(?:s/)?((?:[^/.]+\.)+[^/.]+(?:/.*)?)\Z", path)
    return Target("accelerated", "https://" + found[1] + _asked(query)) if found else None


def _translated(host: str, path: str, query: Query) -> Target | None:
    """``www-my--site-example.translate.goog``: dots became hyphens, hyphens were doubled."""
    name = host.removesuffix(".translate.goog")
    if name == host or "." in name:
        return None
    original = name.replace("--", "\0").replace("-", ".").replace("\0", "-")
    if "." not in original:
        return None
    return Target("translation", f"https://{original}{path}{_asked(query)}")


def _coded(host: str, path: str, query: Query) -> Target | None:
    """Targets in a coding of their own: Proofpoint, Bing, Yahoo."""
    url = None
    if host == "urldefense.com":
        found = re.match(r"/v3/__([^*]+?)__;", path + _asked(query))
        url = found[1] if found else None
    elif host == "urldefense.proofpoint.com" and path.startswith("/v2/"):
        url = unquote(_parameter(query, "u").replace("-", "%").replace("_", "/"))
    elif host == "bing.com" and path.startswith("/ck/a"):
        url = _base64(_parameter(query, "u"))
    elif host_under(host, "search.yahoo.com") and (found := re.search(r"/RU=([^/]+)", path)):
        url = unquote(found[1])
    return Target("redirector", url) if url and _STARTS_AS_URL.match(url) else None


def _base64(value: str) -> str | None:
    """Bing's ``a1`` followed by the address in base64url."""
    try:
        text = value.removeprefix("a1") + "=" * (-len(value.removeprefix("a1")) % 4)
        return base64.b64decode(text, altchars=b"-_", validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
