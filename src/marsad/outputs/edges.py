"""The graph of who shares, answers, names, quotes and follows whom, with weights and times.

Everything here builds expressions; nothing executes.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from marsad.records.ids import SEPARATOR


def weighted_edges(edges: ir.Table) -> ir.Table:
    """`views.edges` with one row for each source, target and kind: how often, first and last.

    ``first`` and ``last`` (µs UTC) are null for follows that no file dates.
    """
    return edges.group_by("source", "target", "kind").aggregate(
        weight=edges.count(), first=edges.at.min(), last=edges.at.max()
    )


def nodes_of(edges: ir.Table, posts: ir.Table, findings: ir.Table) -> ir.Table:
    """One row for each account of the edges: its posts here, when, and its findings.

    All three name an account by the same id (see `views.resolved`).
    """
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
