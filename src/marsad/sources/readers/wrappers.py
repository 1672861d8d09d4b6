"""JSON objects that are no records themselves but hold arrays of records, told by their keys.

Known: Telegram (`messages`; `chats.list[].messages` of a full export), ActivityStreams
(`orderedItems`, `items`), Mastodon (`statuses`, `accounts`, `ancestors`, `descendants`), the X API
(`data`, `statuses`), Bluesky (`feed`, `posts`, `actors`, …), Reddit (`data.children`), TikTok
(`data.videos`), Elasticsearch (`hits.hits`), and plain names such as `posts` or `results`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

RECORDS = frozenset((
    "messages", "orderedItems", "items", "statuses", "accounts", "ancestors", "descendants",
    "data", "feed", "posts", "actors", "likes", "reposts", "followers", "follows", "following",
    "followings", "users", "tweets", "children", "videos", "comments", "hits", "results",
    "records", "rows", "entries", "events", "response", "reports", "notes", "toots", "edges",
    "shares", "labels", "observations",
))  # fmt: skip
"""Keys under which an array holds records."""

BRANCHES = frozenset((
    "data", "hits", "response", "result", "results", "chats", "left_chats", "payload", "body",
))  # fmt: skip
"""Keys under which an object may be a wrapper, too."""

CHATS = "list"
"""The key, below `chats`, of an array whose elements are wrappers: one a chat."""

DEEPEST = 4
"""Objects inside objects that are looked into for records."""

CHAT_BRANCHES = frozenset(("chats", "left_chats"))
_CHAT_FIELDS = ("name", "type", "id")

_EVEN_EMPTY = frozenset(("messages", "orderedItems", "items", "statuses", "data", "results"))
"""Keys that make an object a wrapper even if there is nothing in the array."""

_OF_A_RECORD = frozenset((
    "text", "full_text", "content", "body", "message", "caption", "created_at", "createdAt",
    "published", "timestamp", "time_us", "commit", "record", "preferred_username",
    "preferredUsername", "acct", "username", "screen_name",
))  # fmt: skip
_NOT_PLAIN = frozenset(("id", "@context", "type"))


def is_wrapper(value: Mapping[str, Any]) -> bool:
    """Whether a whole object holds records under a known key and is not one itself."""
    if _is_collection(value):
        return True
    if not _OF_A_RECORD.isdisjoint(value):
        return False
    return next(_arrays(value), None) is not None


def plain_key(value: Mapping[str, Any]) -> str | None:
    """The key of the only array of objects in an object that else holds plain values."""
    if not _NOT_PLAIN.isdisjoint(value) or not _OF_A_RECORD.isdisjoint(value):
        return None
    arrays = [key for key, item in value.items() if isinstance(item, list)]
    if len(arrays) != 1 or any(isinstance(item, dict) for item in value.values()):
        return None
    items = value[arrays[0]]
    return arrays[0] if len(items) > 1 and all(isinstance(item, dict) for item in items) else None


def _is_collection(value: Mapping[str, Any]) -> bool:
    kind = value.get("type")
    collection = isinstance(kind, str) and "Collection" in kind
    return collection and any(_holds_objects(value.get(key)) for key in ("orderedItems", "items"))


def _arrays(value: Mapping[str, Any], depth: int = 1) -> Iterator[str]:
    """The keys of arrays of records in an object, and of branches that hold such arrays."""
    for key, item in value.items():
        if key in RECORDS and _holds_objects(item) and (item or key in _EVEN_EMPTY):
            yield key
        elif key in BRANCHES and isinstance(item, dict) and depth < DEEPEST:
            if key in CHAT_BRANCHES and isinstance(item.get(CHATS), list):
                yield key
            yield from _arrays(item, depth + 1)


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list) and (not value or isinstance(value[0], dict))


def chat_of(head: Mapping[str, Any]) -> dict[str, Any]:
    """What a Telegram export says once for all messages of a chat: name, type and id."""
    return {name: head[name] for name in _CHAT_FIELDS if name in head}
