"""What cases share, by number: the rows of `case_keys`, read in bounded steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, literal_column, select, update

from marsad.store.database import Transaction
from marsad.store.quality_tables import case_keys, case_signals
from marsad.store.tables import cases


class Kept(NamedTuple):
    """A key of a case, and how many cases share it, counted to a limit."""

    number: int
    kind: str
    cases: int


def of_case(transaction: Transaction, case_id: int) -> Mapping[int, str]:
    """The keys of a case, with their kinds."""
    query = select(case_keys.c.key, case_keys.c.kind).where(case_keys.c.case_id == case_id)
    return dict(transaction.execute(query).all())


def before(transaction: Transaction, case_id: int, seq: int) -> set[int]:
    """The keys that a case had before an entry of the log."""
    query = select(case_keys.c.key).where(case_keys.c.case_id == case_id, case_keys.c.seq < seq)
    return set(transaction.execute(query).scalars())


def settle(transaction: Transaction, case_id: int, decided: bool) -> None:
    """Lets the keys of a case say whether it is decided."""
    mine = (case_keys.c.case_id == case_id) & (case_keys.c.decided != decided)
    transaction.execute(update(case_keys).where(mine).values(decided=decided))


def settle_all(transaction: Transaction) -> None:
    """Lets all keys say whether their case is decided."""
    decided = select(cases.c.id).where(cases.c.state == "decided")
    mine = case_keys.c.case_id.in_(decided)
    transaction.execute(update(case_keys).values(decided=mine))


def by_rarity(
    transaction: Transaction, case_id: int, kinds: Sequence[str], keys: int, most: int
) -> list[Kept]:
    """The keys of a case that other decided cases have, the rarest ``keys`` first. No more than
    ``most`` cases of any are counted: what so many share says little, however many they are."""
    other = case_keys.alias("other")
    some = (
        select(literal_column("1").label("one"))
        .where(other.c.key == case_keys.c.key, other.c.decided)
        .where(other.c.case_id != case_id)
        .correlate(case_keys)
        .limit(most)
        .subquery()
    )
    counted = select(func.count()).select_from(some).scalar_subquery().label("counted")
    query = select(case_keys.c.key, case_keys.c.kind, counted).where(
        case_keys.c.case_id == case_id, case_keys.c.kind.in_(kinds)
    )
    rows = [Kept(*row) for row in transaction.execute(query)]
    shared = [one for one in rows if one.cases]
    return sorted(shared, key=lambda one: (one.cases, one.number))[:keys]


def with_key(
    transaction: Transaction,
    number: int,
    limit: int,
    decided: bool | None = None,
    below: int | None = None,
) -> list[int]:
    """Cases that have a key, the newest first; ``below`` is a case before which
    they were opened."""
    query = select(case_keys.c.case_id).where(case_keys.c.key == number)
    if decided is not None:
        query = query.where(case_keys.c.decided == decided)
    if below is not None:
        query = query.where(case_keys.c.case_id < below)
    found = transaction.execute(query.order_by(case_keys.c.case_id.desc()).limit(limit))
    return list(found.scalars())


def signals_of(transaction: Transaction, case_id: int) -> set[str]:
    """The signals whose findings opened a case, or opened it again."""
    query = select(case_signals.c.signal).where(case_signals.c.case_id == case_id)
    return set(transaction.execute(query).scalars())


def unsettled(transaction: Transaction) -> int | None:
    """A case whose keys do not say what its state is; None where all do."""
    differs = case_keys.c.decided != (cases.c.state == "decided")
    query = select(cases.c.version).join(case_keys, case_keys.c.case_id == cases.c.id)
    return transaction.execute(query.where(differs).limit(1)).scalar()
