"""ActivityStreams 2 objects and activities, as ActivityPub servers exchange and archive them.

Notes and their like are posts, alone or inside ``Create`` and ``Update``; ``Announce`` is a repost,
``Follow`` an edge; actors, ``Delete`` and tombstones are observations. Nearly every property may be
a string, an object, or a list of either, so properties that refer to something are read as JSON and
resolved to an id. What is addressed to somebody, but not to the public, is not taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import ibis
import ibis.expr.types as ir

from marsad.sources.documents import Documents, Fields, Object
from marsad.sources.paths import Document, Tree, from_json, json_text, json_texts, json_valid, parse

_SAID = ("Note", "Article", "Question", "Page", "Video", "Image", "Audio")
_ACTORS = ("Person", "Service", "Group", "Organization", "Application")
_WRAPPERS = ("Create", "Update", "Announce")
_OTHERS = (
    "Delete", "Follow", "Tombstone", "Like", "Undo", "Accept", "Reject", "Block", "Flag", "Add",
    "Remove", "Move", "EmojiReact", "Dislike", "View", "Listen", "Read", "Invite", "Join", "Leave",
)  # fmt: skip
_TYPES = frozenset((*_SAID, *_ACTORS, *_WRAPPERS, *_OTHERS))
_SIGNS = ("@context", "actor", "attributedTo", "inbox", "to", "object", "published")

_PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", '"as:Public"', '"Public"')

_TAG: Tree = {"type": "VARCHAR", "name": "VARCHAR", "href": "VARCHAR"}
_ATTACHMENT: Tree = {"type": "VARCHAR", "url": "JSON", "href": "VARCHAR", "name": "VARCHAR"}

_REFERRING = {
    "type": "outer.type{}",
    "actor": "outer.actor{}",
    "object": "outer.object{}",
    "inner_type": "inner.type{}",
    "inner_actor": "inner.actor{}",
    "author": "inner.attributedTo{}",
    "address": "inner.url{}",
    "parent": "inner.inReplyTo{}",
    "icon": "inner.icon{}",
}
"""Properties that may be a string, an object, or a list of either."""

_ID = ("$.id", "$.url", "$.href")
_KEYS = {"icon": ("$.url", "$.href", "$.id")}
"""Where the id of an object is, in order."""

_POST: Fields = {
    "quote_of": "inner.quoteUrl | inner.quoteUri | inner._misskey_quote",
    "likes": "inner.likes.totalItems",
    "reposts": "inner.shares.totalItems",
    "replies": "inner.replies.totalItems",
}
_LOOK: Fields = {"name": "inner.name", "bio": "inner.summary"}
_FOLLOW: Fields = {"observed_at": "outer.published"}


class ActivityStreams(Documents):
    """Objects and activities → posts, observations, edges.

    A parsed row has ``outer``, the row itself; ``inner``, the object that a ``Create``, ``Update``
    or ``Announce`` wraps, or the row again; and ``ids``, what their properties refer to.
    """

    name = "activitystreams"
    platform = "activitypub"
    kinds: ClassVar[Mapping[str, Fields]] = {
        "posts": _POST,
        "observations": _LOOK,
        "edges": _FOLLOW,
    }
    also = (
        "outer.type{} outer.id outer.actor{} outer.object{} outer.published outer.to{} outer.cc{} "
        "inner.type{} inner.id inner.url{} inner.actor{} inner.attributedTo{} inner.published "
        "inner.updated inner.deleted inner.content inner.contentMap{} inner.mediaType "
        "inner.inReplyTo{} inner.tag{} inner.attachment{} inner.to{} inner.cc{} "
        "inner.preferredUsername inner.icon{} inner.suspended"
    )

    @classmethod
    def fits(cls, row: Object) -> bool:
        given = row.get("type")
        types = given if isinstance(given, list) else [given]
        known = any(isinstance(one, str) and one in _TYPES for one in types)
        return known and any(sign in row for sign in _SIGNS)

    @classmethod
    def parsed(cls, raw: ir.Table, tree: Tree) -> ir.Table:
        docs = parse(raw, tree["outer"])
        outer = Document(docs["doc"])
        wrapped = _first(outer.text("type{}")).isin(_WRAPPERS)
        inside = outer.text("object{}")
        text = ibis.ifelse(wrapped & inside.startswith("{"), inside, docs["json"])
        inner = ibis.cases((docs["reason"].isnull(), from_json(text, tree["inner"])))
        return _resolved(docs.select("line", "json", "reason", outer=docs["doc"], inner=inner))

    @classmethod
    def within(cls, label: str) -> str:
        return "inner." + label.removeprefix("object.")

    @classmethod
    def shown(cls, text: str) -> str:
        return text.replace("inner.", "").replace("outer.", "")

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue:
        outer, inner = doc.text("ids.type"), doc.text("ids.inner_type")
        wraps = outer.isin(["Create", "Update"])
        named = wraps & ~doc.text("outer.object{}").startswith("{")
        return ibis.cases(
            (outer.isin(["Delete", "Tombstone"]) | inner.isin(_ACTORS), "observations"),
            (outer == "Follow", "edges"),
            ((outer == "Announce") | inner.isin(_SAID) | named, "posts"),
        )

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        return {"posts": _post, "observations": _look, "edges": _follow}[kind](doc)

    @classmethod
    def reason(cls, kind: str, doc: Document) -> ir.StringValue | None:
        if kind != "posts":
            return None
        audience = [
            doc.text(f"{part}.{to}{{}}") for part in ("outer", "inner") for to in ("to", "cc")
        ]
        said = ibis.literal(" ").join([one.coalesce("") for one in audience])
        addressed = ibis.coalesce(*audience).notnull()
        public = said.contains(_PUBLIC[0]) | said.contains(_PUBLIC[1]) | said.contains(_PUBLIC[2])
        return ibis.cases((addressed & ~public, "not-public"))


def _resolved(both: ir.Table) -> ir.Table:
    """Rows whose ``doc`` has ``outer``, ``inner`` and ``ids``: each reference resolved once."""
    parts = Document(ibis.struct({"outer": both["outer"], "inner": both["inner"]}))
    firsts = both.mutate(**{name: _first(parts.text(path)) for name, path in _REFERRING.items()})
    ids = {
        name: firsts[name] if name.endswith("type") else _id(firsts[name], *_KEYS.get(name, _ID))
        for name in _REFERRING
    }
    doc = {"outer": firsts["outer"], "inner": firsts["inner"], "ids": ibis.struct(ids)}
    return firsts.select("line", "json", "reason", doc=ibis.struct(doc))


def _first(given: ir.StringValue) -> ir.StringValue:
    """The string or object in the JSON of one or of several: the first."""
    several = given.startswith("[")
    return ibis.cases((several, json_text(given, "$[0]")), else_=json_text(given, "$"))


def _id(given: ir.StringValue, *keys: str) -> ir.StringValue:
    """The id of a string that is one, or of an object that has one."""
    inside = given.startswith("{") & json_valid(given)
    found = [json_text(given, key).nullif("") for key in keys]
    return ibis.cases((inside, ibis.coalesce(*found)), else_=given).nullif("")


def _post(doc: Document) -> Mapping[str, ir.Value]:
    announce = doc.text("ids.type") == "Announce"
    author = doc.text("ids.author | ids.inner_actor")
    translated = doc.text("inner.contentMap{}")
    return {
        "id": ibis.ifelse(announce, doc.text("outer.id"), doc.text("inner.id | ids.address")),
        "account_id": ibis.ifelse(
            announce, doc.text("ids.actor"), ibis.coalesce(author, doc.text("ids.actor"))
        ),
        "created_at": ibis.ifelse(
            announce, doc.text("outer.published"), doc.text("inner.published | outer.published")
        ),
        "text": ibis.coalesce(doc.text("inner.content"), _first_value(translated)),
        "is_html": doc.text("inner.mediaType").fill_null("text/html") == "text/html",
        "language": _first_key(translated),
        "is_repost": ibis.cases((announce, "true")),
        "repost_of": ibis.cases((announce, doc.text("ids.object"))),
        "repost_of_account": ibis.cases((announce, author.nullif(doc.text("ids.actor")))),
        "reply_to": ibis.cases((~announce, doc.text("ids.parent"))),
        **_tags(doc),
        **_attachments(doc),
    }


def _look(doc: Document) -> Mapping[str, ir.Value]:
    outer, actor = doc.text("ids.type"), doc.text("ids.actor")
    gone = outer.isin(["Delete", "Tombstone"])
    subject = ibis.ifelse(outer == "Tombstone", doc.text("inner.id"), doc.text("ids.object"))
    post = gone & (subject != actor).fill_null(True)
    told = gone | (outer == "Update")
    return {
        "account_id": ibis.ifelse(gone, actor, doc.text("inner.id | ids.address")),
        "subject_kind": ibis.cases((post, "post")),
        "subject": ibis.cases((post, subject)),
        "handle": _handle(doc.text("inner.preferredUsername"), doc.text("inner.id")),
        "avatar": doc.text("ids.icon"),
        "account_created_at": ibis.cases((~gone, doc.text("inner.published"))),
        "observed_at": ibis.coalesce(
            doc.text("inner.deleted"), ibis.cases((told, doc.text("outer.published")))
        ),
        "state": ibis.cases(
            (gone, "removed"), (doc.text("inner.suspended") == "true", "suspended")
        ),
    }


def _follow(doc: Document) -> Mapping[str, ir.Value]:
    return {
        "kind": ibis.literal("follow"),
        "source_id": doc.text("ids.actor"),
        "target_id": doc.text("ids.object"),
    }


def _handle(name: ir.StringValue, actor: ir.StringValue) -> ir.StringValue:
    """``user@host``; the host is the one in the actor's id, if that is a URL."""
    host = actor.split("/")[2]
    return ibis.cases((actor.startswith("http") & (host != ""), name + "@" + host), else_=name)


