"""Findings for the report: counted by signal and account, the highest with their evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.outputs.identities import strings_of_json
from marsad.outputs.rows import Row, collected

SHOWN_EVIDENCE = 4
"""Pieces of evidence shown with one finding."""
SHOWN_LIST = 8
"""Items shown of a list in the evidence, and of a list in a sentence."""
TENTHS = 10


@dataclass(frozen=True)
class RawFindings:
    """What is read before names are known: rows as they stand in the data; not to be shown.

    ``signals`` has one row a signal with its counts, ``tops`` the highest-scored findings of each,
    ``posts`` the posts those are about by id, ``accounts`` the accounts with most findings.
    """

    signals: Sequence[Row]
    tops: Mapping[str, Sequence[Row]]
    posts: Mapping[str, Row]
    accounts: Sequence[Row]
    by_signal: Mapping[str, Sequence[tuple[str, int]]]
    written: Mapping[str, int]

    @property
    def strings(self) -> list[str]:
        """Everything in it that a reader might see."""
        rows = [row for rows in self.tops.values() for row in rows]
        found = [text for row in rows for name in ("values", "evidence")
                 for text in strings_of_json(row[name])]  # fmt: skip
        named = [row[name] for row in rows for name in ("subject_id", "account") if row[name]]
        return found + named + [row["text"] for row in self.posts.values() if row["text"]]

    @property
    def kinds(self) -> dict[str, str]:
        """Subject ids of which it is known what they are."""
        kinds = {account["account"]: "account" for account in self.accounts}
        for rows in self.tops.values():
            for row in rows:
                kinds.update(dict.fromkeys(_post_ids(row), "post"))
                kinds[row["subject_id"]] = row["subject_kind"]
                if row["account"]:
                    kinds[row["account"]] = "account"
        return kinds


def read(findings: ir.Table, posts: ir.Table, engine: Engine, top: int, most: int) -> RawFindings:
    """Counts over all findings, and the ``top`` of each signal with the posts they are about.

    The best finding of each of the ``most`` accounts is among them, so that the number beside an
    account has evidence to lead to.
    """
    signals = _by_signal(findings, engine)
    accounts = _most_found(findings, engine, most)
    chosen = [row["account"] for row in accounts]
    best = _best_of(findings, engine, chosen)
    tops = {row["signal"]: _highest(findings, row["signal"], engine, top, best) for row in signals}
    ids = {post for rows in tops.values() for row in rows for post in _post_ids(row)}
    return RawFindings(
        signals,
        tops,
        _posts(posts, engine, ids),
        accounts,
        _signals_of(findings, engine, chosen),
        _written_by(posts, engine, chosen),
    )


def _by_signal(findings: ir.Table, engine: Engine) -> list[Row]:
    tenth = ibis.least((findings.score * TENTHS).floor().cast("int64"), TENTHS - 1)
    tenth = ibis.greatest(tenth, 0)
    counts = {f"tenth_{n}": (tenth == n).sum() for n in range(TENTHS)}
    counted = findings.group_by("signal").aggregate(
        findings=findings.count(),
        subjects=findings.subject_id.nunique(),
        accounts=findings.account.nunique(),
        opens_case=findings.opens_case.sum(),
        lowest=findings.score.min(),
        highest=findings.score.max(),
        **counts,
    )
    return collected(engine, counted.order_by("signal"))


def _highest(
    findings: ir.Table, signal: str, engine: Engine, top: int, more: Sequence[Row]
) -> list[Row]:
    of_signal = findings.filter(findings.signal == signal)
    groups_first = ibis.asc(of_signal.subject_kind != "community")
    highest = of_signal.order_by(groups_first, ibis.desc("score"), "finding_id").limit(top)
    rows = {row["finding_id"]: row for row in collected(engine, highest)}
    rows |= {row["finding_id"]: row for row in more if row["signal"] == signal}
    return sorted(
        rows.values(),
        key=lambda row: (row["subject_kind"] != "community", -row["score"], row["finding_id"]),
    )


def _best_of(findings: ir.Table, engine: Engine, accounts: Sequence[str]) -> list[Row]:
    """The highest-scored finding of each account."""
    chosen = _only(findings, findings.account, accounts, engine)
    order = [ibis.desc(chosen.score), chosen.finding_id]
    place = ibis.row_number().over(ibis.window(group_by=chosen.account, order_by=order))
    placed = chosen.mutate(place=place)
    return collected(engine, placed.filter(placed.place == 0).drop("place"))


def _most_found(findings: ir.Table, engine: Engine, most: int) -> list[Row]:
    named = findings.filter(findings.account.notnull())
    counted = named.group_by("account").aggregate(findings=named.count(), highest=named.score.max())
    counted = counted.mutate(distinct=counted.count().over(ibis.window()))
    ordered = counted.order_by(ibis.desc("findings"), ibis.desc("highest"), "account")
    return collected(engine, ordered.limit(most))


def _signals_of(
    findings: ir.Table, engine: Engine, accounts: Sequence[str]
) -> dict[str, list[tuple[str, int]]]:
    chosen = _only(findings, findings.account, accounts, engine)
    counted = chosen.group_by("account", "signal").aggregate(findings=chosen.count())
    split: dict[str, list[tuple[str, int]]] = {}
    for row in collected(engine, counted.order_by("signal")):
        split.setdefault(row["account"], []).append((row["signal"], row["findings"]))
    return split


def _written_by(posts: ir.Table, engine: Engine, accounts: Sequence[str]) -> dict[str, int]:
    chosen = _only(posts, posts.account, accounts, engine)
    counted = chosen.group_by("account").aggregate(posts=chosen.count())
    return {row["account"]: row["posts"] for row in collected(engine, counted)}


def _posts(posts: ir.Table, engine: Engine, ids: set[str]) -> dict[str, Row]:
    """Text, language and time of posts, by id."""
    chosen = _only(posts, posts.id, sorted(ids), engine)
    columns = chosen.select("id", "platform", "text", "language", "created_at")
    return {row["id"]: row for row in collected(engine, columns)}


def _only(
    table: ir.Table, column: ir.StringValue, values: Sequence[str], engine: Engine
) -> ir.Table:
    wanted = engine.table(pa.table({"wanted": pa.array(values, pa.string())}), "wanted")
    return table.semi_join(wanted, column == wanted.wanted)


def evidence_of(row: Row) -> list[Row]:
    """The pieces of evidence of a finding; what is not in that form is passed over."""
    try:
        evidence = json.loads(row["evidence"] or "[]")
    except ValueError:
        return []
    listed = evidence if isinstance(evidence, list) else [evidence]
    return [item for item in listed if isinstance(item, dict)]


def _post_ids(row: Row) -> Iterator[str]:
    """The posts that a shown finding is about or points to."""
    if row["subject_kind"] == "post":
        yield row["subject_id"]
    for item in evidence_of(row)[:SHOWN_EVIDENCE]:
        for name, value in item.items():
            values = value if isinstance(value, list) else [value]
            if "post" in name:
                yield from (post for post in values[:SHOWN_LIST] if isinstance(post, str))
