"""Submissions and comments of Reddit: from its API, from Pushshift's archives, as JSON or tables.

An id is the full name (``t3_…`` a submission, ``t1_…`` a comment), for both are numbered anew, and
that is how an answer names what it answers. Deleted accounts are all called ``[deleted]``: they are
nobody, and what they said is not taken. A submission's text is its title and what stands below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from marsad.sources.documents import DocumentPlan, Documents, Fields, Object
from marsad.sources.paths import Document, Tree, inner_or_itself, once, parse
from marsad.sources.plain.cells import text_of, without_missing
from marsad.sources.said import still_there, titled
from marsad.sources.source import Layout, Options, Sample
from marsad.sources.strict.native import is_rounded, native_id

_PARENT = "data.parent_id | data.parent | data.link_id"

_PROSE = ("title", "subject", "body", "selftext")

_OWN = r"^https?://(?:www\.|old\.|new\.)?reddit\.com/|^/r/"
_MEDIA = r"^https?://(?:i|v|preview)\.redd\.it/"

_POST: Fields = {
    "created_at": "data.created_utc | data.timestamp",
    "account_id": "data.author_fullname",
    "account_created_at": "data.author_created_utc",
    "observed_at": "data.retrieved_utc | data.retrieved_on",
    "quote_of": "data.crosspost_parent",
    "likes": "data.score",
    "replies": "data.num_comments",
}


class Reddit(Documents):
    """Submissions and comments → posts.

    A parsed row has ``data``: what the API wraps so, or the row itself; and ``native``.
    """

    name = "reddit"
    platform = "reddit"
    kinds: ClassVar[Mapping[str, Fields]] = {"posts": _POST}
    also = (
        "data.id data.name data.author data.body data.selftext data.title data.subject "
        "data.subreddit data.subreddit_type data.parent_id data.parent data.link_id data.url "
        "data.url_overridden_by_dest data.is_self"
    )

    @classmethod
    def fits(cls, row: Object) -> bool:
        wrapped = row.get("data")
        data = wrapped if isinstance(wrapped, Mapping) else row
        said = any(name in data for name in ("body", "selftext", "title"))
        dated = "created_utc" in data or "timestamp" in data
        return said and dated and "author" in data and "subreddit" in data and "id" in data

    @classmethod
    def parsed(cls, raw: ir.Table, tree: Tree) -> ir.Table:
        inner: Tree = tree["data"]
        docs = parse(raw, {**inner, **tree})
        data = inner_or_itself(docs["doc"], ("data",), inner)
        return _with_ids(docs.mutate(doc=ibis.struct({"data": data})))

    @classmethod
    def within(cls, label: str) -> str:
        return "data." + label.removeprefix("data.")

    @classmethod
    def shown(cls, text: str) -> str:
        return text.replace("data.", "")

    @classmethod
    def kind_of(cls, doc: Document) -> ir.StringValue:
        return ibis.cases((doc.has("data.id | data.name") & doc.has("data.subreddit"), "posts"))

    @classmethod
    def values(cls, kind: str, doc: Document) -> Mapping[str, ir.Value]:
        title = still_there(doc.text("data.title | data.subject"))
        body = still_there(doc.text("data.body | data.selftext"))
        link = _unescaped(doc.text("data.url_overridden_by_dest | data.url"))
        comment = _is_comment(doc)
        own = (doc.text("data.is_self").lower() == "true").fill_null(False) | comment
        media = link.re_search(_MEDIA)
        elsewhere = ~own & ~media & ~link.re_search(_OWN)
        return {
            "id": _full_name(doc, comment),
            "handle": still_there(doc.text("data.author")),
            "text": _unescaped(titled(title, body)),
            "reply_to": ibis.cases((comment, doc.text(_PARENT))),
            "urls": ibis.cases((elsewhere, ibis.array([link]))),
            "media_urls": ibis.cases((media, ibis.array([link]))),
        }

    @classmethod
    def reason(cls, kind: str, doc: Document) -> ir.StringValue | None:
        return ibis.cases((doc.text("data.subreddit_type") == "private", "not-public"))


def _unescaped(text: ir.StringValue) -> ir.StringValue:
    """Reddit writes three characters as HTML would, in texts that are none."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _is_comment(doc: Document) -> ir.BooleanValue:
    """A comment has a parent; failing that, a text without a title."""
    known = doc.text("data.name | data.id")
    parent = doc.text(_PARENT).notnull()
    untitled = doc.text("data.body").notnull() & doc.text("data.title | data.subject").isnull()
    return known.startswith("t1_") | (~known.startswith("t3_") & (parent | untitled))


def _with_ids(docs: ir.Table) -> ir.Table:
    """Rows with ``native``, their name and number as ids. What an id is made of mentions it dozens
    of times, and each would be written out: planning that took DuckDB seconds a file."""
    doc = Document(docs["doc"])
    ids = {name: once(native_id(doc.text(f"data.{name}"))) for name in ("name", "id")}
    return docs.mutate(doc=ibis.struct({"data": docs["doc"]["data"], "native": ibis.struct(ids)}))


def _full_name(doc: Document, comment: ir.BooleanValue) -> ir.StringValue:
    name, number = doc.value["native"]["name"], doc.value["native"]["id"]
    whole = [ibis.cases((one.re_search(r"^t[13]_\w"), one)) for one in (name, number)]
    # behind a prefix nobody would see that a spreadsheet rounded it
    full = ibis.cases(
        (is_rounded(number), number), else_=ibis.ifelse(comment, "t1_", "t3_") + number
    )
    return ibis.coalesce(*whole, full)


class RedditTable(Reddit):
    """The same from a table whose columns are called as Reddit's fields or as 4CAT's."""

    name = "reddit-table"
    layout: ClassVar[Layout] = "table"

    @classmethod
    def recognise(cls, sample: Sample, options: Options) -> DocumentPlan | None:
        if sample.rows is None or options.mapping:
            return None
        names = dict.fromkeys(sample.rows.column_names)
        if not cls.fits(names):
            return None
        return super().recognise(Sample(sample.path, "table", sample.rows.to_pylist()), options)

    @classmethod
    def parsed(cls, raw: ir.Table, tree: Tree) -> ir.Table:
        data = ibis.struct({name: _cell(raw, name) for name in tree["data"]})
        return _with_ids(
            raw.select(
                "line",
                json=ibis.null("string"),
                reason=ibis.null("string"),
                doc=ibis.struct({"data": data}),
            )
        )


def _cell(raw: ir.Table, name: str) -> ir.StringValue:
    """A cell as text; outside of texts it may say in words that it is empty."""
    if name not in raw.columns:
        return ibis.null("string")
    text = text_of(raw[name])
    return text if name in _PROSE else without_missing(text)
