"""The interval of the chance of an event by a day: against exact cases, R's figures and draws."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.measure.beta_product import Incidence, incidence_by
from marsad.records.estimate import proportion


def by(day: float, time: list[float], happened: list[bool], cluster: list[int] | None = None):
    owner = np.arange(len(time)) if cluster is None else np.array(cluster)
    return incidence_by(day, np.array(time, float), np.array(happened), owner, 0.95)


@given(st.integers(1, 60), st.data())
def test_without_censoring_it_is_clopper_and_pearson(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    times = data.draw(st.lists(st.floats(0, 7), min_size=hits, max_size=hits))
    found = by(7, [*times, *[30.0] * (n - hits)], [True] * hits + [False] * (n - hits))
    exact = proportion(hits, n)
    assert (found.value, found.low, found.high) == pytest.approx(
        (exact.value, exact.low, exact.high), abs=1e-9
    )
    assert found.at_risk == n - hits


@given(st.integers(2, 12), st.integers(2, 6), st.data())
def test_equal_clusters_are_those_of_korn_and_graubard(
    clusters: int, size: int, data: st.DataObject
) -> None:
    hits = data.draw(st.lists(st.integers(0, size), min_size=clusters, max_size=clusters))
    happened = [i < x for x in hits for i in range(size)]
    found = by(7, [1.0 if h else 30.0 for h in happened], happened,
               [c for c in range(clusters) for _ in range(size)])  # fmt: skip
    expected = proportion(hits, [size] * clusters)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_the_value_is_that_of_rs_survfit(shared_data: Path) -> None:
    oracle = json.loads((shared_data / "oracles" / "survival_aml.json").read_text())
    fitted = oracle["output"]["log"]
    with (shared_data / "oracles" / "survival_aml.csv").open() as file:
        rows = list(csv.DictReader(file))
    groups = [[row for row in rows if row["x"] == x] for x in ("Maintained", "Nonmaintained")]
    assert [len(group) for group in groups] == fitted["n"]
    first = fitted["time"].index(5)  # where the second group's times begin
    for group, part in zip(groups, (slice(None, first), slice(first, None)), strict=True):
        times, status = [float(r["time"]) for r in group], [r["status"] == "1" for r in group]
        for time, survival in zip(fitted["time"][part], fitted["surv"][part], strict=True):
            assert 1 - by(time, times, status).value == pytest.approx(survival, abs=1e-12)


def drawn(day: float, time: list[float], happened: list[bool]) -> tuple[float, float]:
    """The interval by drawing the products of beta variables, unit by unit."""
    rng, product = np.random.default_rng(1), np.ones(200_000)
    order = sorted(zip(time, happened, strict=True), key=lambda one: (one[0], not one[1]))
    risk = len(order)
    for at, event in order:
        if event and at <= day:
            product *= rng.beta(risk, 1, len(product))
        elif at < day or (event and at <= day):
            pass
        else:
            break
        risk -= 1
    low = 1 - float(np.quantile(product, 0.975))
    if risk == 0:
        return low, 1.0
    return low, 1 - float(np.quantile(product * rng.beta(risk, 1, len(product)), 0.025))


@pytest.mark.parametrize("seed", range(6))
def test_products_are_those_that_are_drawn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 60))
    event, lost = rng.exponential(8, n), rng.uniform(0, 14, n)
    time, happened = np.minimum(event, lost).tolist(), (event <= lost).tolist()
    found = by(7, time, happened)
    assert (found.low, found.high) == pytest.approx(drawn(7, time, happened), abs=0.01)


@given(
    st.lists(st.tuples(st.floats(0, 40), st.booleans(), st.integers(0, 5)), min_size=2, max_size=40)
)
def test_it_is_always_an_interval(rows: list[tuple[float, bool, int]]) -> None:
    numbers = {one: i for i, one in enumerate(dict.fromkeys(row[2] for row in rows))}
    owners = [numbers[row[2]] for row in rows]
    found = by(7, [row[0] for row in rows], [row[1] for row in rows], owners)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_one_actor_fifty_times_is_not_fifty() -> None:
    alone = [False] * 60
    many = by(7, [1.0] * 50 + [30.0] * 60, [True] * 50 + alone)
    one = by(7, [1.0] * 50 + [30.0] * 60, [True] * 50 + alone, [0] * 50 + list(range(1, 61)))
    assert many.value == one.value
    assert many.high - many.low < 0.2
    assert one.high - one.low > 0.6
    assert one.clusters < 5


def test_those_lost_before_count_only_as_long_as_they_were_seen() -> None:
    """Ten lost at once tell nothing: the rate is that of the others."""
    rest = by(7, [1.0, 2.0] + [30.0] * 8, [True, True] + [False] * 8)
    with_lost = by(
        7, [0.0] * 10 + [1.0, 2.0] + [30.0] * 8, [False] * 10 + [True, True] + [False] * 8
    )
    assert isinstance(rest, Incidence)
    assert (rest.value, rest.low, rest.high) == (with_lost.value, with_lost.low, with_lost.high)
