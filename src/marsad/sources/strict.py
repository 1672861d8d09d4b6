"""Loose rows → staged rows: the rules of the records, once and for every format.

Each function takes a loose table (`marsad.sources.loose`) and returns a staged one: typed, with
subject ids and keys, and a ``reason`` (an id ``reject.<reason>`` of the catalogues) on each row
that no record can be made of. Nothing executes here. What only the whole file can tell (the
precision of its times, the number of a repeated post) is added when the run is settled.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.schema as sch
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from marsad.records import ids, tables, times
from marsad.records.functions import md5, without_leading
from marsad.records.language import language_code
from marsad.records.objects import hashtags_column, mentions_column, urls_column
from marsad.records.tables import MEDIA_ITEM, OBJECT_KINDS, ROUTES, STATES, SUBJECT_KINDS

FUTURE_SLACK = times.DAY
"""Clocks and time zones differ: a time up to a day ahead of ours is taken."""

UNIT = "\x1f"
"""Separates the parts of what is hashed; it stands in no id and in hardly any text."""

ACCOUNT_COLUMNS = (
    "handle", "name", "bio", "avatar", "followers", "following", "posts", "account_created_at",
    "observed_at", "state",
)  # fmt: skip
"""What a staged post or look says of its account."""


@dataclass(frozen=True)
class Context:
    """What a file's rows have in common: platform where rows name none, route, how it writes times.

    ``now`` (µs) is when the run began; times beyond it are refused.
    """

    platform: str
    route: str
    now: int
    file: str
    series: str = ""
    day_order: times.DayOrder | None = None
    likely: Sequence[str] = ()

    def time(self, text: ir.StringValue) -> ir.IntegerValue:
        """A time of this file in microseconds."""
        return times.parse(text, self.day_order, self.likely)


def stage(kind: str, loose: ir.Table, context: Context) -> ir.Table:
    """The staged rows of a kind, with file, line, reason and raw text."""
    return _STAGES[kind](loose, context).mutate(file=ibis.literal(context.file))


def unfilled(staged: ir.Table) -> list[str]:
    """The columns that are NULL in every row, known before any is read: a file has few fields of
    the many that a record may have, and what is not written costs nothing."""
    always = {"line", "reason", "raw", "file"}
    return [name for name in staged.columns if name not in always and _is_null(staged.op(), name)]


def _is_null(rows: Any, name: str) -> bool:
    while isinstance(rows, (ops.Project, ops.DropColumns)):
        value = rows.values[name]
        while isinstance(value, (ops.Cast, ops.Alias)):
            value = value.arg
        if not isinstance(value, ops.Field):
            return isinstance(value, ops.Literal) and value.value is None
        rows, name = value.rel, value.name
    return False


# -- posts ------------------------------------------------------------------------------------


def _posts(loose: ir.Table, context: Context) -> ir.Table:
    rows = loose.mutate(
        platform=_platform(loose, context),
        native_account=_blank_to_null(loose.account_id),
        shown_handle=_bare_handle(loose.handle),
        created=context.time(loose.created_at),
        original=_written(loose.text),
        native_id=_blank_to_null(loose.id),
    )
    rows = rows.mutate(
        account=_account(rows.platform, rows.native_account, rows.shown_handle),
        text=_plain(loose, rows),
        old_repost=_old_repost_author(rows.original),
    )
    # what a whole expression builds on is computed once
    rows = _with_objects(rows)
    refer = _references(rows)

    def said(column: str, value: ir.Value) -> ir.Value:
        return ibis.null(value.type()) if _is_constant(loose, column) else value

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
        likes=said("likes", _count(rows.likes)),
        reposts=said("reposts", _count(rows.reposts)),
        replies=said("replies", _count(rows.replies)),
        **_account_columns(loose, rows, context),
    )
    return _keyed_posts(_checked_posts(staged, context))


def _plain(loose: ir.Table, rows: ir.Table) -> ir.StringValue:
    """The text as it is read; formats that are never HTML do not pay for the question."""
    if _is_constant(loose, "is_html"):
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
            lambda who: _mention(rows.platform, who)
        ),
    )


def _checked_posts(rows: ir.Table, context: Context) -> ir.Table:
    no_objects = _empty(rows.hashtags) & _empty(rows.urls) & _empty(rows.media)
    no_objects &= rows.repost_of.isnull() & rows.reply_to.isnull() & rows.quote_of.isnull()
    return rows.mutate(
        reason=_first_reason(
            rows.reason,
            (rows.account.isnull(), "no-account"),
            (_spreadsheet_id(rows.native_id), "id-in-scientific-notation"),
            (_spreadsheet_id(rows.native_account), "account-in-scientific-notation"),
            *_reference_reasons(rows),
            *_time_reasons(rows.created_at, rows.created_text, context),
            (rows.text.isnull() & no_objects, "no-text-or-object"),
        )
    )


def _reference_reasons(rows: ir.Table) -> list[tuple[ir.BooleanValue, str]]:
    """A rounded id would make posts that have nothing to do with each other share one."""
    reasons = {
        "repost_of": "id", "reply_to": "id", "quote_of": "id",
        "repost_of_account": "account", "reply_to_account": "account",
    }  # fmt: skip
    return [
        (_spreadsheet_id(rows[name]), f"{kind}-in-scientific-notation")
        for name, kind in reasons.items()
        if not _is_null(rows.op(), name)
    ]


def _keyed_posts(rows: ir.Table) -> ir.Table:
    """Ids, keys and the version; a post without an id gets the hash of what it says."""
    content = _joined(
        rows.text, rows.created_at.cast("string"), rows.language, rows.kind, rows.account,
        rows.repost_of, rows.reply_to, rows.quote_of, rows.hashtags.join(" "), rows.urls.join(" "),
        rows.mentions.join(" "), rows.media.map(lambda item: item.id.coalesce("")).join(" "),
    )  # fmt: skip
    hashed = md5(_joined(rows.account, rows.created_at.cast("string"), rows.text))
    # CASE, not COALESCE: only rows without an id are hashed for one
    rows = rows.mutate(
        said=rows.native_id.isnull().ifelse(hashed, ibis.null("string")),
        version=ids.key_column(content),
        account_key=ids.key_column(rows.account),
    )
    native = rows.said.isnull().ifelse(rows.native_id, ibis.literal("h") + rows.said)
    rows = rows.mutate(id=rows.platform + ids.SEPARATOR + native)
    return rows.mutate(key=ids.key_column(rows.id)).drop("native_id", "created_text")


def _post_kind(rows: ir.Table) -> ir.StringValue:
    is_repost = _truthy(rows.is_repost) | rows.repost_of.notnull() | rows.old_repost.notnull()
    is_reply = rows.reply_to.notnull() | rows.reply_to_account.notnull()
    return ibis.cases(
        (is_repost.fill_null(False), "repost"),
        (rows.quote_of.notnull(), "quote"),
        (is_reply, "reply"),
        else_="post",
    )


def _old_repost_author(text: ir.StringValue) -> ir.StringValue:
    """The account named by an old-style repost, ``RT @name: …``; NULL for any other text."""
    name = text.re_extract(r"^RT @([A-Za-z0-9_]{1,20}):", 1)
    return text.startswith("RT @").ifelse("@" + name.nullif(""), ibis.null("string"))


def _media(loose: ir.Table, rows: ir.Table) -> ir.ArrayValue:
    """The media of a post as structs; media are known by their hash, else by their URL."""
    if _is_constant(loose, "media_urls") and _is_constant(loose, "media_hashes"):
        return ibis.null(sch.Schema.from_pyarrow(tables.POSTS)["media"])
    urls, hashes, alts = rows.media_urls, rows.media_hashes, rows.media_alts
    first = urls.coalesce(hashes)
    item = ibis.dtype(ibis.Schema.from_pyarrow(pa.schema([("m", MEDIA_ITEM)]))["m"])
    listed = ibis.range(first.length()).map(
        lambda i: ibis.struct(
            {
                "id": rows.platform + ids.SEPARATOR + hashes[i].coalesce(urls[i]),
                "kind": ibis.null("string"),
                "url": urls[i],
                "hash": hashes[i],
                "alt": alts[i],
            }
        )
    )
    return _empty(first).ifelse(ibis.null(f"array<{item}>"), listed)


@dataclass(frozen=True)
class _References:
    """Ids that one post gives of others: native, unless the file knows accounts by handle alone."""

    platform: ir.StringValue
    has_native: ir.BooleanValue

    def post(self, native: ir.StringValue) -> ir.StringValue:
        return self.platform + ids.SEPARATOR + _blank_to_null(native)

    def account(self, who: ir.StringValue) -> ir.StringValue:
        given = _blank_to_null(who)
        by_handle = self.platform + ids.SEPARATOR + "@" + without_leading(given, "@").lower()
        native = self.has_native & ~given.startswith("@")
        return native.ifelse(self.platform + ids.SEPARATOR + given, by_handle)


def _references(rows: ir.Table) -> _References:
    return _References(rows.platform, rows.native_account.notnull())


def _mention(platform: ir.StringValue, who: ir.StringValue) -> ir.StringValue:
    """A mentioned account: DIDs, URLs and numbers are native ids, all else is a handle."""
    native = who.startswith("did:") | who.startswith("http") | who.re_search(r"^[0-9]+$")
    by_handle = ibis.literal("@") + without_leading(who, "@").lower()
    return platform + ids.SEPARATOR + native.ifelse(who, by_handle)


# -- the other kinds --------------------------------------------------------------------------


def _observations(loose: ir.Table, context: Context) -> ir.Table:
    rows = loose.mutate(
        platform=_platform(loose, context),
        native_account=_blank_to_null(loose.account_id),
        shown_handle=_bare_handle(loose.handle),
        subject_kind=_blank_to_null(loose.subject_kind).coalesce("account"),
        observed_text=loose.observed_at,
    )
    account = _account(rows.platform, rows.native_account, rows.shown_handle)
    named = rows.platform + ids.SEPARATOR + _blank_to_null(rows.subject)
    rows = rows.mutate(subject=named.coalesce(account))
    staged = rows.select(
        "line", "platform", "subject_kind", "subject", "raw", "reason", "vantage", "observed_text",
        "native_account",
        route=_one_of(rows.route.coalesce(context.route), ROUTES, "unknown"),
        **_account_columns(loose, rows, context),
    )  # fmt: skip
    staged = staged.mutate(
        reason=_first_reason(
            staged.reason,
            (staged.subject.isnull(), "no-account"),
            (_spreadsheet_id(staged.native_account), "account-in-scientific-notation"),
            (~staged.subject_kind.isin(SUBJECT_KINDS), "unknown-subject-kind"),
            *_time_reasons(staged.observed_at, staged.observed_text, context, required=False),
        ),
        state=staged.state.coalesce("alive"),
    )
    # a look without a time was taken when it was imported, and is the same look the second time
    keyed = keyed_observations(staged.drop("observed_text", "native_account"))
    return keyed.mutate(read_at=ibis.literal(context.now, "int64"))


def keyed_observations(rows: ir.Table) -> ir.Table:
    """Keys of looks: of the subject, and of all that was seen."""
    seen = [rows[name].cast("string") for name in ("route", "vantage", *ACCOUNT_COLUMNS)]
    return rows.mutate(key=ids.key_column(rows.subject), version=ids.key_column(_joined(*seen)))


def _edges(loose: ir.Table, context: Context) -> ir.Table:
    platform = _platform(loose, context)
    rows = loose.mutate(
        platform=platform,
        kind=_blank_to_null(loose.kind).coalesce("follow"),
        native_source=_blank_to_null(loose.source_id),
        native_target=_blank_to_null(loose.target_id),
        observed_text=loose.observed_at,
    )
    rows = rows.mutate(
        source=_account(rows.platform, rows.native_source, _bare_handle(rows.source_handle)),
        target=_account(rows.platform, rows.native_target, _bare_handle(rows.target_handle)),
        observed_at=context.time(rows.observed_text),
    )
    rows = rows.mutate(
        reason=_first_reason(
            rows.reason,
            (rows.source.isnull() | rows.target.isnull(), "no-account"),
            (
                _spreadsheet_id(rows.native_source) | _spreadsheet_id(rows.native_target),
                "account-in-scientific-notation",
            ),
            (rows.source == rows.target, "self-edge"),
            (rows.kind != "follow", "edge-not-follow"),
            *_time_reasons(rows.observed_at, rows.observed_text, context, required=False),
        ),
    )
    return rows.select(
        "line", "platform", "kind", "source", "target", "observed_at", "raw", "reason",
        source_key=ids.key_column(rows.source),
        target_key=ids.key_column(rows.target),
        key=ids.key_column(_joined(rows.kind, rows.source, rows.target)),
        version=ids.key_column(_joined(rows.observed_at.cast("string"))),
    )  # fmt: skip


def _shares(loose: ir.Table, context: Context) -> ir.Table:
    rows = loose.mutate(
        platform=_platform(loose, context),
        native_account=_blank_to_null(loose.account_id),
        used=_empty(loose.objects).ifelse(
            ibis.array([ibis.struct({"kind": ibis.null("string"), "object": ibis.null("string")})]),
            loose.objects,
        ),
        shared=context.time(loose.shared_at),
    )
    account = _account(rows.platform, rows.native_account, _bare_handle(rows.handle))
    rows = rows.mutate(account=account, each=rows.used.unnest())
    rows = rows.mutate(object_kind=rows.each.kind, object=_blank_to_null(rows.each.object))
    rows = rows.mutate(
        post=rows.platform + ids.SEPARATOR + _blank_to_null(rows.post_id),
        reason=_first_reason(
            rows.reason,
            (rows.account.isnull(), "no-account"),
            (_spreadsheet_id(rows.native_account), "account-in-scientific-notation"),
            (_spreadsheet_id(_blank_to_null(rows.post_id)), "id-in-scientific-notation"),
            *_time_reasons(rows.shared, rows.shared_at, context),
            (rows.object.isnull(), "no-object"),
            (~rows.object_kind.isin(OBJECT_KINDS), "unknown-object-kind"),
            (
                (rows.object_kind != "text") & _spreadsheet_id(rows.object),
                "id-in-scientific-notation",
            ),
        ),
    )
    parts = [rows.account, rows.object_kind, rows.object, rows.shared.cast("string"), rows.post]
    return rows.select(
        "line", "platform", "account", "object_kind", "object", "post", "raw", "reason",
        shared_at=rows.shared,
        account_key=ids.key_column(rows.account),
        object_key=ids.key_column(_joined(rows.object_kind, rows.object)),
        post_key=ids.key_column(rows.post),
        key=ids.key_column(_joined(*parts)),
        version=ibis.literal(0, "int64"),
    )  # fmt: skip


def _labels(loose: ir.Table, context: Context) -> ir.Table:
    rows = loose.mutate(
        platform=_platform(loose, context),
        subject_kind=_blank_to_null(loose.subject_kind).coalesce("account"),
        labelled=context.time(loose.labelled_at),
        drawn=_draw(loose),
        chance=loose.probability.try_cast("float64"),
    )
    native = _blank_to_null(rows.subject_id)
    named = native.startswith(rows.platform + ids.SEPARATOR).ifelse(
        native, rows.platform + ids.SEPARATOR + native
    )
    handle = _account(rows.platform, ibis.null("string"), _bare_handle(rows.subject_handle))
    rows = rows.mutate(subject=named.coalesce(handle), label=_blank_to_null(rows.label))
    rows = rows.mutate(
        reason=_first_reason(
            rows.reason,
            (rows.subject.isnull(), "no-subject"),
            (_spreadsheet_id(native), "id-in-scientific-notation"),
            (rows.label.isnull(), "no-label"),
            (~rows.subject_kind.isin(SUBJECT_KINDS), "unknown-subject-kind"),
            (rows.probability.notnull() & rows.chance.isnull(), "probability-not-understood"),
            ((rows.chance <= 0) | (rows.chance > 1), "probability-out-of-range"),
            *_time_reasons(rows.labelled, rows.labelled_at, context, required=False),
        )
    )
    who = [rows.subject_kind, rows.subject, rows.labeller, rows.labelled.cast("string")]
    return rows.select(
        "line", "subject_kind", "subject", "label", "labeller", "note", "raw", "reason",
        labelled_at=rows.labelled,
        draw=rows.drawn,
        probability=rows.chance,
        key=ids.key_column(_joined(*who)),
        version=ids.key_column(
            _joined(rows.label, rows.drawn, rows.chance.cast("string"), rows.note)
        ),
    )  # fmt: skip


def _series(loose: ir.Table, context: Context) -> ir.Table:
    rows = loose.mutate(
        at=context.time(loose.day),
        group=_blank_to_null(loose.group).coalesce("all"),
        name=ibis.literal(context.series),
        each=_empty(loose.outcomes)
        .ifelse(
            ibis.array(
                [ibis.struct({"outcome": ibis.null("string"), "value": ibis.null("string")})]
            ),
            loose.outcomes,
        )
        .unnest(),
    )
    rows = rows.mutate(outcome=rows.each.outcome, value=_number(rows.each.value))
    rows = rows.mutate(
        reason=_first_reason(
            rows.reason,
            *_time_reasons(rows.at, rows.day, context),
            (rows.outcome.isnull() | rows.value.isnull(), "no-number"),
        )
    )
    parts = [rows.name, rows.group, rows.outcome, rows.at.cast("string")]
    return rows.select(
        "line", "name", "group", "outcome", "value", "raw", "reason",
        day=rows.at,
        key=ids.key_column(_joined(*parts)),
        version=ids.key_column(_joined(rows.value.cast("string"))),
    )  # fmt: skip


_STAGES: dict[str, Callable[[ir.Table, Context], ir.Table]] = {
    "posts": _posts,
    "observations": _observations,
    "edges": _edges,
    "shares": _shares,
    "labels": _labels,
    "series": _series,
}

TIME_COLUMN = {
    "posts": "created_at",
    "observations": "observed_at",
    "edges": "observed_at",
    "shares": "shared_at",
    "labels": "labelled_at",
    "series": "day",
}
"""The column whose times decide a file's precision, by kind; loose rows have it as text."""


