"""Views of texts and times, and how alike they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.find.returns.likeness import against_cohort, cosines, together, weighted
from marsad.find.returns.style import VIEWS, Posts, views
from marsad.records.times import HOUR


def posts(*accounts: list[str | None], step: int = HOUR) -> Posts:
    """One account a list, a post an hour."""
    owner = np.array([n for n, texts in enumerate(accounts) for _ in texts], np.int64)
    at = np.array([n * step for texts in accounts for n in range(len(texts))], np.int64)
    return Posts(owner, at, [text for texts in accounts for text in texts], len(accounts))


def test_addresses_and_names_say_nothing() -> None:
    found = views(posts(["see https://a.example/x by @one"], ["see https://b.example/yy by @two"]))
    for view in VIEWS:
        assert (found[view][0] != found[view][1]).nnz == 0, view


@pytest.mark.parametrize(
    ("view", "one", "other"),
    [
        ("characters", "abc", "abd"),
        ("words", "one two", "one three"),
        ("shapes", "one Two", "one two"),
        ("makeup", "one #two", "one two"),
        ("length", "one", "one two three"),
    ],
)
def test_each_view_sees_its_own_difference(view: str, one: str, other: str) -> None:
    found = views(posts([one], [other]))
    assert (found[view][0] != found[view][1]).nnz > 0


def test_runs_of_letters_do_not_cross_posts() -> None:
    one, other = views(posts(["ab", "cd"])), views(posts(["cd", "ab"]))
    assert (one["characters"] != other["characters"]).nnz == 0


@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=4), max_size=4))
def test_no_text_breaks_it(accounts: list[list[str | None]]) -> None:
    found = views(posts(*accounts))
    assert {view: rows.shape[0] for view, rows in found.items()} == dict.fromkeys(
        VIEWS, len(accounts)
    )


def test_an_account_without_posts_is_like_nobody() -> None:
    found = weighted("characters", views(posts(["abc"], [], ["abc"]))["characters"])
    here, there = np.array([0, 0]), np.array([1, 2])
    assert cosines(found, here, there).tolist() == pytest.approx([0.0, 1.0], abs=1e-6)
    assert against_cohort(found, here, there, np.array([0, 1, 2]))[0] == 0.0


def test_likeness_is_measured_against_strangers() -> None:
    draw = np.random.default_rng(1)
    common = ["the same phrase that everybody writes"]
    rare = ["nobody else writes of quartz lanterns"]
    accounts = [[*common, " ".join(draw.choice(list("abcdefgh"), 9))] for _ in range(20)]
    found = views(posts(*accounts, [*common, *rare], [*common, *rare]))["characters"]
    rows = weighted("characters", found)
    z = against_cohort(rows, np.array([0, 20]), np.array([1, 21]), np.arange(22))
    assert z[1] > 2 > z[0]


def test_views_are_weighed_together() -> None:
    found = together({"a": np.array([1.0]), "b": np.array([4.0])}, {"a": 2.0, "b": 1.0})
    assert found.tolist() == [2.0]
