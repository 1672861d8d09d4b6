"""Draws: which subjects people are asked to label, and how likely each was to be picked."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from marsad.engines import Engine, open_engine, views
from marsad.measure.prevalence.design import Draw, draw
from marsad.measure.refusal import Refused
from marsad.records import times
from marsad.records.errors import InputError
from marsad.records.tables import DRAWS
from marsad.workspace.finding import findings
from marsad.workspace.folder import Workspace, begin
from marsad.workspace.measuring.hits import hits
from marsad.workspace.runs import Snapshot

KINDS = ("account", "post")
NAMED = "draw:"
"""What the name of a draw begins with."""


@dataclass(frozen=True)
class ToLabel:
    """The ``subjects`` of a draw that nobody has labelled yet, in the order in which to label;
    ``drawn`` of ``frame`` units were picked in all, now if it is ``new``."""

    draw: str
    kind: str
    subjects: tuple[str, ...]
    drawn: int
    frame: int
    new: bool


def next_to_label(
    workspace: Workspace,
    n: int,
    kind: str = "account",
    labeller: str = "",
    seed: int = 0,
    again: bool = False,
) -> ToLabel:
    """What to label next: the rest of the newest draw of the kind; where there is none left, or
    ``again``, a new draw of ``n`` out of all accounts that posted, or all posts.

    With ``labeller`` the rest is what that person has not labelled. A draw is stratified by score,
    0 for what no signal found. Nothing of the score is told, for it would sway who labels. Refuses
    without a policy: a label says what it allows and forbids.
    """
    workspace.policy()
    if kind not in KINDS:
        raise InputError("label.kind", given=kind, valid=list(KINDS))
    with open_engine() as engine:
        snapshot = workspace.log.snapshot()
        left = None if again else _left(workspace, engine, snapshot, kind, labeller)
        if left and left.subjects:
            return left
        frame = frame_of(workspace, engine, snapshot, kind)
    if not frame.num_rows:
        raise Refused("label.no-posts", ["posts"], "marsad import FILE")
    picked = draw(frame["score"].to_numpy(), n, seed=seed)
    return _stored(workspace, frame, picked, kind, n, seed)


def hits_to_label(workspace: Workspace, labeller: str = "") -> ToLabel:
    """All accounts that a route of discovery found and that nobody (or not ``labeller``) has
    labelled. They were not drawn: their labels tell of them alone."""
    workspace.policy()
    with open_engine() as engine:
        snapshot = workspace.log.snapshot()
        found = hits(workspace, engine, snapshot)
        labels = workspace.current(engine, snapshot, "labels")
        done = labels.filter(labels.labeller == labeller) if labeller else labels
        known = set(engine.collect(done.select("subject").distinct())["subject"].to_pylist())
    if not found.accounts:
        raise Refused("measure.census.no-hits", ["routes"], "marsad import FILE --route search")
    left = tuple(account for account in found.accounts if account not in known)
    return ToLabel("targeted", "account", left, len(found.accounts), len(found.accounts), False)


def newest(draws: pa.Table, kind: str) -> str | None:
    """The name of the newest draw of a kind; ``draws`` as `DRAWS` has them."""
    rows = draws.filter(pc.equal(draws["subject_kind"], kind))
    named = zip(rows["drawn_at"].to_pylist(), rows["draw"].to_pylist(), strict=True)
    return max(named, default=(0, None))[1]


def _left(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, kind: str, labeller: str
) -> ToLabel | None:
    rows = workspace.table(engine, snapshot, "draws")
    known = engine.collect(rows.select("draw", "drawn_at", "subject_kind").distinct())
    name = newest(known, kind)
    if name is None:
        return None
    of_draw = rows.filter(rows.draw == name)
    labels = workspace.current(engine, snapshot, "labels")
    done = labels.filter(labels.draw == name)
    if labeller:
        done = done.filter(done.labeller == labeller)
    drawn = of_draw.filter(of_draw.subject.notnull())
    open_ = drawn.anti_join(done, "subject").order_by("place")
    counts = of_draw.aggregate(frame=of_draw.count(), drawn=of_draw.subject.count())
    counted = engine.collect(counts).to_pylist()[0]
    subjects = engine.collect(open_.select("subject"))["subject"].to_pylist()
    return ToLabel(name, kind, tuple(subjects), counted["drawn"], counted["frame"], False)


def frame_of(workspace: Workspace, engine: Engine, snapshot: Snapshot, kind: str) -> pa.Table:
    """All units of a kind with what a draw needs, by name: ``subject, language, activity, since,
    score``."""
    posts = workspace.current(engine, snapshot, "posts")
    found = findings(workspace, engine, snapshot)
    found = found.filter(found.signal != "automation")
    if kind == "post":
        scores = found.filter(found.subject_kind == "post").group_by(subject=found.subject_id)
        units = posts.select(
            subject=posts.id, language=posts.language, since=posts.created_at,
            activity=ibis.literal(0.0),
        )  # fmt: skip
    else:
        scores = found.filter(found.account.notnull()).group_by(subject=found.account)
        units = _accounts(posts)
    best = scores.aggregate(score=found.score.max())
    scored = units.left_join(best, "subject").drop("subject_right")
    scored = scored.mutate(score=scored.score.fill_null(0.0)).order_by("subject")
    return engine.collect(scored, limit=50_000_000)


def _accounts(posts: ir.Table) -> ir.Table:
    """Accounts that posted: their usual language, posts a day, and first post."""
    spans = posts.group_by("account").aggregate(
        posts=posts.count(), since=posts.created_at.min(), until=posts.created_at.max()
    )
    days = (spans.until - spans.since) / times.DAY + 1
    active = spans.select("account", "since", activity=spans.posts / days)
    joined = active.left_join(views.usual_languages(posts), "account")
    return joined.select("language", "activity", "since", subject=joined.account)


def _stored(
    workspace: Workspace, frame: pa.Table, picked: Draw, kind: str, n: int, seed: int
) -> ToLabel:
    asked = {"kind": kind, "n": n, "seed": seed}
    with begin(workspace, "label next", asked) as run:
        name = f"{NAMED}{run.id}".lower()  # as labels name it
        rows = rows_of(frame, picked, name, kind)
        path = run.staging.folder / "draws.parquet"
        pq.write_table(rows, path, compression="zstd")
        run.add("draws", path, rows.num_rows)
        run.counts.update({"frame": rows.num_rows, "drawn": len(picked.index)})
    subjects = frame["subject"].take(pa.array(picked.index)).to_pylist()
    return ToLabel(name, kind, tuple(subjects), len(subjects), frame.num_rows, True)


def rows_of(frame: pa.Table, picked: Draw, name: str, kind: str) -> pa.Table:
    """Rows of `DRAWS`; the names of those that were not picked are left out."""
    size = frame.num_rows
    place, chance = np.full(size, -1), np.zeros(size)
    place[picked.index], chance[picked.index] = np.arange(len(picked.index)), picked.probability
    out = place < 0
    columns = {
        "draw": pa.repeat(name, size),
        "subject_kind": pa.repeat(kind, size),
        "subject": pc.if_else(pa.array(out), None, frame["subject"].combine_chunks()),
        "place": pa.array(place, mask=out),
        "probability": pa.array(chance, mask=out),
        "stratum": pa.array(picked.strata),
        "drawn_at": pa.repeat(times.now(), size),
        **{name: frame[name] for name in ("score", "language", "activity", "since")},
    }
    return pa.table([columns[field.name] for field in DRAWS], schema=DRAWS)
