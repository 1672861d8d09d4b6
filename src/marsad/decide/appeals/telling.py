"""Telling whoever complained that there is something to read, by mail, where there is an address.

A mail holds neither the code nor a word of what was said: who reads somebody's mail learns that
they complained, and no more.
"""

from __future__ import annotations

from marsad.decide.notices.status import day
from marsad.store import log, mails, notices
from marsad.store.appeals import Appeal
from marsad.store.database import Transaction


def tell(transaction: Transaction, appeal: Appeal, address: str, at: int) -> None:
    """Writes a mail that there is something new; ``address`` is that of the page."""
    made = log.event(transaction, appeal.seq)
    email = (made.private or {}).get("email") or _of_notice(transaction, appeal)
    if email:
        mails.put(
            transaction, to=email, message="appeal-news", at=at, person=appeal.person,
            values={"date": day(appeal.made_at), "address": address},
            lang=made.data["lang"] or "en",
        )  # fmt: skip


def _of_notice(transaction: Transaction, appeal: Appeal) -> str | None:
    """The address that came with the notice, unless its owner has disowned it."""
    disowned = notices.disowned(transaction, appeal.person) > appeal.notice
    if not appeal.notice or disowned:
        return None
    return (log.event(transaction, appeal.notice).private or {}).get("email")
