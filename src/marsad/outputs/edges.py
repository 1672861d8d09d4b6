"""The graph of who shares, answers, names, quotes and follows whom, with weights and times.

Everything here builds expressions; nothing executes.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from marsad.records.ids import SEPARATOR

KINDS = ("repost", "reply", "mention", "quote", "follow")


def weighted_edges(posts: ir.Table, follows: ir.Table, observations: ir.Table) -> ir.Table:
    """One row for each source, target and kind: how often, and when first and last.

    An account that posts name by its handle is the account that was last seen under it. A repost,
    reply or quote whose file names only the post leads to that post's author where it is known.
    ``first`` and ``last`` (µs UTC) are null for follows that no file dates.
    """
    authors = posts.select(post=posts.id, author=posts.account).distinct()
    parts = [
        _to_author(posts, "repost", posts.repost_of, posts.repost_of_account, authors),
        _to_author(posts, "reply", posts.reply_to, posts.reply_to_account, authors),
        _to_author(posts, "quote", posts.quote_of, ibis.null("string"), authors),
        _mentions(posts),
        _follows(follows),
    ]
    every = _resolved(ibis.union(*parts), observations)
    return every.group_by("source", "target", "kind").aggregate(
        weight=every.count(), first=every.at.min(), last=every.at.max()
    )


def _to_author(
    posts: ir.Table, kind: str, post: ir.StringValue, account: ir.StringValue, authors: ir.Table
) -> ir.Table:
    given = posts.select(
        source=posts.account, given=account, post=post, at=posts.created_at
    ).filter(account.notnull() | post.notnull())
    named = given.left_join(authors, "post")
    return _edge(named, kind, ibis.coalesce(named.given, named.author), named.at)


def _mentions(posts: ir.Table) -> ir.Table:
    named = posts.select(source=posts.account, target=posts.mentions.unnest(), at=posts.created_at)
    return _edge(named, "mention", named.target, named.at)


def _follows(edges: ir.Table) -> ir.Table:
    """Stored follow edges; all other kinds follow from posts and would be counted twice."""
    follows = edges.filter(edges.kind == "follow")
    at = follows.observed_at if "observed_at" in follows.columns else follows.at
    return _edge(follows, "follow", follows.target, at)


def _edge(rows: ir.Table, kind: str, target: ir.StringValue, at: ir.IntegerValue) -> ir.Table:
    # The casts make all of them nullable alike, which a union asks for.
    edges = rows.select(
        source=rows.source.cast("string"), target=target.cast("string"),
        kind=ibis.literal(kind, "string"), at=at.cast("int64"),
    )  # fmt: skip
    return edges.filter(edges.target.notnull(), edges.target != "")


def _resolved(edges: ir.Table, observations: ir.Table) -> ir.Table:
    """Edges with accounts known by a handle under the id that was last seen with it."""
    known = _handles(observations)
    for end in ("source", "target"):
        joined = edges.left_join(known, edges[end] == known.known_as)
        named = joined.mutate(**{end: ibis.coalesce(joined.account, joined[end])})
        edges = named.select("source", "target", "kind", "at")
    return edges


def _handles(observations: ir.Table) -> ir.Table:
    """``platform:@handle`` → the account last seen under that handle."""
    looks = observations.filter(
        observations.subject_kind == "account", observations.handle.notnull()
    )
    bare = ibis.ifelse(looks.handle.startswith("@"), looks.handle.substr(1), looks.handle)
    looks = looks.select(
        "observed_at", account=looks.subject,
        known_as=looks.platform + SEPARATOR + "@" + bare.lower(),
    )  # fmt: skip
    order = [ibis.desc(looks.observed_at), looks.account]
    place = ibis.row_number().over(ibis.window(group_by=looks.known_as, order_by=order))
    newest = looks.mutate(place=place)
    return newest.filter(newest.place == 0).select("known_as", "account")


def nodes_of(edges: ir.Table, posts: ir.Table, findings: ir.Table) -> ir.Table:
    """One row for each account of the edges: its posts here, when, and its findings."""
    ends = ibis.union(edges.select(account="source"), edges.select(account="target"), distinct=True)
    written = posts.group_by("account").aggregate(
        posts=posts.count(), first=posts.created_at.min(), last=posts.created_at.max()
    )
    found = findings.filter(findings.account.notnull())
    found = found.group_by("account").aggregate(findings=found.count())
    nodes = ends.left_join(written, "account").drop("account_right")
    nodes = nodes.left_join(found, "account").drop("account_right")
    return nodes.select(
        "account", "first", "last",
        platform=nodes.account.split(SEPARATOR)[0],
        posts=nodes.posts.fill_null(0), findings=nodes.findings.fill_null(0),
    )  # fmt: skip
