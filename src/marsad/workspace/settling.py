"""Settling: staged rows → records. What only a whole run can tell: precision, repeats, versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from marsad.engines.duckdb import DuckDBEngine
from marsad.records import ids, times
from marsad.records.functions import md5
from marsad.records.message import Message
from marsad.records.tables import TABLES
from marsad.sources import strict
from marsad.workspace.erasing import without_erased
from marsad.workspace.expiry import OWNER, expired_hashes, expired_key, identity, keyed_hash
from marsad.workspace.folder import OpenRun, Workspace
from marsad.workspace.runs import Snapshot

WIDE = ("shares", "series")
"""Kinds of which one row of a file makes several."""

_PAIR = ("key", "version")

_ACCOUNT_FACTS = ("name", "bio", "avatar", "followers", "following", "posts",
                  "account_created_at", "state")  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """Rows of the files that were taken, that were there already, and records written by table;
    ``warnings`` of ids that stand for more than one post, and of states that are not known."""

    taken: int
    already: int
    tables: Mapping[str, int]
    warnings: Sequence[Message] = ()


def settle(
    workspace: Workspace,
    snapshot: Snapshot,
    engine: DuckDBEngine,
    run: OpenRun,
    staged: Mapping[str, ir.Table],
    route: str | None,
) -> Outcome:
    """Writes the staged rows that are new to the workspace, and adds them to the run."""
    settler = _Settler(workspace, snapshot, engine, run)
    taken = already = 0
    tables: Counter[str] = Counter()
    for kind, rows in staged.items():
        good = settler.with_precision(kind, rows.filter(rows.reason.isnull()))
        if kind == "observations":
            good = _dated(good)
            settler.warn_of_states(good)
        if kind == "posts":
            good = _numbered(good, engine)
            looks = settler.write("observations", _observed(good, route), differ=True)
            tables["observations"] += looks.rows
        offered = _lines(engine, good, kind)
        written = settler.write(kind, good)
        tables[kind] += written.rows
        taken += written.lines
        already += offered - written.lines
    stored = {name: rows for name, rows in tables.items() if rows}
    return Outcome(taken, already, stored, settler.warnings)


@dataclass(frozen=True)
class _Written:
    rows: int
    lines: int


class _Settler:
    """Writes settled rows of any kind; what is new is decided by (key, version) alone."""

    def __init__(
        self, workspace: Workspace, snapshot: Snapshot, engine: DuckDBEngine, run: OpenRun
    ) -> None:
        self.workspace, self.snapshot, self.engine, self.run = workspace, snapshot, engine, run
        self.warnings: list[Message] = []

    def with_precision(self, kind: str, rows: ir.Table) -> ir.Table:
        """Adds the precision of each file's times: the coarsest unit that divides them all."""
        time = rows[strict.TIME_COLUMN[kind]]
        found = rows.group_by("file").aggregate(precision=times.precision_of(time))
        by_file = self.engine.materialise(found, "precision")
        known = self.engine.collect(by_file.limit(2)).to_pylist()
        if len(known) == 1:
            return rows.mutate(precision=ibis.literal(known[0]["precision"], "int64"))
        return rows.inner_join(by_file, "file")

    def write(self, kind: str, rows: ir.Table, differ: bool = False) -> _Written:
        """Writes the rows whose (key, version) is new, in one folder a month.

        ``differ``: no two of them are the same, which saves looking.
        """
        names = [name for name in TABLES[kind].names if name != "run"]
        differ = differ or _all_differ(self.engine, rows)
        once = rows if differ else self._first_of_each(rows)
        fresh = self._unknown(kind, once).select(*names)
        by_month = times.month_of(fresh[strict.TIME_COLUMN[kind]])
        ordered = fresh.mutate(run=ibis.literal(self.run.id)).select(*TABLES[kind].names)
        folder = self.run.staging.folder / "settled" / f"{kind}-{len(self.run.adds)}"
        paths = self.engine.write(ordered.mutate(month=by_month), folder, partition_by=["month"])
        paths = [path for path in paths if pq.read_metadata(path).num_rows]
        revises = kind == "posts" and self._revises(paths, differ)
        if revises:
            self._warn_of_versions(paths)
        for path in paths:
            rows_here = pq.read_metadata(path).num_rows
            month = times.month_name(path.parent.name.removeprefix("month="))
            self.run.add(kind, path, rows_here, month, revises)
        written = sum(pq.read_metadata(path).num_rows for path in paths)
        lines = _lines(self.engine, self.engine.read_all(paths), kind) if paths else 0
        return _Written(written, lines)

    def _first_of_each(self, rows: ir.Table) -> ir.Table:
        """The first row of each (key, version), by file and line."""
        counted = rows.group_by(_PAIR).aggregate(times=rows.count())
        repeated = self.engine.materialise(counted.filter(counted.times > 1), "repeated")
        again = rows.semi_join(repeated, _PAIR)
        order = [again.file, again.line]
        again = again.mutate(place=ibis.row_number().over(group_by=_PAIR, order_by=order))
        first = again.filter(again.place == 0).drop("place")
        return rows.anti_join(repeated, _PAIR).union(first)

    def _unknown(self, kind: str, rows: ir.Table) -> ir.Table:
        """The rows that are not in the workspace, nor were."""
        rows = self._without_expired(kind, rows)
        rows = without_erased(self.workspace, self.engine, self.snapshot, kind, rows)
        if not self.snapshot.of(kind):
            return rows
        known = self.workspace.table(self.engine, self.snapshot, kind).select(*_PAIR)
        return rows.anti_join(known, _PAIR)

    def _without_expired(self, kind: str, rows: ir.Table) -> ir.Table:
        """The rows that were not deleted for age; those are known as keyed hashes alone."""
        paths = expired_hashes(self.workspace, self.snapshot)
        if not paths or kind not in OWNER:
            return rows
        expired = self.engine.read_all(paths)
        hashed = rows.mutate(hash=keyed_hash(identity(kind, rows), expired_key(self.workspace)))
        return hashed.anti_join(expired, "hash").drop("hash")

    def _revises(self, paths: Sequence[Path], differ: bool) -> bool:
        """Whether an id that was written stands elsewhere too, with other content."""
        if not paths:
            return False
        written = self.engine.read_all(paths).select("key")
        if not differ and not _all_differ(self.engine, written):
            return True
        known = self.workspace.table(self.engine, self.snapshot, "posts").select("key")
        return bool(self.engine.collect(written.semi_join(known, "key").limit(1)).num_rows)

    def warn_of_states(self, looks: ir.Table) -> None:
        """A look whose state is not known is no look at anybody alive."""
        strange = looks.filter(looks.state == "unknown")
        count = self.engine.collect(strange.aggregate(rows=strange.count()))["rows"][0].as_py()
        if count:
            self.warnings.append(Message("import.states-unknown", {"count": count}))

    def _warn_of_versions(self, paths: Sequence[Path]) -> None:
        """An id with other content is a version of a post, unless it is another account's."""
        columns = ("key", "account_key")
        written = self.engine.read_all(paths).select(*columns)
        known = self.workspace.table(self.engine, self.snapshot, "posts").select(*columns)
        every = written.union(known.semi_join(written, "key"))
        ids = every.group_by("key").aggregate(rows=every.count(), of=every.account_key.nunique())
        found = ids.aggregate(
            versions=((ids.rows > 1) & (ids["of"] == 1)).cast("int64").sum(),
            others=(ids["of"] > 1).cast("int64").sum(),
        )
        counts = self.engine.collect(found).to_pylist()[0]
        if counts["versions"]:
            self.warnings.append(Message("import.versions", {"count": counts["versions"]}))
        if counts["others"]:
            self.warnings.append(Message("import.others", {"count": counts["others"]}))


