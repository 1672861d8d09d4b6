"""Whether a column's values could be a field's. A column that the sample shows empty may be any."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from marsad.records.language import language_code
from marsad.sources.plain import looks
from marsad.sources.plain.columns import Column
from marsad.sources.plain.names import GENERIC_ACCOUNT, SURE_TEXTS

_HALF = 0.5
_ID_DIGITS = 6
"""Digits that every id has and few counts reach."""
_PERMALINK = (
    "/status/", "/statuses/", "/posts/", "/post/", "/p/", "/video/", "/videos/", "/watch?",
    "/comments/", "//t.me/", "/permalink", "/reel/", "/notice/", "/objects/", "/@",
)  # fmt: skip

_MOST_STATES, _LEAST_STATES = 30, 0.05
_LONGEST_STATE = 40


def admits(kind: str, field: str, column: Column) -> bool:
    """Whether the values of ``column`` could be those of ``field`` of a kind."""
    checks = {**_CHECKS, **_OBJECTS} if kind == "shares" else _CHECKS
    check = checks.get(field)
    return check is None or column.empty or check(column)


def permalinks(column: Column) -> bool:
    """Whether a column of URLs says where each row's post is, rather than what it links to."""
    if not column.mostly(looks.is_url) or column.distinct < 0.98 * len(column.values):
        return False
    return column.mostly(lambda url: any(sign in url for sign in _PERMALINK))


def _time(column: Column) -> bool:
    """Times, most of them: where a name says so, bad rows of a short file cost only themselves."""
    return column.is_time or column.share(looks.is_time) >= _HALF


def _day(column: Column) -> bool:
    return column.is_time and column.mostly(looks.is_day, 0.95)


def _text(column: Column) -> bool:
    """Not numbers, times, URLs, states or a handful of words, unless the name leaves no doubt."""
    if "".join(column.steps) in SURE_TEXTS:
        return True
    if column.is_numeric or column.is_time or column.mostly(looks.is_boolean):
        return False
    if column.mostly(looks.is_state):
        return False
    if column.mostly(looks.is_url, 0.95) and column.length < 200:
        return False
    few = len(column.values) >= 20 and column.distinct <= 3 and column.length < 20
    return not few and not column.mostly(looks.is_id, 0.9)


def _count(column: Column) -> bool:
    return column.mostly(looks.is_whole, 0.9)


def _id(column: Column) -> bool:
    words = column.share(lambda text: len(text) > 300 or any(map(str.isspace, text.strip())))
    return words < 0.2 and not column.mostly(lambda text: text.lower() in ("true", "false"))


def _account_id(column: Column) -> bool:
    """An id; under a generic name only if it looks like one."""
    if not _id(column) or (column.is_time and not column.is_numeric):
        return False
    return not _is_generic(column) or column.mostly(looks.is_id)


def _handle(column: Column) -> bool:
    if column.is_time and not column.is_numeric:
        return False
    return column.mostly(looks.is_name) and not (_is_generic(column) and column.mostly(looks.is_id))


def _is_generic(column: Column) -> bool:
    return "".join(column.steps) in GENERIC_ACCOUNT


def _reference(column: Column) -> bool:
    """The id of another post: no handle, no list, and no truth value unless the name says id."""
    if column.mostly(looks.is_boolean) and not column.steps[-1].endswith(("id", "idstr")):
        return False
    return column.share(lambda text: text.startswith(("@", "[", "{"))) < 0.2 and _id(column)


def _account_reference(column: Column) -> bool:
    if column.mostly(looks.is_boolean) and not column.steps[-1].endswith(("id", "idstr")):
        return False
    return column.mostly(looks.is_name) and column.share(lambda text: text[0] in "[{") < 0.2


def _language(column: Column) -> bool:
    return column.mostly(lambda text: language_code(text) is not None, 0.3)


def _repost(column: Column) -> bool:
    return column.mostly(looks.is_repost_word, 0.9)


