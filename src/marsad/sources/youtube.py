"""Comments, videos and channels of the YouTube Data API.

A comment stands alone or as the ``topLevelComment`` of a thread; one that opens a thread answers
the video. Videos are posts of their channel, with title and description as the text; channels are
observations. Comments that are held for review are not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from marsad.sources.documents import Documents, Fields, Object
from marsad.sources.paths import Document, json_text
from marsad.sources.said import titled


def _said(name: str) -> str:
    """A path of what is said: by the comment that opens a thread, or in the row itself."""
    return f"snippet.topLevelComment.snippet.{name} | snippet.{name}"


_POST: Fields = {
    "created_at": _said("publishedAt"),
    "avatar": _said("authorProfileImageUrl"),
    "language": "snippet.defaultAudioLanguage | snippet.defaultLanguage",
    "reply_to": f"{_said('parentId')} | {_said('videoId')}",
    "likes": f"{_said('likeCount')} | statistics.likeCount",
    "replies": "snippet.totalReplyCount | statistics.commentCount",
}

_LOOK: Fields = {
    "name": "snippet.title",
    "bio": "snippet.description",
    "avatar": "snippet.thumbnails.high.url | snippet.thumbnails.default.url",
    "followers": "statistics.subscriberCount",
    "account_posts": "statistics.videoCount",
    "account_created_at": "snippet.publishedAt",
}

_KINDS = {
    "comment": "posts", "commentThread": "posts", "video": "posts", "searchResult": "posts",
    "channel": "observations",
}  # fmt: skip
_HELD = ("heldForReview", "likelySpam", "rejected")


class YouTube(Documents):
    """Comments and videos → posts, channels → observations."""

    name = "youtube"
    platform = "youtube"
    kinds: ClassVar[Mapping[str, Fields]] = {"posts": _POST, "observations": _LOOK}
    also = " ".join(
        (
            "kind id{} snippet.channelId snippet.channelTitle snippet.tags[] snippet.customUrl",
            *map(
                _said,
                (
                    "authorChannelId.value", "authorChannelUrl", "authorDisplayName",
                    "textOriginal", "textDisplay", "moderationStatus",
                ),
            ),
        )
    ).replace(" | ", " ")  # fmt: skip

    @classmethod
    def fits(cls, row: Object) -> bool:
        kind = row.get("kind")
        named = isinstance(kind, str) and kind.removeprefix("youtube#") in _KINDS
        return named and isinstance(row.get("snippet"), Mapping)

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue:
        kind = doc.text("kind").replace("youtube#", "")
        known = [(kind == named, made) for named, made in _KINDS.items()]
        # A result of a search may be a channel or a playlist, too.
        without_id = ibis.ifelse(kind == "searchResult", _video(doc).isnull(), _id(doc).isnull())
        return ibis.cases((without_id, ibis.null("string")), *known)

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        if kind == "observations":
            handle = doc.text("snippet.customUrl")
            return {"account_id": _id(doc), "handle": ibis.cases((handle.startswith("@"), handle))}
        comment = doc.text("kind").contains("comment")
        shown = doc.text(_said("authorDisplayName"))
        by_handle = shown.startswith("@")
        plain = doc.text(_said("textOriginal"))
        written = ibis.coalesce(plain, doc.text(_said("textDisplay")))
        video = titled(doc.text("snippet.title"), doc.text("snippet.description"))
        # The titles of a search come escaped, those of videos do not.
        searched = doc.text("kind").contains("searchResult")
        return {
            "id": ibis.ifelse(comment, _id(doc), _video(doc)),
            "account_id": ibis.ifelse(comment, _author(doc), doc.text("snippet.channelId")),
            "handle": ibis.cases((comment & by_handle, shown)),
            "name": ibis.cases((~comment, doc.text("snippet.channelTitle")), (~by_handle, shown)),
            "text": ibis.ifelse(comment, written, video),
            "is_html": searched | (comment & plain.isnull() & written.notnull()),
            "hashtags": ibis.cases((~comment, doc.texts("snippet.tags[]"))),
        }

    @classmethod
    def reason(cls, kind: str, doc: Document) -> ir.StringValue | None:
        held = doc.text(_said("moderationStatus")).isin(_HELD)
        return ibis.cases((held, "not-public")) if kind == "posts" else None


def _id(doc: Document) -> ir.StringValue:
    """The id, which is a string save in the results of a search."""
    given = doc.text("id{}")
    return ibis.cases((given.startswith('"'), json_text(given, "$").nullif("")))


def _video(doc: Document) -> ir.StringValue:
    """The id of a video: ``"…"`` or ``{"videoId": "…"}``."""
    given = doc.text("id{}")
    inside = ibis.cases((given.startswith("{"), json_text(given, "$.videoId").nullif("")))
    return ibis.coalesce(inside, _id(doc))


def _author(doc: Document) -> ir.StringValue:
    """The channel of who comments, by its id; failing that as the address of its page ends."""
    address = doc.text(_said("authorChannelUrl"))
    listed = address.re_extract(r"/channel/([\w-]+)", 1).nullif("")
    return ibis.coalesce(doc.text(_said("authorChannelId.value")), listed)
