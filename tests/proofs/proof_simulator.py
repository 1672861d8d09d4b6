"""Do the intervals hold the truth of the simulated network, by each way of sampling it?

Every run simulates a network of its own (`marsad.simulate`): ``size`` accounts at the start, a
quarter of them violating, of whom one in five writes English; the truth is that network's.

- "labels": ``n`` accounts drawn by score and labelled; the share that violates. The score is a
  classifier's, two standard deviations apart, and sees what makes accounts visible too.
- "routes": who was found by search, through the follow graph, by notices and from a bank; how many
  violating accounts there are. "bound": the lower bound of that where all routes find the same
  visible accounts (``route_dependence``).
- "referrals": ``n`` violating accounts, each leading to up to three whom it follows or who follow
  it; the share that writes English.
- "looks": violating accounts that were found or are in the panel, looked at every three days, one
  look in a hundred failing for nothing; the share alive 14 days on.

The oracles: of labels as in the proof of prevalence; of routes the model of independent routes; of
referrals ± 1.96 standard deviations of RDS-II, found once with 200 other runs; of looks a constant
hazard with the ends known to the second.

Misspecified on purpose: coders who miss one in ten, routes that depend, a network whose accounts
come and go while the routes look, degrees that count followers alone.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marsad.measure.capture_recapture import capture_recapture
from marsad.measure.observed_lives import Looks, lives
from marsad.measure.prevalence import draw, ppi
from marsad.measure.refusal import Refused
from marsad.measure.respondent_driven import rds
from marsad.measure.survival import lifetimes
from marsad.simulate.discovery import FINDING, Route, discover
from marsad.simulate.follows import follow_edges
from marsad.simulate.knobs import Knobs
from marsad.simulate.population import State, is_violating
from marsad.simulate.vocabulary import LANGUAGES
from marsad.simulate.world import World, build_world
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs import proof_capture_recapture as of_routes
from tests.proofs import proof_prevalence as of_labels
from tests.proofs import proof_rds as of_referrals
from tests.proofs.proof import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
DAY, SECOND = 86_400, 1_000_000
DAYS, ASKED = 60, 14

CLOSED = Knobs(
    start=date(2024, 3, 1), supporters=0.235, newcomers=0, hazard=0, other_hazard=0, wave=0,
    deactivation=0, backups=0, returns=0, takeovers=0, route_dependence=0,
)  # fmt: skip
"""Nobody comes or goes, and the routes find accounts independently of one another."""

OPEN = Knobs(start=CLOSED.start, supporters=CLOSED.supporters, route_dependence=0)
MORTAL = replace(CLOSED, hazard=0.02, deactivation=0.003)
DEPENDENT = replace(CLOSED, route_dependence=0.5)
WORLDS = {"closed": CLOSED, "open": OPEN, "mortal": MORTAL, "dependent": DEPENDENT}


def once(parameters: Parameters, seed: int) -> Interval:
    knobs = WORLDS[str(parameters.get("world", "closed"))]
    world = build_world(int(parameters["size"]), DAYS, seed, knobs)
    sampled = {
        "labels": by_labels, "routes": by_routes, "bound": by_routes,
        "referrals": by_referrals, "looks": by_looks,
    }[str(parameters["design"])]  # fmt: skip
    return sampled(parameters, world, np.random.default_rng(seed))


def by_labels(parameters: Parameters, world: World, rng: np.random.Generator) -> Interval:
    truth = is_violating(world.accounts["group"]).astype(float)
    seen = rng.normal(2 * truth - 1, 1) + 0.5 * world.accounts["visibility"]
    score = 1 / (1 + np.exp(-seen))
    drawn = draw(score, int(parameters["n"]), seed=world.seed % 2**32)
    missed = rng.random(len(truth)) < float(parameters.get("miss", 0))
    counts = np.bincount(drawn.strata[drawn.index], minlength=drawn.strata.max() + 1)
    width = of_labels.oracle(truth, score, drawn.strata, counts)
    coded = np.where(missed, 0.0, truth)[drawn.index]
    found = ppi(score, coded, drawn.index, drawn.probability, drawn.strata)
    return Interval.of(found.proportion, float(truth.mean()), width)


def by_routes(parameters: Parameters, world: World, rng: np.random.Generator) -> Interval:
    violating = is_violating(world.accounts["group"])
    hits, truth = discover(world).reached[violating], int(violating.sum())
    width = of_routes.oracle(hits, np.zeros(len(hits), int), False)
    names = [Route(route).name.lower() for route in FINDING]
    try:
        found = capture_recapture(hits[hits.any(axis=1)], names, turnover=0.0)
    except Refused:
        return Interval.refusal(truth, width)
    if parameters["design"] == "routes":
        return Interval.of(found.population, truth, width)
    if found.lower_bound is None:
        return Interval.refusal(truth, width)
    return Interval.of(found.lower_bound, truth, width)


def by_referrals(parameters: Parameters, world: World, rng: np.random.Generator) -> Interval:
    english, start, ties, followers = circle(world)
    degree = np.diff(start)
    truth, width = float(english[degree > 0].mean()), 3.92 * float(parameters["sd"])
    n, chances = int(parameters["n"]), of_referrals.COUPONS["coupons"]
    reached, recruiter = of_referrals.referrals(rng, start, ties, n, chances, english, False)
    told = followers if parameters.get("wrong") == "followers" else degree
    by = [None if one < 0 else int(one) for one in recruiter]
    try:
        found = rds(range(n), by, np.maximum(told[reached], 1).astype(float), english[reached])
    except Refused:
        return Interval.refusal(truth, width)
    return Interval.of(found.estimates["mean"], truth, width)


def circle(world: World) -> tuple[Ints, Ints, Ints, Ints]:
    """The violating accounts: who writes English; ties, whoever follows whom, those of account i at
    start[i] … start[i + 1]; and followers of each."""
    violating = is_violating(world.accounts["group"])
    number = np.cumsum(violating) - 1
    size = int(violating.sum())
    blocks = [
        block.where(violating[block.source] & violating[block.target])
        for block in follow_edges(world)
    ]
    source = number[np.concatenate([block.source for block in blocks])]
    target = number[np.concatenate([block.target for block in blocks])]
    keys = np.unique(np.r_[source * size + target, target * size + source])
    code = list(LANGUAGES).index("en")
    english = (world.accounts["language"][violating] == code).astype(np.int64)
    start = np.searchsorted(keys // size, np.arange(size + 1))
    return english, start, keys % size, np.bincount(target, minlength=size)


def by_looks(parameters: Parameters, world: World, rng: np.random.Generator) -> Interval:
    hazard = world.knobs.hazard + world.knobs.deactivation
    truth = math.exp(-hazard * ASKED)
    watched = lives(looks(world))
    seen = watched.seen / (DAY * SECOND)
    left = watched.alive / (DAY * SECOND) - seen
    right = np.where(watched.gone >= 0, watched.gone / (DAY * SECOND) - seen, np.inf)
    ended = max(int(np.isfinite(right).sum()), 1)
    width = 3.92 * ASKED * truth * hazard / math.sqrt(ended)
    try:
        found = lifetimes(left, right, days=(ASKED,), with_median=False)
        return Interval.of(found[f"survival-day-{ASKED}"], truth, width)
    except Refused:
        return Interval.refusal(truth, width)


def looks(world: World) -> Looks:
    """All looks at violating accounts, as a workspace has them."""
    accounts, rows = world.accounts, discover(world).looks
    rows = rows[is_violating(accounts["group"])[rows["account"]]]
    gone = rows["time"] >= accounts["ended"][rows["account"]]
    reason = np.where(accounts["state"][rows["account"]] == State.SUSPENDED, "suspended",
                      "deactivated")  # fmt: skip
    state = np.where(rows["failed"], "missing", np.where(gone, reason, "alive"))
    names = np.array([route.name.lower() for route in Route])
    return Looks(
        rows["account"].astype(np.int64), rows["time"] * SECOND, state, names[rows["route"]]
    )


SIZES = (2000, 6000, 18000)
SAMPLED = {2000: 100, 6000: 250, 18000: 500}
SPREAD = {2000: 0.0542, 6000: 0.0373, 18000: 0.0246}
DESIGNS = [
    ("labels drawn by score", {"design": "labels"}, SAMPLED),
    ("routes, independent", {"design": "routes"}, {}),
    ("lower bound of dependent routes", {"design": "bound", "world": "dependent"}, {}),
    ("referrals along follows", {"design": "referrals"}, SAMPLED),
    ("looks every three days", {"design": "looks", "world": "mortal"}, {}),
]
MISSPECIFIED = [
    ("labels that miss one in ten", {"design": "labels", "n": 250, "miss": 0.1}),
    ("routes that depend", {"design": "routes", "world": "dependent"}),
    ("routes while accounts come and go", {"design": "routes", "world": "open"}),
    ("referrals, degrees that count followers alone",
     {"design": "referrals", "n": 250, "sd": SPREAD[6000], "wrong": "followers"}),
]  # fmt: skip


def parameters_of(size: int, more: dict[str, str], sampled: dict[int, int]) -> Parameters:
    given: dict[str, str | float] = {"size": size, **more}
    if sampled:
        given["n"] = sampled[size]
    if more["design"] == "referrals":
        given["sd"] = SPREAD[size]
    return given


PROOF = interval_proof(
    "simulator",
    "Labels, routes, referrals and looks on the simulated network itself",
    cells=[
        *(
            Cell(f"{size} accounts, {what}", parameters_of(size, more, sampled))
            for what, more, sampled in DESIGNS
            for size in SIZES
        ),
        *(
            Cell(f"6000 accounts, {what}", {"size": 6000, **more}, gated=False)
            for what, more in MISSPECIFIED
        ),
    ],
    once=once,
)
