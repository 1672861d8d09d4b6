"""The most frequent values among the posts: languages, clients, hashtags, links, reposts.

Each is one expression that counts uses by label and keeps the most frequent. Expressions hold no
regular expressions; what needs parsing is parsed afterwards, on the few rows that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from marsad.engines import Engine
from marsad.outputs.links import defanged, safe_link
from marsad.outputs.names import Names
from marsad.outputs.passage import cut, printable
from marsad.outputs.report.data import Count, Ranking
from marsad.outputs.rows import Row, collected

HEADLINE = 200
"""Characters of a reposted text that are shown."""


@dataclass(frozen=True)
class RawRanking:
    """Counted rows with labels as they stand in the data; not to be shown."""

    rows: Sequence[Row]

    @property
    def distinct(self) -> int:
        """How many labels there are in all."""
        return int(self.rows[0]["distinct"]) if self.rows else 0

    @property
    def strings(self) -> list[str]:
        """Everything in it that a reader might see."""
        return [row[name] for row in self.rows for name in ("label", "text") if row.get(name)]


def by_column(posts: ir.Table, column: str, engine: Engine, limit: int) -> RawRanking:
    """Posts by a column; what is not said (NULL or empty) is a value of its own, None."""
    uses = posts.select("account_key", "created_at", label=posts[column].nullif(""))
    return _most(engine, uses, limit)


def hashtags(posts: ir.Table, engine: Engine, limit: int) -> RawRanking:
    """The most used hashtags, without regard to case."""
    uses = _listed(posts, "hashtags")
    return _most(engine, uses.mutate(label=uses.label.lower()), limit)


def links(posts: ir.Table, engine: Engine, limit: int) -> RawRanking:
    """The most shared URLs."""
    return _most(engine, _listed(posts, "urls"), limit)


def domains(posts: ir.Table, engine: Engine, limit: int) -> RawRanking:
    """The most shared domains, ``www.`` left out."""
    uses = _listed(posts, "urls")
    return _most(engine, uses.mutate(label=_host(uses.label)), limit)


def reposts(posts: ir.Table, engine: Engine, limit: int) -> RawRanking:
    """The most reposted posts: by id, or by text where the data do not name the original.

    ``named`` says which; ``text`` is what one of the reposts says.
    """
    repeated = posts.filter(posts.kind == "repost")
    uses = repeated.select(
        "account_key", "created_at", "text", "platform",
        label=ibis.coalesce(repeated.repost_of, repeated.text),
        named=repeated.repost_of.notnull(),
    )  # fmt: skip
    uses = uses.filter(uses.label.notnull())
    return _most(
        engine, uses, limit,
        text=uses.text.max(), named=uses.named.any(), platform=uses.platform.max(),
    )  # fmt: skip


def _listed(posts: ir.Table, column: str) -> ir.Table:
    """One row for each item of a list column."""
    uses = posts.select("account_key", "created_at", label=posts[column].unnest())
    return uses.filter(uses.label.notnull(), uses.label != "")


def _most(engine: Engine, uses: ir.Table, limit: int, **more: ir.Value) -> RawRanking:
    counted = uses.group_by("label").aggregate(
        posts=uses.count(),
        accounts=uses.account_key.nunique(),
        first=uses.created_at.min(),
        last=uses.created_at.max(),
        **more,
    )
    counted = counted.mutate(distinct=counted.count().over(ibis.window()))
    most = counted.order_by(ibis.desc("posts"), ibis.desc("accounts"), "label").limit(limit)
    return RawRanking(collected(engine, most))


def _host(url: ir.StringValue) -> ir.StringValue:
    """What stands between ``//`` and the next ``/``; up to the first ``/`` without a ``//``."""
    parts = url.split("/")
    host = ibis.ifelse(url.contains("://"), parts[2], parts[0]).lower()
    return ibis.ifelse(host.startswith("www."), host.substr(4), host)


def shown(raw: RawRanking) -> Ranking:
    """A ranking of values that name nobody, such as languages."""
    return Ranking(tuple(_count(row, row["label"]) for row in raw.rows), raw.distinct)


def shown_texts(raw: RawRanking, names: Names) -> Ranking:
    """A ranking of free text (clients, hashtags): names in it replaced."""
    rows = [_count(row, row["label"] and names.passage(row["label"]).plain) for row in raw.rows]
    return Ranking(tuple(rows), raw.distinct)


def shown_links(raw: RawRanking, names: Names) -> Ranking:
    """A ranking of URLs, defanged, names replaced."""
    rows = [_count(row, safe_link(row["label"], names)) for row in raw.rows]
    return Ranking(tuple(rows), raw.distinct)


def shown_domains(raw: RawRanking) -> Ranking:
    """A ranking of domains, defanged."""
    return Ranking(tuple(_count(row, defanged(row["label"])) for row in raw.rows), raw.distinct)


def shown_reposts(raw: RawRanking, names: Names) -> Ranking:
    """A ranking of posts by pseudonym, each with its text."""
    rows = []
    for row in raw.rows:
        label = names.of("post", row["label"]) if row["named"] else None
        text = row["text"] and names.passage(row["text"], row["platform"], shown=HEADLINE)
        rows.append(_count(row, label, text=text or None))
    return Ranking(tuple(rows), raw.distinct)


def _count(row: Row, label: str | None, **more: Any) -> Count:
    clean = None if label is None else cut(printable(label))
    return Count(clean, row["posts"], row["accounts"], row["first"], row["last"], **more)