def _urls(column: Column) -> bool:
    with_url = column.mostly(lambda text: "://" in text or looks.is_address(text), 0.6)
    return with_url and not permalinks(column)


def _words(column: Column) -> bool:
    """Hashtags or handles: neither counts nor URLs nor sentences (a JSON list may be long)."""
    if column.mostly(looks.is_whole) and not column.mostly(looks.is_id):
        return False
    listed = column.mostly(lambda text: text.startswith(("[", "{")))
    return listed or column.length < 300


def _media(column: Column) -> bool:
    return column.mostly(lambda text: "://" in text or "/" in text or text.startswith("["), 0.6)


def _state(column: Column) -> bool:
    """Mostly states; or a few different words, some of which are: the others are then states that
    are not known, and whoever was in one must not pass for alive."""
    if column.mostly(looks.is_yes_or_state):
        return True
    return column.distinct <= _MOST_STATES and column.share(looks.is_state) >= _LEAST_STATES


def may_be_states(column: Column) -> bool:
    """A few different short words, none of which need be known: by its name they are states."""
    few = column.distinct <= _MOST_STATES and column.length <= _LONGEST_STATE
    return few and not column.empty and not column.is_time


def _client(column: Column) -> bool:
    return column.mostly(looks.is_client, 0.5) and not column.mostly(looks.is_platform)


def _platform(column: Column) -> bool:
    """Known platforms; under a name that says so any word but a device's, in most rows: what is no
    word costs its own."""
    if column.steps[-1] == "source":
        return column.mostly(looks.is_platform)
    return column.mostly(looks.is_name, _HALF) and not column.mostly(looks.is_device, 0.2)


def _label(column: Column) -> bool:
    few = column.distinct <= max(20, len(column.values) // 10)
    return few and column.length <= 60 and not (column.is_time and not column.is_numeric)


def _node(column: Column) -> bool:
    """An end of an edge; ``following`` and the like may as well be counts, which are short."""
    name = "".join(column.steps)
    if name in ("following", "followed", "friend", "friends", "followers") and column.is_numeric:
        return all(len(str(value)) >= _ID_DIGITS for value in column.values)
    return column.mostly(looks.is_name) or column.length < 60


def _edge_word(column: Column) -> bool:
    return column.mostly(looks.is_edge_word)


def _number(column: Column) -> bool:
    return column.is_numeric


def _object(column: Column) -> bool:
    return not column.mostly(looks.is_boolean) and not (column.is_time and not column.is_numeric)


def _prose_or_name(column: Column) -> bool:
    return not column.is_numeric and not column.is_time


_CHECKS: Mapping[str, Callable[[Column], bool]] = {
    "created_at": _time,
    "shared_at": _time,
    "observed_at": _time,
    "labelled_at": _time,
    "account_created_at": _time,
    "day": _day,
    "text": _text,
    "id": _id,
    "post_id": _id,
    "account_id": _account_id,
    "handle": _handle,
    "name": _prose_or_name,
    "bio": _prose_or_name,
    "language": _language,
    "is_repost": _repost,
    "repost_of": _reference,
    "reply_to": _reference,
    "quote_of": _reference,
    "repost_of_account": _account_reference,
    "reply_to_account": _account_reference,
    "urls": _urls,
    "hashtags": _words,
    "mentions": _words,
    "media_urls": _media,
    "client": _client,
    "platform": _platform,
    "state": _state,
    "label": _label,
    "source": _node,
    "target": _node,
    "one": _node,
    "kind": _edge_word,
    "probability": _number,
    "value": _number,
    **dict.fromkeys(
        ("followers", "following", "account_posts", "likes", "reposts", "replies"), _count
    ),
}

_OBJECTS: Mapping[str, Callable[[Column], bool]] = dict.fromkeys(
    ("url", "hashtag", "domain", "image", "repost", "reply", "mention", "text", "object"), _object
)
"""The fields of a share that name its objects."""