# -- values -----------------------------------------------------------------------------------


def _account_columns(loose: ir.Table, rows: ir.Table, context: Context) -> dict[str, ir.Value]:
    """What a row says of its account; what its file never says costs nothing."""
    state = _blank_to_null(rows.state).lower()
    said = {
        "name": ("name", _written(rows.name)),
        "bio": ("bio", _written(rows.bio)),
        "avatar": ("avatar", _blank_to_null(rows.avatar)),
        "followers": ("followers", _count(rows.followers)),
        "following": ("following", _count(rows.following)),
        "posts": ("account_posts", _count(rows.account_posts)),
        "account_created_at": ("account_created_at", context.time(rows.account_created_at)),
        "observed_at": ("observed_at", context.time(rows.observed_at)),
        "state": ("state", _known_state(state)),
    }
    found = {
        name: ibis.null(value.type()) if _is_constant(loose, field) else value
        for name, (field, value) in said.items()
    }
    return {"handle": rows.shown_handle, **found}


def _known_state(state: ir.StringValue) -> ir.StringValue:
    return state.notnull().ifelse(_one_of(state, STATES, "unknown"), ibis.null("string"))


def _platform(loose: ir.Table, context: Context) -> ir.StringValue:
    if _is_constant(loose, "platform"):
        return ibis.literal(context.platform)
    return _blank_to_null(loose.platform).lower().coalesce(context.platform)


