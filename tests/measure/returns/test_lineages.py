"""Lineages and their length, followers regained, correction by labels, links out of findings."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from marsad.measure.refusal import Refused
from marsad.measure.returns import accounts_per_lineage, adjusted, followers_regained, return_rate
from marsad.measure.returns.adjusting import link_accuracy, weighted_proportion
from marsad.measure.returns.labels import read_labels
from marsad.measure.returns.lineages import actors_of, lineage_counts, lineage_sizes
from marsad.measure.returns.links import Link, links_of
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate


def test_links_join_accounts_into_actors() -> None:
    actors = actors_of(["d", "a", "e"], [("b", "c"), ("a", "b"), ("d", "f")])
    assert actors == {"a": "a", "b": "a", "c": "a", "d": "d", "f": "d", "e": "e"}


def test_a_long_chain_is_one_lineage() -> None:
    links = [(str(i), str(i + 1)) for i in range(5000)]
    assert lineage_sizes(links) == [5001]


def test_counts_say_what_unsure_links_would_change() -> None:
    sure, unsure = [("a", "b"), ("b", "c"), ("d", "e")], [("c", "d"), ("x", "y"), ("x", "z")]
    lineages, returned = lineage_counts(sure, unsure)
    assert (lineages.value, lineages.low, lineages.high, lineages.bound) == (2, 2, 2, None)
    assert (returned.value, returned.low, returned.high) == (3, 3, 6)
    assert returned.bound == "lower"
    assert "not-sampling" in returned.warnings
    (merged, _) = lineage_counts(sure, [("c", "d")])
    assert (merged.value, merged.low, merged.high) == (2, 1, 2)


def test_the_mean_length() -> None:
    found = accounts_per_lineage([2, 2, 3, 5])
    assert found.value == 3
    assert 2 <= found.low < 3 < found.high
    assert {"lineages-open", "few-lineages"} <= set(found.warnings)
    short = accounts_per_lineage([2] * 50)
    assert (short.value, short.low) == (2, 2)
    assert short.high == pytest.approx(2 + 3.689 / 50, abs=1e-3)  # none of 50: Poisson, 97.5 %
    with pytest.raises(Refused):
        accounts_per_lineage([2])


def test_followers_are_a_median_over_lineages() -> None:
    found = followers_regained([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, float("nan")], day=7)
    assert (found.name, found.n, found.value) == ("followers-regained-day-7", 6, 0.35)
    assert 0.1 <= found.low < 0.35 < found.high <= 0.6
    of_one = followers_regained([0.1] * 90 + [0.9] * 6, ["a"] * 90 + list("bcdefg"), day=7,
                                suspension=2)  # fmt: skip
    assert (of_one.name, of_one.n, of_one.value) == (
        "followers-regained-day-7-suspension-2", 7, 0.9,
    )  # fmt: skip
    with pytest.raises(Refused) as raised:
        followers_regained([0.1] * 90, ["a"] * 90, day=7)
    assert raised.value.missing == ("followers",)


def rate() -> Estimate:
    (found,) = return_rate([1.0] * 60 + [float("inf")] * 140, [40.0] * 200, by=[7])
    return found


def test_labels_correct_the_rate() -> None:
    claimed = [True] * 50 + [False] * 100
    is_return = [True] * 45 + [False] * 5 + [True] * 15 + [False] * 85
    precision, recall = link_accuracy(claimed, is_return, [0.5] * 150)
    assert (precision.value, recall.value) == (0.9, 0.75)
    found = adjusted(rate(), precision, recall)
    assert found.value == pytest.approx(0.3 * 0.9 / 0.75)
    assert found.low < 0.3 < found.high
    factors = [(rate(), 1), (precision, 1), (recall, -1)]
    down = [math.log(x.value / x.low if sign > 0 else x.high / x.value) for x, sign in factors]
    up = [math.log(x.high / x.value if sign > 0 else x.value / x.low) for x, sign in factors]
    assert found.low == pytest.approx(found.value * math.exp(-math.sqrt(sum(x * x for x in down))))
    assert found.high == pytest.approx(found.value * math.exp(math.sqrt(sum(x * x for x in up))))
    assert found.bound is None
    assert "returns-missed" not in found.warnings
    assert "links-right" not in found.assumptions


def test_who_was_drawn_rarely_counts_for_many() -> None:
    even = weighted_proportion([1, 0], [0.5, 0.5], "x")
    uneven = weighted_proportion([1, 0], [0.1, 0.9], "x")
    assert (even.value, uneven.value) == (0.5, pytest.approx(0.9))


def test_none_found_is_corrected_to_none_with_a_high_end() -> None:
    (nothing,) = return_rate([float("inf")] * 100, [40.0] * 100, by=[7])
    found = adjusted(nothing, *link_accuracy([True] * 20, [True] * 20, [1.0] * 20))
    assert (found.value, found.low) == (0, 0)
    assert found.high >= nothing.high


def test_labels_that_do_not_tell_are_refused() -> None:
    with pytest.raises(Refused, match="may have been found"):
        adjusted(rate(), *link_accuracy([True] + [False] * 9, [True] * 10, [1.0] * 10))
    with pytest.raises(Refused):
        link_accuracy([], [], [])
    with pytest.raises(InputError):
        link_accuracy([True], [True], [0.0])


HEAD = "child,parent,is_return,probability\n"


def test_labels_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(f"\ufeff{HEAD}x:2,x:1,true,0.5\nx:3, x:1 ,No,1\n", "utf-8")
    assert read_labels(path) == [("x:2", "x:1", True, 0.5), ("x:3", "x:1", False, 1.0)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("child,parent\n", "probability"),
        (f"{HEAD}x:2,x:1,perhaps,0.5\n", "line 2"),
        (f"{HEAD}x:2,x:1,true,0\n", "line 2"),
        (f"{HEAD}x:2,x:1,true,0.5\nx:3,x:1,true,1.5\n", "line 3"),
        (f"{HEAD},x:1,true,0.5\n", "line 2"),
    ],
)
def test_labels_that_cannot_be_read(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=said):
        read_labels(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_labels(tmp_path / "absent.csv")


def test_links_out_of_findings() -> None:
    good = {
        "kind": "return",
        "parent": "x:1",
        "appeared_at": 5,
        "claim": "match",
        "how": "takeover",
    }
    evidence = [{"kind": "post", "post": "x:9"}, good, {**good, "claim": "unsure"},
                {**good, "claim": "no"}, {**good, "parent": None}, "text"]  # fmt: skip
    rows = [{"subject_id": "x:2", "evidence": json.dumps(evidence)}]
    assert list(links_of(rows)) == [
        Link("x:1", "x:2", 5, True), Link("x:1", "x:2", 5, False),
    ]  # fmt: skip
