"""A blind random sample: subjects drawn by chance alone, whose cases show no finding and no score.

What is decided in them becomes labels with a known probability (`marsad label decisions`), from
which the prevalence on this platform follows (`marsad measure census`), whatever signals do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from marsad.decide import blind
from marsad.decide.exhibits import NOTHING, Exhibits
from marsad.decide.opening import Subject
from marsad.engines import open_engine
from marsad.measure.prevalence.design import Draw
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.times import DAY, month_name, now, to_datetime
from marsad.store import cases, log
from marsad.store.cases import Case
from marsad.store.database import Database, Transaction
from marsad.workspace.drawing import KINDS, NAMED, frame_of, rows_of
from marsad.workspace.exhibiting import gather
from marsad.workspace.finding import records
from marsad.workspace.folder import Workspace, begin
from marsad.workspace.reviewing import database

STRATA = ("language", "month", "platform")
LEAST_IN_STRATUM = 2
"""Of a stratum that would get fewer, none: small ones are one stratum together."""

AT_ONCE = 200
_SUBJECT = ("subject_kind", "subject")


@dataclass(frozen=True)
class Sampled:
    """A drawn sample: ``drawn`` of ``frame`` units, of which ``opened`` got a case (the others
    stood drawn in the queue already)."""

    draw: str
    kind: str
    drawn: int
    frame: int
    opened: int


def sample_cases(
    workspace: Workspace, n: int, seed: int = 0, kind: str = "post", by: str | None = None,
    over_days: float = 7,
) -> Sampled:  # fmt: skip
    """Draws ``n`` posts, or accounts that posted, and opens a case for each that shows no finding.

    All have the same chance, or with ``by`` (one of `STRATA`) all of a stratum, each stratum in
    proportion to its size. The same records, ``n`` and ``seed`` draw the same. The cases come one
    by one among the others over ``over_days``. Refuses without a policy, and without posts.
    """
    workspace.policy()
    _check(n, kind, by)
    with open_engine() as engine:
        snapshot = workspace.log.snapshot()
        frame = frame_of(workspace, engine, snapshot, kind)
    if not frame.num_rows:
        raise Refused("label.no-posts", ["posts"], "marsad import FILE")
    if n > frame.num_rows:
        raise InputError("sample.too-many", given=n, frame=frame.num_rows)
    picked = draw_at_random(_parts(frame, by, n), n, seed)
    asked = {"kind": kind, "n": n, "seed": seed, "by": by}
    with begin(workspace, "sample cases", asked) as run:
        name = f"{NAMED}{run.id}".lower()
        rows = rows_of(frame, picked, name, kind)
        path = run.staging.folder / "draws.parquet"
        pq.write_table(rows, path, compression="zstd")
        run.add("draws", path, rows.num_rows)
        run.counts.update({"frame": rows.num_rows, "drawn": len(picked.index)})
    opened = open_drawn(workspace, name, over_days)
    return Sampled(name, kind, len(picked.index), frame.num_rows, opened)


def open_drawn(workspace: Workspace, draw: str, over_days: float = 7) -> int:
    """Opens the cases of a draw that are not open yet, in case it was broken off; how many."""
    with open_engine() as engine:
        snapshot = workspace.log.snapshot()
        rows = workspace.table(engine, snapshot, "draws")
        mine = rows.filter(rows.draw == draw, rows.subject.notnull()).order_by("place")
        chosen = engine.collect(
            mine.select("subject_kind", "subject", "probability", "stratum"), limit=10_000_000
        )
        subjects = zip(*(chosen[name].to_pylist() for name in _SUBJECT), strict=True)
        shown = gather((), records(workspace, snapshot, engine), engine, subjects)
    store = database(workspace)
    try:
        return _open(store, draw, chosen, shown, round(over_days * DAY))
    finally:
        store.close()


def draw_at_random(parts: npt.NDArray[np.int64], n: int, seed: int) -> Draw:
    """``n`` units out of all, each stratum of ``parts`` in proportion to its size; in random
    order."""
    sizes = np.bincount(parts)
    counts = _shared_out(n, sizes)
    rng = np.random.default_rng(seed)
    picked = [
        rng.choice(np.flatnonzero(parts == part), count, replace=False)
        for part, count in enumerate(counts.tolist())
    ]
    index = rng.permutation(np.concatenate(picked)).astype(np.int64)
    return Draw(index, parts[index], (counts / sizes)[parts[index]], parts)


def _shared_out(n: int, sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """``n`` in proportion to sizes, by largest remainders."""
    wanted = n * sizes / sizes.sum()
    counts = np.floor(wanted).astype(np.int64)
    more = np.argsort(counts - wanted, kind="stable")[: n - int(counts.sum())]
    counts[more] += 1
    return np.asarray(counts, np.int64)


def _check(n: int, kind: str, by: str | None) -> None:
    if kind not in KINDS:
        raise InputError("label.kind", given=kind[:100], valid=list(KINDS))
    if by is not None and by not in STRATA:
        raise InputError("sample.by", given=by[:100], valid=list(STRATA))
    if n < 1:
        raise InputError("sample.number", given=n)


def _parts(frame: pa.Table, by: str | None, n: int) -> npt.NDArray[np.int64]:
    """The stratum of each unit, from 0; small strata are one together, the last."""
    if by is None:
        return np.zeros(frame.num_rows, np.int64)
    coded = _values(frame, by).dictionary_encode()
    number = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    small = np.bincount(number) * n < LEAST_IN_STRATUM * len(number)
    number[small[number]] = len(small)
    return np.asarray(np.unique(number, return_inverse=True)[1], np.int64)


def _values(frame: pa.Table, by: str) -> pa.Array:
    if by == "language":
        return pc.fill_null(frame["language"].combine_chunks(), "und")
    if by == "platform":
        return pa.array([one.partition(":")[0] for one in frame["subject"].to_pylist()])
    months = (to_datetime(at).strftime("%Y%m") for at in frame["since"].to_pylist())
    return pa.array([month_name(month) for month in months])


def _open(
    store: Database, draw: str, chosen: pa.Table, shown: Mapping[Subject, Exhibits], over: int
) -> int:
    at, rows, opened = now(), chosen.to_pylist(), 0
    ranks = list(blind.spread(at, len(rows), over))
    for start in range(0, len(rows), AT_ONCE):
        with store.writing() as transaction:
            for row, rank in zip(rows[start : start + AT_ONCE], ranks[start:], strict=False):
                kind, subject = row["subject_kind"], row["subject"]
                drawn = {name: row[name] for name in ("probability", "stratum")} | {"draw": draw}
                if _has(transaction, kind, subject, draw):
                    continue
                looked_at = shown.get((kind, subject), NOTHING)
                case = blind.draw(transaction, kind, subject, looked_at, at, rank, drawn)
                opened += case is not None
    return opened


def _has(transaction: Transaction, kind: str, subject: str, draw: str) -> bool:
    """Whether a subject's case was opened for this draw before."""
    case = cases.of_subject(transaction, kind, subject)
    if case is None:
        return False
    every: list[Case] = [case, *cases.copies_of(transaction, case.id)]
    return any(
        log.event(transaction, one.id).data.get("draw") == draw
        for one in every if one.route == blind.RANDOM
    )  # fmt: skip
