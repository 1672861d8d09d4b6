"""`audit verify`: whether the log is whole, and whether all else is what the log says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.decide import rebuilding
from marsad.records.errors import InputError
from marsad.store import checkpoints, log
from marsad.store.chain import Break, Head, walk
from marsad.store.checkpoints import Checkpoint
from marsad.store.database import Database, Transaction


@dataclass(frozen=True)
class Verdict:
    """What verifying found.

    ``entries`` is how many were read; ``sealed`` the last one that a checkpoint covers (0 for
    none): that later ones were there can be denied. ``broken`` is the first break, None where all
    is whole.
    """

    entries: int
    checkpoints: int
    sealed: int
    broken: Break | None


def verify(database: Database, key: bytes | None, kept: Sequence[Checkpoint] = ()) -> Verdict:
    """Reads the whole log in one snapshot: the chain, where it should end, its checkpoints and
    those that were ``kept`` elsewhere, its private content, its projections.

    ``key`` is the public key of whoever signs this log's checkpoints. Raises `InputError` where
    there are checkpoints and no key to check them with.
    """
    with database.reading() as transaction:
        return verify_in(transaction, key, kept)


def verify_in(
    transaction: Transaction, key: bytes | None, kept: Sequence[Checkpoint] = ()
) -> Verdict:
    """`verify` in a transaction that is open already."""
    known = [*checkpoints.stored(transaction), *kept]
    if known and key is None:
        raise InputError("audit.no-key", count=len(known))
    end = chain(transaction)
    if isinstance(end, Break):
        return Verdict(end.seq, len(known), 0, end)
    broken = _end(transaction, end) or checkpoints.compare(transaction, known, key or b"", end)
    sealed = 0 if broken else max((one.seq for one in known), default=0)
    broken = broken or rebuilding.compare(transaction)
    return Verdict(end.seq, len(known), sealed, broken)


def chain(transaction: Transaction) -> Head | Break:
    """The end of the chain, or its first break."""
    return walk(log.entries(transaction))


def _end(transaction: Transaction, end: Head) -> Break | None:
    """Where the log ended last is kept beside it: who cuts the log has to know that, too."""
    expected = log.head(transaction)
    if expected.seq > end.seq:
        return Break(end.seq + 1, "cut-short", str(expected.seq))
    if expected != end:
        return Break(expected.seq + 1, "unlinked")
    return None