def _is_constant(loose: ir.Table, column: str) -> bool:
    """Whether a source fills a column with NULL or false for all rows: its file has no such thing.

    Known when the query is built, which spares the engine work it cannot see to be idle.
    """
    project = loose.op()
    value = project.values.get(column) if isinstance(project, ops.Project) else None
    while isinstance(value, ops.Cast):
        value = value.arg
    return isinstance(value, ops.Literal) and not value.value


def _account(
    platform: ir.StringValue, native: ir.StringValue, handle: ir.StringValue
) -> ir.StringValue:
    """The subject id of an account; the same rule as `marsad.records.ids.subject_id`."""
    return platform + ids.SEPARATOR + native.coalesce("@" + handle.lower())


def _bare_handle(handle: ir.StringValue) -> ir.StringValue:
    return without_leading(_blank_to_null(handle), "@").nullif("")


def _blank_to_null(text: ir.StringValue) -> ir.StringValue:
    """A name, an id or a number without white space around it; NULL where nothing is left.

    Trimming costs five times a look for white space, and hardly any value needs it.
    """
    white = ibis.or_(*(text.contains(space) for space in _WHITE))
    return (white | (text == "")).ifelse(text.strip().nullif(""), text)


_WHITE = (" ", "\t", "\n", "\r", "\v", "\f")


