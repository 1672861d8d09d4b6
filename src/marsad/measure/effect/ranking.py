"""The event's effect ranked among those that the same method finds for untouched controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.measure.effect.events import Event
from marsad.measure.effect.naming import spoken
from marsad.measure.effect.noise import Floats
from marsad.measure.effect.placebo import LEAST
from marsad.measure.effect.series import NEXT, Series, on_common_days
from marsad.measure.effect.synthetic import indexed
from marsad.measure.effect.weights import simplex_weights
from marsad.measure.refusal import Refused


@dataclass(frozen=True)
class Ranking:
    """At an ``event``: ``ratio`` of the treated series and ``ratios`` (J,) of its controls: root
    mean squared miss after over before. ``p`` is (1 + #{≥}) / (1 + J)."""

    event: Event
    ratio: float
    ratios: dict[str, float]
    p: float


def placebo_rank(treated: Series, controls: Sequence[Series], event: Event) -> Ranking:
    """Each control in turn is taken for the treated, with the others as its controls.

    The statistic of Abadie, Diamond and Hainmueller (2010). Exact if, without an effect, the
    treated series could be any of them. Raises `Refused` with fewer than 19 controls.
    """
    if len(controls) < LEAST:
        raise Refused(
            "measure.effect.few-for-rank", ["controls"], NEXT,
            name=spoken(treated.name), count=len(controls), least=LEAST,
        )  # fmt: skip
    days, values = on_common_days([treated, *controls])
    before, after = days < event.day, days >= event.after
    scaled = indexed(values, before, treated.kind == "count")
    ratio = _ratio(scaled[:, 0], scaled[:, 1:], before, after)
    ratios = {
        one.name: _ratio(scaled[:, k], np.delete(scaled[:, 1:], k - 1, axis=1), before, after)
        for k, one in enumerate(controls, start=1)
    }
    p = (1 + sum(other >= ratio for other in ratios.values())) / (1 + len(ratios))
    return Ranking(event, ratio, ratios, p)


def _ratio(
    target: Floats, donors: Floats, before: NDArray[np.bool_], after: NDArray[np.bool_]
) -> float:
    weights = simplex_weights(target[before], donors[before])
    missed = (target - donors @ weights) ** 2
    return float(np.sqrt(missed[after].mean() / max(missed[before].mean(), 1e-12)))
