"""Regression and noise against other people's: statsmodels, dense algebra, known effects."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from marsad.measure.effect import Event, Series, as_percent, segmented
from marsad.measure.effect.changed import estimate_of
from marsad.measure.effect.counts import count_fit
from marsad.measure.effect.design import design
from marsad.measure.effect.mixture import fit
from marsad.measure.effect.newey_west import lag_rule, newey_west
from marsad.measure.effect.noise import correlation, grid, whitened
from marsad.measure.refusal import Refused
from tests.measure.effect.daily import DAYS, EVENT, FIRST, made


def test_coefficients_and_newey_west_are_those_of_statsmodels() -> None:
    api = pytest.importorskip("statsmodels.api")
    series = made(1, 0.6)
    columns = design(series.days, [EVENT]).matrix
    found = count_fit(columns, series.values, np.zeros(DAYS))
    family = api.families.NegativeBinomial(alpha=found.dispersion)
    theirs = api.GLM(series.values, columns, family=family).fit(tol=1e-12)
    np.testing.assert_allclose(found.beta, theirs.params, rtol=1e-6, atol=1e-8)
    # Pearson's χ² is its degrees of freedom: that is what the dispersion was chosen for
    assert theirs.pearson_chi2 == pytest.approx(theirs.df_resid, rel=1e-6)


def test_newey_west_is_that_of_statsmodels() -> None:
    api = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(3)
    columns = design(np.arange(100), [Event(60, "x")]).matrix
    response = rng.standard_normal(100)
    lags = lag_rule(100)
    theirs = api.OLS(response, columns).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}
    )
    ours = newey_west(columns, response - columns @ theirs.params)
    np.testing.assert_allclose(ours, theirs.cov_params(), rtol=1e-9)
    assert lags == 4


@pytest.mark.parametrize("missing", [(), (3, 4, 11)])
def test_whitening_is_that_of_the_dense_matrix(missing: tuple[int, ...]) -> None:
    days = np.array([one for one in range(25) if one not in missing])
    columns = np.random.default_rng(0).standard_normal((len(days), 2))
    white, logdet = whitened(columns, days)
    for point in (0, 7, len(grid().rho) - 1):
        dense = correlation(days, grid().rho[point], grid().share[point])
        np.testing.assert_allclose(
            white[point].T @ white[point], columns.T @ np.linalg.solve(dense, columns), rtol=1e-8
        )
        assert logdet[point] == pytest.approx(np.linalg.slogdet(dense)[1], rel=1e-8)


def test_the_mixture_finds_how_far_noise_carries() -> None:
    rng = np.random.default_rng(5)
    days = np.arange(400)
    ones = np.ones((400, 1))
    for rho in (0.0, 0.8):
        noise = np.linalg.cholesky(correlation(days, rho, 1.0)) @ rng.standard_normal(400)
        found = fit(ones, noise, days)
        assert found.weight @ (grid().rho * grid().share) == pytest.approx(rho, abs=0.2)


def width(values: NDArray[np.float64]) -> float:
    _, low, high = fit(np.ones((100, 1)), values, np.arange(100)).interval(np.ones(1), 0.95)
    return high - low


def test_noise_that_carries_over_widens_the_interval() -> None:
    rng = np.random.default_rng(7)
    plain = rng.standard_normal(100)
    carried = np.linalg.cholesky(correlation(np.arange(100), 0.8, 1.0)) @ plain
    assert width(carried) > 1.5 * width(plain)


@pytest.mark.parametrize("ratio", [1.0, 0.6])
def test_a_known_effect_is_within_its_interval(ratio: float) -> None:
    found = {one.name: one for one in segmented(made(11, ratio), [EVENT]).estimates}
    for name in ("level-change", "window-change"):
        one = found[f"{name}-{EVENT.date}"]
        assert one.low < ratio < one.high
    assert found[f"slope-change-{EVENT.date}"].low < 1 < found[f"slope-change-{EVENT.date}"].high
    percent = as_percent(found[f"level-change-{EVENT.date}"])
    assert percent.name.endswith("-percent")
    assert percent.low < 100 * (ratio - 1) < percent.high


def test_totals_are_those_of_the_days() -> None:
    series = made(12, 0.5)
    found = segmented(series, [EVENT])
    avoided = {one.name: one for one in found.estimates}[f"avoided-total-{EVENT.date}"]
    after = series.days >= EVENT.day
    assert found.observed == (series.values[after].sum(),)
    assert avoided.low < found.observed[0] < avoided.high  # half was avoided, half was counted
    assert found.without[after].sum() - found.observed[0] == pytest.approx(avoided.value, rel=0.05)


def test_means_change_by_a_difference() -> None:
    counts = made(13)
    values = np.log(counts.values + 1) - np.where(counts.days >= EVENT.day, 2.0, 0)
    found = segmented(Series.of("tone", counts.days, values, "mean"), [EVENT]).estimates
    assert found[0].low < -2 < found[0].high
    assert found[0].method == "segmented-means"
    assert not any(one.name.startswith("avoided") for one in found)


def test_waves_have_an_estimate_each() -> None:
    series = made(14)
    second = Event(FIRST + 200, "second wave")
    factor = np.where(series.days >= second.day, 0.5, 1) * np.where(
        series.days >= EVENT.day, 0.5, 1
    )
    waved = Series.of("posts", series.days, np.round(series.values * factor))
    found = {one.name: one for one in segmented(waved, [second, EVENT]).estimates}
    for event in (EVENT, second):
        assert found[f"level-change-{event.date}"].low < 0.5 < found[
            f"level-change-{event.date}"
        ].high < 0.8  # fmt: skip


def test_days_within_an_event_are_left_out() -> None:
    series = made(15, 0.6)
    during = (series.days >= EVENT.day) & (series.days < EVENT.day + 5)
    spoilt = Series.of("posts", series.days, np.where(during, 10_000, series.values))
    event = Event(EVENT.day, "takedown", until=EVENT.day + 4)
    found = segmented(spoilt, [event])
    assert found.estimates[0].high < 0.8
    assert found.estimates[0].warnings == ()
    assert len(found.days) == DAYS - 5


def test_missing_days_are_a_warning() -> None:
    series = made(16).where(np.arange(DAYS) % 50 != 3)
    assert "days-missing" in segmented(series, [EVENT]).estimates[0].warnings


def test_a_closed_panel_says_so() -> None:
    series = made(16)
    panel = Series.of("posts", series.days, series.values, frame="closed-panel")
    one = segmented(panel, [EVENT]).estimates[0]
    assert (one.frame, one.warnings) == ("closed-panel", ("closed-panel",))


@pytest.mark.parametrize(
    ("day", "values", "missing"),
    [
        (FIRST - 5, None, "days"),
        (FIRST + DAYS + 5, None, "days"),
        (FIRST + 10, None, "days"),
        (EVENT.day, "gone", "counts"),
    ],
)
def test_refusals(day: int, values: str | None, missing: str) -> None:
    series = made(17)
    if values:
        series = Series.of("posts", series.days, np.where(series.days < day, series.values, 0))
    with pytest.raises(Refused) as refused:
        segmented(series, [Event(day, "takedown")])
    assert refused.value.missing == (missing,)
    assert "marsad import" in refused.value.message.render("ar")


def test_an_interval_that_tells_nothing_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        estimate_of("level-change", EVENT.date, (0.0, -7.0, 7.0), made(18), 0.95)
    assert EVENT.date in str(refused.value)
    assert refused.value.message.id == "measure.effect.tells-nothing"
    wide = estimate_of("level-change", EVENT.date, (0.0, -6.0, 6.0), made(18), 0.95)
    assert (wide.high, wide.name) == (np.exp(6.0), f"level-change-{EVENT.date}")
