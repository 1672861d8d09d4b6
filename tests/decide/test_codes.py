"""Codes: what people type is read as what they meant, and nothing else passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.decide import codes


def test_codes_have_eighty_bits_and_only_letters_that_cannot_be_mistaken() -> None:
    made = {codes.new() for _ in range(200)}
    assert len(made) == 200
    for code in made:
        groups = code.split("-")
        assert [len(one) for one in groups] == [4, 4, 4, 4]
        assert set("".join(groups)) <= set(codes.LETTERS)
    assert len(codes.LETTERS) ** codes.LENGTH == 2**80


SAME = "K01F-2M9T-XR41-8WPA"


@pytest.mark.parametrize(
    "typed",
    [
        SAME.lower(), SAME.replace("-", ""), SAME.replace("-", " "), f"  {SAME}\n",
        "KOIF-2M9T-XR4L-8WPA", "\u200fko1f–2m9t–xr4i–8wpa\u200f",
    ],
)  # fmt: skip
def test_a_code_is_read_as_it_was_meant(typed: str) -> None:
    assert codes.digest(typed) == codes.digest(SAME)


@pytest.mark.parametrize("typed", ["", "-", SAME[:-1], SAME + "0", "ك" * 16, "0" * 1_000_000])
def test_what_is_another_code_has_another_digest(typed: str) -> None:
    assert codes.digest(typed) != codes.digest(SAME)


@given(st.text())
def test_anything_can_be_typed(typed: str) -> None:
    assert len(codes.digest(typed)) == 32
