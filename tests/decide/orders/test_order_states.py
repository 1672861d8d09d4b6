"""The states of an order as a table: what leads where, and that nothing else leads anywhere."""

from __future__ import annotations

import pytest

from marsad.decide.orders.kinds import MARKS, STEPS
from marsad.decide.orders.states import NEW, RUNNING, STATES, TRANSITIONS, after
from marsad.records.errors import InputError

# Written out by hand, so that a slip in the table shows. State, then what may follow.
EXPECTED = """
new         received=received
received    taken=checking accepted=in-force refused=refused stopped=impossible
received    withdrawn=withdrawn infringing=infringing
checking    accepted=in-force refused=refused stopped=impossible withdrawn=withdrawn
checking    infringing=infringing
in-force    accepted=in-force acted=acted confirmed=confirmed stopped=impossible
in-force    withdrawn=withdrawn infringing=infringing
acted       accepted=in-force confirmed=confirmed stopped=impossible withdrawn=withdrawn
acted       infringing=infringing
impossible  cleared=checking refused=refused closed=closed withdrawn=withdrawn infringing=infringing
refused     reopened=checking withdrawn=withdrawn closed=closed
confirmed   scrutiny=scrutiny closed=closed withdrawn=withdrawn infringing=infringing
scrutiny    upheld=confirmed withdrawn=withdrawn infringing=infringing
infringing  reinstated=reinstated closed=closed
withdrawn   reinstated=reinstated closed=closed
reinstated  closed=closed
closed      scrutiny=scrutiny withdrawn=withdrawn infringing=infringing
"""
LEAVES_IT = ("joined", "called-back", "confidential", "told", "noted", "exposed")
HOUR_RUNS = ("received", "checking", "in-force", "acted")
CLOCK_RUNS = (*HOUR_RUNS, "confirmed", "scrutiny", "closed")
ALLOWED = (
    {
        (state, f"order-{move.split('=')[0]}"): move.split("=")[1]
        for state, *moves in (line.split() for line in EXPECTED.strip().splitlines())
        for move in moves
    }
    | {(state, f"order-{kind}"): state for state in STATES for kind in LEAVES_IT}
    | {(state, "order-late"): state for state in HOUR_RUNS}
    | {(state, "order-alarm"): state for state in CLOCK_RUNS}
)


def test_the_table_has_these_transitions_and_no_others() -> None:
    assert dict(TRANSITIONS) == ALLOWED


@pytest.mark.parametrize("kind", [*STEPS, *MARKS, "", "decided"])
@pytest.mark.parametrize("state", [NEW, *STATES])
def test_every_state_with_every_entry(state: str, kind: str) -> None:
    if (state, kind) in ALLOWED:
        assert after(state, kind) == ALLOWED[state, kind]
        return
    with pytest.raises(InputError) as error:
        after(state, kind)
    assert error.value.message.values["given"] == kind
    assert set(error.value.message.values["valid"]) == {k for s, k in ALLOWED if s == state}


def test_every_state_can_be_reached_and_no_hour_ends_but_by_an_entry() -> None:
    assert set(ALLOWED.values()) == set(STATES)
    assert set(RUNNING) == set(HOUR_RUNS)
