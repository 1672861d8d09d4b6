"""Mastodon statuses and accounts, as its API gives them (and Pleroma's and others' that follow it).

The ``id`` of a status is the server's own: the same post has another on every server. Records
take the ``uri``, which is the same everywhere, and the account's ``url`` likewise. What a post
replies to is given by its local id alone; where a post answers its own author on the author's
server, the ``uri`` follows from that, elsewhere the local id stands. Posts for followers or one
reader (``private``, ``direct``, ``limited``) are not public and not taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from marsad.sources.documents import Documents, Fields, Object
from marsad.sources.paths import Document

_ACCOUNT = {
    "name": "account.display_name",
    "bio": "account.note",
    "avatar": "account.avatar_static | account.avatar",
    "followers": "account.followers_count",
    "following": "account.following_count",
    "account_posts": "account.statuses_count",
    "account_created_at": "account.created_at",
}

_POST: Fields = {
    "id": "uri | url | id",
    "created_at": "created_at",
    "text": "reblog.content | content",
    "language": "reblog.language | language",
    "account_id": "account.url | account.uri | account.id",
    **_ACCOUNT,
    "repost_of": "reblog.uri | reblog.url | reblog.id",
    "repost_of_account": "reblog.account.url | reblog.account.uri | reblog.account.id",
    "quote_of": "quote.quoted_status.uri | quote.uri | quote.quoted_status_id | quote_id",
    "client": "application.name",
    "likes": "favourites_count",
    "reposts": "reblogs_count",
    "replies": "replies_count",
    "hashtags": "reblog.tags[].name | tags[].name",
    "media_urls": "reblog.media_attachments[].url | media_attachments[].url",
    "media_alts": "reblog.media_attachments[].description | media_attachments[].description",
}

_LOOK: Fields = {
    "account_id": "url | uri | id",
    **{field: path.replace("account.", "") for field, path in _ACCOUNT.items()},
}

_PUBLIC = ("public", "unlisted")


class Mastodon(Documents):
    """Statuses → posts, accounts → observations."""

    name = "mastodon"
    platform = "mastodon"
    kinds: ClassVar[Mapping[str, Fields]] = {"posts": _POST, "observations": _LOOK}
    also = (
        "acct username visibility suspended reblog.visibility account.acct account.username "
        "account.suspended in_reply_to_id in_reply_to_account_id account.id "
        "mentions[].id mentions[].acct mentions[].url "
        "reblog.mentions[].id reblog.mentions[].acct reblog.mentions[].url"
    )

    @classmethod
    def fits(cls, row: Object) -> bool:
        author = row.get("account")
        status = isinstance(author, Mapping) and "acct" in author and "content" in row
        return status or ("acct" in row and "username" in row and "followers_count" in row)

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue:
        return ibis.cases(
            (doc.has("account.acct | account.username"), "posts"), (doc.has("acct"), "observations")
        )

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        if kind == "observations":
            return {
                "handle": _global_handle(doc.text("acct | username"), doc.text("url")),
                "state": _state(doc.text("suspended")),
            }
        account = doc.text("account.url")
        return {
            "handle": _global_handle(doc.text("account.acct | account.username"), account),
            "state": _state(doc.text("account.suspended")),
            "is_html": ibis.literal(True),
            "is_repost": ibis.cases((doc.has("reblog.uri | reblog.id"), "true")),
            "reply_to": _reply_to(doc),
            "reply_to_account": _reply_to_account(doc),
            "mentions": _mentions(doc),
        }

    @classmethod
    def reason(cls, kind: str, doc: Document) -> ir.StringValue | None:
        if kind != "posts":
            return None
        hidden = doc.text("visibility").notin(_PUBLIC) | doc.text("reblog.visibility").notin(
            _PUBLIC
        )
        return ibis.cases((hidden, "not-public"))


def _global_handle(acct: ir.StringValue, url: ir.StringValue) -> ir.StringValue:
    """``user@host``: an ``acct`` without host is of the server that was asked, as its URL says."""
    host = url.split("/")[2]
    local = ~acct.contains("@") & (host != "")
    return ibis.cases((local, acct + "@" + host), else_=acct)


def _state(suspended: ir.StringValue) -> ir.StringValue:
    return ibis.cases((suspended == "true", "suspended"))


def _reply_to(doc: Document) -> ir.StringValue:
    own_id, uri, parent = doc.text("id"), doc.text("uri"), doc.text("in_reply_to_id")
    to_self = doc.text("in_reply_to_account_id") == doc.text("account.id")
    base = uri.left(uri.length() - own_id.length())
    return ibis.cases((to_self & uri.endswith("/" + own_id), base + parent), else_=parent)


def _reply_to_account(doc: Document) -> ir.StringValue:
    """The URL of the account replied to: the author's own, or the one mentioned with that id."""
    local = doc.text("in_reply_to_account_id")
    mentions = doc.items("mentions[]")
    answered = mentions.filter(lambda mention: mention["id"] == local)[0]
    return ibis.cases(
        (local == doc.text("account.id"), doc.text("account.url")),
        else_=answered["url"],
    )


def _mentions(doc: Document) -> ir.ArrayValue:
    mentions = ibis.coalesce(doc.items("reblog.mentions[]"), doc.items("mentions[]"))
    return mentions.map(
        lambda mention: ibis.literal("@") + _global_handle(mention["acct"], mention["url"])
    )
