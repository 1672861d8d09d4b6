"""Links that name no account or post, and links that cannot be followed by mistake.

On social platforms a link's path names whose post it is. There every part of the path that is not
a fixed word of the platform is replaced; elsewhere only parts that are handles or ids known here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol
from urllib.parse import unquote

from marsad.records.hosts import normalise_host, show_host, suffixes

SHOWN = 120
"""Characters of a link that a report shows."""

_PLATFORMS = """
bsky.app facebook.com fb.com fb.me gab.com instagram.com linkedin.com medium.com minds.com
odysee.com ok.ru patreon.com pinterest.com reddit.com rumble.com snapchat.com t.me telegram.me
telegram.org threads.com threads.net tiktok.com truthsocial.com tumblr.com twitch.tv twitter.com
vimeo.com vk.com weibo.com x.com youtu.be youtube.com
"""
SOCIAL = frozenset(_PLATFORMS.split())
"""Domains whose paths name accounts."""

_NAMES_OF_PLATFORMS = {
    "bsky.app": ("bluesky",),
    "fb.com": ("facebook",),
    "fb.me": ("facebook",),
    "t.me": ("telegram",),
    "twitter.com": ("twitter", "x"),
    "x.com": ("twitter", "x"),
    "youtu.be": ("youtube",),
}
"""What records call the platform of a domain, where that is not the domain's first label."""

_WORDS_OF_PATHS = """
about c channel channels comment comments explore feed groups hashtag home i intent live media p
page pages photo photos playlist post posts profile r reel reels s search share shorts status
statuses t tag topic topics u user users video videos wall watch web
"""
_FIXED = frozenset(_WORDS_OF_PATHS.split())
# A tag or a search names a topic.
_TOPIC = frozenset(("hashtag", "r", "search", "tag", "topic"))

LINK = re.compile(r"(?:https?|hxxps?|ftp)://[^\s<>\"'«»“”]+", re.IGNORECASE)
"""Links inside a text."""

_HIDDEN_PART = "…"


class Known(Protocol):
    """What links ask of whoever holds the names."""

    def of_segment(self, segment: str, host: str) -> str | None:
        """The pseudonym of a handle or id known on the platform of a host, else None."""
        ...

    def of_stranger(self, name: str, host: str) -> str:
        """The pseudonym of an account on a host."""
        ...


def defanged(host: str) -> str:
    """``example[.]org``; a name in another script stands beside the one that is looked up."""
    plain = _bare(host)
    seen = show_host(plain)
    both = plain if seen == plain else f"{plain} ({seen})"
    return both.replace(".", "[.]")


def safe_link(url: str, names: Known) -> str:
    """A link to read, not to follow: ``hxxps://example[.]org/path``, names replaced, cut short.

    User, port and fragment are left out; of a query only that there was one is told.
    """
    scheme, host, path = _parts(url)
    shown = "/".join([defanged(host), *_safe_path(host, path, names)])
    text = scheme.replace("http", "hxxp") + shown
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def nameless_link(url: str, names: Known) -> str:
    """A link to compute with: as `safe_link`, but whole, and the host as it is looked up."""
    scheme, host, path = _parts(url)
    return scheme + "/".join([_bare(host), *_safe_path(host, path, names)])


def _parts(url: str) -> tuple[str, str, str]:
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "", url
    host, slash, path = re.sub(r"^([^/?#\\]*)[\\/]?", r"\1/", rest, count=1).partition("/")
    return scheme.lower() + mark, host, path if slash else ""


def _bare(host: str) -> str:
    """The host alone in its normal form, without user and port."""
    alone = host.rpartition("@")[2].partition(":")[0]
    return (normalise_host(alone) or alone).lower()


@lru_cache(maxsize=65_536)
def platforms_of_host(host: str) -> tuple[str, ...]:
    """What records may call the platform of a host (`SOCIAL`); empty where it is none."""
    for domain in suffixes(host):
        if domain in SOCIAL:
            return _NAMES_OF_PLATFORMS.get(domain, (domain.partition(".")[0],))
    return ()


def _safe_path(host: str, path: str, names: Known) -> list[str]:
    before, _, query = path.partition("#")[0].partition("?")
    if not before and not query:
        return []
    segments = [unquote(segment) for segment in before.split("/")]
    plain = _bare(host)
    safe = (_social if platforms_of_host(plain) else _elsewhere)(segments, plain, names)
    if query:
        safe[-1] += "?" + _HIDDEN_PART
    return safe


def _social(segments: list[str], host: str, names: Known) -> list[str]:
    safe: list[str] = []
    named = topic = False
    for segment in segments:
        fixed = segment.lower() in _FIXED
        if not segment or topic or fixed:
            safe.append(segment)
        elif (known := names.of_segment(segment, host)) is not None:
            safe.append(known)
        else:
            safe.append(_HIDDEN_PART if named else names.of_stranger(segment, host))
        named = named or bool(segment and not fixed)
        topic = segment.lower() in _TOPIC
    return safe


def _elsewhere(segments: list[str], host: str, names: Known) -> list[str]:
    safe: list[str] = []
    handle = False
    for segment in segments:
        known = names.of_segment(segment, host)
        if known is None and segment.startswith("@") and len(segment) > 1:
            known = names.of_stranger(segment, host)
        elif known is None and handle and segment.isdigit():
            known = _HIDDEN_PART  # a post of a named account, as on servers of the fediverse
        handle = handle or segment.startswith("@")
        safe.append(segment if known is None else known)
    return safe
