"""Tables that are not stored but follow from those that are.

Nothing executes here, but for `handles`.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.records.ids import SEPARATOR

_SHARE_COLUMNS = (
    "platform", "account", "account_key", "object_kind", "object", "post", "shared_at", "precision",
)  # fmt: skip


_SEEN_UNDER = pa.schema(
    [
        ("platform", pa.string()), ("handle", pa.string()), ("account", pa.string()),
        ("observed_at", pa.int64()), ("run", pa.string()), ("file", pa.string()),
        ("line", pa.int64()), ("version", pa.int64()),
    ]
)  # fmt: skip


def latest_versions(posts: ir.Table) -> ir.Table:
    """Of each post the version taken last: the newest run, and in it the last line."""
    order = [posts.run.desc(), posts.file.desc(), posts.line.desc(), posts.version.desc()]
    return _first(posts, [posts.key], order)


def accounts(posts: ir.Table, observations: ir.Table, edges: ir.Table) -> ir.Table:
    """One row per account: its id, and what the last look at it showed.

    An account record is only its id; everything that changes is an observation.
    """
    ids = ibis.union(
        posts.select(account=posts.account, key=posts.account_key),
        edges.select(account=edges.source, key=edges.source_key),
        edges.select(account=edges.target, key=edges.target_key),
        looks(observations).select("account", "key"),
        distinct=True,
    )
    last = last_looks(looks(observations)).drop("account", "file", "version")
    return ids.left_join(last, "key").drop("key_right")


def looks(observations: ir.Table) -> ir.Table:
    """The observations of accounts."""
    rows = observations.filter(observations.subject_kind == "account")
    return rows.select(
        "key", "platform", "observed_at", "precision", "route", "state", "handle", "name", "bio",
        "followers", "following", "posts", "account_created_at", "run", "file", "line", "version",
        account=rows.subject,
    )  # fmt: skip


def last_looks(seen: ir.Table) -> ir.Table:
    """Of each account the last of its `looks`: by time, then as they were taken."""
    return _first(seen, [seen.account], _newest(seen))


def handles(observations: ir.Table, engine: Engine) -> ir.Table:
    """``platform``, ``handle`` (lower case, without ``@``) and ``account``: who was last seen so.

    A look at a handle alone (``x:@name``) does not say whose it is, so it takes it from nobody.
    Case is folded by `map_batches`, because engines differ in it, on one look a spelling.
    """
    seen = looks(observations).select(*_SEEN_UNDER.names)
    by_id = seen.account.substr(seen.platform.length(), 2) != f"{SEPARATOR}@"
    seen = seen.filter(seen.handle.notnull(), seen.handle != "", by_id)
    spelled = engine.map_batches(_folded, _last_under(seen), _SEEN_UNDER)
    last = _last_under(spelled.filter(spelled.handle != ""))
    return last.select("platform", "handle", "account")


def _last_under(seen: ir.Table) -> ir.Table:
    order = [*_newest(seen), seen.account.asc()]
    return _first(seen, [seen.platform, seen.handle], order)


def _folded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Looks with handles as `subject_id` writes them."""
    bare = [handle.lstrip("@").lower() for handle in batch.column("handle").to_pylist()]
    at = batch.schema.get_field_index("handle")
    return batch.set_column(at, batch.schema.field(at), pa.array(bare, pa.string()))


def resolved(rows: ir.Table, handles: ir.Table, *columns: str) -> ir.Table:
    """``rows`` with accounts that ``columns`` name by a handle under the ids they were seen with.

    ``handles`` as the function of that name gives it. A handle nobody was seen under stays.
    """
    names = rows.columns
    known = handles.select(
        known_as=handles.platform + SEPARATOR + "@" + handles.handle, holder=handles.account
    )
    for column in columns:
        joined = rows.left_join(known, rows[column] == known.known_as)
        named = joined.mutate(**{column: ibis.coalesce(joined.holder, joined[column])})
        rows = named.select(*names)
    return rows


def usual_languages(posts: ir.Table) -> ir.Table:
    """``account`` and the ``language`` of most of its posts; of equal ones the first by name."""
    used = posts.group_by("account", "language").aggregate(uses=posts.count())
    return _first(used, [used.account], [used.uses.desc(), used.language.asc()]).drop("uses")


