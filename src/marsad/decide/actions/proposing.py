"""Which actions follow from a decision, or from an order that a person carries out. They are
written in the transaction of that, and nowhere else is an action made: nothing is acted on that
nobody has decided.
"""

from __future__ import annotations

from hashlib import sha256

from marsad.decide.actions.recording import record_step
from marsad.decide.actions.states import OPEN
from marsad.decide.outcomes import ACTING
from marsad.platforms.base import ACTS
from marsad.store import actions, log, orders
from marsad.store.actions import Action
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.log import Event

DESK = "marsad"
"""The actor of what follows from a decision by itself."""


def follow(transaction: Transaction, case: Case, event: Event) -> None:
    """Proposes what a final decision (``event``, just written, with the case after it) asks for,
    and takes back what former ones did and this one does not want.

    A decision against somebody leaves milder acts of former ones in force and undoes severer ones.
    An act that is in force, or under way, is not proposed again.
    """
    if event.kind not in ("decided", "overturned"):
        return
    act = event.data["outcome"] if event.kind == "decided" else None
    act = act if act in ACTING else None
    earlier = actions.of_case(transaction, case.id)
    _replace(transaction, case, event, earlier, act)
    standing = _standing(earlier)
    for one in standing:
        if not _stays(one.act, act) and not _ordered(transaction, one):
            take_back(transaction, case, event, one)
    under_way = any(one.act == act and one.state != "failed" for one in standing)
    if act is not None and not under_way:
        _propose(transaction, case, event, act, event.seq, None)


def carry_out(transaction: Transaction, case: Case, event: Event) -> None:
    """Proposes what a person asks for under an authority's order (``event``, just written). What is
    under way and does as much is not asked for again, but does not wait any longer; what was seen
    to be done before is, for an old look says nothing of today."""
    act = str(event.data["act"])
    earlier = actions.of_case(transaction, case.id)
    _replace(transaction, case, event, earlier, act)
    under_way = [one.id for one in _doing(earlier, act) if one.state != "confirmed"]
    actions.hurry(transaction, under_way, event.at)
    if not under_way:
        _propose(transaction, case, event, act, event.seq, None)


def at_least(transaction: Transaction, case_id: int, act: str) -> str:
    """What is asked for where an act is wanted: the severest that holds and does as much, for a
    milder one asked for in its place, and taken back one day, would undo what holds."""
    doing = _doing(actions.of_case(transaction, case_id), act)
    return max((one.act for one in doing), key=ACTS.index, default=act)


def _doing(earlier: list[Action], act: str) -> list[Action]:
    return [one for one in _standing(earlier) if one.state != "failed" and does(one, act)]


def let_go(transaction: Transaction, case: Case, event: Event) -> None:
    """Takes back what an order was the last to ask for, once it binds no longer (``event``, just
    written): what was decided at the desk stays, and what other orders keep."""
    decided = case.outcome if case.state == "decided" and case.outcome in ACTING else None
    for one in _standing(actions.of_case(transaction, case.id)):
        if not _stays(one.act, decided) and not _ordered(transaction, one):
            take_back(transaction, case, event, one)


def does(action: Action, act: str) -> bool:
    """Whether an action has the effect of another act, or more."""
    hides = ("hide", "remove", "suspend")
    return action.act in hides[hides.index(act) :] if act in hides else action.act == act


def _ordered(transaction: Transaction, action: Action) -> bool:
    """Whether an order that binds keeps an action in force, whatever is decided at the desk."""
    kept = orders.standing_in(transaction, action.case_id)
    return any(does(action, one.act) for one in kept)


def _standing(earlier: list[Action]) -> list[Action]:
    standing = [one for one in earlier if one.undoes is None and one.undone_by is None]
    return [one for one in standing if one.state != "reversed"]


def _stays(act: str, wanted: str | None) -> bool:
    if wanted is None or wanted == "return":
        return act == wanted
    return act != "return" and ACTS.index(act) <= ACTS.index(wanted)


def _replace(
    transaction: Transaction, case: Case, event: Event, earlier: list[Action], act: str | None
) -> None:
    """An undo of just what is now decided again has lost its point: it ends, and what it was to
    take back makes room for the new action."""
    for one in earlier:
        if one.undoes is not None and one.act == act and one.state in (*OPEN, "failed"):
            undone = actions.read(transaction, one.undoes)
            assert undone is not None
            for ended in (one, undone):
                _reverse(transaction, case, event.at, ended, "replaced")


def take_back(transaction: Transaction, case: Case, event: Event, action: Action) -> None:
    """Withdraws an action that was never sent; of any other an undo is proposed, for a platform may
    have done what it never answered to."""
    work = actions.work(transaction, action.id, for_update=True)
    untried = work.attempts == 0 and action.round == 0
    if action.state in ("proposed", "failed") and untried:
        _reverse(transaction, case, event.at, action, "withdrawn")
    else:
        _propose(transaction, case, event, action.act, action.decision, action)


def close_all(transaction: Transaction, case: Case, at: int) -> None:
    """Ends what is open in a case whose person is about to be erased: nobody can be asked about
    somebody whose id is gone."""
    for one in actions.of_case(transaction, case.id):
        if one.state in OPEN:
            record_step(transaction, case, "action-failed", at=at, actor=DESK,
                        data={"action": one.id, "why": "erased"})  # fmt: skip
            actions.set_work(transaction, one.id, due_at=None)


def _reverse(transaction: Transaction, case: Case, at: int, action: Action, why: str) -> None:
    record_step(transaction, case, "action-reversed", at=at, actor=DESK,
                data={"action": action.id, "why": why})  # fmt: skip
    actions.set_work(transaction, action.id, due_at=None)


def _propose(
    transaction: Transaction, case: Case, event: Event, act: str, decision: int,
    undoes: Action | None,
) -> None:  # fmt: skip
    """Proposes an action. What it carries as its evidence is the hash of the entry it follows from:
    that seals the findings, the item that was opened and the decision, before anything is done."""
    sealed = log.hash_at(transaction, event.seq)
    assert sealed is not None
    undone = undoes.id if undoes else None
    key = sha256(b"marsad action\n" + sealed + f"{act} {undone or 0}".encode("ascii"))
    data = {
        "act": act, "kind": case.kind, "platform": case.platform, "decision": decision,
        "cause": event.seq, "evidence": sealed.hex(), "key": key.hexdigest()[:32],
        "undoes": undone, "by_hand": undoes.by_hand if undoes else False,
    }  # fmt: skip
    ordered = event.kind in ("order-executed", "order-lifted")
    kind = "action-ordered" if ordered else "action-proposed"
    made = record_step(transaction, case, kind, at=event.at, actor=DESK, data=data)
    actions.begin(transaction, made.id, event.at)
    if undoes is not None:
        actions.set_work(transaction, undoes.id, due_at=None)
