"""The marginals of a census: groups, their order, what is unknown, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from marsad.measure.census import bins
from marsad.measure.census.marginals import NAMES, Facts, Told, marginals
from marsad.measure.census.sentences import group_name, sentence
from marsad.measure.prevalence import Positives
from marsad.records.estimate import Estimate

N = 60


def at(year: int, month: int = 6) -> int:
    return int(datetime(year, month, 15, tzinfo=UTC).timestamp() * 1_000_000)


def told(**changed: Any) -> Told:
    labels = (np.arange(N) < 40).astype(float)
    positives = Positives.of(np.zeros(600), labels, np.arange(N), np.full(N, 0.1))
    facts: dict[str, Any] = {
        "activity": np.linspace(0.1, 80, N), "followers": np.arange(N) * 30.0,
        "created": np.full(N, at(2014)), "language": ["ar"] * 30 + ["en"] * 30,
        "client": ["Web App"] * N,
    }  # fmt: skip
    return marginals(positives, Facts(**{**facts, **changed}))


def shares(found: Told, name: str) -> dict[str, float]:
    (chosen,) = (one for one in found.marginals if one.name == name)
    return {group: round(one.value, 6) for group, one in chosen.shares}


@pytest.mark.parametrize(
    ("value", "group"),
    [(0.0, "below-1"), (0.99, "below-1"), (1.0, "1-to-5"), (5.0, "5-to-50"), (50.0, "above-50"),
     (np.nan, "")],
)  # fmt: skip
def test_posts_a_day_in_the_published_bins(value: float, group: str) -> None:
    assert bins.binned(np.array([value]), bins.ACTIVITY) == [group]


@pytest.mark.parametrize(
    ("value", "group"),
    [(0, "below-100"), (99, "below-100"), (100, "100-to-499"), (499, "100-to-499"),
     (500, "500-to-999"), (4_999, "1000-to-4999"), (5_000, "5000-to-49999"),
     (50_000, "from-50000")],
)  # fmt: skip
def test_followers(value: float, group: str) -> None:
    assert bins.binned(np.array([float(value)]), bins.FOLLOWERS) == [group]


def test_every_marginal_adds_up_and_only_positives_count() -> None:
    found = told()
    assert [one.name for one in found.marginals] == list(NAMES)
    assert found.refused == []
    for one in found.marginals:
        assert sum(share.value for _, share in one.shares) == pytest.approx(1)
    assert shares(found, "language") == {"ar": 0.75, "en": 0.25}  # 30 and 10 of 40 positives
    assert list(shares(found, "activity")) == [name for _, name in bins.ACTIVITY]


def test_what_is_unknown_is_a_group_of_its_own_and_the_last() -> None:
    followers = np.where(np.arange(N) < 10, np.nan, 50.0)
    found = told(followers=followers, language=[None] * 10 + ["und"] * 10 + ["ar"] * 40)
    assert list(shares(found, "followers").items())[-1] == ("unknown", 0.25)
    assert shares(found, "language") == {"ar": 0.5, "unknown": 0.5}
    medians = {one.name: one.median for one in found.marginals}
    assert medians["followers"] is not None
    assert "values-unknown" in medians["followers"].warnings
    assert medians["language"] is None


@pytest.mark.parametrize(
    ("name", "column", "nothing", "missing", "command"),
    [
        ("followers", "followers", np.full(N, np.nan), "followers", "--as observations"),
        ("created", "created", np.full(N, -1), "creation-dates", "--as observations"),
        ("language", "language", [None] * N, "languages", "language=COLUMN"),
        ("client", "client", [""] * N, "clients", "client=COLUMN"),
        ("activity", "activity", np.full(N, np.nan), "posts", "marsad import"),
    ],
)
def test_a_marginal_of_which_nothing_is_known_is_refused_by_itself(
    name: str, column: str, nothing: Any, missing: str, command: str
) -> None:
    found = told(**{column: nothing})
    assert [one.name for one in found.marginals] == [other for other in NAMES if other != name]
    (refusal,) = found.refused
    assert refusal.missing == (missing,)
    assert command in refusal.next
    for lang in ("en", "ar"):
        assert refusal.next in refusal.message.render(lang)


def test_months_where_they_span_a_year_at_most_else_years_and_the_oldest_together() -> None:
    shown = np.ones(3, bool)
    assert bins.periods(np.array([at(2014, 3), at(2014, 12), -1]), shown) == (
        ["2014-03", "2014-12", ""], ["2014-03", "2014-12"],
    )  # fmt: skip
    named, order = bins.periods(np.array([at(2001), at(2008), at(2020)]), shown)
    assert named == ["until-2010", "until-2010", "2020"]
    assert order == ["until-2010", "2020"]
    assert bins.periods(np.array([-1]), np.ones(1, bool)) == ([""], [])


def test_periods_are_those_of_the_positives() -> None:
    named, order = bins.periods(np.array([at(2014, 3), at(1999)]), np.array([True, False]))
    assert order == ["2014-03"]
    assert named[0] == "2014-03"


def test_the_lightest_names_stand_together() -> None:
    names = [f"n{k}" for k in range(12)] + [None]
    weight = np.r_[np.arange(12.0) + 1, 5]
    named, order = bins.most_named(names, bins.weights(names, weight), most=4)
    assert order == ["n11", "n10", "n9", "other"]
    assert named[-1] == ""
    assert named.count("other") == 9
    assert bins.most_named(["a", "b"], {"a": 1.0, "b": 2.0}, 2) == (["a", "b"], ["b", "a"])


@pytest.mark.parametrize(
    ("marginal", "group", "english", "arabic"),
    [
        ("activity", "below-1", "fewer than 1", "أقل من"),
        ("followers", "1000-to-4999", "1,000 to 4,999", "٤٬٩٩٩"),
        ("created", "2014-03", "March 2014", "مارس ٢٠١٤"),
        ("created", "2014", "2014", "٢٠١٤"),
        ("created", "until-2008", "2008 and before", "٢٠٠٨ وما قبله"),
        ("language", "ar", "Arabic", "العربية"),
        ("client", "Web App", "Web App", "Web App"),
        ("client", "other", "all others", "ما عداها"),
        ("followers", "unknown", "not known", "غير معروف"),
    ],
)
def test_groups_in_words(marginal: str, group: str, english: str, arabic: str) -> None:
    assert group_name(marginal, group, "en") == english
    assert arabic in group_name(marginal, group, "ar")
    one = Estimate(f"share-{marginal}-{group}", 0.3, 0.2, 0.4, 0.95, "m", "f", 40)
    assert english in sentence(one, "en")
    assert "20.0% to 40.0%" in sentence(one, "en")
    assert "measure." not in sentence(one, "ar")