def _written(text: ir.StringValue) -> ir.StringValue:
    """A text as it stands, white space and all; NULL where there is nothing else."""
    # a text that sorts after "!" begins with a letter or a sign, as nearly all do
    blank = (text < "!") & ~text.re_search(r"\S")
    return blank.ifelse(ibis.null("string"), text)


def _language(loose: ir.Table, rows: ir.Table) -> ir.StringValue:
    """The language by its name or code; NULL where it says nothing we know."""
    if _is_constant(loose, "language"):
        return ibis.null("string")
    return code_of_language(rows.language).nullif("")


@ibis.udf.scalar.pyarrow(signature=(("string",), "string"))  # type: ignore[untyped-decorator]
def code_of_language(names: pa.ChunkedArray) -> pa.ChunkedArray:
    """`language_code` of each, "" where there is none: the engine takes no NULL from a function.

    A column has few languages, and each is looked up once.
    """
    few = pc.unique(names)
    codes = [language_code(name) or "" for name in few.to_pylist()]
    return pa.array(codes, pa.string()).take(pc.index_in(names, few))


def _count(text: ir.StringValue) -> ir.IntegerValue:
    """A whole number, with Arabic digits and digit groups taken; NULL where it is none."""
    whole = text.try_cast("int64")
    return whole.notnull().ifelse(whole, _number(text).try_cast("int64"))


