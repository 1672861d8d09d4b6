"""Tables that are not stored but follow from those that are. Nothing executes here."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

_SHARE_COLUMNS = (
    "platform", "account", "account_key", "object_kind", "object", "post", "shared_at", "precision",
)  # fmt: skip


def latest_versions(posts: ir.Table) -> ir.Table:
    """Of each post the version taken last: the newest run, and in it the last line."""
    order = [posts.run.desc(), posts.file.desc(), posts.line.desc(), posts.version.desc()]
    place = ibis.row_number().over(group_by=posts.key, order_by=order)
    ranked = posts.mutate(place=place)
    return ranked.filter(ranked.place == 0).drop("place")


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
    seen = looks(observations)
    # down to the version: looks of one second must have one order on every engine
    newest = [seen[name].desc() for name in ("observed_at", "run", "file", "line", "version")]
    place = ibis.row_number().over(group_by=seen.key, order_by=newest)
    last = seen.mutate(place=place)
    last = last.filter(last.place == 0).drop("place", "account", "file", "version")
    return ids.left_join(last, "key").drop("key_right")


def looks(observations: ir.Table) -> ir.Table:
    """The observations of accounts."""
    rows = observations.filter(observations.subject_kind == "account")
    return rows.select(
        "key", "platform", "observed_at", "precision", "route", "state", "handle", "name", "bio",
        "followers", "following", "posts", "account_created_at", "run", "file", "line", "version",
        account=rows.subject,
    )  # fmt: skip


def shares(posts: ir.Table, imported: ir.Table) -> ir.Table:
    """Every use of an object by an account: from the lists of posts, and from imported rows."""
    parts = [
        _listed(posts, "hashtag", posts.hashtags),
        _listed(posts, "url", posts.urls),
        _listed(posts, "mention", posts.mentions),
        _single(posts, "repost", posts.repost_of),
        _single(posts, "reply", posts.reply_to),
        imported.select(*_SHARE_COLUMNS),
    ]
    return ibis.union(*[part.filter(part.object.notnull()) for part in parts])


def edges(posts: ir.Table, follows: ir.Table) -> ir.Table:
    """Every edge between accounts: stored follows, and what posts mention, answer, repost."""
    mentions = posts.mutate(target=posts.mentions.unnest())
    parts = [
        _edge_columns(follows, follows.kind, follows.source, follows.target, follows.observed_at),
        _post_edges(posts, "repost", posts.repost_of_account),
        _post_edges(posts, "reply", posts.reply_to_account),
        _post_edges(mentions, "mention", mentions.target),
    ]
    return ibis.union(*[part.filter(part.target.notnull()) for part in parts])


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


def _post_edges(rows: ir.Table, kind: str, target: ir.StringValue) -> ir.Table:
    return _edge_columns(rows, ibis.literal(kind), rows.account, target, rows.created_at)


def _edge_columns(
    rows: ir.Table, kind: ir.StringValue, source: ir.StringValue, target: ir.StringValue,
    at: ir.IntegerValue,
) -> ir.Table:  # fmt: skip
    return rows.select(kind=kind, source=source, target=target, at=at)
