"""Find: runs signals over the records and stores what they found, as one run each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from marsad.banks import Bank
from marsad.engines import Engine, open_engine
from marsad.find.registry import signal, signals
from marsad.find.signal import (
    FOUND,
    ItemSignal,
    Matcher,
    NetworkSignal,
    Records,
    Refusal,
    Signal,
)
from marsad.records import times
from marsad.records.errors import ConflictError, InputError
from marsad.records.message import Message
from marsad.records.tables import FINDINGS
from marsad.workspace.folder import OpenRun, Workspace, begin
from marsad.workspace.runs import Snapshot

Progress = Callable[[str, int, int], None]
"""Called with the signal that begins, how many are done, and how many there are."""


@dataclass(frozen=True)
class SignalOutcome:
    """What one signal found: findings now, of them new, and those that fell away.

    ``notes`` say what was capped or left out. ``now`` and ``then``, of a replay alone, are the
    findings that are stored and those that there would be, each with what it is about.
    """

    signal: str
    findings: int
    new: int
    gone: int
    notes: tuple[str, ...] = ()
    now: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    then: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """As the command line prints it with ``--json``."""
        said = {name: getattr(self, name) for name in ("signal", "findings", "new", "gone")}
        return {**said, "notes": list(self.notes)}


def find(
    workspace: Workspace,
    names: Sequence[str] = (),
    engine: str = "duckdb",
    master: str = "",
    replay: bool = False,
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    progress: Progress | None = None,
) -> list[SignalOutcome]:
    """Runs signals (all, or those named) over every post, and stores their findings.

    A run of a signal replaces the signal's earlier findings. With ``replay`` nothing is stored:
    the outcome says what would change. Refuses without a policy.
    """
    policy = workspace.policy()
    chosen = _chosen(names)
    settings = _settings(chosen, parameters or {})
    banks = workspace.banks.all()
    snapshot = workspace.log.snapshot()
    outcomes = []
    # in the workspace, which all machines of a cluster see, unlike each one's own /tmp
    with ExitStack() as held:
        staging = workspace.log.stage(workspace.log.new_id())
        held.callback(staging.close)
        opened = held.enter_context(open_engine(engine, staging.folder, master))
        read = records(workspace, snapshot, opened, banks)
        for done, (name, kind) in enumerate(chosen.items()):
            if progress:
                progress(name, done, len(chosen))
            made = kind(**settings[name])
            try:
                found = found_by(made, read, opened)
            except Refusal as refusal:
                if names:
                    raise
                made.notes.append(refusal.message)
                found = opened.table(FOUND.empty_table(), "refused")
            # another run of the signal would replace what this one has not written yet
            with workspace.log.locked(f"find-{name}"):
                outcomes.append(
                    _store(workspace, snapshot, opened, made, found, policy.reference, replay,
                           engine)
                )  # fmt: skip
    return outcomes


def findings(workspace: Workspace, engine: Engine, snapshot: Snapshot) -> ir.Table:
    """The findings that stand: the newest run of a signal over a subject supersedes."""
    return workspace.table(engine, snapshot, "findings")


def _chosen(names: Sequence[str]) -> dict[str, type[Signal]]:
    return {name: signal(name) for name in (names or sorted(signals()))}


def _settings(
    chosen: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """The settings of each chosen signal. Raises `InputError` for those of another."""
    for name in given:
        if name not in chosen:
            raise InputError("find.settings", given=name, valid=list(chosen))
    return {name: given.get(name, {}) for name in chosen}


def found_by(signal: Signal, records: Records, engine: Engine) -> ir.Table:
    """All rows of `FOUND` of a signal in records with all banks; one that is both kinds gives
    both."""
    read = [bank for bank in records.banks if bank.kind in signal.bank_kinds]
    parts = []
    if isinstance(signal, ItemSignal) and any(not bank.negative and bank.active for bank in read):
        used = (*read, *signal.seen(records.posts, engine))
        screen = Screening(type(signal), tuple(signal.settings.items()), used)
        parts.append(engine.map_batches(screen, records.posts.select(*signal.reads), FOUND))
    if isinstance(signal, NetworkSignal):
        parts.append(signal.find(replace(records, banks=read), engine))
    if not parts:
        values = {"valid": list(signal.bank_kinds), "kind": signal.bank_kinds[0]}
        signal.notes.append(Message("find.no-bank", values))
        return engine.table(FOUND.empty_table(), "nothing")
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def records(
    workspace: Workspace, snapshot: Snapshot, engine: Engine, banks: Sequence[Bank] = ()
) -> Records:
    """The records of a snapshot as network signals, exports and reports read them."""
    posts, looks, follows, shares = (
        workspace.current(engine, snapshot, kind)
        for kind in ("posts", "observations", "edges", "shares")
    )
    return Records.of(posts, looks, follows, shares, banks)


@dataclass(frozen=True)
class Screening:
    """An item signal as a function over batches; each worker process loads its matcher once."""

    signal: type[ItemSignal]
    settings: tuple[tuple[str, Any], ...]
    banks: tuple[Bank, ...]

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return self.matcher.screen(batch)

    @cached_property
    def matcher(self) -> Matcher:
        """The loaded matcher; not sent along when this is pickled."""
        return self.signal(**dict(self.settings)).load(self.banks)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "matcher"}


def _store(
    workspace: Workspace,
    snapshot: Snapshot,
    engine: Engine,
    signal: Signal,
    found: ir.Table,
    policy: str,
    replay: bool,
    engine_name: str,
) -> SignalOutcome:
    """Gives findings their ids and writes them, unless this is a replay."""
    settings = {**signal.settings, "signal": signal.name, "engine": engine_name}
    stored = workspace.log.snapshot().of("findings")
    old = [file.path for file in stored if _signal_of(file.path) == signal.name]
    paths = [workspace.folder / path for path in old]
    if replay:
        return _replayed(engine, signal, found, _subjects(paths))
    before = _subjects(paths).keys()
    with ExitStack() as last, begin(workspace, f"find {signal.name}", settings) as run:
        after = _write(engine, signal.name, found, policy, run)
        run.replaces.extend(old)
        run.counts.update({"findings": len(after), "new": len(after - before)})
        last.enter_context(_nobody_deleted(workspace, snapshot, signal.name))
    notes = tuple(note.render() for note in signal.notes)
    return SignalOutcome(signal.name, len(after), len(after - before), len(before - after), notes)


@contextmanager
def _nobody_deleted(workspace: Workspace, since: Snapshot, signal: str) -> Iterator[None]:
    """No record is deleted while this is open. Raises `ConflictError` where some were since a
    snapshot: what was found in them would bring them back."""
    with workspace.log.locked("records"):
        now = workspace.log.snapshot()
        if any(now.of(table) != since.of(table) for table in ("erased", "expired")):
            raise ConflictError("find.deleted", signal=signal)
        yield


def _replayed(
    engine: Engine, signal: Signal, found: ir.Table, now: Mapping[str, tuple[str, str]]
) -> SignalOutcome:
    rows = engine.collect(found.select("subject_kind", "subject_id", "evidence_key"))
    ids = (finding_id(signal.name, *pair) for pair in _pairs(rows))
    then = dict(zip(ids, _about(rows), strict=True))
    notes = tuple(note.render() for note in signal.notes)
    new, gone = len(then.keys() - now.keys()), len(now.keys() - then.keys())
    return SignalOutcome(signal.name, len(then), new, gone, notes, now, then)


def _write(engine: Engine, signal: str, found: ir.Table, policy: str, run: OpenRun) -> set[str]:
    path, written, now = run.staging.folder / "findings.parquet", set[str](), times.now()
    with pq.ParquetWriter(path, FINDINGS, compression="zstd") as writer:
        for batch in engine.run(found):
            stored = _stored(batch, signal, policy, run.id, now)
            new = [identity not in written for identity in stored["finding_id"].to_pylist()]
            stored = stored.filter(pa.array(new, pa.bool_()))
            written.update(stored["finding_id"].to_pylist())
            writer.write_batch(stored)
    if written:
        run.add("findings", path, len(written), name=signal)
    return written


def _stored(
    batch: pa.RecordBatch, signal: str, policy: str, run_id: str, now: int
) -> pa.RecordBatch:
    """Rows of `FOUND` as rows of `FINDINGS`."""
    count = batch.num_rows
    fixed = {"run_id": run_id, "signal": signal, "policy": policy, "found_at": now}
    columns = {
        name: pa.array([value] * count, FINDINGS.field(name).type) for name, value in fixed.items()
    }
    ids = [finding_id(signal, *pair) for pair in _pairs(batch)]
    columns["finding_id"] = pa.array(ids, pa.string())
    arrays = [columns[name] if name in columns else batch[name] for name in FINDINGS.names]
    return pa.RecordBatch.from_arrays(arrays, schema=FINDINGS)


def finding_id(signal: str, subject: str, evidence_key: str) -> str:
    """A finding's id: the hash of signal, subject and key of the evidence, 32 hex characters."""
    named = json.dumps([signal, subject, evidence_key], ensure_ascii=False)
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _pairs(rows: pa.Table | pa.RecordBatch) -> list[tuple[str, str]]:
    return list(zip(rows["subject_id"].to_pylist(), rows["evidence_key"].to_pylist(), strict=True))


def _signal_of(path: str) -> str:
    return path.split("/")[1]


def _subjects(paths: Sequence[Any]) -> dict[str, tuple[str, str]]:
    """The ids of stored findings, each with kind and id of its subject."""
    found: dict[str, tuple[str, str]] = {}
    for path in paths:
        rows = _readable(path)
        found.update(zip(rows["finding_id"].to_pylist(), _about(rows), strict=True))
    return found


def _about(rows: pa.Table) -> list[tuple[str, str]]:
    kinds, ids = (rows[name].to_pylist() for name in ("subject_kind", "subject_id"))
    return list(zip(kinds, ids, strict=True))


def _readable(path: Any) -> pa.Table:
    """The findings in a file; none where it is damaged, for a new run replaces it."""
    try:
        return pq.read_table(path, columns=["finding_id", "subject_kind", "subject_id"])
    except (OSError, pa.ArrowException):
        return FINDINGS.empty_table()
