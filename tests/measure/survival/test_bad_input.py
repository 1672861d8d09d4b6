"""What cannot be is refused, with the row, the value and what is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from marsad import locale
from marsad.measure import survival
from marsad.measure.refusal import Refused
from marsad.measure.survival import (
    cox,
    cumulative_incidence,
    kaplan_meier,
    lifetimes,
    proportional,
    turnbull,
)
from marsad.records.errors import InputError

INF, NAN = np.inf, np.nan

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"left": [1, -2], "right": [2, 3]}, "Row 1 .*left: -2"),
    ({"left": [1, 2], "right": [2, NAN]}, "Row 1 .*right: NaN"),
    ({"left": [INF], "right": [INF]}, "Row 0 .*left: ∞"),
    ({"left": [1, 5], "right": [2, 3]}, "Row 1 .*gone on day 3.*alive on day 5"),
    ({"left": [1, 2], "right": [2, 3], "entry": [0, 2.5]}, "Row 1 .*watched from day 2.5"),
    ({"left": [1, 2], "right": [2, 2], "entry": [0, 2]}, "Row 1 .*ended on day 2"),
    ({"left": [1], "right": [2], "weights": [0]}, "Row 0 .*weight is 0"),
    ({"left": [1, 2], "right": [2]}, "one length"),
    ({"left": [], "right": []}, "no account"),
    ({"left": [1, 2], "right": [2, 3], "days": [0]}, "not 0"),
    ({"left": [1, 2], "right": [2, 3], "days": [INF]}, "not ∞"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
@pytest.mark.parametrize("measure", [lifetimes, turnbull])
def test_rows_that_cannot_be(measure: Any, given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        measure(**given)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (["suspended", "vanished", None], "Row 1 .*“vanished”.*suspended, deactivated"),
        (["suspended", None, None], "Row 1 .*“None”"),
        (["suspended", "", None], "Row 1 "),
        (["suspended", "suspended", "suspended"], "Row 2 .*alive"),
    ],
)
def test_reasons_that_cannot_be(reason: list[str | None], said: str) -> None:
    with pytest.raises(InputError, match=said):
        cumulative_incidence(
            [1, 2, 3], [2, 3, INF], reason, reasons=["suspended", "deactivated"], days=[2]
        )


@pytest.mark.parametrize(
    ("left", "right", "entry", "missing"),
    [
        ([0, 0, 0], [INF] * 3, None, "looks"),  # one look
        ([3, 4, 5], [INF] * 3, [3, 4, 5], "looks"),
        ([3, 4, 5], [9, 10, INF], [3, 4, 5], "looks"),  # nobody seen alive twice
        ([1, 1, 1], [2, 2, 3], None, "accounts"),  # all in one gap, and too few
    ],
)
def test_too_little_was_looked_at(
    left: list[float], right: list[float], entry: list[float] | None, missing: str
) -> None:
    with pytest.raises(Refused) as refused:
        lifetimes(left, right, entry)
    assert refused.value.missing == (missing,)
    assert "marsad import" in str(refused.value)


@pytest.mark.parametrize("measure", [lifetimes, turnbull])
def test_a_start_after_all_looks(measure: Any) -> None:
    with pytest.raises(Refused, match="day 9"):
        measure([1, 2, 4], [2, 3, INF], start=9)


@pytest.mark.parametrize(
    ("x", "said"),
    [([[1], [NAN], [0]], "Row 1 .*cov"), ([[1], [1], [1]], "cov"), ([1, 2], "3 rows")],
)
def test_covariates_that_cannot_be(x: list[Any], said: str) -> None:
    for measure in (
        lambda: proportional([1, 2, 3], [2, 4, INF], x, ["cov"]),
        lambda: cox([1, 2, 3], [1, 1, 0], x, ["cov"]),
    ):
        with pytest.raises(InputError, match=said):
            measure()


def test_ends_and_days_of_other_lengths() -> None:
    with pytest.raises(InputError, match="one length"):
        kaplan_meier([1, 2], [True])


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_everything_said_is_in_the_catalogue(lang: str) -> None:
    known = {str(entry.id) for entry in locale.catalogue(lang) if entry.id}
    text = "\n".join(
        path.read_text("utf-8") for path in Path(survival.__file__).parent.glob("*.py")
    )
    named = set(re.findall(r'"(measure\.survival\.[a-z-]+)"', text))
    assert len(named) > 20
    assert named <= known


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_ids_of_estimates_are_in_the_catalogue(lang: str) -> None:
    known = {str(entry.id) for entry in locale.catalogue(lang) if entry.id}
    left, right = [0, 2, 3, 5, 4, 1] * 5, [2, 4, INF, 7, 5, 3] * 5
    reason = [None if r == INF else "gone" for r in right]
    x = [0, 0, 1, 1, 0, 1] * 5
    told = [
        *lifetimes(left, right, days=[1, 4]).estimates,
        *lifetimes([5] * 8, [7] * 8, days=[1, 9]).estimates,
        *lifetimes([5] * 8, [INF] * 8, days=[1]).estimates,
        *turnbull(left, right, days=[4]).estimates,
        *cumulative_incidence(left, right, reason, days=[4]).estimates,
        *proportional(left, right, x, ["x"]).estimates,
        *[
            e
            for family in ("weibull", "exponential", "lognormal", "loglogistic")
            for e in survival.aft(left, right, x, ["x"], family=family).estimates
        ],
        survival.wide_ends(left, right, 1.5),
        survival.come_and_gone([1, 2], left, right),
    ]
    for estimate in told:
        ids = {f"report.method.{estimate.method}", f"report.frame.{estimate.frame}"}
        ids |= {f"report.assumption.{name}" for name in estimate.assumptions}
        ids |= {f"report.warning.{name}" for name in estimate.warnings}
        assert ids <= known, ids - known
