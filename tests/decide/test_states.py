"""The state machine as a table: what leads where, and that nothing else leads anywhere."""

from __future__ import annotations

import pytest

from marsad.decide.appeals.kinds import KINDS as APPEALS
from marsad.decide.notices.kinds import KINDS as NOTICES
from marsad.decide.orders.kinds import KINDS as ORDERS
from marsad.decide.statements.kinds import KINDS as STATEMENTS
from marsad.decide.states import KINDS, NEW, STATES, TRANSITIONS, after
from marsad.records.errors import InputError

# Written out by hand, so that a slip in the table shows. State, then what may follow.
EXPECTED = """
new        opened=open
open       found=open clock-set=open clock-ended=open assigned=open unsure=open
open       escalated=escalated proposed=second decided=decided noted=open item-opened=open
open       erased=erased golden-set=open
open       threat-raised=open threat-told=open
second     found=second clock-set=second clock-ended=second assigned=second unsure=second
second     escalated=escalated dissented=escalated decided=decided noted=second item-opened=second
second     erased=erased
second     golden-set=second threat-raised=second threat-told=second
escalated  found=escalated clock-set=escalated clock-ended=escalated assigned=escalated
escalated  unsure=escalated proposed=second decided=decided noted=escalated item-opened=escalated
escalated  erased=erased
escalated  golden-set=escalated threat-raised=escalated threat-told=escalated
decided    found=decided reopened=open overturned=overturned noted=decided item-opened=decided
decided    erased=erased golden-set=decided threat-raised=decided threat-told=decided
overturned found=overturned reopened=open noted=overturned item-opened=overturned erased=erased
overturned golden-set=overturned threat-raised=overturned threat-told=overturned
"""
# Entries about an action leave its case as it is; one is proposed where something was decided only,
# and ordered whatever was. What the parts beside the desk write leaves a case as it is, too.
ABOUT_ACTIONS = ("action-ordered", "action-requested", "action-confirmed", "action-failed",
                 "action-reversed", "action-retried")  # fmt: skip
ALLOWED = (
    {
        (state, move.split("=")[0]): move.split("=")[1]
        for state, *moves in (line.split() for line in EXPECTED.strip().splitlines())
        for move in moves
    }
    | {
        (state, kind): state
        for state in ("open", "second", "escalated", "decided", "overturned")
        for kind in (*ABOUT_ACTIONS, *NOTICES, *ORDERS, *STATEMENTS, *APPEALS)
    }
    | {(state, "action-proposed"): state for state in ("decided", "overturned")}
)


def test_the_table_has_these_transitions_and_no_others() -> None:
    assert dict(TRANSITIONS) == ALLOWED


@pytest.mark.parametrize("kind", [*KINDS, "", "reverted"])
@pytest.mark.parametrize("state", [NEW, *STATES])
def test_every_state_with_every_entry(state: str, kind: str) -> None:
    if (state, kind) in ALLOWED:
        assert after(state, kind) == ALLOWED[state, kind]
        return
    with pytest.raises(InputError) as error:
        after(state, kind)
    assert error.value.message.values["given"] == kind
    assert set(error.value.message.values["valid"]) == {k for s, k in ALLOWED if s == state}


def test_every_state_can_be_reached_and_all_but_the_last_be_left() -> None:
    assert set(ALLOWED.values()) == set(STATES)
    assert {state for state, _ in ALLOWED} == {NEW, *STATES} - {"erased"}
