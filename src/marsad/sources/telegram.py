"""Messages of a Telegram Desktop export (``result.json``), one a row with its chat as ``_chat``.

The number of a message is its own chat's only, so a post's id is ``<chat>/<message>``. What stands
in a channel is said by the channel; elsewhere by who sent it. The text is a string, or a list of
strings and spans, and ``text_entities`` repeats it as spans with links. Service messages are
not kept, and chats that Telegram's own export does not call public are not taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from marsad.sources.documents import Documents, Fields, Object
from marsad.sources.paths import Document, Tree, from_json, json_text

_POST: Fields = {
    "created_at": "date_unixtime | date",
    "repost_of_account": "forwarded_from_id",
    "client": "via_bot",
}

_SPAN: Tree = {"type": "VARCHAR", "text": "VARCHAR", "href": "VARCHAR", "user_id": "VARCHAR"}

_PRIVATE = ("personal", "bot", "saved", "private")
"""How the types of chats begin that are not public: ``personal_chat``, ``private_group``, …"""


class Telegram(Documents):
    """Messages → posts."""

    name = "telegram"
    platform = "telegram"
    kinds: ClassVar[Mapping[str, Fields]] = {"posts": _POST}
    also = (
        "id type text{} text_entities{} from from_id actor_id reply_to_message_id forwarded_from{} "
        "photo file _chat.id _chat.name _chat.type"
    )

    @classmethod
    def fits(cls, row: Object) -> bool:
        known = row.get("type") in ("message", "service")
        return known and "id" in row and ("_chat" in row or "date_unixtime" in row)

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue:
        return ibis.cases((doc.text("type") == "message", "posts"))

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        forwarded = doc.text("forwarded_from{} | forwarded_from_id")
        return {
            "id": _in_chat(doc, doc.text("id")),
            "reply_to": _in_chat(doc, doc.text("reply_to_message_id")),
            "text": _text(doc),
            "is_repost": ibis.cases((forwarded.notnull(), "true")),
            **_account(doc),
            **_objects(doc),
            "media_urls": _media(doc),
        }

    @classmethod
    def reason(cls, kind: str, doc: Document) -> ir.StringValue | None:
        chat = doc.text("_chat.type")
        conditions = [chat.startswith(word) for word in _PRIVATE]
        return ibis.cases(*[(condition, "not-public") for condition in conditions])


def _in_chat(doc: Document, number: ir.StringValue) -> ir.StringValue:
    chat = doc.text("_chat.id")
    return ibis.cases((chat.notnull(), chat + "/" + number), else_=number)


def _account(doc: Document) -> Mapping[str, ir.StringValue]:
    sender = doc.text("from_id | actor_id")
    in_channel = doc.text("_chat.type").endswith("channel") & doc.has("_chat.id")
    channel = ibis.literal("channel") + doc.text("_chat.id")
    return {
        "account_id": ibis.cases((in_channel, channel), else_=sender),
        "name": ibis.cases((in_channel, doc.text("_chat.name")), else_=doc.text("from")),
    }


def _text(doc: Document) -> ir.StringValue:
    """The text as one, whether it stands there as a string or in spans."""
    text = doc.text("text{}")
    spans = from_json(_spans(doc), ["JSON"]).map(lambda one: one.cast("string"))
    said = spans.map(
        lambda span: ibis.ifelse(
            span.startswith("{"), json_text(span, "$.text"), json_text(span, "$")
        )
    )
    whole = ibis.cases((text.startswith('"'), json_text(text, "$")), else_=said.join(""))
    return whole.nullif("")


def _spans(doc: Document) -> ir.StringValue:
    """The JSON of the list of spans; exports before 2021 have it as ``text`` alone."""
    text = doc.text("text{}")
    listed = ibis.cases((text.startswith("["), text))
    return ibis.coalesce(doc.text("text_entities{}"), listed)


def _objects(doc: Document) -> Mapping[str, ir.ArrayValue]:
    spans = from_json(_spans(doc), [_SPAN])

    def of(*types: str, value: str) -> ir.ArrayValue:
        found = spans.filter(lambda span: span["type"].isin(types))
        return found.map(lambda span: ibis.coalesce(span[value], span["text"]))

    return {
        "hashtags": of("hashtag", value="text"),
        "urls": of("link", "text_link", value="href"),
        "mentions": of("mention", value="text"),
    }


def _media(doc: Document) -> ir.ArrayValue:
    """The file in the export's folder; a remark in brackets says that it was left out."""
    file = doc.text("photo | file")
    there = file.notnull() & ~file.startswith("(")
    return ibis.cases((there, ibis.array([file])))
