"""Krippendorff's α: against a slow reference that follows the definition, and by hand."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.measure import krippendorff_alpha
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError


def reference(codes: list[list[Any]]) -> float:
    """Every pair of codes of a unit, and every pair of codes at all."""
    units = [[one for one in row if one is not None] for row in codes]
    units = [row for row in units if len(row) > 1]
    everything = [one for row in units for one in row]
    seen: float = sum(
        sum(a != b for a, b in itertools.permutations(row, 2)) / (len(row) - 1) for row in units
    ) / len(everything)
    pairs = list(itertools.permutations(everything, 2))
    by_chance: float = sum(a != b for a, b in pairs) / len(pairs)
    return 1 - seen / by_chance


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "b", "c", None]), min_size=3, max_size=3),
        min_size=14,
        max_size=20,
    )
)
def test_it_is_the_reference(codes: list[list[Any]]) -> None:
    try:
        found = krippendorff_alpha(codes)
    except Refused:
        return
    assert found.value == pytest.approx(reference(codes))
    assert found.low <= found.value <= found.high <= 1


def test_by_hand() -> None:
    """Ten units, two coders; 5 codes of 20 are 1; three units disagree.

    D_o = 3·2/20, D_e = 2·5·15/(20·19).
    """
    codes = [[1, 1], [1, 0], [0, 1], [1, 0], *[[0, 0]] * 6]
    expected = 1 - (3 * 2 / 20) / (2 * 5 * 15 / (20 * 19))
    assert krippendorff_alpha(codes).value == pytest.approx(expected)


def test_full_agreement_still_has_a_low_end_that_shrinks_with_units() -> None:
    few = krippendorff_alpha([[1, 1], [0, 0]] * 10)
    many = krippendorff_alpha([[1, 1], [0, 0]] * 100)
    assert (few.value, few.high, many.value) == (1, 1, 1)
    assert few.low < 0.75 < 0.95 < many.low < 1
    assert "few-disagreements" in few.warnings


def test_units_coded_once_say_nothing() -> None:
    codes = [[1, 1], [0, 0], [0, 1], [1, 1]] * 10
    alone: list[list[Any]] = [[1, None], [None, None], [float("nan"), 0]]
    assert krippendorff_alpha([*codes, *alone]) == krippendorff_alpha(codes)


def test_low_agreement_is_warned_of() -> None:
    rng = np.random.default_rng(0)
    found = krippendorff_alpha(rng.integers(0, 2, (200, 2)).tolist())
    assert found.low < 0 < found.high
    assert "agreement-low" in found.warnings


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ([], "few"),
        ([[1, 0]] * 9, "few"),
        ([[1, None]] * 50, "few"),
        ([[0, 0]] * 50, "one-value"),
    ],
)
def test_refusals(codes: list[list[Any]], message: str) -> None:
    with pytest.raises(Refused) as refused:
        krippendorff_alpha(codes)
    assert refused.value.message.id == f"measure.agreement.{message}"


def test_rows_of_different_length() -> None:
    with pytest.raises(InputError):
        krippendorff_alpha([[1, 0], [1]])
