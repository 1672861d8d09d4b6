"""Labels as judgements."""

from __future__ import annotations

import math

import pytest

from marsad.measure.judgements import Label, judged
from marsad.records.errors import InputError


def said(*labels: str) -> float:
    """What most say of one subject, each a person."""
    found = judged([Label("x:1", label, str(who)) for who, label in enumerate(labels)])
    return found.majority()["x:1"]


CASES = [
    (["yes"], 1.0),
    (["no"], 0.0),
    (["Yes", "YES ", "no"], 1.0),
    (["yes", "no"], math.nan),
    (["unsure"], math.nan),
    (["unsure", "no"], 0.0),
    (["نعم", "لا", "لا"], 0.0),
    (["No  violation"], 0.0),
    (["1", "true", "0"], 1.0),
]


@pytest.mark.parametrize(("labels", "most"), CASES)
def test_what_most_said(labels: list[str], most: float) -> None:
    assert said(*labels) == pytest.approx(most, nan_ok=True)


def test_named_labels_are_the_positive_ones() -> None:
    labels = [Label("x:1", "Markers"), Label("x:2", "other rule"), Label("x:3", "unsure")]
    found = judged(labels, positive=["markers"]).majority()
    assert (found["x:1"], found["x:2"], math.isnan(found["x:3"])) == (1, 0, True)


def test_a_label_that_says_neither_is_named() -> None:
    with pytest.raises(InputError, match="perhaps"):
        said("perhaps")


def test_the_last_label_of_a_person_counts() -> None:
    labels = [Label("x:1", "yes", "dana"), Label("x:1", "no", "dana")]
    assert judged(labels).codes.tolist() == [[0.0]]


def test_no_labels() -> None:
    assert judged([]).codes.shape == (0, 0)
