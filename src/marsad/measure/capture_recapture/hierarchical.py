"""The hierarchical log-linear models of k routes: which routes depend on which.

A model is named by its generators, as in Rcapture: ``[12,3]`` has the effects of routes 1, 2 and 3
and the interaction of 1 and 2. With an interaction come those within it. The interaction of all k
routes cannot be told from the unseen cell and is in no model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, combinations

import numpy as np

from marsad.measure.capture_recapture.histories import patterns
from marsad.measure.capture_recapture.poisson import Array, Mask

Term = tuple[int, ...]
"""Routes that interact, by number from 0, ascending."""

Model = frozenset[Term]
"""The interactions of a model, of two routes and more; single routes go without saying."""


def subsets(routes: Iterable[int], sizes: Iterable[int]) -> Iterator[Term]:
    there = tuple(routes)
    return chain.from_iterable(combinations(there, size) for size in sizes)


@lru_cache(maxsize=16)
def all_models(k: int) -> tuple[Model, ...]:
    """Every hierarchical model of 3 or 4 routes (8 and 113); of 5, those of pairs alone (1,024)."""
    pairs = tuple(subsets(range(k), [2]))
    triples = tuple(subsets(range(k), [3])) if k == 4 else ()
    found = []
    for above in subsets(range(len(triples)), range(len(triples) + 1)):
        chosen = [triples[i] for i in above]
        within = {pair for triple in chosen for pair in combinations(triple, 2)}
        free = [pair for pair in pairs if pair not in within]
        found += [
            frozenset({*chosen, *within, *(free[i] for i in beside)})
            for beside in subsets(range(len(free)), range(len(free) + 1))
        ]
    return tuple(found)


def name_of(model: Model, k: int) -> str:
    """The generators: the interactions that are in no other, and the routes that are in none."""
    terms: list[Term] = [*model, *((j,) for j in range(k))]
    top = [one for one in terms if not any(set(one) < set(other) for other in terms)]
    written = ["".join(str(j + 1) for j in one) for one in sorted(top, key=_by_size)]
    return f"[{','.join(written)}]"


def _by_size(term: Term) -> tuple[int, Term]:
    return -len(term), term


@lru_cache(maxsize=64)
def columns_for(k: int, order: int) -> tuple[Term, ...]:
    """The columns of a design: intercept ``()``, routes, interactions of up to ``order`` routes."""
    return tuple(subsets(range(k), range(order + 1)))


def design_of(terms: Iterable[Term], k: int) -> Array:
    """A column a term: 1 where the pattern has all its routes."""
    seen = patterns(k)
    return np.column_stack([seen[:, list(term)].all(axis=1) for term in terms]).astype(float)


def mask_of(models: Iterable[Model], columns: tuple[Term, ...]) -> Mask:
    """Models × columns: which columns a model has."""
    return np.array([[len(term) < 2 or term in model for term in columns] for model in models])
