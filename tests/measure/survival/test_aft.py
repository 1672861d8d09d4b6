"""Accelerated failure time against R's survreg, and by properties."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from marsad.measure.survival import aft
from marsad.measure.survival.aft import _Model
from marsad.measure.survival.data import checked
from marsad.measure.survival.errors_of_time import FAMILIES
from marsad.records.errors import InputError
from tests.measure.survival.oracles import INFINITY, agree, column, output, rows

DIGITS = 1e-8  # survreg stops its Newton steps at a relative gain of 1e-9


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("model", ["intercept_only", "by_treatment"])
def test_survreg(shared_data: Path, family: str, model: str) -> None:
    known = output(shared_data, "survival_survreg_bcos.json")[family][model]
    table = rows(shared_data, "survival_bcos.csv")
    by = model == "by_treatment"
    x = [float(row["treatment"] == "RadChem") for row in table] if by else None
    found = aft(
        column(table, "left"), column(table, "right"), x, ["RadChem"] if by else (), family=family
    )
    agree(found.coefficients, list(known["coefficients"].values()), DIGITS)
    assert found.scale == pytest.approx(known["scale"], rel=DIGITS)
    assert found.log_likelihood == pytest.approx(known["loglik"], abs=1e-9)
    agree(found.covariance.ravel(), np.ravel(known["vcov"]).tolist(), DIGITS)
    quantiles = known["quantiles_treatment_Rad"]
    told = [found.quantile(p, [0.0] if by else []) for p in quantiles["p"]]
    agree(told, quantiles["q"], DIGITS)
    assert [e.name for e in found.estimates] == (["time-ratio-RadChem"] if by else [])


def test_all_families_are_compared(shared_data: Path) -> None:
    assert set(output(shared_data, "survival_survreg_bcos.json")) == set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_derivatives_are_those_of_the_likelihood(family: str) -> None:
    """Timed, bracketed, living, gone before the first look, and watched late: by differences."""
    data = checked([3, 2, 9, 0, 5, 6], [3, 6, INFINITY, 4, 7, 6], [0, 0, 1, 0, 4, 2])
    x = np.column_stack([np.ones(6), [0, 1, 0, 1, 1, 0]])
    model = _Model(data, x, FAMILIES[family])
    theta = np.array([1.5, 0.3, -0.2])[: 2 if FAMILIES[family].scale_fixed else 3]
    _, slope, curvature = model.all(theta)
    step = 1e-5
    for place, unit in enumerate(np.eye(len(theta))):
        up, down = (model.all(theta + side * step * unit) for side in (1, -1))
        assert slope[place] == pytest.approx((up[0] - down[0]) / (2 * step), abs=1e-6)
        assert curvature[place] == pytest.approx((down[1] - up[1]) / (2 * step), abs=1e-6)


def test_days_in_other_units_move_the_intercept_alone() -> None:
    left, right, x = [1, 2, 5, 9, 4], [2, 4, INFINITY, 12, 9], [0, 1, 1, 0, 0]
    days, hours = (aft(np.array(left) * by, np.array(right) * by, x, ["x"]) for by in (1.0, 24.0))
    assert hours.coefficients[0] - days.coefficients[0] == pytest.approx(np.log(24), abs=1e-5)
    assert hours.coefficients[1] == pytest.approx(days.coefficients[1], abs=1e-5)


def test_an_unknown_family_is_named() -> None:
    with pytest.raises(InputError, match=r"gompertz.*weibull"):
        aft([1], [2], family="gompertz")
