"""Tables with empty cells: agreement with SparseMSE, and which models tell nothing.

SparseMSE's interval is that of the normal log of the unseen, with an error of `glm`, which stops
early (2e-5 of the ends). Its stepwise search is not ours; the models it ends with agree.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from marsad.measure.capture_recapture import capture_recapture
from marsad.measure.capture_recapture.existence import face, tells_unseen
from marsad.measure.capture_recapture.family import UNTOLD, Family, fitted_family
from marsad.measure.capture_recapture.hierarchical import (
    Model,
    all_models,
    columns_for,
    design_of,
    name_of,
)
from marsad.measure.capture_recapture.histories import Histories, patterns, tabulate
from marsad.measure.capture_recapture.poisson import product
from marsad.measure.capture_recapture.searching import candidates
from marsad.measure.refusal import Refused
from tests.measure.capture_recapture.oracles import histories, oracle

SETS = ["UKdat", "UKdat_5", "NewOrl", "NewOrl_5", "Artificial_3"]
INDEPENDENT: Model = frozenset()


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", ["main", "stepwise"])
def test_sparse_mse(shared_data: Path, name: str, method: str) -> None:
    given = oracle(shared_data, "mse_sparse")["output"][name]
    if given[method] is None:
        pytest.skip("not computed by R: more than 6 lists")
    table = histories(shared_data, given["csv"])
    terms = [term for term in given[method]["terms"] if ":" in term]
    place = {route: j for j, route in enumerate(table.routes)}
    model = frozenset(tuple(sorted(place[one] for one in term.split(":"))) for term in terms)
    family = fitted_family(table, [model])
    row = family.rows[0]
    low, point, high = given[method]["estimate_in_order_of_estimate_names"]
    assert row.abundance == pytest.approx(point, rel=1e-7)
    assert row.deviance == pytest.approx(given[method]["deviance"], rel=1e-7)
    assert row.df == given[method]["df"]
    assert log_normal(family) == pytest.approx((low, high), rel=3e-5)


def log_normal(family: Family) -> tuple[float, float]:
    gamma = float(family.fits.coefficients[0, 0])
    error = math.sqrt(family.fits.covariance[0, 0, 0])
    low, high = (family.table.n + math.exp(gamma + z * error) for z in (-1.959964, 1.959964))
    return low, high


def three(*counts: float) -> Histories:
    """A table of three routes, from 111, 110, 101, 100, 011, 010, 001."""
    return Histories(("A", "B", "C"), np.array(counts, float))


ARTIFICIAL = three(0, 6, 0, 40, 0, 30, 20)
CASES: list[tuple[str, Histories, str, int, bool]] = [
    ("nothing empty", three(3, 6, 5, 40, 4, 30, 20), "[12,13,23]", 0, True),
    ("what SparseMSE's page calls not finite", ARTIFICIAL, "[12,3]", 3, False),
    ("what it calls identifiable: pairs without overlap", ARTIFICIAL, "[13,23]", 3, True),
    ("independence, C with no overlap", ARTIFICIAL, "[1,2,3]", 0, True),
    ("nobody seen by all, all pairs", three(0, 6, 5, 40, 4, 30, 20), "[12,13,23]", 1, False),
    ("nobody seen by all, one pair", three(0, 6, 5, 40, 4, 30, 20), "[12,3]", 0, True),
]


@pytest.mark.parametrize(("about", "table", "model", "empty", "told"), CASES)
def test_existence(about: str, table: Histories, model: str, empty: int, told: bool) -> None:
    by_name = {name_of(one, 3): one for one in all_models(3)}
    row = fitted_family(table, [by_name[model]]).rows[0]
    assert (row.excluded is None, row.empty_cells) == (told, empty)
    assert row.excluded in (None, UNTOLD)
    assert math.isfinite(row.abundance) == told


def test_a_face_does_not_depend_on_how_large_counts_are() -> None:
    design = design_of(columns_for(3, 2), 3)
    small = face(np.array([0, 1, 1, 1, 1, 1, 1.0]), design)
    large = face(np.array([0, 9, 70, 800, 3, 1, 2.0]), design)
    assert small.tolist() == large.tolist() == [False, *[True] * 6]
    assert not tells_unseen(design, small)
    assert not tells_unseen(design, np.zeros(7, bool))


def sparse(k: int, units: int, seed: int) -> Histories:
    """Routes that find few: most of the patterns, and some pairs, are empty."""
    rng = np.random.default_rng(seed)
    hits = rng.random((units, k)) < rng.uniform(0.02, 0.1, k)
    counted = tabulate(
        hits[hits.any(axis=1)], np.ones(int(hits.any(axis=1).sum())), tuple("abcdef"[:k])
    )
    assert (counted.counts == 0).sum() >= 2**k / 4
    return counted


@pytest.mark.parametrize(
    ("k", "units", "seed"), [(4, 500, 3), (4, 300, 5), (5, 400, 1), (5, 250, 4)]
)
def test_what_the_richest_model_proves_is_what_each_would_find(
    monkeypatch: pytest.MonkeyPatch, k: int, units: int, seed: int
) -> None:
    table, models = sparse(k, units, seed), all_models(k)[::7]
    quick = fitted_family(table, models)
    monkeypatch.setattr("marsad.measure.capture_recapture.family.cells_of_richest", lambda *_: None)
    slow = fitted_family(table, models)
    assert (quick.cells == slow.cells).all()
    assert (quick.told == slow.told).all()
    assert not quick.cells.all()
    for one, other in zip(quick.rows, slow.rows, strict=True):
        assert (one.excluded, one.empty_cells) == (other.excluded, other.empty_cells)
        assert one.abundance == pytest.approx(other.abundance, rel=1e-9, nan_ok=True)


def test_products_in_blocks_are_the_products() -> None:
    rng = np.random.default_rng(0)
    left, right = rng.random((700, 511)), rng.random((511, 46))
    assert product(left, right) == pytest.approx(left @ right)


def test_models_that_tell_nothing_have_no_weight() -> None:
    result = capture_recapture(patterns(3), counts=[0, 12, 9, 60, 8, 50, 40])
    saturated = next(row for row in result.models if row.name == "[12,13,23]")
    assert (saturated.excluded, saturated.weight, saturated.low) == (UNTOLD, 0.0, None)
    assert "models-left-out" in result.population.warnings
    assert sum(row.weight for row in result.models) == pytest.approx(1)


def test_where_no_model_tells_anything_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Overlap of two routes alone leaves the third apart: refused before any fit."""
    with pytest.raises(Refused) as raised:
        capture_recapture(patterns(3), counts=ARTIFICIAL.counts)
    assert raised.value.message.id == "measure.capture.apart"


@pytest.mark.parametrize(("name", "looked_at"), [("UKdat_5", 1024), ("UKdat", None)])
def test_five_routes_and_more(shared_data: Path, name: str, looked_at: int | None) -> None:
    """Six routes: the walk ends at a model none of whose neighbours is better."""
    table = histories(shared_data, f"capture_mse_{name}.csv")
    family = candidates(table, lambda row: row.aic)
    if looked_at is not None:
        assert len(family.models) == looked_at
        return
    judged: dict[Any, float] = {
        model: math.inf if row.excluded else row.aic
        for model, row in zip(family.models, family.rows, strict=True)
    }
    best = min(judged, key=judged.__getitem__)
    pairs = [frozenset({(i, j)}) for i in range(6) for j in range(i + 1, 6)]
    assert all(judged[best ^ pair] >= judged[best] for pair in pairs)
    assert INDEPENDENT in judged
