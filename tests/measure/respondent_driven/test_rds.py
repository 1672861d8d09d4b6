"""Respondent-driven sampling: against R's RDS, against slow references, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from marsad.measure import rds
from marsad.measure.refusal import Refused
from marsad.measure.respondent_driven.autocovariance import Spread, pairs_by_distance, spread
from marsad.measure.respondent_driven.chain_likelihood import log_likelihood, whitened
from marsad.measure.respondent_driven.recruitment import recruitment, without_burn_in
from marsad.measure.respondent_driven.tree_bootstrap import tree_bootstrap
from marsad.records.errors import InputError

DATA = {"faux": "trait", "fauxmadrona": "disease", "fauxsycamore": "disease"}


def oracle(shared_data: Path, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    folder = shared_data / "oracles"
    with (folder / f"rds_{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    outcome = next(c for c in rows[0] if c not in {"id", "recruiter.id", "degree", "wave", "seed"})
    values: list[Any] = [row[outcome] for row in rows]
    if values[0].isdigit():
        values = [int(one) for one in values]
    by = [None if row["recruiter.id"] == "seed" else row["recruiter.id"] for row in rows]
    given = {
        "respondents": [row["id"] for row in rows], "recruiters": by,
        "degree": [float(row["degree"]) for row in rows], "outcome": values,
    }  # fmt: skip
    return given, json.loads((folder / f"rds_{name}.json").read_text())["output"]


@pytest.mark.parametrize("name", DATA)
def test_r_gives_the_same_values(shared_data: Path, name: str) -> None:
    """To the printed digits. R keeps the seeds, so there is no burn-in. RDS-SS is not computed."""
    given, printed = oracle(shared_data, name)
    found = rds(**given, burn_in=0)
    values = {category: one.value for category, one in found.estimates.items()}
    assert values == pytest.approx(printed["rds2_formula"], rel=1e-13)
    assert values == pytest.approx(printed["rds2_point"], rel=1e-13)
    assert found.rds1 == pytest.approx(printed["rds_I_point"], rel=1e-13)


@pytest.mark.parametrize("name", DATA)
def test_the_interval_is_of_the_size_of_r_s(shared_data: Path, name: str) -> None:
    """R's intervals rest on another model of the chains and know the network's size, of which half
    was reached (fauxmadrona, fauxsycamore), so they are shorter: only the order of size can
    agree."""
    given, printed = oracle(shared_data, name)
    found = rds(**given, burn_in=0)
    for one, mine in zip(printed["rds2_interval"], found.estimates.values(), strict=True):
        ratio = (mine.high - mine.low) / (one["upper"] - one["lower"])
        assert 0.5 < ratio < 2.2


def chain(n: int = 60, seed: int = 0) -> dict[str, Any]:
    """Three seeds, each respondent recruiting up to two."""
    rng = np.random.default_rng(seed)
    by = [None, None, None, *[(i - 3) // 2 for i in range(3, n)]]
    return {
        "respondents": list(range(n)), "recruiters": by,
        "degree": rng.integers(4, 40, n).astype(float),
        "outcome": (rng.random(n) < 0.4).astype(int).tolist(),
    }  # fmt: skip


def distances(by: list[int | None]) -> NDArray[np.int64]:
    """Steps between any two, by climbing to the first respondent both descend from; −1: none."""

    def line(i: int | None) -> list[int]:
        return [] if i is None else [i, *line(by[i])]

    n = len(by)
    found = np.full((n, n), -1)
    for i in range(n):
        for j in range(n):
            shared = [one for one in line(i) if one in line(j)]
            if shared:
                found[i, j] = line(i).index(shared[0]) + line(j).index(shared[0])
    return found


def test_pairs_by_distance_are_those_of_the_slow_way() -> None:
    given = chain(40)
    by = [*given["recruiters"][:30], None, *range(30, 39)]  # and a straight chain
    z = np.random.default_rng(1).normal(size=40)
    forest = recruitment(given["respondents"], by, None)
    products, pairs = pairs_by_distance(z, forest)
    apart = distances(by)
    for t in range(len(pairs)):
        assert pairs[t] == pytest.approx((apart == t).sum(), abs=1e-9)
        assert products[t] == pytest.approx(np.outer(z, z)[apart == t].sum(), abs=1e-9)
    assert pairs.sum() == pytest.approx((apart >= 0).sum())


def correlations(by: list[int | None], decay: float, clustered: float) -> NDArray[np.float64]:
    apart = distances(by)
    return np.where(apart >= 0, clustered * decay ** np.maximum(apart, 0), 0.0) + (
        1 - clustered
    ) * np.eye(len(by))


@pytest.mark.parametrize(("decay", "clustered"), [(0.0, 0.5), (0.7, 0.3), (0.95, 0.98)])
def test_messages_give_the_likelihood_of_the_whole_matrix(decay: float, clustered: float) -> None:
    given = chain(40)
    by = [*given["recruiters"][:30], None, *range(30, 39)]
    forest = recruitment(given["respondents"], by, None)
    columns = np.column_stack([given["outcome"], np.ones(40)]).astype(float)
    whole = correlations(by, decay, clustered)
    logdet, form = whitened(columns, forest, np.array([decay]), np.array([clustered]))
    assert logdet[0] == pytest.approx(np.linalg.slogdet(whole)[1], abs=1e-9)
    assert form[0] == pytest.approx(columns.T @ np.linalg.solve(whole, columns), rel=1e-9)


def test_the_likelihood_does_not_depend_on_the_outcome_s_unit() -> None:
    given = chain()
    forest = recruitment(given["respondents"], given["recruiters"], None)
    y = np.random.default_rng(0).normal(size=60)
    at = np.array([0.2, 0.8]), np.array([0.3, 0.9])
    assert log_likelihood(1e4 * y + 3e5, forest, *at) == pytest.approx(
        log_likelihood(y, forest, *at), rel=1e-6
    )


def along_chains(decay: float, clustered: float, seed: int, n: int = 600) -> Spread:
    """The spread of a normal outcome that runs along chains as the model has it; all degrees 1."""
    rng = np.random.default_rng(seed)
    by = [None] * 6 + [(i - 6) // 2 for i in range(6, n)]
    hidden: list[float] = []
    for one in by:
        fresh = float(rng.normal())
        hidden.append(fresh if one is None else decay * hidden[one] + (1 - decay**2) ** 0.5 * fresh)
    y = clustered**0.5 * np.array(hidden) + (1 - clustered) ** 0.5 * rng.normal(size=n)
    return spread(y, np.ones(n), float(y.mean()), recruitment(range(n), by, None))


@pytest.mark.parametrize(("decay", "clustered"), [(0.0, 0.5), (0.6, 0.9), (0.85, 0.5)])
def test_the_standard_error_is_that_of_the_model(decay: float, clustered: float) -> None:
    n = 600
    by = [None] * 6 + [(i - 6) // 2 for i in range(6, n)]
    _, pairs = pairs_by_distance(np.ones(n), recruitment(range(n), by, None))
    lags = np.arange(1, len(pairs))
    true = (n + clustered * float(pairs[1:] @ decay**lags)) ** 0.5 / n
    errors = [along_chains(decay, clustered, seed).error for seed in range(12)]
    assert np.median(errors) == pytest.approx(true, rel=0.2)


def test_what_chains_leave_unknown_lowers_the_degrees_of_freedom() -> None:
    """Fewer than the independent respondents would give, and fewer the shorter the chains."""
    long, short = along_chains(0.8, 0.5, 0, 900), along_chains(0.8, 0.5, 0, 90)
    assert 2 <= short.freedom < long.freedom < long.independent - 1


def turning_back(seed: int, n: int = 200) -> tuple[float, float]:
    """RDS-II and its standard error on a walk that turns back every third time, at accounts of few
    ties only: those weigh most. Outcomes are alike by nothing else."""
    rng = np.random.default_rng(seed)
    who = np.arange(n)
    d = np.where(rng.random(n) < 0.3, 2.0, 40.0)
    for i in range(2, n):
        if d[who[i - 2]] == 2 and rng.random() < 0.33:
            who[i] = who[i - 2]
    y, d = (rng.random(n) < 0.4).astype(float)[who], d[who]
    share = float((y / d).sum() / (1 / d).sum())
    forest = recruitment(range(n), [None, *range(n - 1)], None)
    return share, spread(y, d, share, forest).error


def test_turning_back_is_in_the_standard_error() -> None:
    found = np.array([turning_back(seed) for seed in range(150)])
    assert np.median(found[:, 1]) > 0.85 * found[:, 0].std()


def test_the_interval_is_student_s_on_the_logit() -> None:
    found = rds(**chain(200))
    told, around = found.estimates["mean"], found.spreads["mean"]
    odds = special.logit([told.low, told.value, told.high])
    assert odds[2] - odds[1] == pytest.approx(odds[1] - odds[0])
    half = special.stdtrit(around.freedom, 0.975) * around.error / (told.value * (1 - told.value))
    assert odds[2] - odds[1] == pytest.approx(half)


def test_waves_and_burn_in() -> None:
    given = chain()
    found = rds(**given)
    assert (found.seeds, found.waves[0], found.waves[1]) == (3, 3, 6)
    assert found.estimates["mean"].n == 57
    forest = recruitment(given["respondents"], given["recruiters"], None)
    cut, kept = without_burn_in(forest, 2)
    assert kept.sum() == 51
    assert (cut.recruiter[:12] == -1).all()
    assert cut.recruiter[12:].tolist() == [b - 9 for b in given["recruiters"][21:]]
    assert sorted(cut.order.tolist()) == list(range(51))


def test_numbers_have_a_mean_and_text_has_shares() -> None:
    given = chain()
    posts = np.random.default_rng(0).gamma(2, 3, 60).tolist()
    mean = rds(**{**given, "outcome": posts})
    assert 3 < mean.estimates["mean"].value < 9
    assert mean.rds1 == {}
    text = rds(**{**given, "outcome": ["ar" if x > 5 else "en" for x in posts]})
    assert sum(one.value for one in text.estimates.values()) == pytest.approx(1)
    assert sum(text.rds1.values()) == pytest.approx(1)


def test_rds1_of_three_categories_balances_ties_both_ways() -> None:
    """With all mean degrees alike and as many recruits of each kind in each, shares are equal."""
    kinds = ["a", "b", "c"]
    by = [None, None, None, *[(i - 3) // 3 for i in range(3, 300)]]
    outcome = [*kinds, *[kinds[i % 3] for i in range(3, 300)]]
    degree = 5.0 + np.arange(300) // 3 % 20
    found = rds(range(300), by, degree, outcome, burn_in=0)
    assert list(found.rds1.values()) == pytest.approx([1 / 3] * 3, abs=0.02)


def test_the_tree_bootstrap_centres_on_the_estimate() -> None:
    given = chain(200)
    forest = recruitment(given["respondents"], given["recruiters"], None)
    y, d = np.array(given["outcome"], dtype=float), given["degree"]
    drawn = tree_bootstrap(y, d, forest, 2000, np.random.default_rng(0))
    assert drawn.mean() == pytest.approx((y / d).sum() / (1 / d).sum(), abs=0.04)


def test_a_large_part_of_the_network_is_warned_of() -> None:
    assert "large-fraction" in rds(**chain(), population=200).estimates["mean"].warnings
    assert "large-fraction" not in rds(**chain(), population=5000).estimates["mean"].warnings


CIRCLE = [None, None, None, *[(i - 3) // 2 for i in range(3, 58)], 59, 58]
EVERY_TIE = np.array([22.0] * 2 + [25.0] + [float(1 + i % 5) for i in range(57)])


@pytest.mark.parametrize(
    ("changed", "message", "missing"),
    [
        ({"degree_kind": "followers"}, "directed", "degrees"),
        ({"degree": [0.0, *[5.0 + i for i in range(59)]]}, "no-degree", "degrees"),
        ({"degree": [np.nan, *[5.0 + i for i in range(59)]]}, "no-degree", "degrees"),
        ({"degree": [100.0] * 60}, "capped", "degrees"),
        ({"degree": [min(20.0 + 4 * i, 100.0) for i in range(60)]}, "capped", "degrees"),
        ({"seeds": [0, 1]}, "seeds", "seeds"),
        ({"recruiters": [*range(1, 60), 0]}, "seeds", "seeds"),
        ({"recruiters": CIRCLE}, "circle", "recruiters"),
        ({"recruiters": [None, "x", *[0] * 58]}, "recruiters", "recruiters"),
        (
            {"recruiters": [None] * 3 + [i % 3 for i in range(57)], "degree": EVERY_TIE},
            "snowball", "random-recruitment",
        ),
        ({"outcome": [1] * 60}, "constant", "outcome"),
        ({"outcome": [None, *["a"] * 59]}, "no-outcome", "outcome"),
        ({"burn_in": 9}, "short-chains", "waves"),
        ({"burn_in": 4}, "few", "respondents"),
    ],
)  # fmt: skip
def test_refusals(changed: dict[str, Any], message: str, missing: str) -> None:
    with pytest.raises(Refused) as refused:
        rds(**{**chain(), **changed})
    assert refused.value.message.id == f"measure.rds.{message}"
    assert refused.value.missing == (missing,)
    assert refused.value.next in refused.value.message.render("en")


@pytest.mark.parametrize(
    "changed",
    [{"respondents": [0] * 60}, {"degree": [3.0]}, {"outcome": [1]}, {"burn_in": -1}],
)
def test_arrays_that_do_not_fit(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        rds(**{**chain(), **changed})
