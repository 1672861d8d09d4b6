"""Sources that everybody uses, and that therefore explain nobody's acting together."""

from __future__ import annotations

import ibis.expr.types as ir

from marsad.engines import Engine
from marsad.find.coordination.automation import Source

COMMON = 0.2
"""A client or domain that more than this fraction of all accounts used is everybody's."""


def commons(engine: Engine, posts: ir.Table, shares: ir.Table) -> frozenset[Source]:
    """The clients and domains that more than `COMMON` of the accounts that share anything used."""
    sharing = shares.select("account_key").distinct()
    linked = shares.filter(shares.object_kind == "url")
    # normal forms of addresses: https://host/path
    hosts = linked.select("account_key", name=linked.object.split("/")[2])
    of_sharing = posts.semi_join(sharing, "account_key")
    # as `automation.family` has it
    clients = of_sharing.select("account_key", name=of_sharing.client.split(" for ")[0])
    accounts = engine.collect(sharing.agg(accounts=sharing.count()))
    least = COMMON * accounts["accounts"][0].as_py()
    found = {
        Source(kind, name)
        for kind, uses in (("client", clients), ("domain", hosts))
        for name in _used_by_more(engine, uses, least)
    }
    return frozenset(found)


def _used_by_more(engine: Engine, uses: ir.Table, least: float) -> list[str]:
    counted = uses.filter(uses.name.notnull()).group_by("name")
    users = counted.agg(users=uses.account_key.nunique())
    return list(engine.collect(users.filter(users.users > least))["name"].to_pylist())
