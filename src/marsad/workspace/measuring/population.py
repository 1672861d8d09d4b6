"""Whom a measure speaks of: the accounts of a bank, or those with a finding that opens a case; and
since when they are there."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.banks.accounts import listed, spelled
from marsad.engines import Engine, views
from marsad.workspace.finding import findings
from marsad.workspace.folder import Workspace
from marsad.workspace.runs import Snapshot


def of_bank(workspace: Workspace, engine: Engine, snapshot: Snapshot, bank: str) -> ir.Table:
    """The accounts that a bank lists, under the ids they were seen with: ``account``."""
    looks = workspace.current(engine, snapshot, "observations")
    chosen = workspace.banks.read(bank)
    names = list(listed([chosen], views.ids_of(spelled([chosen]), looks, engine)))
    return engine.table(pa.table({"account": pa.array(names, pa.string())}), "of_bank")


def with_findings(workspace: Workspace, engine: Engine, snapshot: Snapshot) -> ir.Table:
    """The accounts with a finding that opens a case: ``account``."""
    rows = findings(workspace, engine, snapshot)
    return rows.filter(rows.opens_case, rows.account.notnull()).select("account").distinct()


def first_known(workspace: Workspace, engine: Engine, snapshot: Snapshot) -> ir.Table:
    """When each account was made, where a look says, else its first post or look: ``account``,
    ``at`` (µs UTC). Who posted before the date on the profile was there before it."""
    posts = workspace.current(engine, snapshot, "posts")
    looks = views.looks(workspace.current(engine, snapshot, "observations"))
    traces = ibis.union(
        posts.select("account", at=posts.created_at),
        looks.select("account", at=looks.observed_at),
        looks.filter(looks.account_created_at.notnull()).select(
            "account", at=looks.account_created_at
        ),
    )
    return traces.group_by("account").aggregate(at=traces.at.min())
