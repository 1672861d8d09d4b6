"""Tweets and users of the Twitter API v1.1 and its streams, one a line (twarc, TCAT, archives).

Takes the long text where there is one (``extended_tweet``, ``full_text``), and of a repost the
original's, because the repost's own is cut. Notices that a post was deleted, or withheld in some
country, are observations of the post; other notices of the stream are not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from marsad.sources.documents import Documents, Fields, Object
from marsad.sources.paths import Document

_USER = {
    "handle": "user.screen_name",
    "name": "user.name",
    "bio": "user.description",
    "avatar": "user.profile_image_url_https | user.profile_image_url",
    "followers": "user.followers_count",
    "following": "user.friends_count",
    "account_posts": "user.statuses_count",
    "account_created_at": "user.created_at",
}

_TEXTS = "extended_tweet.full_text | full_text | text"


def _long(path: str, prefix: str = "") -> str:
    """A path of the entities, of the long form of a post first."""
    return f"{prefix}extended_tweet.{path} | {prefix}{path}"


def _either(path: str) -> str:
    """A path of the original where the row is a repost, else of the row itself."""
    return f"{_long(path, 'retweeted_status.')} | {_long(path)}"


_POST: Fields = {
    "id": "id_str | id",
    "created_at": "created_at",
    "text": " | ".join(f"retweeted_status.{one}" for one in _TEXTS.split(" | ")) + f" | {_TEXTS}",
    "language": "lang",
    "account_id": "user.id_str | user.id",
    **_USER,
    "repost_of": "retweeted_status.id_str | retweeted_status.id",
    "repost_of_account": "retweeted_status.user.id_str | retweeted_status.user.id",
    "reply_to": "in_reply_to_status_id_str | in_reply_to_status_id",
    "reply_to_account": "in_reply_to_user_id_str | in_reply_to_user_id",
    "quote_of": "quoted_status_id_str | quoted_status_id",
    "likes": "favorite_count",
    "reposts": "retweet_count",
    "replies": "reply_count",
    "hashtags": _either("entities.hashtags[].text"),
    "media_urls": _either("extended_entities.media[].media_url_https"),
    "media_alts": _either("extended_entities.media[].ext_alt_text"),
}

_LOOK: Fields = {
    "account_id": "id_str | id",
    **{field: path.replace("user.", "") for field, path in _USER.items()},
    "observed_at": "delete.timestamp_ms | status_withheld.timestamp_ms",
    "subject": "delete.status.id_str | delete.status.id | status_withheld.id",
}

_NOTICES = ("delete", "status_withheld", "user_withheld", "scrub_geo", "limit", "warning")


class TwitterV1(Documents):
    """Tweets → posts, users and notices of deletion → observations."""

    name = "twitter-v1"
    platform = "twitter"
    kinds: ClassVar[Mapping[str, Fields]] = {"posts": _POST, "observations": _LOOK}
    also = (
        "source user.protected protected "
        "delete.status.user_id_str delete.status.user_id status_withheld.user_id "
        + " ".join(
            f"{prefix}entities.{one}"
            for prefix in (
                "",
                "extended_tweet.",
                "retweeted_status.",
                "retweeted_status.extended_tweet.",
            )
            for one in ("urls[].expanded_url", "urls[].url", "user_mentions[].screen_name")
        )
    )

    @classmethod
    def fits(cls, row: Object) -> bool:
        user = row.get("user")
        tweet = isinstance(user, Mapping) and "screen_name" in user
        tweet = tweet and ("text" in row or "full_text" in row) and ("id" in row or "id_str" in row)
        profile = "screen_name" in row and "followers_count" in row and "id_str" in row
        notice = len(row) == 1 and any(name in row for name in _NOTICES)
        return tweet or profile or notice

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue:
        notice = doc.has("delete.status.id_str | delete.status.id | status_withheld.id")
        return ibis.cases(
            (doc.has("user.screen_name | user.id_str | user.id"), "posts"),
            (notice | doc.has("screen_name"), "observations"),
        )

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        if kind == "observations":
            return _look(doc)
        return {
            "is_repost": ibis.cases(
                (doc.has("retweeted_status.id_str | retweeted_status.id"), "true")
            ),
            "client": _client(doc.text("source")),
            "urls": _entities(doc, "urls[]").map(
                lambda url: ibis.coalesce(url["expanded_url"], url["url"])
            ),
            "mentions": _entities(doc, "user_mentions[]").map(
                lambda mention: ibis.literal("@") + mention["screen_name"]
            ),
        }

    @classmethod
    def reason(cls, kind: str, doc: Document) -> ir.StringValue | None:
        if kind != "posts":
            return None
        return ibis.cases((doc.text("user.protected") == "true", "not-public"))


def _entities(doc: Document, name: str) -> ir.ArrayValue:
    return ibis.coalesce(*map(doc.items, _either(f"entities.{name}").split(" | ")))


def _client(source: ir.StringValue) -> ir.StringValue:
    """The name in ``<a href="…">Twitter for iPhone</a>``."""
    linked = source.startswith("<a ") & source.endswith("</a>")
    name = source.split(">")[1].replace("</a", "")
    return ibis.cases((linked, name.nullif("")), else_=source)


def _look(doc: Document) -> Mapping[str, ir.Value]:
    deleted, withheld = (
        doc.has("delete.status.id_str | delete.status.id"),
        doc.has("status_withheld.id"),
    )
    author = doc.text("delete.status.user_id_str | delete.status.user_id | status_withheld.user_id")
    return {
        "account_id": ibis.coalesce(author, doc.text("id_str | id")),
        "subject_kind": ibis.cases((deleted | withheld, "post")),
        "state": ibis.cases(
            (deleted, "removed"),
            (withheld, "withheld"),
            (doc.text("protected") == "true", "protected"),
        ),
    }
