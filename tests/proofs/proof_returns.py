"""Does the interval of a return rate hold the truth: few events, censoring, accounts of one actor?

Each actor has a chance of its own to come back by day 7, drawn from a Beta with mean ``rate`` and
intraclass correlation ``rho``; its accounts come back at a uniform time before that day, or never
within it. Actors have a geometric number of accounts with mean ``size`` (the last is cut so that
there are ``n`` accounts), or one of them has ``big`` and the others one each. With ``censored``,
accounts are watched for a uniform time of up to 14 days, so half of them are lost before day 7;
else for 30.

In the cells of lineages, ``n`` actors are closed and come back, and are closed and come back again,
until they stay away or have been closed 20 times; who belongs together is known from returns alone,
as it is in a workspace. Those who come back more often have more closings: the truth is the
expected number of returns over that of closings. Where chances differ very much (ρ 0.3) it is made
by a few who always come back, of whom a small sample may have none.

The oracle watches everybody who counts, knows how many independent accounts these are worth (the
variance of Kaplan–Meier with the true times, and the true correlation), and takes the exact
interval of a binomial proportion for that number: its width is the mean over what it could see.
With few returns no interval is exact and shorter; with many it is ± 1.96 standard deviations.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from marsad.measure.refusal import Refused
from marsad.measure.returns import return_rate
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.proof import Parameters

DAY, WATCHED, PROBED, MOST = 7.0, 30.0, 3.0, 20
LOST = 2 * math.log(2)
"""How much less an account is worth that is lost as half are: the mean of 1/G over days 0 to 7."""

Floats = NDArray[np.float64]


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    if "lineages" in parameters:
        return lineages(rng, **parameters)  # type: ignore[arg-type]
    given = {"size": 1.0, "rho": 0.0, "big": 0, "censored": 0, "probed": 0, "forgotten": 0}
    given |= parameters  # type: ignore[arg-type]
    actor = actors(rng, int(given["n"]), given["size"], int(given["big"]))
    rate, rho = given["rate"], given["rho"]
    back = returned(rng, actor, rate, rho)
    n = len(actor)
    watched = rng.uniform(0, 2 * DAY, n) if given["censored"] else np.full(n, WATCHED)
    doubt = None
    if given["probed"]:  # the end lies anywhere between two looks
        doubt = np.full(n, PROBED)
        late = rng.uniform(0, PROBED, n)
        back, watched = back - late, watched - late
    sizes = np.bincount(actor).astype(float)
    effect = 1 + ((sizes**2).sum() / n - 1) * rho
    width = oracle(rate, round(n / effect / (LOST if given["censored"] else 1), 1))
    owner = None if given["forgotten"] else actor.tolist()
    try:
        (estimate,) = return_rate(
            back, np.maximum(watched, 0), owner, [DAY], end_uncertain=doubt, complete=True
        )
    except Refused:
        return Interval.refusal(rate, width)
    return Interval.of(estimate, rate, width)


def actors(rng: np.random.Generator, n: int, size: float, big: int) -> NDArray[np.int64]:
    """Whose each of ``n`` accounts is."""
    if big:
        return np.maximum(np.arange(n) - big + 1, 0)
    sizes = rng.geometric(1 / size, n)
    return np.repeat(np.arange(n), sizes)[:n]


def returned(rng: np.random.Generator, actor: NDArray[np.int64], rate: float, rho: float) -> Floats:
    """Days to each account's return."""
    count = int(actor.max()) + 1
    strength = 1 / rho - 1 if rho else 0.0
    chance = (
        rng.beta(rate * strength, (1 - rate) * strength, count) if rho else np.full(count, rate)
    )
    back = rng.random(len(actor)) < chance[actor]
    return np.where(back, rng.uniform(0, DAY, len(actor)), np.inf)


def lineages(
    rng: np.random.Generator, n: int, rate: float, rho: float, lineages: int = 1
) -> Interval:
    """``n`` actors followed through their returns."""
    strength = 1 / rho - 1
    chance = rng.beta(rate * strength, (1 - rate) * strength, n)
    stays = rng.random((n, MOST)) >= chance[:, None]
    closings = np.where(stays.any(axis=1), stays.argmax(axis=1) + 1, MOST)
    actor = np.repeat(np.arange(n), closings)
    last = np.cumsum(closings) - 1
    back = rng.uniform(0, DAY, len(actor))
    back[last[stays.any(axis=1)]] = np.inf
    truth, worth = of_lineages(rate, rho)
    watched = np.full(len(actor), WATCHED)
    (estimate,) = return_rate(back, watched, actor.tolist(), [DAY], complete=True)
    return Interval.of(estimate, truth, oracle(truth, round(worth * n, 1)))


