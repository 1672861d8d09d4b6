"""How long accounts live, from looks that saw them alive, gone, or not at all."""

from marsad.measure.survival.aalen_johansen import aalen_johansen
from marsad.measure.survival.aft import aft
from marsad.measure.survival.cox import cox
from marsad.measure.survival.groups import compare, difference_of, ratio_of
from marsad.measure.survival.incidence import cumulative_incidence
from marsad.measure.survival.lives import lifetimes
from marsad.measure.survival.looks import come_and_gone, schedule_of, wide_ends
from marsad.measure.survival.product_limit import kaplan_meier, log_rank
from marsad.measure.survival.proportional import proportional
from marsad.measure.survival.turnbull import turnbull

__all__ = [
    "aalen_johansen",
    "aft",
    "come_and_gone",
    "compare",
    "cox",
    "cumulative_incidence",
    "difference_of",
    "kaplan_meier",
    "lifetimes",
    "log_rank",
    "proportional",
    "ratio_of",
    "schedule_of",
    "turnbull",
    "wide_ends",
]
