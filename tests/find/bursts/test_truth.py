"""What is found where the truth is known: nobody where none surface, and those who do."""

from __future__ import annotations

import json

import numpy as np
import pytest

from marsad.find.bursts.newcomers import FEWEST
from tests.find.bursts.networks import (
    RHYTHMS,
    Uses,
    accounts_of,
    found,
    null,
    planted,
    seeds_with_findings,
    stable,
)


@pytest.mark.parametrize("rhythm", sorted(RHYTHMS))
def test_nobody_surfaces_where_events_draw_everybody_alike(rhythm: str) -> None:
    """Two seeds here, a hundred in the benchmark."""
    assert seeds_with_findings(rhythm, range(2)) == []


@pytest.mark.parametrize("rhythm", sorted(RHYTHMS))
def test_nobody_surfaces_where_hashtags_hardly_change(rhythm: str) -> None:
    """Those that events bring are the only new ones: judged by the days of those in use."""
    uses = stable(null(0, rhythm))
    late = np.unique(uses.tag[uses.at >= 7 * 86_400])
    early = np.unique(uses.tag[uses.at < 7 * 86_400])
    assert len(np.setdiff1d(late, early)) < FEWEST
    assert found(uses) == []


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_twenty_who_surface_under_a_new_hashtag_where_hashtags_hardly_change(seed: int) -> None:
    uses, fresh = planted(null(seed, "daily"), seed)
    rows = found(stable(uses))
    named = accounts_of(rows)
    assert len(named & fresh) >= 14
    assert len(named - fresh) <= 1
    assert {shown["compared"] for row in rows for shown in json.loads(row["evidence"])} == {
        "in-use"
    }


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_twenty_who_surface_in_a_burst(seed: int) -> None:
    uses, fresh = planted(null(seed, "daily"), seed)
    rows = found(uses)
    named = accounts_of(rows)
    assert len(named & fresh) >= 14
    assert len(named - fresh) <= 1
    assert not any(row["opens_case"] for row in rows)


def test_old_accounts_in_the_same_burst_are_not_named() -> None:
    """The same posts, but these accounts have been there from the first day."""
    uses, fresh = planted(null(0, "daily"), 0)
    new = np.array([int(name.partition(":")[2]) for name in sorted(fresh)])
    early = Uses(new, new % 30, 3_600 * (new % 20))
    assert accounts_of(found(early.plus(uses))) & fresh == set()


def test_the_evidence_is_what_a_reviewer_needs() -> None:
    uses, _ = planted(null(0, "daily"), 0)
    rows = found(uses)
    (burst,) = [row for row in rows if row["subject_kind"] == "community"]
    assert burst["subject_id"].startswith("burst:")
    for row in rows:
        (shown,) = json.loads(row["evidence"])
        assert shown["kind"] == "burst"
        assert shown["since"] < shown["until"]
        assert shown["accounts"] > shown["expected"]
        lift = shown["lift"]
        assert lift["low"] > 2
        assert lift["high"] is None or lift["high"] >= lift["low"]
        assert lift["new_inside"] > lift["expected"]
        if row["subject_kind"] == "account":
            assert shown["burst"] == row["community"] == burst["subject_id"]
            assert all(shown["since"] <= post["at"] < shown["until"] for post in shown["posts"])
