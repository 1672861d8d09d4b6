"""Posts and profiles as the API of Bluesky gives them: feeds, threads, searches, lists of accounts.

A post stands alone (``{uri, author, record, …}``) or in a feed as ``post``, there with a ``reason``
where it is somebody's repost, which then is a post of its own: by who reposted, at that time. Its
id is the repost's address; older answers leave that out, and then it is the post's with who
reposted it, which happens once. A post's id is its ``at://`` address, an account's its DID. What
was not found is an observation; blocked posts, notices and lists are not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from marsad.sources import atproto
from marsad.sources.documents import Documents, Fields, Object
from marsad.sources.paths import Document, Tree, inner_or_itself, parse

_RECORD = "post.record"
_BY = "reason.by"

_POST: Fields = {
    "text": f"{_RECORD}.text",
    "media_urls": "post.embed.images[].fullsize | post.embed.media.images[].fullsize",
}

_LOOK: Fields = {
    "name": "post.displayName",
    "bio": "post.description",
    "avatar": "post.avatar",
    "followers": "post.followersCount",
    "following": "post.followsCount",
    "account_posts": "post.postsCount",
    "account_created_at": "post.createdAt",
}

_OF_AUTHOR = {"handle": "handle", "name": "displayName", "avatar": "avatar",
              "account_created_at": "createdAt"}  # fmt: skip
_COUNTS = {"likes": "likeCount", "reposts": "repostCount", "replies": "replyCount"}


class Bluesky(Documents):
    """Posts and reposts → posts, profiles and posts not found → observations."""

    name = "bluesky"
    platform = "bluesky"
    kinds: ClassVar[Mapping[str, Fields]] = {"posts": _POST, "observations": _LOOK}
    also = (
        "reason.$type reason.uri reason.indexedAt "
        + " ".join(f"{who}.{name}" for who in (_BY, "post.author") for name in _OF_AUTHOR.values())
        + f" {_BY}.did post.author.did post.did post.handle post.uri post.indexedAt "
        "post.blocked post.notFound post.likeCount post.repostCount post.replyCount "
        f"{_RECORD}.$type {_RECORD}.createdAt {atproto.paths(_RECORD)}"
    )

    @classmethod
    def fits(cls, row: Object) -> bool:
        inner = _inner(row)
        address = inner.get("uri")
        author, record = inner.get("author"), inner.get("record")
        post = isinstance(address, str) and address.startswith("at://")
        post = post and isinstance(author, Mapping) and isinstance(record, Mapping)
        did = inner.get("did")
        profile = isinstance(did, str) and did.startswith("did:") and "handle" in inner
        return post or profile

    @classmethod
    def parsed(cls, raw: ir.Table, tree: Tree) -> ir.Table:
        inner: Tree = tree["post"]
        docs = parse(raw, {**inner, **tree, "thread": {"post": inner}})
        post = inner_or_itself(docs["doc"], ("post", "thread.post"), inner)
        reason = docs["doc"]["reason"]
        return docs.mutate(doc=ibis.struct({"post": post, "reason": reason}))

    @classmethod
    def within(cls, label: str) -> str:
        inner = label.removeprefix("thread.").removeprefix("post.")
        return inner if inner.startswith("reason.") else "post." + inner

    @classmethod
    def shown(cls, text: str) -> str:
        return text.replace("post.", "")

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue:
        known = doc.text(f"{_RECORD}.$type").fill_null(_TYPE) == _TYPE
        there = (doc.text("post.blocked") != "true").fill_null(True)
        post = doc.has("post.uri") & doc.has("post.author.did | post.author.handle")
        gone = doc.has("post.uri") & (doc.text("post.notFound") == "true")
        return ibis.cases(
            (post & known & there, "posts"),
            (gone | (doc.has("post.did") & doc.has("post.handle")), "observations"),
        )

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        return _post(doc) if kind == "posts" else _look(doc)


_TYPE = "app.bsky.feed.post"


def _inner(row: Object) -> Object:
    """The post in a row of a feed or thread, or the row itself."""
    thread = row.get("thread")
    outer = thread if isinstance(thread, Mapping) else row
    inner = outer.get("post")
    return inner if isinstance(inner, Mapping) else outer


def _handle(given: ir.StringValue) -> ir.StringValue:
    """The handle, unless the API says that it does not resolve."""
    return given.nullif("handle.invalid")


def _post(doc: Document) -> Mapping[str, ir.Value]:
    reposted = doc.text("reason.$type").endswith("#reasonRepost").fill_null(False)
    reposter = doc.text(f"{_BY}.did")
    reposted &= reposter.notnull()
    address, parent = doc.text("post.uri"), atproto.parent(doc, _RECORD)
    found = {
        "id": (ibis.coalesce(doc.text("reason.uri"), address + "#" + reposter), address),
        "account_id": (reposter, doc.text("post.author.did")),
        "created_at": (
            doc.text("reason.indexedAt"),
            doc.text(f"{_RECORD}.createdAt | post.indexedAt"),
        ),
        **{
            field: (doc.text(f"{_BY}.{name}"), doc.text(f"post.author.{name}"))
            for field, name in _OF_AUTHOR.items()
        },
    }
    values: dict[str, ir.Value] = {
        field: ibis.ifelse(reposted, by_reposter, by_author)
        for field, (by_reposter, by_author) in found.items()
    }
    own = {
        "reply_to": parent,
        "reply_to_account": atproto.author(parent),
        "quote_of": atproto.quoted(doc, _RECORD),
        **{field: doc.text(f"post.{name}") for field, name in _COUNTS.items()},
    }
    return {
        **values,
        "handle": _handle(values["handle"]),
        "language": atproto.language(doc, _RECORD),
        "is_repost": ibis.cases((reposted, "true")),
        "repost_of": ibis.cases((reposted, address)),
        "repost_of_account": ibis.cases((reposted, doc.text("post.author.did"))),
        **{field: ibis.cases((~reposted, value)) for field, value in own.items()},
        **atproto.objects(doc, _RECORD),
        **atproto.media(doc, _RECORD),
    }


def _look(doc: Document) -> Mapping[str, ir.Value]:
    gone = doc.text("post.notFound") == "true"
    address = doc.text("post.uri")
    return {
        "account_id": ibis.ifelse(gone, atproto.author(address), doc.text("post.did")),
        "handle": ibis.cases((~gone.fill_null(False), _handle(doc.text("post.handle")))),
        "subject_kind": ibis.cases((gone, "post")),
        "subject": ibis.cases((gone, address)),
        "state": ibis.cases((gone, "missing")),
    }
