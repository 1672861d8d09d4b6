"""The dashboard's figures as rows of a table: what is drawn on the page, in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from marsad.decide.signing_in import Visitor
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate
from marsad.records.times import DAY, SECOND, to_datetime
from marsad.web.site import Site
from marsad.workspace import keeping
from marsad.workspace.dashboard import Figures
from marsad.workspace.dashboard import figures as made
from marsad.workspace.keeping import Kept
from marsad.workspace.quality import Golden

COLUMNS = ("figure", "of", "at", "value", "low", "high", "level", "n", "method", "frame", "missing")
Row = Sequence[Any]


def rows(site: Site, visitor: Visitor) -> list[Row]:
    """A row a figure: an estimate with its interval, a count without one (lengths of time are in
    seconds, days in ``of``), or what is ``missing`` for it. Some hundred at most."""
    told = made(site.desk.database, site.desk.clock())
    kept = keeping.read(site.workspace) if site.workspace is not None else None
    mine = reversed_of(told, visitor)
    own = [_figure("reversed-mine", "", mine)] if mine is not None else []
    golden = _golden(golden_shown(told.golden, visitor))
    return [*_of_desk(told), *own, *golden, *_kept(kept)]


def golden_shown(every: Sequence[Golden] | Refused, visitor: Visitor) -> Sequence[Golden] | Refused:
    """Agreement with golden cases of all together, and one's own; of nobody else."""
    if isinstance(every, Refused):
        return every
    return [one for one in every if one.reviewer in (None, visitor.reviewer.id)]


def reversed_of(told: Figures, visitor: Visitor) -> Estimate | None:
    """What became of complaints about one's own decisions; of nobody else's."""
    return told.appealed.reviewers.get(visitor.reviewer.id)


def _of_desk(told: Figures) -> Iterator[Row]:
    for age in told.queue:
        of = str(age.priority)
        yield _count("waiting", of, age.count)
        for name in ("median", "ninth", "oldest"):
            yield _count(f"waiting-{name}-seconds", of, getattr(age, name) / SECOND)
    for day in sorted(told.decided):
        for outcome, count in sorted(told.decided[day].items()):
            yield _count("decided", outcome, count, day * DAY)
    yield _figure("overturned", "", told.overturned)
    for one in told.agreement.estimates:
        yield _figure("second-readings", one.name.partition(":")[2], one)
    for refused in told.agreement.refused:
        yield _figure("second-readings", "", refused)
    yield _count("second-readings-read", "", told.agreement.read)
    yield _count("second-readings-waiting", "", told.agreement.waiting)
    for signal, precision in told.precision.items():
        yield _figure("precision", signal, precision)
    if told.appealed.every is not None:
        yield _figure("reversed", "", told.appealed.every)
    for signal, back in told.appealed.signals.items():
        yield _figure("reversed-signal", signal, back)


def _golden(every: Sequence[Golden] | Refused) -> Iterator[Row]:
    if isinstance(every, Refused):
        yield _figure("golden", "", every)
        return
    for one in every:
        of = "me" if one.reviewer else "all"
        yield _figure("golden", of, one.agreement)
        yield _count("golden-passed-on", of, one.passed_on)


def _kept(kept: Kept | None) -> Iterator[Row]:
    """What is made in the background, as it was then."""
    if kept is None:
        return
    for kind, prevalence in kept.prevalence.items():
        if prevalence is not None:
            yield _figure("prevalence", kind, prevalence, kept.made_at)
    for kind, values in kept.values.items():
        for one in values:
            of = f"{kind}:{one.signal}:{one.threshold:g}"
            yield _figure("predictive-value", of, one.value, kept.made_at)
    for hidden in kept.shadow:
        of = hidden.signal if hidden.below is None else f"{hidden.signal}:{hidden.below:g}"
        yield _count("shadow-findings", of, hidden.findings, kept.made_at)
        yield _count("shadow-subjects", of, hidden.subjects, kept.made_at)
        yield _figure("shadow-precision", of, hidden.precision, kept.made_at)


def _count(figure: str, of: str, count: float, at: int | None = None) -> Row:
    return (figure, of, _time(at), count, *[None] * 7)


def _figure(figure: str, of: str, one: Estimate | Refused, at: int | None = None) -> Row:
    if isinstance(one, Refused):
        return (figure, of, _time(at), *[None] * 7, list(one.missing))
    return (figure, of, _time(at), one.value, one.low, one.high, one.level, one.n, one.method,
            one.frame, None)  # fmt: skip


def _time(at: int | None) -> Any:
    return None if at is None else to_datetime(at)
