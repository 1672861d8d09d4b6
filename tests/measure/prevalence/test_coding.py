"""Several coders, and what they get wrong."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.measure.prevalence import adjusted_prevalence, coder_accuracy, majority
from marsad.measure.prevalence.coding import CoderAccuracy, delta_variance
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate

NAN = float("nan")


def coders(found: int, positives: int, false: int, negatives: int) -> CoderAccuracy:
    coded = np.r_[np.arange(positives) < found, np.arange(negatives) < false]
    gold = np.repeat([1, 0], [positives, negatives])
    return coder_accuracy(coded.astype(float), gold)


def found(value: float, half: float) -> Estimate:
    return Estimate(
        "prevalence", value, max(value - half, 0.0), value + half, 0.95, "m", "frame", 500,
        ("drawn-by-design", "labels-right"),
    )  # fmt: skip


def test_the_majority() -> None:
    codes: list[list[float]] = [[1, 1, 0], [0, NAN, 0], [1, 0, NAN], [NAN, NAN, NAN], [NAN, 1, NAN]]
    expected = [1, 0, NAN, NAN, 1]
    assert np.array_equal(majority(codes), expected, equal_nan=True)


def test_rogan_and_gladen_by_hand() -> None:
    """CC .25, TPR .9, FPR .05: p = .20/.85."""
    corrected = adjusted_prevalence(found(0.25, 0.03), coders(90, 100, 10, 200))
    assert corrected.value == pytest.approx(0.2 / 0.85)
    assert corrected.name == "prevalence-adjusted"
    assert "labels-right" not in corrected.assumptions
    assert "coders-err-alike" in corrected.assumptions


def test_the_interval_is_the_first_order_one_where_there_is_much_gold() -> None:
    accuracy = coders(850, 1000, 100, 1000)
    corrected = adjusted_prevalence(found(0.4, 0.0392), accuracy)
    variance = delta_variance(corrected.value, 0.02**2, accuracy)
    expected = (0.02**2 + 0.4**2 * 0.1275e-3 + 0.6**2 * 0.09e-3) / 0.75**2
    assert variance == pytest.approx(expected, rel=1e-3)
    assert corrected.high - corrected.low == pytest.approx(3.92 * variance**0.5, rel=0.05)


def test_little_gold_widens_it() -> None:
    much = adjusted_prevalence(found(0.2, 0.02), coders(850, 1000, 50, 1000))
    little = adjusted_prevalence(found(0.2, 0.02), coders(85, 100, 5, 100))
    assert little.high - little.low > 1.3 * (much.high - much.low)


def test_fewer_found_than_coders_make_up_is_none() -> None:
    corrected = adjusted_prevalence(found(0.03, 0.015), coders(90, 100, 10, 200))
    assert (corrected.value, corrected.low) == (0, 0)
    assert corrected.high > 0


def test_far_fewer_found_than_coders_make_up_contradicts_their_rates() -> None:
    with pytest.raises(Refused, match="fewer positives"):
        adjusted_prevalence(found(0.01, 0.005), coders(90, 100, 40, 400))


@pytest.mark.parametrize(
    ("accuracy", "message"),
    [((9, 9, 0, 100), "few-gold"), ((20, 40, 50, 200), "low-power"), ((8, 12, 3, 12), "low-power")],
)
def test_refusals(accuracy: tuple[int, int, int, int], message: str) -> None:
    with pytest.raises(Refused) as refused:
        adjusted_prevalence(found(0.2, 0.02), coders(*accuracy))
    assert refused.value.message.id == f"measure.prevalence.{message}"
    assert refused.value.missing == ("gold",)