def _all_differ(engine: DuckDBEngine, rows: ir.Table) -> bool:
    """Whether no two rows have the same key, as in nearly every file."""
    counted = rows.aggregate(rows=rows.count(), keys=rows.key.nunique())
    return len(set(engine.collect(counted).to_pylist()[0].values())) == 1


def _dated(looks: ir.Table) -> ir.Table:
    """A look without a time was taken when it was read, which is known to the microsecond."""
    precision = looks.observed_at.isnull().ifelse(times.PRECISIONS[-1], looks.precision)
    return looks.mutate(
        observed_at=looks.observed_at.coalesce(looks.read_at), precision=precision
    ).drop("read_at")


def _numbered(posts: ir.Table, engine: DuckDBEngine) -> ir.Table:
    """Gives posts without an id their number among equal ones of the same file.

    The first keeps the id it was staged with; only the repeats, few in any real file, get one
    that also hashes their number.
    """
    same = ["file", "said"]
    nameless = posts.filter(posts.said.notnull())
    counted = nameless.group_by(same).aggregate(times=nameless.count())
    repeated = engine.materialise(counted.filter(counted.times > 1).select(*same), "repeated")
    if not engine.collect(repeated.limit(1)).num_rows:
        return posts
    among = posts.semi_join(repeated, same)
    among = among.mutate(number=ibis.row_number().over(group_by=same, order_by=among.line))
    hashed = md5(among.said + strict.UNIT + among.number.cast("string"))
    again = among.platform + ids.SEPARATOR + "h" + hashed
    named = among.mutate(id=(among.number == 0).ifelse(among.id, again)).drop("number")
    named = named.mutate(key=ids.key_column(named.id))
    # not joined by line: the rows of one page of results share theirs
    return posts.anti_join(repeated, same).union(named.select(*posts.columns))


def _observed(posts: ir.Table, route: str | None) -> ir.Table:
    """The looks that posts carry: of each account and day the last row, if it says anything. No two
    are the same, because their times differ."""
    says = posts.native_account.notnull() & posts.handle.notnull()
    for name in _ACCOUNT_FACTS:
        says |= posts[name].notnull()
    rows = posts if route else posts.filter(says)
    rows = rows.mutate(
        seen_at=rows.observed_at.coalesce(rows.created_at), state=rows.state.coalesce("alive")
    )
    rows = rows.mutate(day=rows.seen_at // times.DAY)
    facts = ["handle", *_ACCOUNT_FACTS, "file", "line", "seen_at", "precision", "platform"]
    last = rows.group_by(["account", "day"]).aggregate(
        seen=ibis.struct({name: rows[name] for name in facts}).argmax(_place(rows))
    )
    looks = last.select(
        subject=last.account,
        subject_kind=ibis.literal("account"),
        route=ibis.literal(route or "unknown"),
        vantage=ibis.literal("file"),
        observed_at=last.seen.seen_at,
        **{name: last.seen[name] for name in facts if name != "seen_at"},
    )
    return strict.keyed_observations(looks)


def _place(rows: ir.Table) -> ir.Value:
    """What "last" means: by time, then file and line, so that a second import agrees."""
    return ibis.struct({"at": rows.seen_at, "file": rows.file, "line": rows.line})


def _lines(engine: DuckDBEngine, rows: ir.Table, kind: str) -> int:
    """How many rows of files stand behind records."""
    counted = rows.select("file", "line").distinct() if kind in WIDE else rows
    return int(engine.collect(counted.aggregate(rows=counted.count()))["rows"][0].as_py())
