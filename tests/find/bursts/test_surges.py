"""When a window of an object is a burst: its law, its own past, and who is compared with whom."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from marsad.find.bursts.counts import Counts, Span
from marsad.find.bursts.newcomers import EVERY_KIND, Days, Others
from marsad.find.bursts.past import Windows, from_the_past
from marsad.find.bursts.surges import Surges, surges, tail
from marsad.records.times import DAY, HOUR

DAYS = 40
ABOUT = np.full(DAYS * 24, 1000, np.int64)


def span(about: np.ndarray = ABOUT) -> Span:
    return Span("x", 0, HOUR, about)


def counts(accounts: np.ndarray) -> Counts:
    """One object, from its accounts in every hour."""
    hours = np.flatnonzero(accounts)
    return Counts(
        "x", "hashtag", pa.array(["tag"]), np.zeros(len(hours), np.int64), hours, accounts[hours]
    )


NONE_BEGAN = Days()


def run(
    accounts: np.ndarray,
    begun: Days = NONE_BEGAN,
    about: np.ndarray = ABOUT,
    in_use: Days = NONE_BEGAN,
) -> Surges:
    others = Others({("x", EVERY_KIND): begun}, {"x": in_use})
    return surges([counts(accounts)], {"x": span(about)}, others, 5, 0.05, 7 * DAY)


@pytest.mark.parametrize("dispersion", [0.0, 0.3, 4.0])
@pytest.mark.parametrize("mean", [0.05, 2.0, 40.0])
def test_the_tail_is_the_negative_binomial_one(mean: float, dispersion: float) -> None:
    values = np.arange(1, 60)
    if dispersion:
        law = stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean))
    else:
        law = stats.poisson(mean)
    ours = tail(values, np.full(59, mean), np.full(59, dispersion))
    assert ours == pytest.approx(law.sf(values - 1), rel=1e-6)


def steady(rate: float = 4.0, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).poisson(rate, DAYS * 24).astype(np.int64)


def test_steady_use_is_no_burst_and_a_surge_is_one() -> None:
    accounts = steady()
    assert run(accounts).bursts == []
    accounts[700:703] = 60
    (burst,) = run(accounts).bursts
    assert (burst.start, burst.stop) == (700 * HOUR, 703 * HOUR)
    assert burst.compared == "past"
    assert burst.expected == pytest.approx(4, rel=0.2)
    assert burst.accounts == 60


def test_an_object_that_surges_every_day_at_one_hour_has_that_for_its_past() -> None:
    accounts = steady(1.0)
    accounts[12::24] = 40
    accounts[36 * 24 + 12] = 42
    assert run(accounts).bursts == []
    accounts[36 * 24 + 15] = 300
    (burst,) = run(accounts).bursts
    assert burst.start == (36 * 24 + 15) * HOUR


def test_where_everybody_is_about_more_use_is_no_burst() -> None:
    about, accounts = ABOUT.copy(), steady()
    about[700:710] *= 12
    accounts[700:710] = 48
    assert run(accounts, about=about).bursts == []
    assert len(run(accounts).bursts) == 1


def test_what_always_came_in_surges_surges_again_unremarked() -> None:
    accounts = np.zeros(DAYS * 24, np.int64)
    accounts[np.random.default_rng(2).choice(900, 30, replace=False)] = 20
    accounts[930] = 20
    assert run(accounts).bursts == []


def test_a_burst_is_not_judged_by_its_own_beginning() -> None:
    accounts = steady()
    accounts[700:710] = 60
    windows = Windows(counts(accounts), span(), np.flatnonzero(accounts == 60), 24)
    assert from_the_past(windows).mean == pytest.approx(np.full(10, 4.0), rel=0.2)


NEW = np.zeros(DAYS * 24, np.int64)
NEW[800] = 30


def test_a_new_object_is_compared_with_how_others_began() -> None:
    quiet = Days(objects=500, days=500, accounts=600, squares=700, busiest=2)
    (burst,) = run(NEW, quiet, in_use=Days(500, 9000, 9_000_000, 9_000_000_000, 999)).bursts
    assert (burst.compared, burst.usual) == ("new", 3)
    assert burst.expected == pytest.approx(600.5 / (500 * 24))
    loud = Days(objects=500, days=500, accounts=60_000, squares=3_000_000)
    assert run(NEW, loud).bursts == []


FEW = Days(objects=19, days=19, accounts=1, squares=1)


def test_where_few_others_began_a_new_object_is_compared_with_those_in_use() -> None:
    quiet = Days(objects=20, days=460, accounts=2_000, squares=2_500, busiest=4)
    (burst,) = run(NEW, FEW, in_use=quiet).bursts
    assert (burst.compared, burst.usual) == ("in-use", 4)
    assert burst.expected == pytest.approx(2000.5 / (460 * 24))
    loud = Days(objects=20, days=460, accounts=40_000, squares=2_000_000, busiest=40)
    assert run(NEW, FEW, in_use=loud).bursts == []


def test_without_others_to_compare_with_a_new_object_is_not_judged() -> None:
    found = run(NEW, FEW, in_use=Days(objects=19, days=400, accounts=500, squares=600))
    assert (found.bursts, found.unjudged) == ([], {"#tag": 30})


def test_the_first_days_are_not_looked_at() -> None:
    accounts = steady()
    accounts[100] = 90
    assert run(accounts).bursts == []


def test_every_window_of_every_object_counts_as_a_test() -> None:
    assert run(steady()).tests == (DAYS - 7) * 24