def _number(text: ir.StringValue) -> ir.FloatingValue:
    direct = text.try_cast("float64")
    folded = times.ascii_digits(text).replace("٬", "").replace("٫", ".")
    grouped = folded.re_search(r"^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$")
    number = direct.coalesce(
        folded.try_cast("float64"), grouped.ifelse(folded.replace(",", ""), "").try_cast("float64")
    )
    return (number.isinf() | number.isnan()).ifelse(ibis.null("float64"), number)


def _truthy(text: ir.StringValue) -> ir.BooleanValue:
    return text.lower().isin(["true", "1", "1.0", "yes", "y", "t", "retweet", "repost", "reblog"])


def _one_of(text: ir.StringValue, valid: Sequence[str], otherwise: str) -> ir.StringValue:
    return text.isin(valid).ifelse(text, otherwise)


def _draw(loose: ir.Table) -> ir.StringValue:
    """How a subject was drawn: at random only if the row says so or gives a probability."""
    said = loose.draw.lower().strip()
    return ibis.cases(
        (said.isin(["random", "targeted"]), said),
        (loose.probability.notnull(), "random"),
        else_="targeted",
    )


def _empty(items: ir.ArrayValue) -> ir.BooleanValue:
    return items.isnull() | (items.length() == 0)


def _spreadsheet_id(native: ir.StringValue) -> ir.BooleanValue:
    """An id such as 1.23457E+17, also behind its platform: a spreadsheet rounded it, so which post
    or account it was is lost."""
    suspect = native.contains("+")
    exact = r"^([^:]*:@?)?[0-9]([.,][0-9]+)?[eE]\+[0-9]+$"
    return suspect.fill_null(False).ifelse(native.re_search(exact), False)


