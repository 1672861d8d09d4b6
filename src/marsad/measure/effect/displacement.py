"""Displacement: how much of what was lost in one place appeared in others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marsad.measure.effect.changed import of_the_data, of_the_units
from marsad.measure.effect.events import Event
from marsad.measure.effect.naming import spoken
from marsad.measure.effect.noise import Floats
from marsad.measure.effect.segmented import Segmented, segmented
from marsad.measure.effect.series import NEXT, Series
from marsad.measure.effect.totals import SEED, ends
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

ASSUMED = ("trend-goes-on", "nothing-else-then", "places-independent")


@dataclass(frozen=True)
class Displacement:
    """``lost`` in the place of the event and ``gained`` in each other, as `Segmented`;
    ``moved`` the fraction of the loss that the others gained together, ``by_place`` one by one;
    ``kind`` says what kind of places they are."""

    lost: Segmented
    gained: tuple[Segmented, ...]
    moved: Estimate
    by_place: dict[str, Estimate]
    kind: str = ""


def displacement(
    treated: Series,
    others: Sequence[Series],
    event: Event,
    *,
    kind: str = "",
    level: float = 0.95,
) -> Displacement:
    """The same outcome on other hashtags, links or platforms around the event.

    What was lost and gained are observed totals after the event against each series' own forecast
    (`segmented`); the fraction moved is gains over loss, by simulation, the series' noise taken as
    independent. Above 1 more was gained than lost, below 0 the others lost too. That the same
    people moved it does not show. Raises `Refused` where a loss is not sure: its interval holds 0.
    """
    if not others:
        raise Refused("measure.effect.no-places", ["series"], NEXT, name=spoken(treated.name))
    if {one.kind for one in (treated, *others)} != {"count"}:
        raise InputError("measure.effect.counts-only", name=spoken(treated.name))
    lost = segmented(treated, [event], level=level)
    loss = _mixed(lost, 0)
    if ends(loss, level)[1] <= 0:
        raise Refused(
            "measure.effect.no-loss", ["loss"], NEXT, name=spoken(treated.name), date=event.date
        )
    gained = tuple(segmented(one, [event], level=level) for one in others)
    gains = [-_mixed(one, number) for number, one in enumerate(gained, start=1)]
    total: Floats = np.sum(gains, axis=0)
    by_place = {
        one.name: _fraction("moved-to", event, gain, loss, [treated, one], level)
        for one, gain in zip(others, gains, strict=True)
    }
    moved = _fraction("moved", event, total, loss, [treated, *others], level)
    return Displacement(lost, gained, moved, by_place, kind)


def _mixed(found: Segmented, number: int) -> Floats:
    """Draws of what was avoided, in an order of their own: every series has the same seed."""
    rng = np.random.default_rng([SEED, number])
    return rng.permutation(found.avoided[0])


def _fraction(
    name: str, event: Event, gain: Floats, loss: Floats, series: Sequence[Series], level: float
) -> Estimate:
    """A fraction of the loss of the first of ``series``."""
    # Where a draw of the loss is near 0 the fraction is anything; medians and ends do not mind.
    share = gain / np.where(np.abs(loss) < 1e-9, 1e-9, loss)
    value, low, high = ends(share, level)
    lost = series[0]
    return Estimate(
        f"{name}-{event.date}", value, low, high, level, "displaced-share", lost.frame,
        len(lost.days), (*ASSUMED, *lost.assumed),
        (*of_the_units(lost), *of_the_data(series, [event])),
    )  # fmt: skip
