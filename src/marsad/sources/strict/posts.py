"""Posts: who said what when, with the objects it holds and the posts it answers or repeats."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.schema as sch
import ibis.expr.types as ir
import pyarrow as pa

from marsad.records import ids, tables
from marsad.records.functions import md5, without_leading
from marsad.records.objects import hashtags_column, mentions_column, urls_column
from marsad.records.tables import MEDIA_ITEM
from marsad.sources.strict.accounts import account_columns
from marsad.sources.strict.constants import never_said
from marsad.sources.strict.context import Context
from marsad.sources.strict.html import plain_text
from marsad.sources.strict.native import native_id
from marsad.sources.strict.reasons import (
    Reason,
    account_reasons,
    first_reason,
    id_reasons,
    time_reasons,
)
from marsad.sources.strict.subjects import (
    References,
    account_of,
    bare_handle,
    mention_of,
    platform_of,
    reference,
    subject_of,
)
from marsad.sources.strict.values import (
    code_of_language,
    is_empty,
    joined,
    whole_number,
    written,
)


def posts(loose: ir.Table, context: Context) -> ir.Table:
    """Staged posts; what the file says of their accounts stays beside them."""
    rows = loose.mutate(
        platform=platform_of(loose, context),
        native_account=native_id(loose.account_id),
        shown_handle=bare_handle(loose.handle),
        created=context.time(loose.created_at),
        original=written(loose.text),
        native_id=native_id(loose.id),
    )
    rows = rows.mutate(
        account=account_of(rows.platform, rows.native_account, rows.shown_handle),
        text=_plain(loose, rows),
        old_repost=_old_repost_author(rows.original),
    )
    # what a whole expression builds on is computed once
    rows = _with_objects(rows)
    referred = [name for name in _REFERENCES if not never_said(loose, name)]
    rows = rows.mutate(**{name: reference(rows[name]) for name in referred})
    refer = References(rows.platform, rows.native_account.notnull())

    def said(column: str, value: ir.Value) -> ir.Value:
        return ibis.null(value.type()) if never_said(loose, column) else value

    staged = rows.select(
        "line",
        "platform",
        "account",
        "text",
        "hashtags",
        "urls",
        "mentions",
        "client",
        "raw",
        "reason",
        native_id=rows.native_id,
        created_text=rows.created_at,
        native_account=rows.native_account,
        created_at=rows.created,
        original=said("is_html", rows.is_html.ifelse(rows.original, ibis.null("string"))),
        language=_language(loose, rows),
        kind=_post_kind(rows),
        repost_of=said("repost_of", refer.post(rows.repost_of)),
        repost_of_account=refer.account(rows.repost_of_account.coalesce(rows.old_repost)),
        reply_to=said("reply_to", refer.post(rows.reply_to)),
        reply_to_account=said("reply_to_account", refer.account(rows.reply_to_account)),
        quote_of=said("quote_of", refer.post(rows.quote_of)),
        media=_media(loose, rows),
        likes=said("likes", whole_number(rows.likes)),
        reposts=said("reposts", whole_number(rows.reposts)),
        replies=said("replies", whole_number(rows.replies)),
        **{_native(name): rows[name] for name in referred},
        **account_columns(loose, rows, context),
    )
    checked = _checked_posts(staged, referred, context)
    return _keyed_posts(checked.drop("created_text", *map(_native, referred)))


_REFERENCES = {
    "repost_of": "id", "reply_to": "id", "quote_of": "id",
    "repost_of_account": "account", "reply_to_account": "account",
}  # fmt: skip
"""Columns that name other subjects, and what they are the id of."""


def _native(reference: str) -> str:
    return f"native_{reference}"


def _plain(loose: ir.Table, rows: ir.Table) -> ir.StringValue:
    """The text as it is read; formats that are never HTML do not pay for the question."""
    if never_said(loose, "is_html"):
        return rows.original
    return ibis.cases((rows.is_html, plain_text(rows.original)), else_=rows.original)


def _with_objects(rows: ir.Table) -> ir.Table:
    """Hashtags, URLs and mentions: as the file lists them, else as the text shows them."""
    text = rows.text.coalesce("")
    return rows.mutate(
        hashtags=rows.hashtags.coalesce(hashtags_column(text)).map(
            lambda tag: without_leading(tag, "#＃").lower()
        ),
        urls=rows.urls.coalesce(urls_column(text)),
        mentions=rows.mentions.coalesce(mentions_column(text)).map(
            lambda who: mention_of(rows.platform, who)
        ),
    )


def _language(loose: ir.Table, rows: ir.Table) -> ir.StringValue:
    """The language by its name or code; NULL where it says nothing we know."""
    if never_said(loose, "language"):
        return ibis.null("string")
    return code_of_language(rows.language).nullif("")


def _checked_posts(rows: ir.Table, referred: Sequence[str], context: Context) -> ir.Table:
    no_objects = is_empty(rows.hashtags) & is_empty(rows.urls) & is_empty(rows.media)
    no_objects &= rows.repost_of.isnull() & rows.reply_to.isnull() & rows.quote_of.isnull()
    return rows.mutate(
        reason=first_reason(
            rows.reason,
            *account_reasons(rows),
            *id_reasons(rows.native_id),
            *_reference_reasons(rows, referred),
            *time_reasons(rows.created_at, rows.created_text, context),
            (rows.text.isnull() & no_objects, "no-text-or-object"),
        )
    )


def _reference_reasons(rows: ir.Table, referred: Sequence[str]) -> list[Reason]:
    """A rounded id would make posts that have nothing to do with each other share one."""
    return [
        reason for name in referred for reason in id_reasons(rows[_native(name)], _REFERENCES[name])
    ]


def _keyed_posts(rows: ir.Table) -> ir.Table:
    """Ids, keys and the version; a post without an id gets the hash of what it says."""
    content = joined(
        rows.text, rows.created_at.cast("string"), rows.language, rows.kind, rows.account,
        rows.repost_of, rows.reply_to, rows.quote_of, rows.hashtags.join(" "), rows.urls.join(" "),
        rows.mentions.join(" "), rows.media.map(lambda item: item.id.coalesce("")).join(" "),
    )  # fmt: skip
    hashed = md5(joined(rows.account, rows.created_at.cast("string"), rows.text))
    # CASE, not COALESCE: only rows without an id are hashed for one
    rows = rows.mutate(
        said=rows.native_id.isnull().ifelse(hashed, ibis.null("string")),
        version=ids.key_column(content),
        account_key=ids.key_column(rows.account),
    )
    native = rows.said.isnull().ifelse(rows.native_id, ibis.literal("h") + rows.said)
    rows = rows.mutate(id=subject_of(rows.platform, native))
    return rows.mutate(key=ids.key_column(rows.id)).drop("native_id")


def _post_kind(rows: ir.Table) -> ir.StringValue:
    is_repost = _truthy(rows.is_repost) | rows.repost_of.notnull() | rows.old_repost.notnull()
    is_reply = rows.reply_to.notnull() | rows.reply_to_account.notnull()
    return ibis.cases(
        (is_repost.fill_null(False), "repost"),
        (rows.quote_of.notnull(), "quote"),
        (is_reply, "reply"),
        else_="post",
    )


def _truthy(text: ir.StringValue) -> ir.BooleanValue:
    return text.lower().isin(["true", "1", "1.0", "yes", "y", "t", "retweet", "repost", "reblog"])


def _old_repost_author(text: ir.StringValue) -> ir.StringValue:
    """The account named by an old-style repost, ``RT @name: …``; NULL for any other text."""
    name = text.re_extract(r"^RT @([A-Za-z0-9_]{1,20}):", 1)
    return text.startswith("RT @").ifelse("@" + name.nullif(""), ibis.null("string"))


def _media(loose: ir.Table, rows: ir.Table) -> ir.ArrayValue:
    """The media of a post as structs; media are known by their hash, else by their URL."""
    if never_said(loose, "media_urls") and never_said(loose, "media_hashes"):
        return ibis.null(sch.Schema.from_pyarrow(tables.POSTS)["media"])
    urls, hashes, alts = rows.media_urls, rows.media_hashes, rows.media_alts
    first = urls.coalesce(hashes)
    item = ibis.dtype(ibis.Schema.from_pyarrow(pa.schema([("m", MEDIA_ITEM)]))["m"])
    listed = ibis.range(first.length()).map(
        lambda i: ibis.struct(
            {
                "id": subject_of(rows.platform, hashes[i].coalesce(urls[i])),
                "kind": ibis.null("string"),
                "url": urls[i],
                "hash": hashes[i],
                "alt": alts[i],
            }
        )
    )
    return is_empty(first).ifelse(ibis.null(f"array<{item}>"), listed)