def _time_reasons(
    time: ir.IntegerValue, text: ir.StringValue, context: Context, required: bool = True
) -> list[tuple[ir.BooleanValue, str]]:
    given = _blank_to_null(text).notnull()
    reasons = [
        (given & time.isnull(), "time-not-understood"),
        (time < times.EARLIEST, "date-before-2000"),
        (time > context.now + FUTURE_SLACK, "date-in-future"),
    ]
    return [(~given, "no-time"), *reasons] if required else reasons


def _first_reason(given: ir.StringValue, *reasons: tuple[ir.BooleanValue, str]) -> ir.StringValue:
    checked = [(condition.fill_null(False), name) for condition, name in reasons]
    return given.coalesce(ibis.cases(*checked, else_=ibis.null("string")))


def _joined(*parts: ir.StringValue) -> ir.StringValue:
    """The parts of what is hashed, told apart; a missing part is an empty one."""
    return ibis.literal(UNIT).join([part.coalesce("") for part in parts])


# -- HTML -------------------------------------------------------------------------------------

_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>|</(?:p|div|li|h[1-6]|blockquote)>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_NO_CHARACTER = re.compile(r"&#[0-9]{8,}+")
_SPACES = re.compile(r"(?<![ \t])[ \t]*+\n[ \t\n]*+")  # each space is looked at once


def html_to_text(markup: str) -> str:
    """HTML as a reader sees it: breaks as new lines, tags gone, entities resolved."""
    text = _TAG.sub("", _BREAK.sub("\n", markup))
    try:
        text = html.unescape(text)
    except ValueError:  # Python reads no number of more than 4,300 digits
        text = html.unescape(_NO_CHARACTER.sub("&#0", text))
    return _SPACES.sub("\n", text).strip()


@ibis.udf.scalar.pyarrow(signature=(("string",), "string"))  # type: ignore[untyped-decorator]
def plain_text(markup: pa.StringArray) -> pa.StringArray:
    """`html_to_text` over a column."""
    texts = [None if item is None else html_to_text(item) for item in markup.to_pylist()]
    return pa.array(texts, pa.string())
