"""Expiry: records of bystanders are deleted when the policy's term is over.

A bystander is an account without a finding on it or on one of its posts, without a label, and
without a hold. Its time runs from when it was last seen or imported, whichever is later. What
stays are counts per stratum (platform, language, month) and the ids as keyed hashes, so that an
expired record is not taken again. Rows that were not taken name no account and go by their age.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from marsad.engines.duckdb import DuckDBEngine
from marsad.records import times
from marsad.records.errors import InputError
from marsad.records.functions import from_hex, sha256, to_hex
from marsad.records.pseudonyms import load_or_create
from marsad.records.tables import TABLES
from marsad.sources.strict import TIME_COLUMN
from marsad.workspace.finding import findings
from marsad.workspace.folder import OpenRun, Workspace, begin
from marsad.workspace.holding import HeldBack, held, none_but
from marsad.workspace.runs import DataFile, Run, Snapshot

OWNER = {"posts": "account", "observations": "subject", "edges": "source", "shares": "account"}
"""Whose record a row is, by table; see `_Owners`. Labels and series name no bystander."""


_OWNED = [("owner", "account")]


@dataclass(frozen=True)
class Expired:
    """What was deleted, or would be: accounts, their posts, and rows by table."""

    accounts: int
    posts: int
    days: int
    tables: Mapping[str, int]
    held: Sequence[HeldBack] = ()
    """Bystanders whose time is over too, and whom a hold keeps."""


def expire(workspace: Workspace, dry_run: bool, now: int | None = None) -> Expired:
    """Deletes what is due, as one run; with ``dry_run`` only counts it. ``now`` in µs."""
    days = workspace.policy().retention_days
    before = (now or times.now()) - days * times.DAY
    with DuckDBEngine() as engine, workspace.log.locked("records"):
        snapshot = workspace.log.snapshot()
        owners = _Owners(workspace, engine, snapshot)
        overdue = engine.materialise(_due(workspace, engine, snapshot, owners, before), "overdue")
        holds = held(workspace, now)
        kept = engine.materialise(_held(workspace, engine, snapshot, holds), "held")
        due = engine.materialise(overdue.anti_join(kept, "account"), "due")
        stay = engine.collect(overdue.inner_join(kept, "account").order_by("account"))
        rows = {
            table: owners.of(table, workspace.table(engine, snapshot, table)).semi_join(due, _OWNED)
            for table in OWNER
        }
        rejected = _rejected_before(workspace, snapshot, before)
        counts = {table: _count(engine, found) for table, found in rows.items()}
        counts["rejected"] = sum(file.rows for file in rejected)
        outcome = Expired(
            _count(engine, due.filter(due.is_account)), counts["posts"], days,
            {table: number for table, number in counts.items() if number},
            tuple(HeldBack.by(row["account"], holds[row["by"]]) for row in stay.to_pylist()),
        )  # fmt: skip
        if outcome.tables and not dry_run:
            _delete(workspace, engine, snapshot, owners, due, rows, rejected, outcome, holds, now)
    return outcome


def expired_hashes(workspace: Workspace, snapshot: Snapshot) -> list[Path]:
    """The files that remember expired ids; empty where nothing has expired."""
    return workspace.paths(snapshot, "expired")


def expired_key(workspace: Workspace) -> bytes:
    """The key of the hashes of expired ids, made on first use. Raises `InputError` where ids were
    remembered under a key that has gone: they would all be taken again."""
    path = workspace.folder / "keys" / "expired.key"
    if not path.exists() and _remembered(workspace):
        raise InputError("expire.key-missing", file=str(path))
    return load_or_create(path).key


def _remembered(workspace: Workspace) -> bool:
    snapshot = workspace.log.snapshot()
    return bool(snapshot.of("expired") or snapshot.of("erased"))


def identity(table: str, rows: ir.Table) -> ir.StringValue:
    """What an expired record is remembered by: a post by its id, so that no version of it comes
    back; all else by what it says. An account that is seen anew later is a new record."""
    if table == "posts":
        return rows.id
    return ibis.literal(f"{table}:").concat(
        rows.key.cast("string"), ":", rows.version.cast("string")
    )


def keyed_hash(text: ir.StringValue, key: bytes) -> ir.StringValue:
    """The first half of HMAC-SHA256 of a column under a key (RFC 2104), in hex, on the embedded
    engine."""
    padded = key.ljust(64, b"\0")
    inner, outer = (bytes(byte ^ mask for byte in padded).hex() for mask in (0x36, 0x5C))
    # in a table: what stands in the query itself can be shown with an error
    pads = ibis.memtable(pa.table({"inner": [inner], "outer": [outer]}))
    digest = sha256(from_hex(pads.inner.as_scalar() + to_hex(text)))
    return sha256(from_hex(pads.outer.as_scalar() + digest)).left(32)


class _Owners:
    """Whose record a row is: an account's; a look at a post is its author's, if that is known."""

    def __init__(self, workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot) -> None:
        posts = workspace.table(engine, snapshot, "posts")
        known = posts.group_by(post=posts.id).aggregate(author=posts.account.max())
        self._authors = engine.materialise(known, "authors")

    def of(self, table: str, rows: ir.Table) -> ir.Table:
        """The rows with ``owner``, and whether that ``is_account``."""
        if table != "observations":
            return rows.mutate(owner=rows[OWNER[table]], is_account=ibis.literal(True))
        looks = rows.left_join(self._authors, rows.subject == self._authors.post)
        author = (looks.subject_kind == "post").ifelse(looks.author, ibis.null("string"))
        is_account = (looks.subject_kind == "account") | author.notnull()
        looks = looks.mutate(owner=author.coalesce(looks.subject), is_account=is_account)
        return looks.drop("post", "author")


def _due(
    workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot, owners: _Owners, before: int
) -> ir.Table:
    """The bystanders whose time is up: columns ``account`` and ``is_account``."""
    imported = _import_times(workspace, engine)
    stored = {table: workspace.table(engine, snapshot, table) for table in OWNER}
    seen = ibis.union(*[_last_seen(table, owners.of(table, stored[table])) for table in OWNER])
    seen = seen.inner_join(imported, "run")
    last = seen.group_by("account").aggregate(
        at=ibis.greatest(seen.at.max(), seen.imported_at.max()), is_account=seen.is_account.any()
    )
    due = last.filter(last["at"] < before).select("account", "is_account")
    return due.anti_join(_concerned(workspace, engine, snapshot), "account")


def _last_seen(table: str, rows: ir.Table) -> ir.Table:
    time = rows[TIME_COLUMN[table]].fill_null(0)
    return rows.group_by(account=rows.owner, run=rows.run).aggregate(
        at=time.max(), is_account=rows.is_account.any()
    )


def _rejected_before(workspace: Workspace, snapshot: Snapshot, before: int) -> list[DataFile]:
    """The files of rows that were not taken, of runs that began before a time."""
    old = {run.id for run in workspace.log.runs() if _began(run) < before}
    return [
        file for file in snapshot.of("rejected") if Path(file.path).stem.rpartition("-")[0] in old
    ]


def _import_times(workspace: Workspace, engine: DuckDBEngine) -> ir.Table:
    runs = workspace.log.runs()
    columns = {
        "run": pa.array([run.id for run in runs], pa.string()),
        "imported_at": pa.array([_began(run) for run in runs], pa.int64()),
    }
    return engine.table(pa.table(columns), "imported")


def _began(run: Run) -> int:
    return int(datetime.fromisoformat(run.started).timestamp() * times.SECOND)


def _concerned(workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot) -> ir.Table:
    """Accounts that are no bystanders: of a finding or a label, or drawn for one."""
    posts = workspace.table(engine, snapshot, "posts")
    found = findings(workspace, engine, snapshot)
    labels, drawn = (workspace.table(engine, snapshot, name) for name in ("labels", "draws"))
    columns = (found.subject_id, labels.subject, drawn.subject)
    named = ibis.union(*[_subjects(column) for column in columns])
    authors = posts.semi_join(named, posts.id == named.subject)
    parts = [named, _subjects(found.account), _subjects(authors.account)]
    subjects = ibis.union(*parts, distinct=True)
    return subjects.filter(subjects.subject.notnull()).select(account=subjects.subject)


def _held(
    workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot, holds: Iterable[str]
) -> ir.Table:
    """Accounts under a hold: ``by`` their own id, or that of a post of theirs."""
    posts = workspace.table(engine, snapshot, "posts")
    told = pa.table({"subject": pa.array(sorted(holds), pa.string())})
    named = engine.table(told, "held_names")
    authors = posts.inner_join(named, posts.id == named.subject)
    every = ibis.union(
        named.select(account=named.subject, by=named.subject),
        authors.select(account=authors.account, by=authors.subject),
    )
    return every.filter(every.account.notnull()).group_by("account").aggregate(by=every["by"].min())


def _subjects(column: ir.StringValue) -> ir.Table:
    return column.cast(dt.String(nullable=True)).name("subject").as_table()


def _delete(
    workspace: Workspace,
    engine: DuckDBEngine,
    snapshot: Snapshot,
    owners: _Owners,
    due: ir.Table,
    rows: Mapping[str, ir.Table],
    rejected: Sequence[DataFile],
    outcome: Expired,
    holds: Collection[str],
    now: int | None,
) -> None:
    """Rewrites the files that hold due records without them; the old files go at once. A hold that
    was set meanwhile wins."""
    key = expired_key(workspace)
    with ExitStack() as last, begin(workspace, "expire", {"days": outcome.days}) as run:
        strata = engine.collect(_strata(rows["posts"])).to_pylist()
        strata = [{**one, "month": times.month_name(str(one["month"]))} for one in strata]
        hashes = ibis.union(
            *[
                gone.select(hash=keyed_hash(identity(table, gone), key))
                for table, gone in rows.items()
            ],
            distinct=True,
        )
        path = engine.write(hashes, run.staging.folder / "expired.parquet")[0]
        if count := pq.read_metadata(path).num_rows:
            run.add("expired", path, count)
        for table in OWNER:
            for file in snapshot.of(table):
                _rewrite(workspace, engine, run, file, owners, due)
        run.replaces.extend(file.path for file in rejected)
        run.counts.update(
            {"accounts": outcome.accounts, "tables": outcome.tables, "strata": strata}
        )
        last.enter_context(none_but(workspace, holds, now))
    workspace.log.sweep()


def _rewrite(
    workspace: Workspace, engine: DuckDBEngine, run: OpenRun, file: DataFile,
    owners: _Owners, due: ir.Table,
) -> None:  # fmt: skip
    rows = engine.read([workspace.folder / file.path], TABLES[file.table])
    owned = owners.of(file.table, rows)
    if not _count(engine, owned.semi_join(due, _OWNED).limit(1)):
        return
    kept = owned.anti_join(due, _OWNED).select(*TABLES[file.table].names)
    path = engine.write(kept, run.staging.folder / f"kept-{len(run.replaces)}.parquet")[0]
    run.replaces.append(file.path)
    count = pq.read_metadata(path).num_rows
    if count:
        run.add(file.table, path, count, name=Path(file.path).parent.name, revises=file.revises)


def _strata(posts: ir.Table) -> ir.Table:
    """What stays of the deleted posts: counts by platform, language and month."""
    month = times.month_of(posts.created_at)
    return posts.group_by("platform", "language", month=month).aggregate(
        posts=posts.count(), accounts=posts.account.nunique()
    )


def _count(engine: DuckDBEngine, rows: ir.Table) -> int:
    return int(engine.collect(rows.aggregate(n=rows.count()))["n"][0].as_py())
