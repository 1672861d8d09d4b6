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

_EMBED = f"{_RECORD}.embed"


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
        f"{_RECORD}.langs[] {_RECORD}.tags[] {_RECORD}.subject{{}} "
        f"{_RECORD}.facets[].features[].$type {_RECORD}.facets[].features[].tag "
        f"{_RECORD}.facets[].features[].uri {_RECORD}.facets[].features[].did "
        f"{_EMBED}.external.uri {_EMBED}.media.external.uri "
        f"{_EMBED}.record.uri {_EMBED}.record.record.uri "
        f"{_EMBED}.images[].alt {_EMBED}.images[].image.ref.$link "
        f"{_EMBED}.media.images[].alt {_EMBED}.media.images[].image.ref.$link "
        f"{_EMBED}.video.ref.$link {_EMBED}.alt "
        f"{_EMBED}.media.video.ref.$link {_EMBED}.media.alt"
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


def _author(address: ir.StringValue) -> ir.StringValue:
    """The account in an ``at://`` address."""
    return address.split("/")[2].nullif("")


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
    quoted = ibis.coalesce(
        doc.text(f"{_EMBED}.record.record.uri"), doc.text(f"{_EMBED}.record.uri")
    )
    return {
        "id": _address(doc),
        "language": doc.texts(f"{_RECORD}.langs[]")[0],
        "is_repost": ibis.cases((repost, "true")),
        "repost_of": original,
        "repost_of_account": _author(original),
        "reply_to_account": _author(doc.text(f"{_RECORD}.reply.parent.uri")),
        "quote_of": ibis.cases((quoted.contains("/app.bsky.feed.post/"), quoted)),
        **_objects(doc),
        **_media(doc),
    }


def _objects(doc: Document) -> Mapping[str, ir.ArrayValue]:
    """Hashtags, URLs and mentions. The text of a post cuts its URLs short, its facets do not."""
    facets = doc.items(f"{_RECORD}.facets[]")
    features = facets.map(lambda facet: facet["features"]).flatten()
    cards = _present(doc.text(f"{_EMBED}.external.uri"), doc.text(f"{_EMBED}.media.external.uri"))
    return {
        "hashtags": _either(_feature(features, "tag"), doc.texts(f"{_RECORD}.tags[]")),
        "urls": _either(_feature(features, "uri"), ibis.cases((cards.length() > 0, cards))),
        "mentions": _feature(features, "did"),
    }


def _feature(features: ir.ArrayValue, name: str) -> ir.ArrayValue:
    return features.map(lambda feature: feature[name]).filter(lambda value: value.notnull())


def _present(*texts: ir.StringValue) -> ir.ArrayValue:
    return ibis.array(list(texts)).filter(lambda text: text.notnull())


def _either(one: ir.ArrayValue, other: ir.ArrayValue) -> ir.ArrayValue:
    """Both lists as one, sorted and without repetition; NULL where there is neither."""
    empty = ibis.literal([], type="array<string>")
    both = ibis.coalesce(one, empty).concat(ibis.coalesce(other, empty)).unique().sort()
    return ibis.cases((one.notnull() | other.notnull(), both))


def _media(doc: Document) -> Mapping[str, ir.ArrayValue]:
    """Images and videos by their content id, which is a hash of the file."""
    images = ibis.coalesce(doc.items(f"{_EMBED}.images[]"), doc.items(f"{_EMBED}.media.images[]"))
    video = ibis.coalesce(
        doc.text(f"{_EMBED}.video.ref.$link"), doc.text(f"{_EMBED}.media.video.ref.$link")
    )
    alt = ibis.coalesce(doc.text(f"{_EMBED}.alt"), doc.text(f"{_EMBED}.media.alt"))
    return {
        "media_hashes": ibis.cases(
            (images.notnull(), images.map(lambda image: image["image"]["ref"]["$link"])),
            (video.notnull(), ibis.array([video])),
        ),
        "media_alts": ibis.cases(
            (images.notnull(), images.map(lambda image: image["alt"])),
            (video.notnull(), ibis.array([alt])),
        ),
    }
