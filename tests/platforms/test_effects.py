"""What a look says of an action: the whole table of act, undo and state."""

from __future__ import annotations

import pytest

from marsad.decide.outcomes import ACTING, VALID
from marsad.platforms.base import ACTS, KINDS, Sight
from marsad.platforms.effects import GONE, is_moot, judge
from marsad.records.tables import STATES

# fmt: off
EXPECTED = {
    # state          suspend    remove     hide       reduce     warn       return
    "alive":       ("not-yet", "not-yet", "not-yet", "not-yet", "not-yet", "not-yet"),
    "dormant":     ("not-yet", "not-yet", "not-yet", "not-yet", "not-yet", "not-yet"),
    "protected":   ("not-yet", "not-yet", "not-yet", "not-yet", "not-yet", "not-yet"),
    "withheld":    ("not-yet", "not-yet", "done",    "not-yet", "not-yet", "not-yet"),
    "deactivated": ("gone",    "gone",    "gone",    "gone",    "gone",    "gone"),
    "suspended":   ("done",    "done",    "done",    "gone",    "gone",    "gone"),
    "removed":     ("done",    "done",    "done",    "gone",    "gone",    "gone"),
    "missing":     ("done",    "done",    "done",    "gone",    "gone",    "gone"),
    "unknown":     ("unknown",) * 6,
}
UNDONE = {
    "alive":       ("done",) * 6,
    "dormant":     ("done",) * 6,
    "protected":   ("done",) * 6,
    "withheld":    ("done",    "done",    "not-yet", "done",    "done",    "done"),
    "deactivated": ("gone",) * 6,
    "suspended":   ("not-yet", "not-yet", "not-yet", "gone",    "gone",    "gone"),
    "removed":     ("not-yet", "not-yet", "not-yet", "gone",    "gone",    "gone"),
    "missing":     ("not-yet", "not-yet", "not-yet", "gone",    "gone",    "gone"),
    "unknown":     ("unknown",) * 6,
}
# fmt: on
ORDER = ("suspend", "remove", "hide", "reduce", "warn", "return")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_what_a_state_says(state: str, act: str) -> None:
    assert judge(act, False, Sight(state)) == EXPECTED[state][ORDER.index(act)]
    assert judge(act, True, Sight(state)) == UNDONE[state][ORDER.index(act)]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_a_measure_in_force_is_done(state: str, act: str) -> None:
    assert judge(act, False, Sight(state, frozenset({act}))) == "done"
    assert judge(act, True, Sight(state, frozenset({act}))) == "not-yet"


@pytest.mark.parametrize("state", STATES)
def test_gone_is_believed_where_the_platform_says_so_and_a_look_shows_it(state: str) -> None:
    gone = judge("suspend", False, Sight(state), said_gone=True) == "gone"
    assert gone == (state in GONE)


def test_whom_nobody_sees_needs_no_hiding_and_cannot_be_warned() -> None:
    moot = {act for act in ACTS if is_moot(act, undoing=False)}
    assert moot == {"suspend", "remove", "hide", "reduce"}
    assert not any(is_moot(act, undoing=True) for act in ACTS)


def test_platforms_know_the_acts_that_can_be_decided() -> None:
    assert set(ACTS) == ACTING
    assert {kind for kind, valid in VALID.items() if ACTING & set(valid)} == set(KINDS)
