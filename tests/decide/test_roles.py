"""Role by act: the whole table, and nothing for anybody else."""

from __future__ import annotations

import pytest

from marsad.decide.roles import ACTS, PERMISSIONS, Reviewer, require
from marsad.records.errors import InputError

# fmt: off
EXPECTED = {
    "read":             {"moderator", "senior", "appeals", "analyst", "auditor"},
    "screen":           {"moderator", "senior", "appeals", "analyst", "auditor"},
    "take":             {"moderator", "senior"},
    "open-item":        {"moderator", "senior", "appeals"},
    "note":             {"moderator", "senior", "appeals"},
    "decide":           {"moderator", "senior"},
    "decide-escalated": {"senior"},
    "take-over":        {"senior"},
    "assign":           {"senior"},
    "set-clock":        {"senior"},
    "record-action":    {"moderator", "senior"},
    "retry-action":     {"senior"},
    "overturn":         {"appeals"},
    "raise-threat":     {"moderator", "senior", "appeals"},
    "mark-golden":      {"senior"},
    "lead-crisis":      {"senior"},
    "export":           {"senior", "analyst", "auditor"},
    "verify":           {"auditor"},
    "erase":            {"admin"},
    "make-token":       {"moderator", "senior", "appeals", "analyst", "auditor", "trusted-flagger",
                         "platform"},
    "notify":           {"trusted-flagger", "platform"},
    "notify-for-others": {"platform"},
    "judge-reporters":  {"senior"},
    "read-orders":      {"senior", "auditor"},
    "handle-orders":    {"senior"},
    "see-kept":         {"senior", "auditor", "admin"},
    "hold":             {"senior", "admin"},
    "release":          {"senior", "auditor"},
    "see-statements":   {"senior", "appeals", "auditor"},
    "mend-statement":   {"senior"},
    "see-appeals":      {"appeals", "auditor"},
    "decide-appeal":    {"appeals"},
}
# fmt: on


@pytest.mark.parametrize("act", [*ACTS, "publish", ""])
@pytest.mark.parametrize("role", [*PERMISSIONS, "guest", ""])
def test_who_may_do_what(role: str, act: str) -> None:
    someone = Reviewer("r", frozenset({role}))
    allowed = role in EXPECTED.get(act, set())
    assert someone.may(act) == allowed
    if not allowed:
        with pytest.raises(InputError):
            require(someone, act)


def test_the_table_is_whole() -> None:
    assert set(EXPECTED) == set(ACTS)


def test_somebody_without_a_role_may_nothing() -> None:
    assert not any(Reviewer("r", frozenset()).may(act) for act in ACTS)
