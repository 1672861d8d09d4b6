"""Handles: what is left of one, and how alike two are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.find.returns.handles import LONGEST, jaro_winkler, skeleton

SAME = [
    ("quiet_river", "quiet.river2"),
    ("quietriver", "qu1et_r1ver"),
    ("quietriver", "quietriver_new"),
    ("QuietRiver", "quietriverr"),
    ("quietriver", "quietriver_official"),
    ("quietriver", "quiet_river_v2"),
    ("نهر_هادئ", "نهر_هادئ٢"),
]
PUBLISHED = [
    # Winkler 1990 and later papers
    ("martha", "marhta", 0.961),
    ("dwayne", "duane", 0.840),
    ("dixon", "dicksonx", 0.813),
    ("abc", "abc", 1.0),
    ("abc", "xyz", 0.0),
    ("", "abc", 0.0),
    ("", "", 0.0),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_changed_to_get_a_new_handle_is_left_out(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_other_words_are_another_skeleton() -> None:
    assert skeleton("quietriver") != skeleton("quietrover")
    assert skeleton("12345") == skeleton("12345") != ""


@pytest.mark.parametrize(("one", "other", "expected"), PUBLISHED)
def test_published_values(one: str, other: str, expected: float) -> None:
    assert jaro_winkler([one], [other])[0] == pytest.approx(expected, abs=5e-4)


_TEXT = st.text("abcdأ", max_size=LONGEST)


@given(st.lists(st.tuples(_TEXT, _TEXT), max_size=8))
def test_all_at_once_as_one_by_one(pairs: list[tuple[str, str]]) -> None:
    found = jaro_winkler([one for one, _ in pairs], [other for _, other in pairs])
    assert found.tolist() == pytest.approx([_slow(*pair) for pair in pairs])


def _slow(a: str, b: str) -> float:
    """The definition, letter by letter."""
    reach = max(max(len(a), len(b)) // 2 - 1, 0)
    used: list[int] = []
    mine = []
    for i, letter in enumerate(a):
        for j in range(max(0, i - reach), min(len(b), i + reach + 1)):
            if j not in used and b[j] == letter:
                used.append(j)
                mine.append(letter)
                break
    if not mine:
        return 0.0
    theirs = [b[j] for j in sorted(used)]
    swapped = sum(x != y for x, y in zip(mine, theirs, strict=True)) / 2
    m = len(mine)
    jaro = (m / len(a) + m / len(b) + (m - swapped) / m) / 3
    first = 0
    while first < min(4, len(a), len(b)) and a[first] == b[first]:
        first += 1
    return jaro + 0.1 * first * (1 - jaro)
