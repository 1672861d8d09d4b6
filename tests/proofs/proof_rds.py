"""Does the interval of a share from respondent-driven sampling hold the truth?

A graph of ``size`` accounts with about 12 mutual ties each, unequally many, and more for those with
the outcome. Ties cross between its two clusters 1 − ``homophily`` times as often as within; the
cluster goes with the outcome for a fraction ``linked`` of accounts and is chance for the others. A
sample of ``n`` is reached by ``coupons`` (6 seeds in proportion to degree, up to three recruits
each, without replacement, new seeds where chains die out), by few coupons ("chains": one or two),
or by 5 random "walks". The truth is the share among accounts with a tie in that very graph; every
run has a graph of its own.

The oracle knows the standard deviation of RDS-II in the cell, found once with 200 other runs:
± 1.96 of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marsad.measure.refusal import Refused
from marsad.measure.respondent_driven import rds
from marsad.measure.respondent_driven.recruitment import recruitment
from marsad.measure.respondent_driven.tree_bootstrap import tree_bootstrap
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.proof import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
COUPONS = {"coupons": (0.2, 0.25, 0.25, 0.3), "chains": (0.1, 0.6, 0.3, 0.0)}


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    rate, homophily, linked = (float(parameters[k]) for k in ("rate", "homophily", "linked"))
    has, start, ties = graph(rng, int(parameters["size"]), rate, homophily, linked)
    degree = np.diff(start)
    truth = float(has[degree > 0].mean())
    width = 3.92 * float(parameters["sd"])
    reached, recruiter = sample(rng, start, ties, parameters, has)
    d = degree[reached].astype(float)
    if parameters.get("wrong") == "followers":  # what the others' follower counts would be
        d = np.ceil(d * rng.lognormal(0, 1, len(degree))[reached] * (1 + 2 * has[reached]))
    by = [None if r < 0 else int(r) for r in recruiter]
    try:
        told = rds(range(len(d)), by, d, has[reached]).estimates["mean"]
    except Refused:
        return Interval.refusal(truth, width)
    if parameters.get("wrong") == "bootstrap":
        return bootstrapped(rng, has[reached], d, by, truth, width)
    return Interval.of(told, truth, width)


def bootstrapped(
    rng: np.random.Generator, has: Ints, d: Floats, by: list[int | None], truth: float, width: float
) -> Interval:
    drawn = tree_bootstrap(has.astype(float), d, recruitment(range(len(d)), by, None), 300, rng)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(float(drawn.mean()), float(low), float(high), truth, width)


def graph(
    rng: np.random.Generator, size: int, rate: float, homophily: float, linked: float
) -> tuple[Ints, Ints, Ints]:
    """Who has the outcome; and the ties, those of account i at start[i] … start[i + 1]."""
    has = (rng.random(size) < rate).astype(np.int64)
    cluster = np.where(rng.random(size) < linked, has, rng.random(size) < rate)
    weight = rng.gamma(2, 1, size) * np.where(has == 1, 1.3, 1)
    ends = rng.choice(size, (size * 12, 2), p=weight / weight.sum())
    same = cluster[ends[:, 0]] == cluster[ends[:, 1]]
    kept = (same | (rng.random(len(ends)) >= homophily)) & (ends[:, 0] != ends[:, 1])
    low, high = np.sort(ends[kept][: size * 6], axis=1).T
    key = np.unique(low * size + high)
    both = np.sort(np.r_[key, key % size * size + key // size])
    return has, np.searchsorted(both // size, np.arange(size + 1)), both % size


def sample(
    rng: np.random.Generator, start: Ints, ties: Ints, parameters: Parameters, has: Ints
) -> tuple[Ints, Ints]:
    n, design = int(parameters["n"]), str(parameters["design"])
    if design == "walks":
        return walks(rng, start, ties, n)
    return referrals(rng, start, ties, n, COUPONS[design], has, parameters.get("wrong") == "uneven")


def walks(rng: np.random.Generator, start: Ints, ties: Ints, n: int) -> tuple[Ints, Ints]:
    degree = np.diff(start)
    reached: list[int] = []
    recruiter: list[int] = []
    for at in rng.choice(len(degree), 5, p=degree / degree.sum()).tolist():
        for step in range(n // 5):
            recruiter.append(len(reached) - 1 if step else -1)
            reached.append(at)
            at = int(ties[rng.integers(start[at], start[at + 1])])
    return np.array(reached), np.array(recruiter)


def referrals(
    rng: np.random.Generator, start: Ints, ties: Ints, n: int, chances: tuple[float, ...],
    has: Ints, uneven: bool,
) -> tuple[Ints, Ints]:  # fmt: skip
    """With ``uneven``, those with the outcome recruit one another three times as readily."""
    degree = np.diff(start)
    order = rng.choice(len(degree), 60, p=degree / degree.sum()).tolist()
    waiting = list(dict.fromkeys(order))
    reached, recruiter, taken = waiting[:6], [-1] * 6, set(waiting[:6])
    waiting, at = waiting[6:], 0
    given = rng.choice(len(chances), n, p=chances)
    while len(reached) < n:
        if at == len(reached):
            seed = next(one for one in waiting if one not in taken)
            reached.append(seed)
            recruiter.append(-1)
            taken.add(seed)
        open_to = [u for u in ties[start[reached[at]] : start[reached[at] + 1]].tolist()
                   if u not in taken]  # fmt: skip
        many = min(int(given[at]), len(open_to), n - len(reached))
        weight = np.where(has[open_to] * has[reached[at]] == 1, 3.0, 1.0) if uneven else None
        p = None if weight is None else weight / weight.sum()
        chosen = rng.choice(open_to, many, replace=False, p=p).tolist() if many else []
        reached += chosen
        recruiter += [at] * many
        taken |= set(chosen)
        at += 1
    return np.array(reached), np.array(recruiter)


SIZES = {1_500: 120, 3_000: 200, 6_000: 350}
DESIGNS = {"coupons": "up to 3 recruits", "chains": "1 or 2 recruits", "walks": "5 walks"}
CLUSTERS = {(0.6, 1.0, 0.3): "ties within", (0.8, 0.6, 0.2): "clusters that partly go with it"}
SD = {
    (1_500, "chains", 0.6): 0.073,
    (1_500, "coupons", 0.6): 0.079,
    (1_500, "walks", 0.6): 0.086,
    (3_000, "chains", 0.6): 0.058,
    (3_000, "chains", 0.8): 0.052,
    (3_000, "coupons", 0.6): 0.051,
    (3_000, "coupons", 0.8): 0.057,
    (3_000, "walks", 0.6): 0.063,
    (3_000, "walks", 0.8): 0.054,
    (6_000, "chains", 0.6): 0.041,
    (6_000, "coupons", 0.6): 0.048,
    (6_000, "walks", 0.6): 0.052,
}
WRONG = {
    "uneven": "recruiting their like",
    "followers": "followers in place of mutual ties",
    "bootstrap": "tree bootstrap",
}


def cell(size: int, design: str, mix: tuple[float, float, float], wrong: str = "") -> Cell:
    homophily, linked, rate = mix
    said = f"{size:,} accounts, {SIZES[size]} reached, {DESIGNS[design]}, {CLUSTERS[mix]}"
    return Cell(
        said + (f", {WRONG[wrong]}" if wrong else ""),
        {
            "size": size, "n": SIZES[size], "design": design, "homophily": homophily,
            "linked": linked, "rate": rate, "sd": SD[size, design, homophily],
            **({"wrong": wrong} if wrong else {}),
        },
        gated=not wrong,
    )  # fmt: skip


FIRST, SECOND = CLUSTERS
PROOF = interval_proof(
    "rds",
    "The interval of a share from respondent-driven sampling",
    cells=[
        *(cell(size, design, FIRST) for size in SIZES for design in DESIGNS),
        *(cell(3_000, design, SECOND) for design in DESIGNS),
        cell(3_000, "coupons", FIRST, "uneven"),
        cell(3_000, "coupons", FIRST, "followers"),
        cell(3_000, "coupons", FIRST, "bootstrap"),
        cell(3_000, "walks", FIRST, "bootstrap"),
    ],
    once=once,
)