@cache
def of_lineages(rate: float, rho: float) -> tuple[float, float]:
    """Returns over closings, and how many independent accounts an actor is worth."""
    strength = 1 / rho - 1
    k = np.arange(MOST + 1)
    a, b = rate * strength, (1 - rate) * strength
    back = np.exp(special.betaln(a + k, b) - special.betaln(a, b))  # chance of k returns and more
    truth = float(back[1:].sum() / back[:-1].sum())
    # m closings and m - 1 returns, or MOST of both
    chance = np.append(back[:-1] - back[1:], back[-1])
    closings = np.append(k[1:], MOST)
    returns = np.append(k[:-1], MOST)
    variance = float((chance * (returns - truth * closings) ** 2).sum() / back[:-1].sum() ** 2)
    return truth, truth * (1 - truth) / variance


@cache
def oracle(rate: float, worth: float) -> float:
    """Mean width of the exact interval of a proportion of ``worth`` independent accounts."""
    hits = np.arange(int(worth) + 1)
    low = np.where(hits > 0, special.betaincinv(np.maximum(hits, 1), worth - hits + 1, 0.025), 0.0)
    left = worth - hits
    high = np.where(left > 0, special.betaincinv(hits + 1, np.maximum(left, 1e-9), 0.975), 1.0)
    chance = np.exp(
        special.gammaln(len(hits)) - special.gammaln(hits + 1) - special.gammaln(len(hits) - hits)
        + special.xlogy(hits, rate) + special.xlog1py(len(hits) - 1 - hits, -rate)
    )  # fmt: skip
    return float((chance * (high - low)).sum())


SIZES, RATES = (20, 100, 1000), (0.01, 0.1, 0.6)

PROOF = interval_proof(
    "returns",
    "The interval of a return rate by day 7",
    cells=[
        *(
            Cell(
                f"{n} accounts, rate {rate}{', half lost before' if censored else ''}",
                {"n": n, "rate": rate, "censored": censored},
            )
            for n in SIZES for rate in RATES for censored in (0, 1)
        ),
        *(
            Cell(
                f"{n} accounts of a third as many actors, ρ 0.3, rate {rate}"
                f"{', half lost before' if censored else ''}",
                {"n": n, "rate": rate, "censored": censored, "size": 3.0, "rho": 0.3},
            )
            for n in SIZES for rate in RATES for censored in (0, 1)
        ),
        *(
            Cell(
                f"one actor with 50 of 150 accounts, ρ 0.3, rate {rate}",
                {"n": 150, "big": 50, "rate": rate, "rho": 0.3},
            )
            for rate in (0.1, 0.6)
        ),
        *(
            Cell(
                f"lineages of {n} actors, ρ 0.1, first rate {rate}",
                {"n": n, "rate": rate, "rho": 0.1, "lineages": 1},
            )
            for n in SIZES for rate in RATES
        ),
        *(
            Cell(
                f"lineages of {n} actors, ρ 0.3, first rate 0.1",
                {"n": n, "rate": 0.1, "rho": 0.3, "lineages": 1},
                gated=False,
            )
            for n in SIZES
        ),
        Cell(
            "100 accounts of a third as many actors, ρ 0.3, rate 0.1, actors forgotten",
            {"n": 100, "rate": 0.1, "size": 3.0, "rho": 0.3, "forgotten": 1},
            gated=False,
        ),
        Cell(
            "one actor with 50 of 150 accounts, ρ 0.3, rate 0.1, actors forgotten",
            {"n": 150, "big": 50, "rate": 0.1, "rho": 0.3, "forgotten": 1},
            gated=False,
        ),
        *(
            Cell(
                f"100 accounts, rate {rate}, ends known to 3 days",
                {"n": 100, "rate": rate, "probed": 1},
                gated=False,
            )
            for rate in (0.1, 0.6)
        ),
    ],
    once=once,
)  # fmt: skip
