"""Posts and users of the X (Twitter) API v2, one a line, as ``twarc2 flatten`` leaves them.

The readers flatten whole answers of the API in the same way (`marsad.sources.readers.pages`). The
text of a repost is the original's where the file has it: the API cuts the repost's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from marsad.sources.documents import Documents, Fields, Object
from marsad.sources.paths import Document

_AUTHOR = {
    "handle": "author.username",
    "name": "author.name",
    "bio": "author.description",
    "avatar": "author.profile_image_url",
    "followers": "author.public_metrics.followers_count",
    "following": "author.public_metrics.following_count",
    "account_posts": "author.public_metrics.tweet_count",
    "account_created_at": "author.created_at",
}

_POST: Fields = {
    "id": "id",
    "created_at": "created_at",
    "language": "lang",
    "account_id": "author_id | author.id",
    **_AUTHOR,
    "observed_at": "__twarc.retrieved_at",
    "reply_to_account": "in_reply_to_user_id",
    "client": "source",
    "likes": "public_metrics.like_count",
    "reposts": "public_metrics.retweet_count",
    "replies": "public_metrics.reply_count",
    "hashtags": "entities.hashtags[].tag",
    "media_alts": "attachments.media[].alt_text",
}

_LOOK: Fields = {
    "account_id": "id",
    "observed_at": "__twarc.retrieved_at",
    "handle": "username",
    **{field: path.replace("author.", "") for field, path in _AUTHOR.items() if field != "handle"},
}

_MARKS = ("conversation_id", "public_metrics", "edit_history_tweet_ids", "referenced_tweets")


class TwitterV2(Documents):
    """Flattened posts → posts, users → observations."""

    name = "twitter-v2"
    platform = "twitter"
    kinds: ClassVar[Mapping[str, Fields]] = {"posts": _POST, "observations": _LOOK}
    also = (
        "text note_tweet.text author.protected protected "
        "referenced_tweets[].id referenced_tweets[].type referenced_tweets[].author_id "
        "referenced_tweets[].text referenced_tweets[].note_tweet.text "
        "entities.urls[].url entities.urls[].expanded_url entities.urls[].unwound_url "
        "entities.mentions[].username attachments.media[].url "
        "attachments.media[].preview_image_url"
    )

    @classmethod
    def fits(cls, row: Object) -> bool:
        post = "author_id" in row and "text" in row and "id" in row
        post = post and (isinstance(row.get("author"), Mapping) or any(m in row for m in _MARKS))
        metrics = row.get("public_metrics")
        user = "username" in row and isinstance(metrics, Mapping) and "followers_count" in metrics
        return post or user

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue:
        post = doc.has("author_id | author.id")
        return ibis.cases((post, "posts"), (doc.has("username"), "observations"))

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        if kind == "observations":
            return {"state": ibis.cases((doc.text("protected") == "true", "protected"))}
        retweeted = _referenced(doc, "retweeted")
        original = ibis.coalesce(retweeted["note_tweet"]["text"], retweeted["text"])
        return {
            "text": ibis.coalesce(original, doc.text("note_tweet.text | text")),
            "is_repost": ibis.cases((retweeted["id"].notnull(), "true")),
            "repost_of": retweeted["id"],
            "repost_of_account": retweeted["author_id"],
            "reply_to": _referenced(doc, "replied_to")["id"],
            "quote_of": _referenced(doc, "quoted")["id"],
            "urls": doc.items("entities.urls[]").map(
                lambda url: ibis.coalesce(url["unwound_url"], url["expanded_url"], url["url"])
            ),
            "mentions": doc.items("entities.mentions[]").map(
                lambda mention: ibis.literal("@") + mention["username"]
            ),
            "media_urls": doc.items("attachments.media[]").map(
                lambda media: ibis.coalesce(media["url"], media["preview_image_url"])
            ),
        }

    @classmethod
    def reason(cls, kind: str, doc: Document) -> ir.StringValue | None:
        if kind != "posts":
            return None
        return ibis.cases((doc.text("author.protected") == "true", "not-public"))


def _referenced(doc: Document, kind: str) -> ir.StructValue:
    references = doc.items("referenced_tweets[]")
    return references.filter(lambda one: one["type"] == kind)[0]
