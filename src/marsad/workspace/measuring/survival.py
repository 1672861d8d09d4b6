"""What `marsad measure survival` needs from a workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine, open_engine, views
from marsad.measure import survival as library
from marsad.measure.observed_lives import ENDS, Lives, lives, schedule
from marsad.measure.refusal import Refused
from marsad.measure.survival.answers import Answers, Curve
from marsad.measure.survival.groups import Comparison
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate, proportion
from marsad.records.tables import STATES
from marsad.records.times import DAY, to_datetime
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.watched import IMPORT_LOOKS, Watched, watched
from marsad.workspace.runs import Snapshot

Floats = npt.NDArray[np.float64]

CLOCKS = ("seen", "created")
GROUPS = ("language", "month")

NO_LANGUAGE = "und"


@dataclass(frozen=True)
class Asked:
    """What is asked of survival: the fraction alive after ``days``, counted from when an account
    was first ``seen`` or ``created``; ``by`` language or month of first look; ``ends`` are the
    states that end a life."""

    days: Sequence[float] = (1, 7, 30)
    clock: str = "seen"
    by: str = ""
    ends: Sequence[str] = ENDS
    bank: str = ""
    found: bool = False


@dataclass(frozen=True)
class SurvivalMeasured:
    """What was measured of survival.

    Of ``accounts`` with looks ``used`` were seen alive on schedule; ``left_out`` says why the
    others were not used, ``curve`` is the fraction alive by day with its band.
    """

    estimates: Sequence[Estimate]
    refused: Sequence[Refused]
    accounts: int
    used: int
    ended: int
    left_out: Mapping[str, int]
    curve: Curve
    groups: Mapping[str, Curve]


@dataclass(frozen=True)
class _Spans:
    """Lives in days on one clock, and which rows of `Lives` they are."""

    left: Floats
    right: Floats
    entry: Floats
    rows: npt.NDArray[np.int64]
    left_out: Mapping[str, int]


def survival(workspace: Workspace, asked: Asked) -> SurvivalMeasured:
    """How long accounts live, from the looks at them. Raises `Refused` where nothing can be told,
    and `InputError` for what is not there to ask."""
    _check(asked)
    if not workspace.policies.all():
        raise Refused("measure.no-policy", ["policy"], "marsad policy add research")
    with open_engine() as engine:
        snapshot = workspace.log.snapshot()
        seen = watched(workspace, engine, snapshot, asked.bank, asked.found)
        found = lives(seen.looks, asked.ends)
        if not len(found) and found.never_alive and not found.unscheduled:
            raise Refused(
                "measure.survival.never-alive", ["looks"], f"{IMPORT_LOOKS} --route probe",
                count=found.never_alive,
            )  # fmt: skip
        if not len(found):
            raise Refused(
                "measure.survival.not-scheduled", ["looks"], f"{IMPORT_LOOKS} --route probe"
            )
        spans = _spans(seen, found, asked.clock)
        named = _groups(workspace, engine, snapshot, seen, found, asked.by)
    return _measured(seen, found, spans, named[spans.rows], asked)


def _check(asked: Asked) -> None:
    for option, given, valid in (
        ("--since", [asked.clock], CLOCKS),
        ("--by", [asked.by] if asked.by else [], GROUPS),
        ("--ends", asked.ends, [state for state in STATES if state not in ("alive", "unknown")]),
    ):
        for one in given:
            if one not in valid:
                raise InputError("measure.option", option=option, given=one, valid=list(valid))


def _spans(seen: Watched, found: Lives, clock: str) -> _Spans:
    """Lives in days since each account was first seen, or made."""
    born = found.seen if clock == "seen" else seen.created[found.account]
    known = born >= 0
    early = known & (born > found.seen)
    rows = np.flatnonzero(known & ~early)
    if not len(rows):
        raise Refused("measure.survival.no-creation", ["account_created_at"], IMPORT_LOOKS)
    since = born[rows]
    gone = found.gone[rows]
    right = np.where(gone >= 0, (gone - since) / DAY, np.inf)
    left_out = {
        "never-alive": found.never_alive,
        "no-creation": int((~known).sum()),
        "created-after": int(early.sum()),
        "not-scheduled": found.unscheduled,
    }
    return _Spans(
        (found.alive[rows] - since) / DAY, right, (found.seen[rows] - since) / DAY, rows,
        {why: count for why, count in left_out.items() if count},
    )  # fmt: skip


def _groups(
    workspace: Workspace,
    engine: Engine,
    snapshot: Snapshot,
    seen: Watched,
    found: Lives,
    by: str,
) -> npt.NDArray[np.str_]:
    """The group of each life; all alike where none is asked for."""
    if by == "month":
        return np.array([to_datetime(int(at)).strftime("%Y-%m") for at in found.seen], np.str_)
    if by != "language":
        return np.full(len(found), "", np.str_)
    posts = workspace.current(engine, snapshot, "posts")
    usual = views.usual_languages(posts)
    wanted = engine.table(pa.table({"account": pa.array(seen.accounts, pa.string())}), "named")
    rows = engine.collect(wanted.inner_join(usual, "account"), limit=len(seen.accounts) + 1)
    language = dict(zip(rows["account"].to_pylist(), rows["language"].to_pylist(), strict=True))
    named = [language.get(seen.accounts[one]) or NO_LANGUAGE for one in found.account]
    return np.array(named, np.str_)


def _measured(
    seen: Watched, found: Lives, spans: _Spans, named: npt.NDArray[np.str_], asked: Asked
) -> SurvivalMeasured:
    days, times = tuple(asked.days), (spans.left, spans.right)
    whole = library.lifetimes(*times, spans.entry, days=days, band=True)
    estimates, refused = [*whole.estimates], [*whole.not_told.values()]
    reasons = [str(why) or None for why in found.reason[spans.rows]]
    parts: list[Callable[[], Answers]] = [
        lambda: library.cumulative_incidence(*times, reasons, spans.entry, days=days),
        lambda: _one(library.wide_ends(*times, whole["median-survival"].value)),
        lambda: _one(_back(found, spans)),
    ]
    if asked.by:
        parts.append(lambda: _compared(spans, named, days))
    groups: Mapping[str, Curve] = {}
    for part in parts:
        try:
            told = part()
        except Refused as refusal:
            refused.append(_in_words(refusal, asked.by))
            continue
        estimates += told.estimates
        refused += [_in_words(refusal, asked.by) for refusal in told.not_told.values()]
        if isinstance(told, Comparison):
            groups = {name: one.curve for name, one in told.groups.items()}
    warned = _warnings(seen, found, asked.ends)
    return SurvivalMeasured(
        [replace(one, warnings=(*one.warnings, *warned)) for one in estimates], refused,
        len(seen.accounts), len(spans.rows), int(np.isfinite(spans.right).sum()),
        spans.left_out, whole.curve, groups,
    )  # fmt: skip


def _compared(spans: _Spans, named: npt.NDArray[np.str_], days: Sequence[float]) -> Comparison:
    """Each group's survival beside the others'; accounts of no known language are in none."""
    known = named != NO_LANGUAGE
    told = library.compare(
        spans.left[known], spans.right[known], named[known].tolist(), spans.entry[known], days=days
    )
    each = [estimate for one in told.groups.values() for estimate in one.estimates]
    first = next(iter(told.groups))
    ratios = [replace(one, name=f"{one.name}-over-{first}") for one in told.ratios.estimates]
    warned = () if known.all() else ("language-unknown",)
    estimates = [
        replace(one, warnings=(*one.warnings, *warned)) for one in (*each, *told.estimates, *ratios)
    ]
    return replace(told, estimates=tuple(estimates))


def _in_words(refusal: Refused, by: str) -> Refused:
    """A refusal that names a group, with the group as a language or a month."""
    group = refusal.message.values.get("group")
    return refusal.with_values(group={by: group}) if by and group else refusal


def _one(estimate: Estimate) -> Answers:
    return Answers((estimate,), {})


def _back(found: Lives, spans: _Spans) -> Estimate:
    """The fraction of ended accounts that a later look showed alive again."""
    ended = found.gone[spans.rows] >= 0
    if not ended.any():
        raise Refused("measure.survival.no-end", ["ends"], IMPORT_LOOKS)
    back = int(found.back[spans.rows][ended].sum())
    return proportion(back, int(ended.sum()), name="reinstated", frame="watched-ends")


def _warnings(seen: Watched, found: Lives, ends: Sequence[str]) -> tuple[str, ...]:
    said = {
        "states-unknown": bool((seen.looks.state == "unknown").any()),
        "routes-unknown": schedule(seen.looks, ends) == "unknown",
        "reinstated-counted-as-ended": bool(found.back.any()),
        "last-look-failed": found.doubtful > 0,
    }
    return tuple(name for name, applies in said.items() if applies)
