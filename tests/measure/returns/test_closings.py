"""When an account was closed: from a bank's date, or between two looks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from marsad.banks import Entry
from marsad.measure.returns.closings import Closing, Look, closings, end_between
from marsad.records.times import DAY

T0 = int(datetime(2024, 3, 5, tzinfo=UTC).timestamp()) * 1_000_000


def looks(*states: str) -> list[Look]:
    """One look a day."""
    return [Look(T0 + day * DAY, state) for day, state in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "between"),
    [
        (["alive", "suspended", "suspended"], (0, 1)),
        (["alive", "alive", "removed", "suspended", "suspended"], (1, 2)),
        (["alive", "suspended"], None),  # one failed look is no end
        (["alive", "suspended", "alive", "suspended"], None),
        (["alive", "suspended", "alive", "suspended", "suspended"], (2, 3)),
        (["alive", "suspended", "unknown", "suspended"], (0, 1)),  # a look that saw nothing
        (["suspended", "suspended"], None),  # closed before anybody looked
        (["alive", "deactivated", "deactivated"], None),  # its owner's doing
        (["alive", "suspended", "suspended", "alive"], (0, 1)),  # let back in later
        ([], None),
    ],
)
def test_two_failed_looks_make_an_end(states: list[str], between: tuple[int, int] | None) -> None:
    expected = between and tuple(T0 + day * DAY for day in between)
    assert end_between(looks(*states)) == expected


HOUR = DAY // 24


@pytest.mark.parametrize(
    ("since", "earliest", "latest"),
    [
        ("2024-03-05", T0, T0 + DAY - 1),  # some time that day
        ("2024-03-05T06:00:00Z", T0 + 6 * HOUR, T0 + 6 * HOUR),
        ("2024-03-05T08:00:00+02:00", T0 + 6 * HOUR, T0 + 6 * HOUR),
        ("2024-03-05 06:00", T0 + 6 * HOUR, T0 + 6 * HOUR),
    ],
)
def test_dates_of_a_bank(since: str, earliest: int, latest: int) -> None:
    listed = {"x:1": Entry("x:1", options={"since": since})}
    found = closings(listed, {"x:1": looks("alive")}, frozenset({"x:1"}), T0, T0 + 9 * DAY)
    assert found.usable == (Closing("x:1", earliest, latest),)


@pytest.mark.parametrize(
    ("options", "seen", "start", "why"),
    [
        ({"since": "yesterday"}, True, T0, "bad-date"),
        ({}, True, T0, "no-date"),
        ({"since": "2024-03-06"}, False, T0, "not-in-data"),
        ({"since": "2024-03-06"}, True, T0 + 5 * DAY, "outside-data"),
        ({"since": "2025-03-06"}, True, T0, "outside-data"),
    ],
)
def test_those_that_cannot_be_used_are_counted(
    options: dict[str, str], seen: bool, start: int, why: str
) -> None:
    listed = {"x:1": Entry("x:1", options=options)}
    known = frozenset({"x:1"} if seen else ())
    found = closings(listed, {}, known, start, T0 + 9 * DAY)
    assert (found.usable, found.left_out) == ((), {why: 1})


def test_the_bank_is_believed_before_looks() -> None:
    listed = {"x:1": Entry("x:1", options={"since": "2024-03-05T12:00"})}
    seen = {"x:1": looks("alive", "alive", "suspended", "suspended")}
    found = closings(listed, seen, frozenset(seen), T0, T0 + 9 * DAY)
    assert found.usable[0].latest == T0 + 12 * HOUR
