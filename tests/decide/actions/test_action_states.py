"""The state machine of actions as a table: what leads where, and that nothing else does."""

from __future__ import annotations

import pytest

from marsad.decide.actions.states import KINDS, NEW, OPEN, STATES, TRANSITIONS, after
from marsad.decide.states import KINDS as KINDS_OF_CASES
from marsad.records.errors import InputError

# Written out by hand, so that a slip in the table shows. State, then what may follow.
EXPECTED = """
new        proposed=proposed ordered=proposed
proposed   requested=requested failed=failed reversed=reversed
requested  confirmed=confirmed failed=failed reversed=reversed
confirmed  reversed=reversed
failed     retried=proposed reversed=reversed
"""
ALLOWED = {
    (state, "action-" + move.split("=")[0]): move.split("=")[1]
    for state, *moves in (line.split() for line in EXPECTED.strip().splitlines())
    for move in moves
}


def test_the_table_has_these_transitions_and_no_others() -> None:
    assert dict(TRANSITIONS) == ALLOWED


@pytest.mark.parametrize("kind", [*sorted({*KINDS, *KINDS_OF_CASES}), "", "confirmed"])
@pytest.mark.parametrize("state", [NEW, *STATES, "", "done"])
def test_every_state_with_every_entry(state: str, kind: str) -> None:
    if (state, kind) in ALLOWED:
        assert after(state, kind) == ALLOWED[state, kind]
        return
    with pytest.raises(InputError) as error:
        after(state, kind)
    assert set(error.value.message.values["valid"]) == {k for s, k in ALLOWED if s == state}


def test_every_state_can_be_reached_and_reversed_is_the_end() -> None:
    assert set(ALLOWED.values()) == set(STATES)
    assert {state for state, _ in ALLOWED} == {NEW, *STATES} - {"reversed"}
    assert set(OPEN) < set(STATES)


def test_nothing_is_confirmed_that_was_not_asked_for() -> None:
    assert {state for state, kind in ALLOWED if kind == "action-confirmed"} == {"requested"}
