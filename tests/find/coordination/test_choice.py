"""Choice: the model has the degrees that were seen, its tails are never too small."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from marsad.find.coordination import Automation, Coordination
from marsad.find.coordination.choice import RARE, _chernoff, _fitted, _rare, choices
from marsad.find.coordination.shares import Shares
from marsad.find.discoveries import q_values
from marsad.records.errors import InputError
from marsad.records.times import DAY
from tests.find.coordination.test_signal import found


def picked(seed: int, group: int = 0, accounts: int = 800, shares: int = 12_000) -> Shares:
    """Accounts and objects with heavy tails, picked independently; ``group`` of the accounts pick
    fifteen objects more, which two hundred strangers pick from as well."""
    draw = np.random.default_rng(seed)
    eager, famous = draw.pareto(1.5, accounts) + 1, draw.pareto(1.2, 1500) + 1
    who = draw.choice(accounts, shares, p=eager / eager.sum())
    what = draw.choice(1500, shares, p=famous / famous.sum())
    who = np.concatenate([who, np.repeat(np.arange(group), 15), draw.integers(0, accounts, 200)])
    own, theirs = np.tile(np.arange(15), group), draw.integers(0, 15, 200)
    what = np.concatenate([what, 1500 + own, 1500 + theirs])
    rows = np.unique(np.stack([who, what], 1), axis=0)
    several = np.bincount(rows[:, 1])[rows[:, 1]] > 1
    rows = rows[several]
    names, object_ = np.unique(rows[:, 1], return_inverse=True)
    at = draw.integers(0, DAY, len(rows))
    return Shares.of(rows[:, 0], object_, at, pa.array([str(one) for one in names]))


@pytest.mark.parametrize("seed", range(5))
def test_independent_choices_are_no_discovery(seed: int) -> None:
    told = choices(picked(seed))
    assert len(told.p) > 100
    assert not (q_values(told.p, told.tests) <= 0.05).any()
    for level in (0.05, 0.01, 0.001):
        assert (told.p <= level).sum() <= level * told.tests


def test_a_group_that_picks_the_same_rare_objects_is_found() -> None:
    told = choices(picked(1, group=8))
    seen = q_values(told.p, told.tests) <= 0.05
    assert {*told.u[seen], *told.v[seen]} == set(range(8))
    assert seen.sum() > 20
    assert (told.expected[seen] < 5).all()


def test_the_model_keeps_the_degrees() -> None:
    degree, sizes = np.array([5, 5, 9, 15, 11]), np.repeat([2, 3, 4], [9, 5, 3])
    assert degree.sum() == sizes.sum()
    model = _fitted(degree, np.append(sizes, [0, 0]))
    assert model.chance @ model.objects == pytest.approx(model.degrees, rel=1e-6)


def test_who_picked_everything_surprises_nobody() -> None:
    model = _fitted(np.array([17, 5, 9, 6, 8]), np.repeat([2, 3, 4], [9, 5, 3]))
    assert (model.chance[model.degrees == 17] > 0.99).all()


@pytest.mark.parametrize("count", [3, 5, 9])
def test_the_bound_is_never_below_the_tail(count: int) -> None:
    chance, times = np.array([[0.01, 0.05]]), np.array([40, 20])
    bound = _chernoff(chance, times, np.array([float(count)]))[0]
    few, many = stats.binom(40, 0.01), stats.binom(20, 0.05)
    tail = sum(few.pmf(k) * many.sf(count - k - 1) for k in range(count)) + few.sf(count - 1)
    assert tail <= bound <= 20 * tail


def test_objects_of_many_accounts_are_no_choice() -> None:
    assert _rare(np.array([2, RARE, RARE + 1, 10**6])).tolist() == [True, True, False, False]


TASTE = [
    {
        "id": f"x:{name}-{who}-{what}", "account": f"x:@{name}-{who}", "text": "",
        "created_at": (who * 37 + what * 11) % 101 * DAY,
        "urls": [f"https://{name}{site}.example/"],
    }
    for name, people in (("quince", 6), ("other", 60))
    for who in range(people)
    for what in range(12)
    for site in [what if name == "quince" else (who * 7 + what**2 * 3) % 97]
]  # fmt: skip


def test_choice_alone_opens_no_case_and_is_told_only_if_asked_for() -> None:
    assert found(TASTE) == []
    rows = found(TASTE, Coordination(choice=True))
    quinces = {f"x:@quince-{n}" for n in range(6)}
    assert quinces <= {row["subject_id"] for row in rows if row["subject_kind"] == "account"}
    assert not any(row["opens_case"] for row in rows)
    assert {row["message"] for row in rows} == {
        "coordination.choice.group", "coordination.choice.account",
    }  # fmt: skip
    account = next(row for row in rows if row["subject_id"] == "x:@quince-0")
    for edge in json.loads(account["evidence"]):
        assert (edge["reading"], edge["common"], len(edge["objects"])) == ("choice", 12, 12)
        assert edge["p"] <= edge["q"] <= 0.05


def test_automation_has_no_such_setting() -> None:
    with pytest.raises(InputError):
        Automation(choice=True)