@ibis.udf.scalar.builtin(name="json_keys")
def _json_keys(text: str) -> list[str]:
    """The keys of a JSON object (DuckDB)."""


def _first_key(given: ir.StringValue) -> ir.StringValue:
    keys = _json_keys(given)
    return ibis.cases((given.startswith("{"), keys[0]))


def _first_value(given: ir.StringValue) -> ir.StringValue:
    values = json_texts(given, "$.*")
    return ibis.cases((given.startswith("{"), values[0]))


def _listed(given: ir.StringValue, tree: Any) -> ir.ArrayValue:
    """The objects in the JSON of one or of a list of them."""
    text = ibis.cases((given.startswith("{"), ibis.literal("[") + given + "]"), else_=given)
    return from_json(text, [tree])


def _tags(doc: Document) -> Mapping[str, ir.ArrayValue]:
    tags = _listed(doc.text("inner.tag{}"), _TAG)

    def of(kind: str, *names: str) -> ir.ArrayValue:
        found = tags.filter(lambda tag: tag["type"] == kind)
        return found.map(lambda tag: ibis.coalesce(*[tag[name] for name in names]))

    return {"hashtags": of("Hashtag", "name"), "mentions": of("Mention", "href", "name")}


def _url(given: ir.StringValue) -> ir.StringValue:
    return _id(_first(given), "$.href", "$.url")


def _attachments(doc: Document) -> Mapping[str, ir.ArrayValue]:
    media = _listed(doc.text("inner.attachment{}"), _ATTACHMENT)
    return {
        "media_urls": media.map(
            lambda item: ibis.coalesce(_url(item["url"].cast("string")), item["href"])
        ),
        "media_alts": media.map(lambda item: item["name"]),
    }
