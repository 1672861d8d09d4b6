"""Bluesky's Jetstream, version 1: ``{did, time_us, kind, commit|identity|account}``, one a line.

Posts and reposts are posts, follows are edges, profiles, new handles and what becomes of accounts
are observations, and so is a deleted post (state ``removed``). Likes, blocks, lists and records of
other apps are not kept; nor is a follow taken back, which names a record and not an account, nor
word of an identity without its handle. A post's id is its ``at://`` address, an account's its DID.
The time of a post is what its client claims (``createdAt``); when it was seen is the server's
``time_us``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from marsad.sources import atproto
from marsad.sources.documents import Documents, Fields, Object
from marsad.sources.paths import Document, json_text

_RECORD = "commit.record"

_POST: Fields = {
    "account_id": "did",
    "observed_at": "time_us",
    "created_at": f"{_RECORD}.createdAt",
    "text": f"{_RECORD}.text",
    "reply_to": f"{_RECORD}.reply.parent.uri",
}

_LOOK: Fields = {
    "account_id": "did",
    "observed_at": "identity.time | account.time | time_us",
    "handle": "identity.handle",
    "name": f"{_RECORD}.displayName",
    "bio": f"{_RECORD}.description",
    "avatar": f"{_RECORD}.avatar.ref.$link",
}

_FOLLOW: Fields = {"source_id": "did", "observed_at": "time_us"}

_ACCOUNT_STATES = {
    "takendown": "suspended",
    "suspended": "suspended",
    "deleted": "removed",
    "deactivated": "deactivated",
}


class Jetstream(Documents):
    """Events of a Jetstream → posts, observations, edges."""

    name = "jetstream"
    platform = "bluesky"
    kinds: ClassVar[Mapping[str, Fields]] = {
        "posts": _POST,
        "observations": _LOOK,
        "edges": _FOLLOW,
    }
    also = (
        "kind commit.operation commit.collection commit.rkey account.active account.status "
        f"{_RECORD}.subject{{}} {atproto.paths(_RECORD)}"
    )

    @classmethod
    def fits(cls, row: Object) -> bool:
        return "time_us" in row and "did" in row and "kind" in row

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue:
        event, operation = doc.text("kind"), doc.text("commit.operation")
        collection = doc.text("commit.collection")
        written = (event == "commit") & operation.isin(["create", "update"])
        deleted = (event == "commit") & (operation == "delete")
        said = collection.isin(["app.bsky.feed.post", "app.bsky.feed.repost"])
        return ibis.cases(
            (written & said, "posts"),
            (written & (collection == "app.bsky.graph.follow"), "edges"),
            (written & (collection == "app.bsky.actor.profile"), "observations"),
            (deleted & (collection == "app.bsky.feed.post"), "observations"),
            (doc.has("identity.handle") | (event == "account"), "observations"),
        )

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        if kind == "edges":
            return {"kind": ibis.literal("follow"), "target_id": _subject(doc)}
        return _look(doc) if kind == "observations" else _post(doc)


def _address(doc: Document) -> ir.StringValue:
    """The ``at://`` address of the record that a commit is about."""
    parts = [doc.text("did"), doc.text("commit.collection"), doc.text("commit.rkey")]
    return ibis.literal("at://") + ibis.literal("/").join(parts)


def _subject(doc: Document) -> ir.StringValue:
    """What a record is about: a DID, or the address in ``{"uri": …, "cid": …}``."""
    subject = doc.text(f"{_RECORD}.subject{{}}")
    return ibis.coalesce(json_text(subject, "$.uri"), json_text(subject, "$")).nullif("")


def _look(doc: Document) -> Mapping[str, ir.Value]:
    active, status = doc.text("account.active"), doc.text("account.status")
    deleted = doc.text("commit.operation") == "delete"
    known = [(status == given, state) for given, state in _ACCOUNT_STATES.items()]
    return {
        "subject_kind": ibis.cases((deleted, "post")),
        "subject": ibis.cases((deleted, _address(doc))),
        "state": ibis.cases(
            (deleted, "removed"),
            (active == "true", "alive"),
            *known,
            ((active == "false") | (doc.text("kind") == "identity"), "unknown"),
        ),
    }


def _post(doc: Document) -> Mapping[str, ir.Value]:
    repost = doc.text("commit.collection") == "app.bsky.feed.repost"
    original = ibis.cases((repost, _subject(doc)))
    return {
        "id": _address(doc),
        "language": atproto.language(doc, _RECORD),
        "is_repost": ibis.cases((repost, "true")),
        "repost_of": original,
        "repost_of_account": atproto.author(original),
        "reply_to_account": atproto.author(atproto.parent(doc, _RECORD)),
        "quote_of": atproto.quoted(doc, _RECORD),
        **atproto.objects(doc, _RECORD),
        **atproto.media(doc, _RECORD),
    }
