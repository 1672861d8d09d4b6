"""Ranks: earliest deadline first, and an imminent threat before everything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.decide.priority import HIGH, IMMINENT, LOW, NORMAL, URGENT, of_signals, rank
from marsad.records.times import DAY, HOUR

NOW = 1_700_000_000_000_000


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ([], NORMAL),
        (["phrases"], NORMAL),
        (["coordination"], LOW),
        (["returns", "bursts", "automation"], LOW),
        (["coordination", "links"], NORMAL),
        (["phrases", "copies"], HIGH),
        (["media"], HIGH),
        (["a-plug-in"], NORMAL),
    ],
)
def test_the_most_severe_signal_counts(signals: list[str], expected: int) -> None:
    assert of_signals(signals) == expected


@pytest.mark.parametrize(
    ("priority", "due", "expected"),
    [
        (URGENT, None, NOW + HOUR),
        (HIGH, None, NOW + 4 * HOUR),
        (NORMAL, None, NOW + DAY),
        (LOW, None, NOW + 7 * DAY),
        (LOW, NOW + HOUR, NOW + HOUR),
        (NORMAL, NOW + 14 * DAY, NOW + DAY),
        (NORMAL, NOW - HOUR, NOW - HOUR),
    ],
)
def test_rank(priority: int, due: int | None, expected: int) -> None:
    assert rank(NOW, priority, due) == expected


@given(st.integers(0, 10 * 365), st.integers(URGENT, LOW), st.none() | st.integers(-DAY, 30 * DAY))
def test_a_threat_to_a_life_goes_first(days: int, priority: int, due: int | None) -> None:
    other = rank(NOW, priority, None if due is None else NOW + due)
    assert rank(NOW + days * DAY, IMMINENT, None) < other


@given(st.integers(URGENT, LOW), st.integers(URGENT, LOW), st.integers(8, 100))
def test_none_waits_for_ever(old: int, new: int, days: int) -> None:
    assert rank(NOW, old, None) < rank(NOW + days * DAY, new, None)
