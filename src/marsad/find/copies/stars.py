"""Stars: which copies are told of together.

The star of a text is the text itself and every *later* text that is a near copy of it. A post is
reported under the star of the earliest text it is a near copy of. So whatever a finding counts was
compared with the one text it names as the first, and found near: a chain of small changes, each a
copy of the last, never ends in two texts that share nothing in one star, as it does in connected
components. Neither does the outcome depend on the order in which posts are read. The price: a
family of texts that drifts is told of in several stars.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

SHOWN = 10
"""Most posts named as evidence: the first of each account, the earliest accounts."""


def stars(texts: ir.Table, links: ir.Table) -> ir.Table:
    """Rows ``centre, text, jaccard``: each text in its own star and in those of earlier ones."""
    near = links.filter(links.centre.notnull())
    own = texts.select(centre="text_key", text="text_key", jaccard=ibis.literal(1.0))
    return ibis.union(near.select("centre", "text", "jaccard"), own)


def told(
    stars: ir.Table, texts: ir.Table, uses: ir.Table, min_posts: int, min_accounts: int
) -> ir.Table:
    """The centres whose star has enough posts and accounts.

    To know whether a star reaches ``min_accounts``, as many accounts of each text are enough.
    """
    sizes = stars.join(texts, stars.text == texts.text_key)
    sizes = sizes.group_by("centre").agg(posts=sizes.posts.sum())
    few = uses.filter(uses.turn < min_accounts)
    spread = stars.join(few, stars.text == few.text_key)
    spread = spread.group_by("centre").agg(accounts=spread.account_key.nunique())
    both = sizes.join(spread, "centre")
    return both.filter((both.posts >= min_posts) & (both.accounts >= min_accounts)).select("centre")


def homes(stars: ir.Table, centres: ir.Table, texts: ir.Table) -> ir.Table:
    """For each text of a star that is told of, the one with the earliest centre: its home."""
    times = texts.select("first_at", "first_key", centre=texts.text_key)
    rows = stars.join(centres, "centre").join(times, "centre")
    place = ibis.row_number().over(group_by=rows.text, order_by=[rows.first_at, rows.first_key])
    ranked = rows.mutate(place=place)
    return ranked.filter(ranked.place == 0).select("centre", "text", "jaccard")


def members(stars: ir.Table, homes: ir.Table) -> ir.Table:
    """The rows of the stars that are somebody's home."""
    return stars.join(homes.select("centre").distinct(), "centre")


def counts(members: ir.Table, texts: ir.Table, uses: ir.Table) -> ir.Table:
    """Posts and accounts of each star, and the first post: that of its centre."""
    sizes = members.join(texts, members.text == texts.text_key)
    sizes = sizes.group_by("centre").agg(posts=sizes.posts.sum())
    spread = members.join(uses, members.text == uses.text_key)
    spread = spread.group_by("centre").agg(accounts=spread.account_key.nunique())
    first = texts.select("first_post", centre=texts.text_key)
    return sizes.join(spread, "centre").join(first, "centre")


def exhibits(members: ir.Table, uses: ir.Table) -> ir.Table:
    """At most `SHOWN` posts of each star, in no order, each with its similarity to the first."""
    some = uses.filter(uses.turn < SHOWN)
    rows = members.join(some, members.text == some.text_key)
    once = ibis.row_number().over(
        group_by=[rows.centre, rows.account_key], order_by=[rows.created_at, rows.key]
    )
    rows = rows.mutate(once=once)
    rows = rows.filter(rows.once == 0)
    turn = ibis.row_number().over(group_by=rows.centre, order_by=[rows.created_at, rows.key])
    rows = rows.mutate(place=turn)
    rows = rows.filter(rows.place < SHOWN)
    shown = ibis.struct(
        {"place": rows.place, "post": rows.id, "account": rows.account, "jaccard": rows.jaccard}
    )
    return rows.mutate(shown=shown).group_by("centre").agg(shown=lambda t: t.shown.collect())