def ids_of(names: Sequence[str], observations: ir.Table, engine: Engine) -> dict[str, str]:
    """Each account under its id: one that is named by a handle (``x:@name``, in lower case) under
    that of the account last seen with it, where there is one."""
    found = {name: name for name in names}
    by_handle = [name for name in names if f"{SEPARATOR}@" in name]
    if by_handle:
        rows = engine.table(pa.table({"given": by_handle, "account": by_handle}), "named")
        known = engine.collect(resolved(rows, handles(observations, engine), "account"))
        pairs = zip(known["given"].to_pylist(), known["account"].to_pylist(), strict=True)
        found |= dict(sorted(pairs))
    return found


def _newest(seen: ir.Table) -> list[ir.Value]:
    """The order of looks; down to the version: one order for one second on every engine."""
    return [seen[name].desc() for name in ("observed_at", "run", "file", "line", "version")]


def _first(rows: ir.Table, by: list[ir.Value], order: list[ir.Value]) -> ir.Table:
    """The first row of each group."""
    placed = rows.mutate(place=ibis.row_number().over(group_by=by, order_by=order))
    return placed.filter(placed.place == 0).drop("place")


def shares(posts: ir.Table, imported: ir.Table) -> ir.Table:
    """Every use of an object by an account: from the lists of posts, and from imported rows.

    An image is an object by its hash.
    """
    shown = posts.filter(posts.media.length() > 0).mutate(shown=lambda rows: rows.media.unnest())
    parts = [
        _listed(posts, "hashtag", posts.hashtags),
        _listed(posts, "url", posts.urls),
        _listed(posts, "mention", posts.mentions),
        _single(shown, "image", shown.shown["hash"]),
        _single(posts, "repost", posts.repost_of),
        _single(posts, "reply", posts.reply_to),
        imported.select(*_SHARE_COLUMNS),
    ]
    return ibis.union(*[part.filter(part.object.notnull()) for part in parts])


def edges(posts: ir.Table, follows: ir.Table) -> ir.Table:
    """Every edge between accounts: stored follows; what posts mention, answer, repost and quote.

    ``source``, ``target``, ``kind`` and ``at`` (µs UTC; null for follows that no file dates). A
    repost, reply or quote whose file names only the post leads to that post's author where it is
    known. Accounts that are named by a handle stay so: see `resolved`.
    """
    # one author each, or a post in two versions would count twice what points to it
    authors = posts.group_by(post=posts.id).aggregate(author=posts.account.max())
    mentions = posts.select("account", "created_at", target=posts.mentions.unnest())
    stored = follows.filter(follows.kind == "follow")
    return ibis.union(
        _edge(stored, "follow", stored.source, stored.target, stored.observed_at),
        _edge(mentions, "mention", mentions.account, mentions.target, mentions.created_at),
        _to_author(posts, "repost", posts.repost_of, posts.repost_of_account, authors),
        _to_author(posts, "reply", posts.reply_to, posts.reply_to_account, authors),
        _to_author(posts, "quote", posts.quote_of, ibis.null("string"), authors),
    )


def _to_author(
    posts: ir.Table, kind: str, post: ir.StringValue, account: ir.StringValue, authors: ir.Table
) -> ir.Table:
    given = posts.select(source=posts.account, given=account, post=post, at=posts.created_at)
    given = given.filter(given.given.notnull() | given.post.notnull())
    named = given.left_join(authors, "post")
    return _edge(named, kind, named.source, ibis.coalesce(named.given, named.author), named.at)


def _edge(
    rows: ir.Table, kind: str, source: ir.StringValue, target: ir.StringValue, at: ir.IntegerValue
) -> ir.Table:
    # The casts make all of them nullable alike, which a union asks for.
    found = rows.select(
        kind=ibis.literal(kind, "string"), source=source.cast("string"),
        target=target.cast("string"), at=at.cast("int64"),
    )  # fmt: skip
    return found.filter(found.target.notnull(), found.target != "")


def _listed(posts: ir.Table, kind: str, objects: ir.ArrayValue) -> ir.Table:
    return _of_posts(posts.mutate(object=objects.unnest()), kind)


def _single(posts: ir.Table, kind: str, value: ir.StringValue) -> ir.Table:
    return _of_posts(posts.mutate(object=value), kind)


def _of_posts(rows: ir.Table, kind: str) -> ir.Table:
    return rows.select(
        "platform", "account", "account_key", "object", "precision",
        object_kind=ibis.literal(kind),
        post=rows.id,
        shared_at=rows.created_at,
    ).select(*_SHARE_COLUMNS)  # fmt: skip
