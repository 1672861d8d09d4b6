"""Pages of the X API v2: `data` with `includes`, as twarc2 writes them before flattening.

A page becomes one row a post, with what the page keeps apart put back where it belongs, under the
names that twarc's `ensure_flattened` uses: `author`, `in_reply_to_user`, `referenced_tweets[]`,
`attachments.media`, `attachments.poll`, `geo`, `entities.mentions[]`. Unlike there, a referenced
post's own references are not expanded again: nested without bound, they can grow exponentially.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.sources.nested import holds_rows, rows_within

Json = dict[str, Any]
_MARKS = ("includes", "meta", "matching_rules", "__twarc")
_CARRIED = ("matching_rules", "__twarc")
_POST_MARKS = ("id", "text", "author_id", "username")


def is_page(value: Any) -> bool:
    """Whether a JSON value is a page of results: `data` beside `includes`, `meta` or the like."""
    if not isinstance(value, dict) or "id" in value or not any(mark in value for mark in _MARKS):
        return False
    data = value.get("data")
    if data is None:  # a page without results has no `data`
        meta = value.get("meta")
        return isinstance(meta, dict) and "result_count" in meta
    if isinstance(data, list):
        return all(isinstance(item, dict) for item in data)
    return isinstance(data, dict) and any(mark in data for mark in _POST_MARKS)


def rows_of_page(page: Json) -> list[Json]:
    """The posts (or accounts) of a page, each with what belongs to it."""
    data = page.get("data") or []
    includes = Includes.of(page.get("includes"))
    carried = {name: page[name] for name in _CARRIED if name in page}
    return [{**includes.complete(item), **carried} for item in _objects(data)]


def rows_of_line(text: str) -> Sequence[str] | None:
    """The JSON texts that a line stands for if it is a page or holds others, else None."""
    try:
        value = json.loads(text)
        if is_page(value):
            return [as_text(row) for row in rows_of_page(value)]
        return [as_text(row) for row in rows_within(value)] if holds_rows(value) else None
    except (ValueError, RecursionError):
        return None


def as_text(value: Any) -> str:
    """A value as JSON that is valid UTF-8: lone surrogates stay escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text


@dataclass(frozen=True)
class Includes:
    """What a page keeps apart from its posts, by id (accounts by name, too)."""

    users: Mapping[Any, Json]
    names: Mapping[Any, Json]
    tweets: Mapping[Any, Json]
    media: Mapping[Any, Json]
    polls: Mapping[Any, Json]
    places: Mapping[Any, Json]

    @classmethod
    def of(cls, includes: Any) -> Includes:
        """From the `includes` of a page; what is missing there is left out of the posts."""
        parts = includes if isinstance(includes, dict) else {}
        return cls(
            users=_by(parts.get("users"), "id"),
            names=_by(parts.get("users"), "username"),
            tweets=_by(parts.get("tweets"), "id"),
            media=_by(parts.get("media"), "media_key"),
            polls=_by(parts.get("polls"), "id"),
            places=_by(parts.get("places"), "id"),
        )

    def complete(self, post: Json) -> Json:
        """A post with its author, references, media, place and mentions."""
        whole = self._with_own(post)
        references = post.get("referenced_tweets")
        if isinstance(references, list):
            whole["referenced_tweets"] = [self._reference(item) for item in references]
        if found := _get(self.tweets, post.get("pinned_tweet_id")):
            whole["pinned_tweet"] = self._with_own(found)
        return whole

    def _reference(self, reference: Any) -> Any:
        if not isinstance(reference, dict):
            return reference
        found = _get(self.tweets, reference.get("id"))
        return {**reference, **self._with_own(found)} if found else reference

    def _with_own(self, post: Json) -> Json:
        """A post with everything but its references."""
        whole = dict(post)
        if author := _get(self.users, post.get("author_id")):
            whole["author"] = author
        if replied := _get(self.users, post.get("in_reply_to_user_id")):
            whole["in_reply_to_user"] = replied
        for name, complete in (
            ("attachments", self._attachments),
            ("geo", self._geo),
            ("entities", self._entities),
        ):
            if isinstance(post.get(name), dict):
                whole[name] = complete(post[name])
        return whole

    def _attachments(self, attachments: Json) -> Json:
        whole = dict(attachments)
        media = [_get(self.media, key) for key in _list(attachments.get("media_keys"))]
        polls = [_get(self.polls, key) for key in _list(attachments.get("poll_ids"))]
        if any(media):
            whole["media"] = [found for found in media if found]
        if any(polls):
            whole["poll"] = next(found for found in reversed(polls) if found)
        return whole

    def _geo(self, geo: Json) -> Json:
        return {**geo, **(_get(self.places, geo.get("place_id")) or {})}

    def _entities(self, entities: Json) -> Json:
        mentions = entities.get("mentions")
        if not isinstance(mentions, list):
            return entities
        whole = [
            {**mention, **(_get(self.names, mention.get("username")) or {})}
            if isinstance(mention, dict)
            else mention
            for mention in mentions
        ]
        return {**entities, "mentions": whole}


def _by(items: Any, key: str) -> dict[Any, Json]:
    return {item[key]: item for item in _objects(items) if isinstance(item.get(key), (str, int))}


def _get(found: Mapping[Any, Json], key: Any) -> Json | None:
    return found.get(key) if isinstance(key, (str, int)) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> Iterable[Json]:
    items = [value] if isinstance(value, dict) else _list(value)
    return [item for item in items if isinstance(item, dict)]
