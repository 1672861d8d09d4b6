"""The rows of cases, and who may see which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from marsad.records.errors import ConflictError
from marsad.store import lanes
from marsad.store.database import Transaction, is_writing
from marsad.store.quality_tables import golden_marks
from marsad.store.tables import WAITING, case_findings, cases, decisions, notes, opened_items

BATCH = 5_000
"""Rows that are held in memory where many are read."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the log leaves it; the columns of the table, in its order.

    ``subject`` is None once the person was erased. ``rank`` is the time (µs UTC) by which somebody
    should have looked: the queue is in its order. ``version`` is the number of the last entry that
    changed the case; notes and items that were opened do not. ``proposed_by`` is who asked for what
    needs a second reviewer, ``outcome`` and ``policy`` what was proposed or decided.

    ``route`` is how the case came to be seen (`marsad.decide.blind.ROUTES`). ``copy_of`` is the
    case that this one shows again to somebody who is not to know (None for a real one): whatever is
    decided in a copy changes nothing in the world. ``shown_to`` is who alone sees it. ``crisis`` is
    the number of the crisis whose queue it is in, 0 for none.
    """

    id: int
    kind: str
    subject: str | None
    person: int
    platform: str
    state: str
    priority: int
    clock: str | None
    due_at: int | None
    rank: int
    opened_at: int
    version: int
    network_only: bool
    outcome: str | None = None
    policy: str | None = None
    decided_at: int | None = None
    proposed_by: str | None = None
    assigned_to: str | None = None
    route: str = "signal"
    copy_of: int | None = None
    shown_to: str | None = None
    crisis: int = 0


COLUMNS = tuple(cases.c[one.name] for one in fields(Case))
"""What a `Case` is read from."""


@dataclass(frozen=True)
class Filter:
    """Which cases a queue shows; what is None does not matter.

    ``states`` are alternatives. ``second_for`` leaves out what this reviewer proposed, for nobody
    is the second reviewer of their own proposal, and what they were unsure of. ``viewer`` is who
    looks: copies for quality are shown to whom they are meant for, and to nobody without it. Who
    is ``unaware`` is not shown the decided case of such a copy while it waits.
    """

    states: tuple[str, ...]
    kind: str | None = None
    platform: str | None = None
    priority: int | None = None
    clock: str | None = None
    signal: str | None = None
    assigned_to: str | None = None
    second_for: str | None = None
    viewer: str | None = None
    crisis: int | None = None
    unaware: bool = False


def read(transaction: Transaction, case_id: int, lock: bool = True) -> Case | None:
    """One case; in a transaction that writes nobody else can take or change it until that has
    ended, where it is not read without ``lock``."""
    query = select(*COLUMNS).where(cases.c.id == case_id)
    lock = lock and is_writing(transaction)
    row = transaction.execute(query.with_for_update() if lock else query).first()
    return named(transaction, [Case(*row)])[0] if row else None


def of_subject(transaction: Transaction, kind: str, subject: str) -> Case | None:
    """The case of a subject: there is one at most, for copies name none."""
    query = select(*COLUMNS).where(cases.c.kind == kind, cases.c.subject == subject)
    row = transaction.execute(query).first()
    return Case(*row) if row else None


def of_subjects(transaction: Transaction, kind: str, subjects: Sequence[str]) -> dict[str, Case]:
    """The cases of subjects, by subject, of those that have one."""
    query = select(*COLUMNS).where(
        cases.c.kind == kind, cases.c.subject.in_(subjects), cases.c.copy_of.is_(None)
    )
    found = [Case(*row) for row in transaction.execute(query)]
    return {case.subject: case for case in found if case.subject is not None}


def of_person(transaction: Transaction, person: int) -> list[Case]:
    """All cases about one person: the account's and those of its posts, copies too."""
    query = select(*COLUMNS).where(cases.c.person == person).order_by(cases.c.id)
    return [Case(*row) for row in transaction.execute(query)]


def write(transaction: Transaction, old: Case | None, new: Case) -> None:
    """Puts a case in the place of the one that was read. Raises `ConflictError` where somebody
    else has changed it since."""
    row = asdict(new) if new.copy_of is None else asdict(new) | {"subject": None}
    if old == new:
        return
    row["lane"] = lanes.move(transaction, old, new)
    if old is None:
        transaction.execute(insert(cases).values(**row))
    else:
        same = and_(cases.c.id == old.id, cases.c.version == old.version)
        done = transaction.execute(update(cases).where(same).values(**row))
        if done.rowcount != 1:
            raise ConflictError("decide.changed", case=old.id)


def known_findings(transaction: Transaction, case_id: int) -> set[str]:
    """The ids of the findings that a case has."""
    query = select(case_findings.c.finding_id).where(case_findings.c.case_id == case_id)
    return set(transaction.execute(query).scalars())


def findings_of_subjects(transaction: Transaction, kind: str, subjects: Sequence[str]) -> set[str]:
    """The ids of the findings that the cases of subjects have."""
    query = select(case_findings.c.finding_id).join(cases).where(
        cases.c.kind == kind, cases.c.subject.in_(subjects), cases.c.copy_of.is_(None)
    )  # fmt: skip
    return set(transaction.execute(query).scalars())


