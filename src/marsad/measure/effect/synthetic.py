"""Synthetic control: the treated series against the mix of others that went like it before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marsad.measure.effect.changed import of_the_data
from marsad.measure.effect.differences import Compared, compared, matched
from marsad.measure.effect.events import Event
from marsad.measure.effect.naming import spoken
from marsad.measure.effect.noise import Floats
from marsad.measure.effect.series import NEXT, Series
from marsad.measure.effect.weights import simplex_weights
from marsad.measure.refusal import Refused

LEAST_CONTROLS, FOLDS, LEAST_BEFORE = 3, 5, 28


@dataclass(frozen=True)
class Synthetic:
    """``compared`` as for `differences`; ``weights`` by control's name; ``fit``: of the treated's
    variation before, the fraction that the mix follows on days it was not fitted to (1 is all)."""

    compared: Compared
    weights: dict[str, float]
    fit: float


def synthetic_control(
    treated: Series, controls: Sequence[Series], event: Event, *, level: float = 0.95
) -> Synthetic:
    """How the treated series changed at the event relative to a weighted mix of controls.

    Every series is divided by its mean before the event (means: it is subtracted), and weights ≥ 0
    that sum to one are chosen so that the mix went like the treated before (Abadie, Diamond and
    Hainmueller 2010). So that they do not flatter the fit, the mix of each fifth of the days before
    is made with weights from the other four, and that of the days after with their mean; then the
    change of the relation at the event has the interval of `differences`.

    Raises `Refused` with fewer than 3 controls or 28 days before, or where the mix follows the
    treated no better than its own mean does.
    """
    _check_controls(treated, controls)
    days, values = matched(treated, controls, event)
    keep = (values[:, 1:] > 0).any(axis=1)
    days, values = days[keep], values[keep]
    before = days < event.day
    if before.sum() < LEAST_BEFORE:
        raise Refused(
            "measure.effect.synthetic-short", ["days"], NEXT,
            name=spoken(treated.name), date=event.date, count=int(before.sum()), least=LEAST_BEFORE,
        )  # fmt: skip
    scaled = indexed(values, before, treated.kind == "count")
    mixed, weights = cross_fitted(scaled, before)
    fit = followed(scaled[before, 0], mixed[before])
    if fit <= 0:
        raise Refused(
            "measure.effect.bad-fit", ["controls"], NEXT, name=spoken(treated.name), date=event.date
        )
    if treated.kind == "count":
        mixed = np.maximum(mixed, 1e-3)
    one = replace(treated, days=days, values=values[:, 0])
    made = compared(one, mixed, event, name="synthetic", method="synthetic", level=level,
                    warnings=of_the_data([treated, *controls], [event]))  # fmt: skip
    named = {series.name: float(w) for series, w in zip(controls, weights, strict=True)}
    return Synthetic(made, named, fit)


def _check_controls(treated: Series, controls: Sequence[Series]) -> None:
    if len(controls) < LEAST_CONTROLS:
        raise Refused(
            "measure.effect.few-controls", ["controls"], NEXT,
            name=spoken(treated.name), count=len(controls), least=LEAST_CONTROLS,
        )  # fmt: skip


def indexed(values: Floats, before: NDArray[np.bool_], ratio: bool) -> Floats:
    """Every column over its mean before (a column of zeros stays so), or less it."""
    mean = values[before].mean(axis=0)
    scaled: Floats = values / np.where(mean > 0, mean, 1) if ratio else values - mean
    return scaled


def cross_fitted(scaled: Floats, before: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The mix (T,), each fifth of the days before with weights of the others, and mean weights."""
    numbers = np.flatnonzero(before)
    mixed, all_weights = np.empty(len(scaled)), []
    for fold in np.array_split(numbers, FOLDS):
        others = np.setdiff1d(numbers, fold, assume_unique=True)
        weights = simplex_weights(scaled[others, 0], scaled[others, 1:])
        mixed[fold] = scaled[fold, 1:] @ weights
        all_weights.append(weights)
    mean: Floats = np.mean(all_weights, axis=0)
    mixed[~before] = scaled[~before, 1:] @ mean
    return mixed, mean


def followed(treated: Floats, mixed: Floats) -> float:
    """1 − squared misses over the treated's own variation."""
    return float(1 - ((treated - mixed) ** 2).sum() / ((treated - treated.mean()) ** 2).sum())
