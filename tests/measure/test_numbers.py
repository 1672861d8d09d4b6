"""What is no number is named, with its place, and what may stand there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from marsad import locale
from marsad.measure import lifetimes, ppi, rds, turnbull
from marsad.measure.numbers import VALID, numbers
from marsad.measure.survival import kaplan_meier
from marsad.records.errors import InputError

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    "given",
    [[1, 2.5], (1, Decimal("2.5")), np.array([1, 2.5], "f4"), [np.int64(1), 2.5], [[1, 2.5]]],
)
def test_numbers_of_any_kind(given: Any) -> None:
    assert numbers("x", given).ravel().tolist() == [1, 2.5]


def test_none_is_missing() -> None:
    assert np.isnan(numbers("x", [1, None])[1])


@pytest.mark.parametrize(
    ("given", "valid", "row", "shown"),
    [
        ([1, "two"], "number", 1, "'two'"),
        (["1", "2"], "number", 0, "'1'"),
        (np.array(["1", "2"]), "number", 0, "'1'"),
        ([1, date(2024, 3, 5)], "number", 1, "date"),
        (np.array(["2024-03-05"], "M8[us]"), "number", 0, "2024"),
        ([[1], [1, 2]], "number", 0, r"\[1\]"),
        ([True, False], "number", 0, "True"),
        ([1j], "number", 0, "1j"),
        ([0, INF], "finite", 1, "∞"),
        ([0, NAN], "finite", 1, "NaN"),
        ([0, INF, -1], "day-or-never", 2, "-1"),
        ([0, INF], "day", 1, "∞"),
        ([1, NAN, 2], "code", 2, "2"),
        ([1, NAN], "truth", 1, "NaN"),
        ([NAN, 0], "probability", 1, "0"),
        ([0, 1.5], "index", 1, "1.5"),
    ],
)
def test_what_is_none(given: Any, valid: str, row: int, shown: str) -> None:
    with pytest.raises(InputError, match=f"Row {row} .*, x: .*{shown}.* Valid: ") as raised:
        numbers("x", given, valid)
    assert "measure." not in str(raised.value)


def test_truth_values_are_codes() -> None:
    assert numbers("x", [True, False], "code").tolist() == [1, 0]


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_what_is_valid_is_said_in_words(lang: str) -> None:
    said = {valid: locale.render(f"measure.valid.{valid}", {}, lang) for valid in VALID}
    assert not any(text.startswith("measure.") for text in said.values())


FRAME: dict[str, Any] = {
    "scores": [0.5] * 100, "labels": [1, 0] * 20, "drawn": range(40), "probabilities": [0.4] * 40,
}  # fmt: skip
LIVES: dict[str, Any] = {"left": [1, 2, 3] * 9, "right": [2, 4, INF] * 9}
CHAIN: dict[str, Any] = {
    "respondents": range(60), "recruiters": [None, *range(59)],
    "degree": range(3, 63), "outcome": [n % 2 for n in range(60)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "given", "changed", "said"),
    [
        (ppi, FRAME, {"scores": ["high"] * 100}, "Row 0 .*scores: 'high'"),
        (ppi, FRAME, {"scores": [0.5] * 99 + [INF]}, "Row 99 .*scores: ∞"),
        (ppi, FRAME, {"labels": [1, "yes"] * 20}, "Row 1 .*labels: 'yes'"),
        (ppi, FRAME, {"labels": [1, 3] * 20}, "Row 1 .*labels: 3"),
        (ppi, FRAME, {"drawn": ["a"] * 40}, "Row 0 .*drawn: 'a'"),
        (ppi, FRAME, {"drawn": [n + 0.5 for n in range(40)]}, "Row 0 .*drawn: 0.5"),
        (ppi, FRAME, {"drawn": [True] * 40}, "Row 0 .*drawn: True"),
        (ppi, FRAME, {"probabilities": [0.4] * 39 + [1.4]}, "Row 39 .*probabilities: 1.4"),
        (ppi, FRAME, {"level": 95}, "level .*95"),
        (lifetimes, LIVES, {"left": ["day one"] * 27}, "Row 0 .*left: 'day one'"),
        (lifetimes, LIVES, {"right": [True] * 27}, "Row 0 .*right: True"),
        (lifetimes, LIVES, {"entry": [0] * 26 + ["?"]}, "Row 26 .*entry"),
        (lifetimes, LIVES, {"weights": ["many"] * 27}, "Row 0 .*weights"),
        (lifetimes, LIVES, {"days": ["7"]}, "day .*'7'"),
        (lifetimes, LIVES, {"days": [-3]}, "day .*-3"),
        (lifetimes, LIVES, {"days": [True]}, "day .*True"),
        (lifetimes, LIVES, {"start": "soon"}, "'soon'"),
        (lifetimes, LIVES, {"periods": [0, "two"]}, "Row 1 .*periods"),
        (lifetimes, LIVES, {"cuts": [1, "two"]}, "Row 1 .*cuts"),
        (lifetimes, LIVES, {"level": "high"}, "'high'"),
        (turnbull, LIVES, {"left": ["x"] * 27}, "Row 0 .*left: 'x'"),
        (rds, CHAIN, {"degree": ["many"] * 60}, "Row 0 .*degree: 'many'"),
        (rds, CHAIN, {"degree": [True] * 60}, "Row 0 .*degree: True"),
        (rds, CHAIN, {"burn_in": "one"}, "waves"),
        (rds, CHAIN, {"burn_in": 0.5}, "waves"),
        (rds, CHAIN, {"level": NAN}, "level .*NaN"),
    ],
)
def test_text_where_numbers_belong(
    measure: Any, given: dict[str, Any], changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        measure(**{**given, **changed})


def test_ends_in_words_are_not_taken_for_true() -> None:
    with pytest.raises(InputError, match=r"Row 1 .*ended: 'no'"):
        kaplan_meier([1, 2], [True, "no"])
