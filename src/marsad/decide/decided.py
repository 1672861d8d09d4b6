"""Decisions as somebody may take them away: with nothing that tells a copy from a case.

A copy is a case that somebody is shown again without knowing (`marsad.decide.blind`). Who may
verify the log sees all. Of anybody else, what they have decided themselves is there as if it had
been in a case like others; what others have decided in copies is not. Who may be given copies is
told of no case how it came to be seen, and nothing that others have decided in cases that copies
show: it would say what is expected.
"""

from __future__ import annotations

from collections.abc import Iterator

from marsad.decide import blind
from marsad.decide.roles import Reviewer, require
from marsad.store import decided as stored
from marsad.store.database import Transaction
from marsad.store.decided import Decided


def decided(transaction: Transaction, reviewer: Reviewer) -> Iterator[Decided]:
    """The decisions in order, as far as this reviewer may know of them."""
    require(reviewer, "export")
    if reviewer.may("verify"):
        yield from stored.decided(transaction)
        return
    given_copies = reviewer.may("take")
    for one in stored.decided(transaction, reviewer.id, copies=False, copied=not given_copies):
        route = "" if given_copies else _route(one)
        yield one._replace(copy_of=None, shown_route=None, route=route)


def _route(one: Decided) -> str:
    """How a case came to be seen; of a copy, how the one did that it is taken for."""
    hidden = one.route in (blind.GOLDEN, blind.SECOND)
    return (one.shown_route or blind.SIGNAL) if hidden else one.route
