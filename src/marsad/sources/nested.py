"""Records that stand inside one another in the answers of an API: threads and pages of them.

Bluesky's threads have answers below answers and the posts answered above, YouTube's threads the
answers to a comment, Reddit's listings listings. Each record becomes a row of its own, as its
source knows it when it stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]


def holds_rows(value: Any) -> bool:
    """Whether a JSON value is an object that `rows_within` takes apart."""
    return isinstance(value, Mapping) and any(known(value) for known in _INNER)


def rows_within(value: Json) -> Iterator[Json]:
    """The rows in a JSON object, in the order of the file; the object itself where it is one row.

    However deep they lie: no call goes deeper for it.
    """
    waiting: list[Json] = [value]
    while waiting:
        one = waiting.pop()
        inner = next((found for known, found in _INNER.items() if known(one)), None)
        if inner is None:
            yield one
            continue
        own, below = inner(one)
        yield from own
        waiting.extend(reversed(below))


_Inner = tuple[list[Json], list[Json]]
"""What is a row by itself, and what stands inside and may hold more."""


def _objects(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


_BLUESKY = "app.bsky."


def _is_thread(value: Json) -> bool:
    """An answer of Bluesky's API: a thread, whatever became of the post that was asked for."""
    thread = value.get("thread")
    if not isinstance(thread, Mapping) or any(name in value for name in ("id", "uri", "text")):
        return False
    return _BLUESKY in str(thread.get("$type")) or _of_bluesky(thread)


def _of_bluesky(value: Json) -> bool:
    """Whether an object is a post, an account or a list of Bluesky's, or holds a post."""
    post = value.get("post")
    inner = post.get("uri") if isinstance(post, Mapping) else None
    return str(value.get("uri") or inner).startswith("at://") or "did" in value


def _thread(value: Json) -> _Inner:
    return [], [value["thread"]]


def _is_thread_post(value: Json) -> bool:
    """A post of Bluesky beside the posts above or below it."""
    post = value.get("post")
    known = isinstance(post, Mapping) and str(post.get("uri")).startswith("at://")
    return known and (isinstance(value.get("replies"), list) or "parent" in value)


def _thread_post(value: Json) -> _Inner:
    parent = value.get("parent")
    above = [parent] if isinstance(parent, Mapping) else []
    alone = {"post": value["post"]}
    return [], [*above, alone, *_objects(value.get("replies"))]


def _is_comment_thread(value: Json) -> bool:
    """A comment of YouTube beside answers to it."""
    replies = value.get("replies")
    snippet = value.get("snippet")
    return (
        isinstance(replies, Mapping)
        and isinstance(replies.get("comments"), list)
        and isinstance(snippet, Mapping)
        and isinstance(snippet.get("topLevelComment"), Mapping)
    )


def _comment_thread(value: Json) -> _Inner:
    alone = {name: inner for name, inner in value.items() if name != "replies"}
    return [alone, *_objects(value["replies"]["comments"])], []


def _children(value: Any) -> list[Json] | None:
    """What a listing of Reddit holds; None for anything else."""
    data = value.get("data") if isinstance(value, Mapping) else None
    children = data.get("children") if isinstance(data, Mapping) else None
    listing = isinstance(children, list) and value.get("kind") == "Listing"
    return _objects(children) if listing else None


def _is_listing(value: Json) -> bool:
    return _children(value) is not None


def _listing(value: Json) -> _Inner:
    return [], _children(value) or []


def _is_answered(value: Json) -> bool:
    """A comment of Reddit with the listing of the answers to it."""
    data = value.get("data")
    return isinstance(data, Mapping) and _children(data.get("replies")) is not None


def _answered(value: Json) -> _Inner:
    data = value["data"]
    alone = {name: inner for name, inner in data.items() if name != "replies"}
    return [{**value, "data": alone}], _children(data["replies"]) or []


_PAGES = ("feed", "posts", "actors", "followers", "follows")
_BESIDE = {"cursor", "subject", "hitsTotal"}


def _page_of(value: Json) -> str | None:
    """The key of the only array in a page of Bluesky's or YouTube's API; None for anything else,
    such as a post that carries others with it."""
    arrays = [name for name, inner in value.items() if isinstance(inner, list)]
    if len(arrays) != 1:
        return None
    if arrays == ["items"] and str(value.get("kind")).endswith("ListResponse"):
        return "items"
    plain = set(value) - {arrays[0]} <= _BESIDE
    known = all(_of_bluesky(item) for item in _objects(value[arrays[0]]))
    return arrays[0] if arrays[0] in _PAGES and plain and known else None


def _is_page(value: Json) -> bool:
    return _page_of(value) is not None


def _page(value: Json) -> _Inner:
    return [], _objects(value[_page_of(value) or ""])


_INNER: Mapping[Callable[[Json], bool], Callable[[Json], _Inner]] = {
    _is_thread: _thread,
    _is_thread_post: _thread_post,
    _is_comment_thread: _comment_thread,
    _is_listing: _listing,
    _is_answered: _answered,
    _is_page: _page,
}