class Decided(NamedTuple):
    """A real case that was decided and whose subject was not erased."""

    kind: str
    subject: str
    outcome: str


def decided(transaction: Transaction) -> Iterator[Decided]:
    """All of them, without holding more than a few in memory."""
    query = select(cases.c.kind, cases.c.subject, cases.c.outcome).where(
        cases.c.state == "decided", cases.c.copy_of.is_(None),
        cases.c.subject.is_not(None), cases.c.outcome.is_not(None),
    )  # fmt: skip
    for row in transaction.execute(query.execution_options(yield_per=BATCH)):
        yield Decided(*row)


def count_in_crisis(
    transaction: Transaction, crisis: int, states: Sequence[str], viewer: str
) -> int:  # fmt: skip
    """How many cases a viewer sees in the queue of a crisis: as many as it lists, or a copy would
    be told by the difference."""
    query = select(func.count()).select_from(cases).where(
        cases.c.crisis == crisis, cases.c.state.in_(states), shown(viewer)
    )  # fmt: skip
    return int(transaction.execute(query).scalar_one())


def all_in_order(transaction: Transaction) -> Sequence[Case]:
    """Every case as it is stored, by number: a copy without its subject."""
    rows = transaction.execute(select(*COLUMNS).order_by(cases.c.id))
    return [Case(*row) for row in rows]


def shown(viewer: str | None, unaware: bool = False) -> ColumnElement[bool]:
    """Real cases, and copies that are meant for the viewer and that they had no part in. Who is to
    be ``unaware`` is shown no decided case while such a copy of it waits."""
    real: ColumnElement[bool] = cases.c.copy_of.is_(None)
    if viewer is None:
        return real
    if unaware:
        again = exists().where(*_waiting_for(viewer, cases.c.id))
        real = and_(real, or_(cases.c.state.in_(WAITING), ~again))
    return or_(real, and_(cases.c.copy_of.is_not(None), _meant_for(viewer, cases)))


def again(transaction: Transaction, case_id: int, viewer: str) -> Case | None:
    """The copy of a case that waits for a viewer."""
    some = select(cases.c.id).where(cases.c.copy_of == case_id, cases.c.state.in_(WAITING))
    if transaction.execute(some.limit(1)).first() is None:
        return None  # as with most cases: for whom a copy is takes long to ask
    query = select(*(_COPY.c[column.name] for column in COLUMNS))
    row = transaction.execute(query.where(*_waiting_for(viewer, case_id)).limit(1)).first()
    return named(transaction, [Case(*row)])[0] if row else None


_COPY = cases.alias("copy")


def _waiting_for(viewer: str, case_id: ColumnElement[int] | int) -> list[ColumnElement[bool]]:
    waits = _COPY.c.state.in_(WAITING)
    return [_COPY.c.copy_of == case_id, waits, _meant_for(viewer, _COPY)]


def _meant_for(viewer: str, copy: FromClause) -> ColumnElement[bool]:
    other = cases.alias("other")
    same = exists().where(
        other.c.copy_of == copy.c.copy_of, other.c.id != copy.c.id, _had_part(viewer, other.c.id)
    )
    had_part = or_(_had_part(viewer, copy.c.copy_of), same)
    return or_(copy.c.shown_to == viewer, and_(copy.c.shown_to.is_(None), ~had_part))


_PARTS = (
    (decisions, decisions.c.reviewer), (opened_items, opened_items.c.reviewer),
    (notes, notes.c.writer), (golden_marks, golden_marks.c.marked_by),
)  # fmt: skip
"""Where it stands who has had to do with a case."""


def _had_part(viewer: str, case_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Somebody had to do with a case. It is looked up by the case, never by the somebody: of them
    there may be a hundred thousand rows, and a concatenation keeps off the index that has them."""
    return or_(
        *(exists().where(table.c.case_id == case_id, who.concat("") == viewer)
          for table, who in _PARTS)
    )  # fmt: skip


def visible(transaction: Transaction, case_id: int, viewer: str, unaware: bool = False) -> bool:
    """Whether somebody may see a case, as `shown` has it."""
    query = select(cases.c.id).where(cases.c.id == case_id, shown(viewer, unaware))
    return transaction.execute(query).first() is not None


def named(transaction: Transaction, found: list[Case]) -> list[Case]:
    """Cases in which copies have the subject of the case that they show."""
    copied = {case.copy_of for case in found if case.copy_of is not None}
    if not copied:
        return found
    query = select(cases.c.id, cases.c.subject).where(cases.c.id.in_(copied))
    subjects = dict(transaction.execute(query).all())
    return [
        replace(case, subject=subjects.get(case.copy_of)) if case.copy_of is not None else case
        for case in found
    ]


def copies_of(transaction: Transaction, case_id: int) -> list[Case]:
    """The copies of a case, as they are stored."""
    query = select(*COLUMNS).where(cases.c.copy_of == case_id).order_by(cases.c.id)
    return [Case(*row) for row in transaction.execute(query)]
