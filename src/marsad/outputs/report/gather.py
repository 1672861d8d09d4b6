"""Everything a report shows, read from the tables through an engine: counts, tops, never all."""

from __future__ import annotations

from dataclasses import replace

import ibis.expr.types as ir

from marsad.engines import Engine, views
from marsad.find.signal import Records
from marsad.outputs.identities import names_for, platforms_of, words_of_texts
from marsad.outputs.links import safe_link
from marsad.outputs.report import exhibits, proposals, rankings
from marsad.outputs.report.data import Context, ReportData
from marsad.outputs.report.measured.census import clients_of
from marsad.outputs.report.rankings import RawRanking
from marsad.outputs.report.totals import files, one_key_each, totals, volume

LANGUAGES, CLIENTS = 12, 8


def gather(records: Records, findings: ir.Table, engine: Engine, context: Context) -> ReportData:
    """The report's data. Memory is bounded by `Limits`, whatever the size of the tables."""
    posts, limits = records.posts, context.limits
    handles = engine.materialise(views.handles(records.observations, engine), "handles")
    counted = one_key_each(posts, handles, engine)
    raw = _rankings(counted, engine, limits.ranking)
    found = proposals.read(
        views.resolved(findings, handles, "account"),
        views.resolved(posts, handles, "account"),
        engine, limits.findings, limits.accounts,
    )  # fmt: skip
    largest = [row["label"] for row in raw["platform"].rows if row["label"]]
    others = platforms_of(engine, posts, records.observations)
    platforms = tuple(dict.fromkeys([*largest, *others]))
    read = files(posts, engine, limits.files)
    strings = [*found.strings, *(file.name for file in read.rows)]
    strings += [text for ranking in raw.values() for text in ranking.strings]
    clients = [name for one in context.measured for name in clients_of(one.marginals)]
    words = words_of_texts([*strings, *clients], engine)
    names = names_for(
        words, platforms, handles, records, engine, context.pseudonyms, found.kinds, safe_link
    )
    signals = exhibits.shown_signals(found, names)
    span = totals(counted, records.observations, engine)
    return ReportData(
        context,
        span,
        replace(read, rows=tuple(replace(f, name=names.passage(f.name).plain) for f in read.rows)),
        rankings.shown(raw["platform"]),
        volume(posts, findings, engine, span),
        rankings.shown(raw["language"]),
        rankings.shown(raw["kind"]),
        rankings.shown_texts(raw["client"], names),
        rankings.shown_texts(raw["hashtags"], names),
        rankings.shown_domains(raw["domains"]),
        rankings.shown_links(raw["links"], names),
        rankings.shown_reposts(raw["reposts"], names),
        signals,
        exhibits.shown_accounts(found, names, signals),
        {client: names.passage(client).plain for client in clients},
    )


def _rankings(posts: ir.Table, engine: Engine, limit: int) -> dict[str, RawRanking]:
    columns = {"platform": limit, "language": LANGUAGES, "kind": limit, "client": CLIENTS}
    raw = {
        column: rankings.by_column(posts, column, engine, most) for column, most in columns.items()
    }
    raw["hashtags"] = rankings.hashtags(posts, engine, limit)
    raw["domains"] = rankings.domains(posts, engine, limit)
    raw["links"] = rankings.links(posts, engine, limit)
    raw["reposts"] = rankings.reposts(posts, engine, limit)
    return raw
