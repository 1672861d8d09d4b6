"""A real mass suspension: Twitter, 6 to 12 January 2021.

McCabe et al. (Nature 2024) compare misinformation shared before 6 January with after 12 January,
and followers of suspended accounts with users who followed none. They hold that the size of the
effect cannot be told from that of the events of the same days; nor does anything here.

The groups of the data: ``fns`` all who ever shared misinformation, ``B`` those of them who followed
suspended accounts, ``D`` four or more of these, ``F`` who followed none. The day 2020-06-30 is
there twice, in parts.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from marsad.measure.effect import Event, Series, differences, placebo_dates, segmented
from marsad.measure.effect.series import epoch_day
from marsad.records.errors import InputError

EVENT = Event.on("2021-01-06", "suspensions", until="2021-01-11")
CAPITOL = Event.on("2021-01-06", "attack on the Capitol", "rival")


def table(folder: Path, group: str, outcome: str) -> tuple[list[str], list[float]]:
    whole = pq.read_table(folder / "networks" / "deplatforming_2021_daily.parquet")
    keep = pc.and_(pc.equal(whole["group"], group), pc.equal(whole["stat"], "total"))
    rows = whole.filter(keep)
    return rows["date"].to_pylist(), rows[outcome].to_pylist()


def daily(folder: Path, group: str, outcome: str = "fake_merged") -> Series:
    total: dict[str, float] = defaultdict(float)
    for day, value in zip(*table(folder, group, outcome), strict=True):
        total[day] += value
    return Series.of(f"{group} {outcome}", list(total), list(total.values()))


def test_the_day_that_is_there_twice_is_not_taken(shared_data: Path) -> None:
    with pytest.raises(InputError, match="2020-06-30"):
        Series.of("fns", *table(shared_data, "fns", "fake_merged"))


def test_misinformation_dropped(shared_data: Path) -> None:
    found = segmented(daily(shared_data, "fns"), [EVENT])
    level = found.estimates[0]
    assert level.value == pytest.approx(0.48, abs=0.03)
    assert level.low < level.value < level.high < 0.65


def test_the_drop_is_beyond_all_placebo_dates(shared_data: Path) -> None:
    series = daily(shared_data, "fns")
    found = placebo_dates(series.days, series.values, EVENT)
    assert len(found.jumps) == 53
    assert found.p == pytest.approx(1 / 54)
    assert found.jump < found.jumps.min()


@pytest.mark.parametrize("outcome", ["not_fake_sports", "not_fake_shopping"])
@pytest.mark.parametrize("group", ["fns", "all"])
def test_sports_and_shopping_did_not_jump(shared_data: Path, group: str, outcome: str) -> None:
    series = daily(shared_data, group, outcome)
    assert placebo_dates(series.days, series.values, EVENT).p > 0.2


@pytest.mark.parametrize(("group", "about"), [("B", 0.73), ("D", 0.69)])
def test_followers_fell_against_those_who_followed_none(
    shared_data: Path, group: str, about: float
) -> None:
    """The paper's window, 1 December to 20 January."""
    start, stop = epoch_day("2020-12-01"), epoch_day("2021-01-21")
    treated, control = daily(shared_data, group), daily(shared_data, "F")
    found = differences(treated.between(start, stop), [control], EVENT)
    assert found.effect.value == pytest.approx(about, abs=0.02)
    assert found.effect.high < 0.85
    assert found.pre_trend.low < 1 < found.pre_trend.high
    dates = placebo_dates(treated.days, treated.values, EVENT, control=control.values)
    assert dates.p == pytest.approx(1 / 54)


def test_how_sure_the_drop_looks_depends_on_how_far_back_one_starts(shared_data: Path) -> None:
    """A straight line through the weeks around the election is another one than through the year:
    what one series can tell is the jump, not its size."""
    series = daily(shared_data, "fns")
    short = segmented(series.between(epoch_day("2020-11-10"), epoch_day("2021-03-01")), [EVENT])
    assert short.estimates[0].high > 1
    assert np.isfinite(short.estimates[0].low)
