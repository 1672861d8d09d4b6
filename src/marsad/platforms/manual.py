"""A platform that a person acts on: each request is a to-do with a link, and the person records
what they saw there (`marsad.decide.actions.hand`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self
from urllib.parse import quote, urlsplit

from marsad.platforms.base import (
    ACTS,
    KINDS,
    Answer,
    Asked,
    Place,
    Platform,
    Setting,
    Sight,
    Subject,
)
from marsad.records.errors import InputError

LINKS: Mapping[str, Mapping[str, str]] = {
    "bluesky": {"account": "https://bsky.app/profile/{id}"},
    "facebook": {"account": "https://www.facebook.com/{id}", "post": "https://www.facebook.com/{id}"},
    "instagram": {"account": "https://www.instagram.com/{id}/"},
    "reddit": {"account": "https://www.reddit.com/user/{id}",
               "post": "https://www.reddit.com/comments/{id}"},
    "telegram": {"account": "https://t.me/{id}"},
    "tiktok": {"account": "https://www.tiktok.com/@{id}"},
    "twitter": {"account": "https://x.com/i/user/{id}", "post": "https://x.com/i/status/{id}"},
    "youtube": {"account": "https://www.youtube.com/channel/{id}",
                "post": "https://www.youtube.com/watch?v={id}"},
}  # fmt: skip
"""Where a person finds subjects of well-known platforms. Media and sites have no link of their own:
a site that was reported is not for clicking on."""

_HANDLES = {"twitter": "https://x.com/{id}"}
_FIELD = "{id}"


class Manual(Platform):
    """A person does it. Nothing leaves this machine, and nobody looks but that person."""

    name = "manual"
    by_hand = True
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("links", dict, {}, "kind of subject → an address with {id}, https or http"),
    )

    def __init__(self, links: Mapping[str, str], handles: str | None = None) -> None:
        self._links, self._handles = links, handles

    @classmethod
    def open(cls, settings: Mapping[str, Any], place: Place) -> Self:
        """Raises `InputError` for a link that is no address with one ``{id}`` behind its host."""
        for kind, template in settings["links"].items():
            _check(place.name, kind, template)
        known = LINKS.get(place.name, {})
        handles = None if settings["links"] else _HANDLES.get(place.name)
        return cls({**known, **settings["links"]}, handles)

    def can(self, kind: str) -> frozenset[str]:
        """A person can do anything; whether they could, they record."""
        return frozenset(ACTS) if kind in KINDS else frozenset()

    def request(self, asked: Asked, key: str) -> Answer:
        """Puts it on the list of what people are to do."""
        return Answer("accepted", sent=False)

    def undo(self, asked: Asked, key: str) -> Answer:
        """Puts taking it back on the list."""
        return Answer("accepted", sent=False)

    def look(self, subject: Subject) -> Sight:
        """Nobody looks by himself."""
        return Sight("unknown")

    def link(self, subject: Subject) -> str | None:
        """The address of a subject. Its id may be anything: what is no letter or digit is
        percent-encoded, so that it stays one part of the path or of a value."""
        template, native = self._links.get(subject.kind), subject.native
        if subject.kind == "account" and native.startswith("@"):
            template, native = self._handles or template, native[1:]
        if template is None or native in ("", ".", ".."):
            return None
        encoded = quote(native.encode("utf-8", "replace"), safe="")
        return template.replace(_FIELD, encoded)


def _check(name: str, kind: str, template: Any) -> None:
    if kind not in KINDS:
        raise InputError("platform.link-kind", platform=name, given=kind, valid=list(KINDS))
    if not isinstance(template, str) or not _is_plain(template):
        raise InputError("platform.link", platform=name, kind=kind, given=str(template)[:200])


def _is_plain(template: str) -> bool:
    """One ``{id}``, and that behind a host that is written out."""
    if template.count(_FIELD) != 1 or not template.isascii() or not template.isprintable():
        return False
    rest = template.replace(_FIELD, "")
    if any(sign in rest for sign in " {}\\\"'<>"):
        return False
    try:
        parts = urlsplit(template)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    written_out = bool(host) and _FIELD not in parts.netloc and "@" not in parts.netloc
    return parts.scheme in ("https", "http") and written_out
