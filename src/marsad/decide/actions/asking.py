"""Asking a platform, and looking: outside of any transaction, and whatever a platform does."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.platforms.base import Answer, Asked, Platform, Sight, Subject
from marsad.store import actions, log
from marsad.store.actions import Due
from marsad.store.database import Transaction


@dataclass(frozen=True)
class Request:
    """A request that is about to leave, its key, and its number in the hour's count."""

    asked: Asked
    key: str
    send: int | None


def asked_of(transaction: Transaction, due: Due, send: int | None) -> Request:
    """The request of an action."""
    action, undone = due.action, None
    if action.undoes is not None:
        original = actions.read(transaction, action.undoes)
        assert original is not None
        undone = original.request_key
    decided = log.event(transaction, action.decision)
    asked = Asked(
        Subject(action.kind, due.subject), action.act, action.case_id, action.decision,
        action.evidence, decided.data["policy"], decided.at, undone,
    )  # fmt: skip
    return Request(asked, action.request_key, send)


def ask(platform: Platform, request: Request) -> Answer:
    """What a platform answers. What it cannot do is not asked for."""
    asked = request.asked
    if asked.act not in platform.can(asked.subject.kind):
        return Answer("refused", f"{platform.name}: {asked.subject.kind}/{asked.act}", sent=False)
    do = platform.undo if asked.undoes is not None else platform.request
    try:
        return do(asked, request.key)
    except Exception as error:  # a plug-in's: whether it was sent nobody knows, so it counts
        return Answer("later", type(error).__name__)


def see(platform: Platform, due: Due) -> Sight:
    """What is to be seen of an action's subject."""
    try:
        return platform.look(Subject(due.action.kind, due.subject))
    except Exception as error:  # a plug-in's; nothing was seen
        return Sight("unknown", note=type(error).__name__)
