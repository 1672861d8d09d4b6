"""Activities of Gnip's PowerTrack and Historical PowerTrack, as Twitter sold them: one a line.

They follow the first version of Activity Streams. A ``share`` is a repost, whose ``object`` is the
original activity; of a ``post`` the object only repeats what was said. Ids are Twitter's own
numbers at the end of ``tag:search.twitter.com,2005:…`` and ``id:twitter.com:…``, so that the same
post from the API is the same post. A ``delete`` is an observation; notices such as ``info``, which
closes a file, are not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from marsad.sources.documents import Documents, Fields, Object
from marsad.sources.paths import Document

_ENTITIES = (
    "object.long_object.twitter_entities", "long_object.twitter_entities",
    "object.twitter_entities", "twitter_entities",
)  # fmt: skip
_MEDIA = "twitter_extended_entities.media[].media_url_https"


def _entities(path: str) -> str:
    """A path of the entities: the original's where the row is a repost, the long text's first."""
    return " | ".join(f"{entities}.{path}" for entities in _ENTITIES)


_OWN_PICTURE = r"//(?:twitter|x)\.com/.*/(?:photo|video)/"

_POST: Fields = {
    "created_at": "postedTime",
    "text": "object.long_object.body | object.body | long_object.body | body",
    "language": "twitter_lang",
    "handle": "actor.preferredUsername",
    "name": "actor.displayName",
    "bio": "actor.summary",
    "avatar": "actor.image",
    "followers": "actor.followersCount",
    "following": "actor.friendsCount",
    "account_posts": "actor.statusesCount",
    "account_created_at": "actor.postedTime",
    "client": "generator.displayName",
    "likes": "favoritesCount",
    "reposts": "retweetCount",
    "hashtags": _entities("hashtags[].text"),
    "media_urls": f"object.{_MEDIA} | {_MEDIA}",
}

_LOOK: Fields = {"observed_at": "updatedTime | postedTime"}


class PowerTrack(Documents):
    """Posts and shares → posts, deletions → observations."""

    name = "powertrack"
    platform = "twitter"
    kinds: ClassVar[Mapping[str, Fields]] = {"posts": _POST, "observations": _LOOK}
    also = (
        "verb id actor.id object.id object.actor.id inReplyTo.link twitter_quoted_status.id "
        "object.gnip.urls[].expanded_url gnip.urls[].expanded_url "
        f"{_entities('urls[].expanded_url')} {_entities('urls[].url')} "
        f"{_entities('user_mentions[].screen_name')}"
    ).replace(" | ", " ")

    @classmethod
    def fits(cls, row: Object) -> bool:
        return "verb" in row and "objectType" in row and isinstance(row.get("actor"), Mapping)

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue:
        verb = doc.text("verb")
        return ibis.cases(
            (verb.isin(["post", "share"]) & doc.has("actor.id"), "posts"),
            ((verb == "delete") & doc.has("object.id"), "observations"),
        )

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        account = _number(doc.text("actor.id"))
        if kind == "observations":
            subject = {"subject_kind": ibis.literal("post"), "state": ibis.literal("removed")}
            return {"account_id": account, "subject": _number(doc.text("object.id")), **subject}
        share = doc.text("verb") == "share"
        answered = doc.text("inReplyTo.link")
        return {
            "id": _number(doc.text("id")),
            "account_id": account,
            "is_repost": ibis.cases((share, "true")),
            "repost_of": ibis.cases((share, _number(doc.text("object.id")))),
            "repost_of_account": ibis.cases((share, _number(doc.text("object.actor.id")))),
            "reply_to": answered.re_extract(r"/status(?:es)?/([0-9]+)", 1).nullif(""),
            "reply_to_account": "@" + answered.re_extract(r"/(\w+)/status", 1).nullif(""),
            "quote_of": _number(doc.text("twitter_quoted_status.id")),
            "urls": _urls(doc),
            "mentions": _mentions(doc),
        }


def _number(given: ir.StringValue) -> ir.StringValue:
    """Twitter's number in an id that it made; other publishers' ids as they are."""
    number = given.re_extract(r"twitter\.com[^:]*:([0-9]+)$", 1).nullif("")
    return ibis.coalesce(number, given)


def _urls(doc: Document) -> ir.ArrayValue:
    """Where links lead in the end, as Gnip followed them; of a post's own pictures there is none.

    What Gnip did not follow is as Twitter expanded it.
    """
    followed = doc.texts("object.gnip.urls[].expanded_url | gnip.urls[].expanded_url")
    elsewhere = followed.filter(lambda url: ~url.re_search(_OWN_PICTURE))
    expanded = _first(doc, "urls[]").map(lambda url: ibis.coalesce(url["expanded_url"], url["url"]))
    return ibis.coalesce(elsewhere, expanded)


def _mentions(doc: Document) -> ir.ArrayValue:
    names = _first(doc, "user_mentions[]").map(lambda mention: mention["screen_name"])
    return names.filter(lambda name: name.notnull()).map(lambda name: ibis.literal("@") + name)


def _first(doc: Document, name: str) -> ir.ArrayValue:
    return ibis.coalesce(*map(doc.items, _entities(name).split(" | ")))
