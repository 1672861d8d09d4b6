"""Series: what cannot be one is refused by name, gaps are not zeros."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from marsad.measure.effect import Event, Series, rivals_of
from marsad.measure.effect.design import design
from marsad.measure.effect.events import in_order
from marsad.measure.effect.series import day_text, epoch_day, on_common_days
from marsad.records.errors import InputError

VALUES = np.arange(20.0)


@pytest.mark.parametrize(
    ("days", "values", "kind", "fault"),
    [
        ([*range(19), 18], VALUES, "count", "twice"),
        (range(20), VALUES[:19], "count", "lengths"),
        (range(13), VALUES[:13], "count", "short"),
        (range(20), VALUES - 1, "count", "negative"),
        (range(20), np.where(VALUES == 3, np.nan, VALUES), "mean", "not-a-number"),
    ],
)
def test_what_is_no_series(days: Any, values: Any, kind: Any, fault: str) -> None:
    with pytest.raises(InputError) as error:
        Series.of("posts", days, values, kind)
    assert error.value.message.id == f"measure.effect.series.{fault}"
    assert "posts" in str(error.value)


def test_a_fault_names_its_day() -> None:
    with pytest.raises(InputError, match="1970-01-04"):
        Series.of("posts", range(20), np.where(VALUES == 3, np.nan, VALUES))


def test_days_are_sorted_and_gaps_counted_not_filled() -> None:
    days = [one for one in range(30, 0, -1) if one not in (5, 6, 20)]
    series = Series.of("posts", days, [float(one) for one in days])
    assert series.missing_days == 3
    assert len(series.values) == 27
    np.testing.assert_array_equal(series.days, series.values)


def test_means_may_be_negative() -> None:
    assert Series.of("tone", range(20), VALUES - 10, "mean").values.min() == -10


@pytest.mark.parametrize("given", ["2021-01-06", 18633])
def test_dates(given: Any) -> None:
    assert day_text(epoch_day(given)) == "2021-01-06"


def test_a_date_that_is_none() -> None:
    with pytest.raises(InputError, match="6 January"):
        epoch_day("6 January")


def test_common_days_only() -> None:
    one = Series.of("a", range(20), VALUES)
    other = Series.of("b", range(4, 24), VALUES * 2)
    days, values = on_common_days([one, other])
    assert days.tolist() == list(range(4, 20))
    assert values[0].tolist() == [4.0, 0.0]


def test_events_need_a_takedown_and_may_not_overlap() -> None:
    with pytest.raises(InputError) as error:
        in_order([Event(5, "defeat", "rival")])
    assert error.value.message.id == "measure.effect.no-event"
    with pytest.raises(InputError) as error:
        in_order([Event(5, "one", until=9), Event(9, "two")])
    assert error.value.message.id == "measure.effect.events-overlap"
    with pytest.raises(InputError):
        Event(9, "backwards", until=5)


def test_rivals_near_the_event_that_were_not_tested() -> None:
    event = Event(100, "takedown")
    calendar = [
        Event(95, "defeat", "rival"), Event(110, "purge elsewhere", "rival"),
        Event(60, "order", "rival", until=87), Event(130, "later", "rival"),
    ]  # fmt: skip
    assert [one.name for one in rivals_of(event, calendar, 14)] == [
        "order", "defeat", "purge elsewhere",
    ]  # fmt: skip
    assert [one.name for one in rivals_of(event, calendar, 14, tested=["defeat"])] == [
        "order", "purge elsewhere",
    ]  # fmt: skip
    assert rivals_of(event, calendar, 3) == ()


def test_the_design_has_full_rank_and_undoes_an_event() -> None:
    days = np.arange(60)
    columns = design(days, [Event(30, "one"), Event(45, "two")])
    assert np.linalg.matrix_rank(columns.matrix) == columns.matrix.shape[1] == 1 + 6 + 1 + 4
    assert columns.without(1)[:, columns.level[1]].sum() == 0
    assert columns.without(1)[:, columns.level[0]].sum() == 30
